"""How people read a tone: append-only, never over the teller's word, gone with the story."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from par_toolkit.storage import audit, consents, people, tones, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person


@pytest.fixture
def ama(db: PrivateDatabase) -> Person:
    people.add(db, "Ama Example", "evaluator")
    found = people.by_name(db, "Ama Example")
    assert found is not None
    return found


def test_the_last_reading_holds_and_can_be_taken_back(
    db: PrivateDatabase, tell: Callable[..., Any], ama: Person
) -> None:
    story = tell("I waited four hours.").story_id
    tones.read(db, story, "success", by=ama)
    tones.read(db, story, "challenge", by=ama, source="suggestion")
    found = tones.listing(db)[story]
    assert (found.mark, found.source, found.person) == ("challenge", "suggestion", "Ama Example")
    tones.read(db, story, None, by=ama)
    assert tones.listing(db) == {}
    assert db.value("select count(*) from tone_readings") == 3
    assert audit.verify(db).whole
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.change("update tone_readings set mark = 'both'")


def test_what_cannot_be_read_is_refused(
    db: PrivateDatabase, tell: Callable[..., Any], ama: Person
) -> None:
    story = tell("I waited four hours.").story_id
    with pytest.raises(Refused, match="Choose one"):
        tones.read(db, story, "sad", by=ama)
    with pytest.raises(ValueError, match="no source"):
        tones.read(db, story, "both", by=ama, source="machine")
    with pytest.raises(Refused, match="not here"):
        tones.read(db, 999, "both", by=ama)
    marked = tell(answers={"kind": "success"}).story_id
    with pytest.raises(Refused, match="Their word stands"):
        tones.read(db, marked, "challenge", by=ama)
    kept = tell("Not for machines.", consent={"analyse": False}).story_id
    with pytest.raises(Refused, match="not agreed"):
        tones.read(db, kept, "challenge", by=ama)


@pytest.mark.parametrize("taken_back", ["story", "consent"])
def test_promise_06_a_reading_goes_with_the_story_and_with_its_consent(
    db: PrivateDatabase, tell: Callable[..., Any], ama: Person, taken_back: str
) -> None:
    story = tell("I waited four hours.").story_id
    tones.read(db, story, "challenge", by=ama)
    if taken_back == "story":
        withdrawals.withdraw_story(db, story)
    else:
        consents.change(db, story, {"analyse": False}, wording=1, source="mine")
    assert db.value("select count(*) from tone_readings") == 0
