"""Promise 5: the teller decides, use by use, and can change their mind without an account."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from par_toolkit.storage import consents, receipts, runs, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused

Tell = Callable[..., stories.Kept]


def test_promise_05_each_use_is_a_record_that_is_only_added_to(
    db: PrivateDatabase, tell: Tell
) -> None:
    story = tell(consent={"analyse": True, "quote": False}).story_id or 0
    assert consents.today(db, story) == {
        "analyse": True,
        "quote": False,
        "publish": False,
        "contact": False,
    }
    consents.change(db, story, {"quote": True}, wording=1, source="mine")
    consents.change(db, story, {"quote": False, "analyse": False}, wording=1, source="mine")
    assert not any(consents.today(db, story).values())
    history = [(row["use"], row["granted"]) for row in consents.history(db, story)]
    assert history == [
        ("analyse", 1),
        ("quote", 0),
        ("publish", 0),
        ("contact", 0),
        ("quote", 1),
        ("analyse", 0),
        ("quote", 0),
    ]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.conn.execute("update consents set granted = 1")


def test_promise_05_an_unchanged_wish_adds_no_record(db: PrivateDatabase, tell: Tell) -> None:
    story = tell().story_id or 0
    assert consents.change(db, story, {"analyse": True}, wording=1, source="mine") == []
    assert len(consents.history(db, story)) == 4


def test_promise_05_analysis_asks_the_record_each_time(db: PrivateDatabase, tell: Tell) -> None:
    story = tell().story_id or 0
    assert [row[0] for row in runs.texts(db)] == [story]
    consents.change(db, story, {"analyse": False}, wording=1, source="mine")
    assert runs.texts(db) == []
    consents.change(db, story, {"analyse": True}, wording=1, source="mine")
    assert [row[0] for row in runs.texts(db)] == [story]


def test_promise_05_the_code_opens_the_story_and_is_not_kept(
    inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    code = receipts.new_code()
    kept = [tell(receipt=code).story_id, tell("A second one.", receipt=code).story_id]
    typed = receipts.normalise(f" {code[:4]}-{code[4:8]} {code[8:12]} {code[12:]}")
    assert typed == code
    receipt = receipts.find(db, typed)
    assert receipt is not None
    assert receipts.stories_of(db, receipt) == kept
    assert receipts.find(db, receipts.new_code()) is None
    for path in inquiry.folder.rglob("*"):
        if path.is_file():
            assert code.encode() not in path.read_bytes(), f"{path.name} holds the digits"


def test_promise_05_words_once_asked_are_kept_and_never_changed(
    db: PrivateDatabase, tell: Tell
) -> None:
    consents.remember_wording(db, 1, {"quote": {"en": "You may quote me."}})
    consents.remember_wording(db, 1, {"quote": {"en": "You may quote a few of my words."}})
    tell()
    with pytest.raises(Refused, match="set wording = 2"):
        consents.remember_wording(db, 1, {"quote": {"en": "You may sell my words."}})
    consents.remember_wording(db, 2, {"quote": {"en": "You may quote two sentences."}})
    assert consents.known_wordings(db) == {1, 2}


def test_promise_05_an_unknown_use_and_a_story_that_is_gone_are_refused(
    db: PrivateDatabase, tell: Tell
) -> None:
    story = tell().story_id or 0
    with pytest.raises(Refused, match="analyse, quote, publish, contact"):
        consents.change(db, story, {"sell": True}, wording=1, source="mine")
    with pytest.raises(Refused, match="not here any more"):
        consents.change(db, story + 1, {"quote": True}, wording=1, source="mine")
