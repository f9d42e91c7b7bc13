"""What a run says of themes and stories beside the themes is kept; people's word goes before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import accounting, people, runs, shaping, themes
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.theming import propose


def test_looks_and_nearness_are_kept(db: PrivateDatabase, tell: Callable[..., Any]) -> None:
    members = [runs.ProposedMember(tell().story_id or 0, 0.5, "telling", 0, 3)]
    theme = runs.ProposedTheme(("bus",), members, None, 20, 17, 2)
    plain = runs.ProposedTheme(("nurse",), members)
    runs.record(db, runs.RunRecord(0, {}, {}, "", (), 0.0, (), (theme, plain), ()))
    found = {one.words: (one.looks, one.came_again, one.near) for one in themes.listing(db)}
    assert found == {("bus",): (20, 17, 2), ("nurse",): (0, 0, None)}


def test_a_story_s_main_theme_and_margin_are_kept_through_a_merge(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    story = tell().story_id
    main = runs.ProposedMember(story, 0.5, "telling", 0, 3, True, 0.25)
    passage = runs.ProposedMember(story, 0.4, "telling", 0, 3, False, 0.125)
    proposed = [
        runs.ProposedTheme(("bus",), [main]),
        runs.ProposedTheme(("nurse",), [passage], None, 20, 18),
    ]
    runs.record(db, runs.RunRecord(0, {}, {}, "", (), 0.0, (), proposed, ()))
    bus, nurse = themes.listing(db)
    (one,), (other,) = themes.members(db, bus.id), themes.members(db, nurse.id)
    assert (one.main, one.margin) == (True, 0.25) and (other.main, other.margin) == (False, 0.125)
    people.add(db, "Ama Example", "evaluator")
    ama = people.by_name(db, "Ama Example")
    assert ama is not None
    shaping.merge(db, bus.id, into=nurse.id, by=ama)
    assert [one.story for one in themes.members(db, nurse.id)] == [story]
    assert [(one.looks, one.came_again) for one in themes.listing(db)] == [(0, 0)], "not of both"


def test_a_theme_that_people_named_stays_with_its_stories(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    """To name a theme is work: a later run replaces what nobody named or said yes to."""
    stories = [tell().story_id or 0 for _ in range(4)]
    members = [runs.ProposedMember(story, 0.5, "telling", 0, 3) for story in stories]

    def run(*proposed: runs.ProposedTheme) -> None:
        runs.record(db, runs.RunRecord(0, {}, {}, "", (), 0.0, (), proposed, ()))

    run(runs.ProposedTheme(("bus",), members[:2]), runs.ProposedTheme(("nurse",), members[2:]))
    bus = themes.listing(db)[0]
    people.add(db, "Ama Example", "evaluator")
    ama = people.by_name(db, "Ama Example")
    assert ama is not None
    shaping.rename(db, bus.id, "Getting there", by=ama, meaning="Any way")
    assert runs.settled_members(db) == {bus.id: set(stories[:2])}
    run(runs.ProposedTheme(("ward",), members), runs.ProposedTheme(("bed",), members[3:], bus.id))
    found = {one.title: one.stories for one in themes.listing(db)}
    assert found == {"Getting there": 3, "ward": 2}
    assert accounting.account(db).balanced
    shaping.reject(db, bus.id, by=ama)
    assert runs.settled_members(db) == {}


def test_people_say_against_the_machine_that_a_story_says_something(
    db: PrivateDatabase, inquiry: Inquiry, tell: Callable[..., Any]
) -> None:
    story = tell("Nothing.").story_id
    propose(db, inquiry)
    assert accounting.listing(db, "says_little") == [story]
    people.add(db, "Ama Example", "evaluator")
    ama = people.by_name(db, "Ama Example")
    assert ama is not None
    shaping.says_something(db, story, by=ama)
    assert accounting.listing(db, "waiting") == [story] and accounting.account(db).balanced
    propose(db, inquiry)
    assert accounting.listing(db, "stands_alone") == [story], "the next run heeds it"
    assert db.row("select language from run_texts order by run desc") == {"language": "en"}
    with pytest.raises(Refused):
        shaping.says_something(db, 99, by=ama)
