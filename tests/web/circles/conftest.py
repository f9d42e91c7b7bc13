"""Fixtures for the circles: people of the desk, and an inquiry that has a second cycle to go to."""

from __future__ import annotations

import pytest

from par_toolkit.inquiry import Inquiry, load
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
