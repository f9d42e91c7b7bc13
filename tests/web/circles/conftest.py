"""Fixtures for the circles: people at the desk and at a table, and a second cycle to go to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from par_toolkit.inquiry import Inquiry, load
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking.circles import Circle
from tests.storage.sensemaking.tables import circle as open_circle
from tests.web.circles.tables import Member
from tests.web.desk.conftest import desk, told

__all__ = ["desk", "told"]

SECOND = """
[[cycle]]
code = "cycle_2"
name = { en = "Second cycle", fr = "Deuxième cycle" }
starts = 2099-01-01
ends = 2099-12-31
"""


def with_second_cycle(inquiry: Inquiry) -> Inquiry:
    """Write a second cycle into the settings of an inquiry."""
    settings = inquiry.folder / "inquiry.toml"
    settings.write_text(settings.read_text("utf-8") + SECOND, encoding="utf-8")
    return load(inquiry.folder)


@pytest.fixture
def inquiry(inquiry: Inquiry) -> Inquiry:
    """Give the made-up inquiry a second cycle; it has not begun either."""
    return with_second_cycle(inquiry)


@pytest.fixture
def table(db: PrivateDatabase) -> Circle:
    """Open a circle of residents in a cycle that runs."""
    return open_circle(db)


@pytest.fixture
def sits(app: Flask, table: Circle) -> Callable[..., Member]:
    """Hand out `sits()`: somebody who has taken a seat at the table; `says` is their own."""

    def take(says: str = "", **fields: str) -> Member:
        member = Member(app)
        assert member.join(table.table_code, **fields).status_code == 303
        if says:
            assert member.says(says).status_code == 303
        return member

    return take
