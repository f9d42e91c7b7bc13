"""What was copied from a story into an item goes with the story; what people wrote of it stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import consents, withdrawals
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    copied,
    information,
    items,
    passages,
    statements,
    word_releases,
)
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.tables import refused
from tests.storage.sensemaking.wholes import QUOTED, TELLING, item_of, release, release_story

PLACES = {
    "items": "words", "statements": "words", "actions": "what", "agenda_items": "evidence",
    "information_tasks": "question",
}  # fmt: skip


def made_of(db: PrivateDatabase, story: int, words: str) -> dict[str, int]:
    """Make an item of a story, and on it a statement and an action that repeat its words."""
    tables.begin_cycle(db)
    release_story(db, story)
    mara, item = tables.person(db), item_of(db, words, story)
    start, said = TELLING.index("stopped"), len("stopped running in May")
    passages.add(db, item, Passage(story, "telling", start, start + said), by=mara)
    put = statements.put(db, "cycle_1", words, groups=["residents"], item=item, by=mara)
    statements.close(db, put.id, by=mara)
    act = actions.add(db, what=words, owner="Ana", due="2026-05-01", cycle="cycle_1", item=item,
                      stories=[story], by=mara)  # fmt: skip
    number = act if isinstance(act, int) else act.id
    agenda = agendas.add(db, "cycle_1", "In May", by=mara).id
    agenda_items.add(db, agenda, item, groups=("residents", "carers"), evidence=words, by=mara)
    information.add(db, item, question=words, owner="Ana", due="2026-05-01", by=mara)
    made = {"item": item, "statement": put.id, "action": number}
    for kind, reference in made.items():
        release(db, kind, reference)
    return made


def kept(db: PrivateDatabase) -> set[str]:
    return {
        row["words"]
        for table, column in PLACES.items()
        for row in db.rows(f"select {column} as words from {table}")
    }


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (QUOTED, "[…]"),
        (f"They say: {QUOTED} What now?", "They say: […] What now?"),
        ("My sister drives me", "[…]"),
        ("It ‘stopped running in May’, we hear.", "It ‘[…]’, we hear."),
        ("Somebody else must drive.", "Somebody else must drive."),
        ("The bus", "The bus"),  # two words could be anybody's
    ],
)
def test_promise_06_what_was_copied_from_a_story_goes_with_it(
    db: PrivateDatabase, tell: Callable[..., Any], words: str, left: str
) -> None:
    story = tell(TELLING, consent={"quote": True}).story_id
    made = made_of(db, story, words)
    assert kept(db) == {words}
    withdrawals.withdraw_story(db, story)
    assert kept(db) == {left}
    assert all(not word_releases.state(db, *one).released for one in made.items())
    found = items.get(db, made["item"])
    assert found and found.state == "information_wanted"  # promise 14: it is not dropped
    assert withdrawals.finish_erasure(db).done
    files = [path.read_bytes() for path in db.folder.iterdir() if path.is_file()]
    assert not any(b"sister drives" in one or b"stopped running" in one for one in files)


def test_the_history_of_an_item_changes_in_nothing_else(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    made_of(db, tell(TELLING, consent={"quote": True}).story_id, QUOTED)
    for change in ("words = 'x'", "state = 'open', words = '[…]'", "seat = 1, words = '[…]'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.conn.execute(f"update item_states set {change}")
        db.conn.rollback()


@pytest.mark.parametrize("use", ["analyse", "quote"])
def test_promise_06_a_consent_that_is_narrowed_undoes_the_release_of_what_was_made_of_it(
    db: PrivateDatabase, tell: Callable[..., Any], use: str
) -> None:
    story = tell(TELLING, consent={"quote": True}).story_id
    made = made_of(db, story, QUOTED)
    consents.change(db, story, {use: False}, wording=1, source="web", role="participant")
    assert all(not word_releases.state(db, *one).released for one in made.items())
    assert kept(db) == {"[…]"}  # members read them at tables, with no release at all


#: How each text that the desk writes on an item is written.
WRITTEN: dict[str, Callable[[PrivateDatabase, int], object]] = {
    "statement": lambda db, item: statements.put(
        db, "cycle_1", QUOTED, groups=["residents"], item=item, by=tables.person(db)
    ),
    "action": lambda db, item: actions.add(
        db, "cycle_1", what=QUOTED, owner="Ana", due="2026-05-01", item=item, by=tables.person(db)
    ),
    "action of a story": lambda db, item: actions.add(
        db, "cycle_1", what=QUOTED, owner="Ana", due="2026-05-01", stories=[1],
        by=tables.person(db),
    ),
    "question": lambda db, item: information.add(
        db, item, question=QUOTED, owner="Ana", due="2026-05-01", by=tables.person(db)
    ),
    "answer": lambda db, item: information.answer(
        db,
        information.add(
            db, item, question="When?", owner="Ana", due="2026-05-01", by=tables.person(db)
        ).id,
        QUOTED,
        by=tables.person(db),
    ),
    "evidence": lambda db, item: agenda_items.add(
        db, agendas.add(db, "cycle_1", "In May", by=tables.person(db)).id, item,
        groups=("residents", "carers"), evidence=QUOTED, by=tables.person(db),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRITTEN)
def test_promise_05_words_that_a_teller_lets_nobody_quote_are_not_copied_into_anything(
    db: PrivateDatabase, tell: Callable[..., Any], what: str
) -> None:
    assert tell(TELLING, consent={"quote": False}).story_id == 1
    tables.begin_cycle(db)
    item = item_of(db, "Somebody else must drive.", 1)
    with refused("not_to_quote"):
        WRITTEN[what](db, item)
    consents.change(db, 1, {"quote": True}, wording=1, source="web", role="participant")
    WRITTEN[what](db, item)


def test_promise_05_a_story_that_nobody_may_quote_is_no_source_of_its_own_words(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    story = tell(TELLING, consent={"quote": False}).story_id
    tables.begin_cycle(db)
    with refused("not_to_quote"):
        item_of(db, QUOTED, story)
    assert item_of(db, "Somebody else must drive.", story)


def test_promise_05_what_was_written_before_its_story_was_named_is_not_released(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    story = tell(TELLING, consent={"quote": False}).story_id
    tables.begin_cycle(db)
    item = item_of(db, "Somebody else must drive.")
    put = statements.put(
        db, "cycle_1", QUOTED, groups=["residents"], item=item, by=tables.person(db)
    )
    statements.close(db, put.id, by=tables.person(db))
    release(db, "statement", put.id)
    passages.add(db, item, Passage(story, "telling", 0, 10), by=tables.person(db))
    assert not word_releases.state(db, "statement", put.id).released
    with refused("not_to_quote"):
        release(db, "statement", put.id)


WORDS = st.lists(st.sampled_from(["bus", "late", "the", "is"]), max_size=9).map(" ".join)


@given(WORDS, WORDS)
def test_no_whole_answer_is_left_in_a_text(text: str, answer: str) -> None:
    left = copied.without(text, [answer])
    assert len(answer.split()) < copied.WORDS or answer not in left
    if len(answer.split()) < copied.WORDS and text not in answer:
        assert left == text
