"""Before publishing the desk says what of circles will be published, and what stays and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import appeals, items
from tests.storage.sensemaking import tables, wholes
from tests.web.desk.conftest import Desk


def concern(db: PrivateDatabase, words: str) -> int:
    return items.add(
        db, kind="concern", words=words, group="residents", cycle="cycle_1", source="meeting",
        by=tables.person(db),
    )  # fmt: skip


@pytest.mark.parametrize("role", ["facilitator", "evaluator", "steward"])
def test_what_will_be_published_and_what_stays(
    desk: Callable[..., Desk], db: PrivateDatabase, role: str
) -> None:
    tables.begin_cycle(db)
    released, held = concern(db, "The bus is late."), concern(db, "The bus is cold.")
    for item in (released, held):
        wholes.release(db, "item", item)
    concern(db, "Nobody said yes to this.")
    appeals.add(db, held, "You left us out.", by=tables.seat(db, tables.circle(db)))
    shown = " ".join(desk(role).text("/desk/publish").split())
    assert "1 text from circles and meetings" in shown
    assert "1 text from a circle or meeting: two people have not said yes yet" in shown
    assert "1 text from a circle or meeting: an appeal waits for its answer" in shown
    assert "Nobody said yes to this." not in shown
    assert "Nothing is held back." not in shown


def test_nothing_of_circles_is_said_to_stay_where_there_is_none(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    shown = desk("steward").text("/desk/publish")
    assert "0 texts from circles and meetings" in shown
    assert "from a circle or meeting:" not in shown
