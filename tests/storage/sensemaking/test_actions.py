"""Actions: what was decided, what became of it, and for whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from par_toolkit.storage import audit, consents, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import actions, carrying
from par_toolkit.storage.sensemaking.actions import Action
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking.cycles import begun, close, item, someone, to_reflect


@pytest.fixture
def by(db: PrivateDatabase) -> Person:
    found = someone(db)
    begun(db, "cycle_1", found)
    return found


@pytest.fixture
def act(db: PrivateDatabase, by: Person) -> Callable[..., Action]:
    def add(**given: Any) -> Action:
        usual = {"what": "Ask for the bus.", "owner": "The made-up council", "due": "2026-03-01"}
        return actions.add(db, "cycle_1", **usual | given, by=by)

    return add


def test_an_action_says_who_does_what_by_when_on_what(
    db: PrivateDatabase, by: Person, act: Callable[..., Action], tell: Callable[..., Kept]
) -> None:
    story, about = tell().story_id, item(db, "cycle_1", by=by)
    added = act(item=about, stories=[story, story])
    assert (added.owner, added.due, added.item) == ("The made-up council", "2026-03-01", about)
    assert added.stories == (story,) and added.state == "open" and added.open
    assert actions.of_cycle(db, "cycle_1") == actions.of_item(db, about) == [added]
    assert actions.of_story(db, story or 0) == [added]
    assert audit.listing(db)[0]["action"] == "add_action"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"what": " "}, "no_what"),
        ({"owner": ""}, "no_owner"),
        ({"owner": "x" * 301}, "too_long"),
        ({"due": "soon"}, "bad_date"),
        ({"due": "2026-02-30"}, "bad_date"),
        ({"due": ""}, "bad_date"),
        ({"item": 99}, "no_item"),
        ({"stories": [99]}, "no_story"),
    ],
)
def test_an_action_with_a_gap_is_refused_whole(
    db: PrivateDatabase, act: Callable[..., Action], given: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        act(**given)
    assert refused.value.reason == reason
    assert actions.of_cycle(db, "cycle_1") == []


def test_actions_belong_to_a_cycle_that_runs(db: PrivateDatabase, by: Person) -> None:
    with pytest.raises(Refused, match="has not begun"):
        actions.add(db, "cycle_9", what="A", owner="B", due="2026-01-01", by=by)


def test_what_became_of_it_needs_a_sentence_and_is_kept(
    db: PrivateDatabase, by: Person, act: Callable[..., Action]
) -> None:
    added = act()
    with pytest.raises(Refused, match="in a sentence"):
        actions.set_state(db, added.id, "done", words="", after=added.step, by=by)
    changed = actions.set_state(
        db,
        added.id,
        "changed",
        words="The council passed it on.",
        owner="The made-up county",
        due="2026-06-01",
        after=added.step,
        by=by,
    )
    assert (changed.owner, changed.due, changed.open) == ("The made-up county", "2026-06-01", True)
    done = actions.set_state(
        db, added.id, "done", words="It runs again.", after=changed.step, by=by
    )
    assert (done.state, done.words, done.open) == ("done", "It runs again.", False)
    assert (done.owner, done.due) == ("The made-up county", "2026-06-01")
    told = [(one.state, one.words) for one in actions.history(db, added.id)]
    assert told == [
        ("open", ""),
        ("changed", "The council passed it on."),
        ("done", "It runs again."),
    ]
    again = actions.set_state(
        db, added.id, "open", words="It stopped again.", after=done.step, by=by
    )
    assert again.open


def test_two_who_decide_at_once_do_not_write_over_each_other(
    db: PrivateDatabase, by: Person, act: Callable[..., Action]
) -> None:
    added = act()
    actions.set_state(db, added.id, "done", words="Done.", after=added.step, by=by)
    with pytest.raises(Refused) as refused:
        actions.set_state(db, added.id, "dropped", words="Dropped.", after=added.step, by=by)
    assert refused.value.reason == "action_changed"
    assert len(actions.history(db, added.id)) == 2


@pytest.mark.parametrize("state", ["open", "finished", ""])
def test_a_state_that_does_not_follow_is_refused(
    db: PrivateDatabase, by: Person, act: Callable[..., Action], state: str
) -> None:
    added = act()
    with pytest.raises(Refused, match="Choose what became of it"):
        actions.set_state(db, added.id, state, words="Hm.", after=added.step, by=by)


def test_overdue_is_what_is_open_after_its_day(
    db: PrivateDatabase, by: Person, act: Callable[..., Action]
) -> None:
    late, later, done = act(due="2026-02-01"), act(due="2026-01-15"), act(due="2026-01-01")
    act(due="2026-03-01")
    actions.set_state(db, done.id, "done", words="Done.", after=done.step, by=by)
    found = actions.overdue(db, today="2026-03-01")
    assert [one.id for one in found] == [later.id, late.id]
    assert late.overdue("2026-02-02") and not late.overdue("2026-02-01")
    assert actions.overdue(db, today="2026-03-01", cycle="cycle_2") == []
    moved = actions.set_state(
        db, late.id, "changed", words="Later.", due="2026-09-01", after=late.step, by=by
    )
    assert not moved.overdue("2026-03-01")
    late_again = actions.overdue(db, today="2026-09-02", cycle="cycle_1")
    assert moved in late_again, "one that was changed comes back as well"


def test_the_stories_of_its_item_led_to_it_as_well(
    db: PrivateDatabase, by: Person, act: Callable[..., Action], tell: Callable[..., Kept]
) -> None:
    story, about = tell().story_id, item(db, "cycle_1", by=by)
    db.add(
        "insert into item_passages values (:item, :story, 'telling', 0, 7)",
        {"item": about, "story": story},
    )
    added = act(item=about)
    assert added.stories == (story,)
    assert actions.of_story(db, story or 0) == [added]


def test_a_story_leaves_its_action_when_it_is_withdrawn_or_not_to_be_worked_with(
    db: PrivateDatabase, act: Callable[..., Action], tell: Callable[..., Kept]
) -> None:
    one, other = tell().story_id or 0, tell("Another.").story_id or 0
    added = act(stories=[one, other])
    withdrawals.withdraw_story(db, one)
    found = actions.get(db, added.id)
    assert found is not None and found.stories == (other,)
    consents.change(db, other, {"analyse": False}, wording=1, source="mine")
    found = actions.get(db, added.id)
    assert found is not None and found.stories == ()
    with pytest.raises(Refused, match=f"Story {other}"):
        act(stories=[other])


def test_what_is_opened_again_after_the_close_stands_in_the_cycle_that_followed(
    db: PrivateDatabase, by: Person, act: Callable[..., Action]
) -> None:
    """A closed cycle keeps nothing open: it would be in no cycle that anybody looks at."""
    done = actions.set_state(db, act().id, "done", words="It runs.", after=1, by=by)
    to_reflect(db, "cycle_1", by)
    close(db, "cycle_1", "cycle_2", by)
    begun(db, "cycle_2", by)
    to_reflect(db, "cycle_2", by)
    close(db, "cycle_2", "cycle_3", by)
    again = actions.set_state(db, done.id, "open", words="It stopped.", after=done.step, by=by)
    assert again.cycle == "cycle_3"
    assert carrying.went_out(db, "cycle_1") == carrying.came_in(db, "cycle_1", "cycle_2")
    assert carrying.still_open(db, "cycle_3").actions == (done.id,)


def test_the_history_is_append_only(db: PrivateDatabase, act: Callable[..., Action]) -> None:
    act()
    for change in ("delete from action_states", "update action_states set words = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.change(change)


def test_an_action_that_is_not_there_is_refused(db: PrivateDatabase, by: Person) -> None:
    assert actions.get(db, 5) is None
    with pytest.raises(Refused, match="not here"):
        actions.set_state(db, 5, "done", words="Done.", after=1, by=by)
