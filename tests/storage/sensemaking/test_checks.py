"""What tellers say of what was made of their words, kept and answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from par_toolkit.storage import consents, shaping, withdrawals
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import checks, items, passages
from par_toolkit.storage.sensemaking.checks import Held
from par_toolkit.storage.sensemaking.word_uses import Use
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.tables import refused
from tests.storage.sensemaking.wholes import NAME, QUOTED, TELLING, item_of, release, theme_of

NOTHING = Held(frozenset(), frozenset(), frozenset())


@pytest.fixture
def story(db: PrivateDatabase, tell: Callable[..., Any]) -> int:
    tables.begin_cycle(db)
    found: int = tell(TELLING).story_id
    return found


def test_a_teller_is_shown_each_use_of_their_words(db: PrivateDatabase, story: int) -> None:
    assert checks.uses(db, story) == []
    theme = theme_of(db, story, by=tables.person(db))
    item = item_of(db, "The bus stopped.", story)
    shown = {one.use: one.words for one in checks.uses(db, story)}
    assert shown == {
        Use(story, "theme", theme): NAME,
        Use(story, "quote", theme): QUOTED,
        Use(story, "construction", item): "The bus stopped.",
    }
    made = [one.made_from for one in checks.uses(db, story)]
    assert made == [(), (), (QUOTED,)]  # what a report may quote beside the item
    consents.change(db, story, {"quote": False}, wording=1, source="mine")
    assert [one.use.kind for one in checks.uses(db, story)] == ["theme", "construction"]
    consents.change(db, story, {"analyse": False}, wording=1, source="mine")
    assert checks.uses(db, story) == []
    assert checks.uses(db, 99) == []


def test_what_a_member_said_at_a_table_is_shown_to_no_teller_before_its_release(
    db: PrivateDatabase, story: int
) -> None:
    circle = tables.circle(db)
    seat = tables.seat(db, circle, "I see it.")
    item = items.add(
        db,
        kind="concern",
        words="Said in confidence.",
        group="residents",
        cycle="cycle_1",
        source="circle",
        by=seat,
    )
    passage = Passage(story, "telling", 0, len(QUOTED))
    passages.add(db, item, passage, by=tables.person(db))
    assert checks.uses(db, story) == []
    release(db, "item", item)
    assert [one.words for one in checks.uses(db, story)] == ["Said in confidence."]


@pytest.mark.parametrize("answer", checks.HOLDING)
@pytest.mark.parametrize("kind", checks.KINDS)
def test_a_no_holds_its_use_and_no_other_until_somebody_has_replied(
    db: PrivateDatabase, story: int, kind: str, answer: str
) -> None:
    mara = tables.person(db)
    theme = theme_of(db, story, by=mara)
    item = item_of(db, "The bus stopped.", story)
    reference = item if kind == "construction" else theme
    assert checks.holding(db) == NOTHING
    said = checks.say(db, Use(story, kind, reference), answer, "It was June.")
    expected = {
        "theme": Held(frozenset({(story, theme)}), frozenset(), frozenset()),
        "quote": Held(frozenset(), frozenset({(story, theme)}), frozenset()),
        "construction": Held(frozenset(), frozenset(), frozenset({item})),
    }
    assert checks.holding(db) == expected[kind]
    with refused("no_reply_words"):
        checks.reply(db, said.id, "  ", by=mara)
    checks.reply(db, said.id, "You are right; we changed it.", by=mara)
    assert checks.holding(db) == NOTHING
    with refused("answered_check"):
        checks.reply(db, said.id, "Once more.", by=mara)


def test_the_last_word_of_a_teller_holds_and_all_of_them_stay(
    db: PrivateDatabase, story: int
) -> None:
    mara = tables.person(db)
    theme = theme_of(db, story, by=mara)
    use = Use(story, "theme", theme)
    first = checks.say(db, use, "not_that")
    checks.say(db, use, "thats_it", "Now I see.")
    assert checks.holding(db) == NOTHING
    with refused("answered_check"):
        checks.reply(db, first.id, "Too late.", by=mara)
    assert [one.answer for one in checks.history(db, use)] == ["not_that", "thats_it"]
    assert [one.answer for one in checks.of_theme(db, theme)] == ["thats_it"]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.change("update member_checks set answer = 'not_that'")


def test_a_use_that_reads_otherwise_since_says_so(db: PrivateDatabase, story: int) -> None:
    mara = tables.person(db)
    theme = theme_of(db, story, by=mara)
    checks.say(db, Use(story, "theme", theme), "thats_it")
    assert not checks.uses(db, story)[0].changed
    shaping.rename(db, theme, "Getting there", by=mara)
    shaping.endorse(db, theme, by=mara)
    assert checks.uses(db, story)[0].changed
    assert checks.of_theme(db, theme)[0].shown == NAME


def test_what_makes_no_sense_is_refused(
    db: PrivateDatabase, story: int, tell: Callable[..., Any]
) -> None:
    theme = theme_of(db, story, by=tables.person(db))
    other = tell("Something else altogether happened here.").story_id
    with refused("no_check_answer"):
        checks.say(db, Use(story, "theme", theme), "perhaps")
    with refused("say_what_to_change"):
        checks.say(db, Use(story, "theme", theme), "change_it")
    with refused("too_long"):
        checks.say(db, Use(story, "theme", theme), "not_that", "x" * (checks.LONGEST + 1))
    with refused("no_use"):
        checks.say(db, Use(other, "theme", theme), "not_that")
    with refused("no_use"):
        checks.say(db, Use(story, "construction", 99), "not_that")
    with refused("no_check"):
        checks.reply(db, 99, "Yes.", by=tables.person(db))


def test_what_a_teller_said_goes_with_their_story(db: PrivateDatabase, story: int) -> None:
    theme = theme_of(db, story, by=tables.person(db))
    checks.say(db, Use(story, "quote", theme), "not_that", "Zanzibarquartz")
    assert checks.listing(db)
    withdrawals.withdraw_story(db, story)
    assert checks.listing(db) == []
    assert checks.holding(db) == NOTHING
