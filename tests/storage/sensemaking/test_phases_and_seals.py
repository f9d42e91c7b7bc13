"""Phases of a cycle, and what evaluators sealed before they read."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable

import pytest

from par_toolkit.storage import audit, releases, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import contracts, expectations, phases
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking.cycles import (
    agreed,
    appeal,
    begun,
    close,
    item,
    set_item,
    someone,
    to_reflect,
)


@pytest.fixture
def by(db: PrivateDatabase) -> Person:
    return someone(db)


def reason(call: Callable[[], object]) -> str:
    """Return why a call was refused."""
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason


def test_a_cycle_begins_only_under_a_contract(db: PrivateDatabase, by: Person) -> None:
    assert reason(lambda: phases.start(db, "cycle_1", by=by)) == "no_contract"
    assert phases.now(db, "cycle_1") is None
    agreed(db, by)
    phase = phases.start(db, "cycle_1", by=by)
    assert (phase.phase, phase.contract) == ("plan", 1)
    assert reason(lambda: phases.start(db, "cycle_1", by=by)) == "cycle_begun"
    assert phases.running(db) == ["cycle_1"]


def test_phases_follow_each_other_and_another_way_needs_a_reason(
    db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    phases.move(db, "cycle_1", "act", by=by)
    assert reason(lambda: phases.move(db, "cycle_1", "reflect", by=by)) == "why_move"
    assert reason(lambda: phases.move(db, "cycle_1", "plan", by=by)) == "why_move"
    for phase in ("act", "closed", "dream"):
        assert reason(lambda to=phase: phases.move(db, "cycle_1", to, by=by)) == "no_phase"
    phases.move(db, "cycle_1", "plan", words="The plan did not hold.", by=by)
    stood = [(one.phase, one.words) for one in phases.of_cycle(db, "cycle_1")]
    assert stood == [("plan", ""), ("act", ""), ("plan", "The plan did not hold.")]


def test_a_phase_notes_the_contract_of_its_day(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    last = contracts.latest(db)
    assert last is not None
    terms = contracts.Terms(**{**vars(last.terms), "promise": "inform"})
    contracts.add(db, terms, after=1, by=by)
    phases.move(db, "cycle_1", "act", by=by)
    assert [one.contract for one in phases.of_cycle(db, "cycle_1")] == [1, 2]


def test_a_cycle_closes_from_reflect_with_a_reflection_and_what_comes_next(
    db: PrivateDatabase, by: Person
) -> None:
    def closing(reflection: str, then: str, cycle: str | None = "cycle_2") -> str:
        return reason(
            lambda: phases.close(
                db, "cycle_1", reflection=reflection, next_words=then, next_cycle=cycle, by=by
            )
        )

    assert closing("Learnt.", "Go on.") == "cycle_not_begun"
    begun(db, "cycle_1", by)
    assert closing("Learnt.", "Go on.") == "reflect_first"
    to_reflect(db, "cycle_1", by)
    assert closing(" ", "Go on.") == "no_reflection"
    assert closing("Learnt.", "") == "no_next"
    assert closing("Learnt.", "Go on.", "cycle_1") == "next_closed"
    phase = close(db, "cycle_1", "cycle_2", by)
    assert (phase.phase, phase.next, phase.next_cycle) == ("closed", "cycle", "cycle_2")
    assert phases.running(db) == [] and phases.closed(db, "cycle_1")
    assert audit.listing(db)[0]["action"] == "close_cycle"


def test_stopping_is_a_decision_that_is_recorded(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    phase = close(db, "cycle_1", None, by)
    assert (phase.next, phase.next_cycle, phase.next_words) == ("stop", None, "Act sooner.")


def test_a_closed_cycle_stays_closed_by_every_door(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    close(db, "cycle_1", "cycle_2", by)
    assert reason(lambda: phases.move(db, "cycle_1", "plan", by=by)) == "cycle_closed"
    assert reason(lambda: phases.start(db, "cycle_1", by=by)) == "cycle_begun"
    assert reason(lambda: close(db, "cycle_1", "cycle_2", by)) == "cycle_closed"
    with pytest.raises(sqlite3.IntegrityError, match="not opened again"):
        db.add(
            """
            insert into phases (cycle, phase, contract, person, role, at)
            values ('cycle_1', 'plan', 1, :by, 'facilitator', '')
            """,
            {"by": by.id},
        )
    for change in ("delete from phases", "update phases set phase = 'plan'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.change(change)


def test_nothing_goes_on_into_a_cycle_that_is_closed(db: PrivateDatabase, by: Person) -> None:
    for cycle in ("cycle_1", "cycle_2"):
        begun(db, cycle, by)
        to_reflect(db, cycle, by)
    close(db, "cycle_2", "cycle_3", by)
    assert reason(lambda: close(db, "cycle_1", "cycle_2", by)) == "next_closed"


def test_an_open_appeal_holds_the_close_and_is_named(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    about, elsewhere = item(db, "cycle_1", "resolved", by=by), item(db, "cycle_2", by=by)
    held = appeal(db, about, by=by)
    appeal(db, about, words="", by=by)  # taken back
    appeal(db, elsewhere, by=by)  # another cycle's, which is not closed
    with pytest.raises(phases.AppealsOpen, match=f"no. {held} on item {about}\\.") as refused:
        close(db, "cycle_1", "cycle_2", by)
    assert [(one.id, one.item) for one in refused.value.appeals] == [(held, about)]
    assert phases.must_run(db, "cycle_1").phase == "reflect"
    db.change(
        """
        update appeals set answer = 'Yes.', answered_by = :by, answered_at = 'x', upheld = 0
        where id = :id
        """,
        {"by": by.id, "id": held},
    )
    close(db, "cycle_1", "cycle_2", by)


def test_an_appeal_on_what_a_closed_cycle_decided_holds_the_next_one(
    db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    done = item(db, "cycle_1", "resolved", by=by)
    close(db, "cycle_1", "cycle_2", by)
    begun(db, "cycle_2", by)
    to_reflect(db, "cycle_2", by)
    appeal(db, done, by=by)
    with pytest.raises(phases.AppealsOpen):
        close(db, "cycle_2", "cycle_3", by)


def test_what_is_expected_is_sealed_once_before_the_first_story_is_read(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    story = tell().story_id
    sealed = expectations.seal(db, "cycle_1", "They will speak of buses.", by=by)
    assert (sealed.words, sealed.salt, sealed.stories_read) == ("", "", 0)
    assert len(sealed.digest) == 64 and sealed.sealed_at
    again = reason(lambda: expectations.seal(db, "cycle_1", "Of trains.", by=by))
    assert again == "sealed_before"
    assert story is not None
    stories.mark_read(db, story)
    late = someone(db, "evaluator")
    assert reason(lambda: expectations.seal(db, "cycle_1", "Buses.", by=late)) == "read_before"
    expectations.seal(db, "cycle_2", "Next year: trains.", by=late)
    assert expectations.of_cycle(db, "cycle_2")[0].stories_read == 1
    assert reason(lambda: expectations.seal(db, "cycle_3", " ", by=late)) == "no_words"


def test_reading_for_codes_is_reading(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    story = tell().story_id
    db.add(
        "insert into readings (story, done, person, role, at) values (:story, 1, :by, '', '')",
        {"story": story, "by": by.id},
    )
    assert reason(lambda: expectations.seal(db, "cycle_1", "Buses.", by=by)) == "read_before"


def test_whoever_approved_a_story_has_read_it_also_by_the_command_line(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    releases.approve(db, tell().story_id or 0, by=by)
    assert reason(lambda: expectations.seal(db, "cycle_1", "Buses.", by=by)) == "read_before"


def test_a_story_of_no_cycle_counts_for_those_that_come_after_the_last_close(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    story = tell(cycle=None, told_at="2026-01-01T00:00:00+00:00").story_id
    assert story is not None
    stories.mark_read(db, story)
    assert expectations.stories_read(db, "cycle_1") == 1
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    close(db, "cycle_1", "cycle_2", by)
    assert expectations.stories_read(db, "cycle_2") == 0


def test_the_close_opens_the_seals_and_anybody_can_check_them(
    db: PrivateDatabase, by: Person
) -> None:
    words = "They will speak of buses.\nNot of « trains »."
    sealed = expectations.seal(db, "cycle_1", words, by=by)
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    close(db, "cycle_1", "cycle_2", by)
    opened = expectations.of_cycle(db, "cycle_1")[0]
    assert opened.words == words and opened.opened_at and opened.holds
    typed = f"{opened.salt}\n{words}".encode()
    assert hashlib.sha256(typed).hexdigest() == sealed.digest
    after = reason(lambda: expectations.seal(db, "cycle_1", "x", by=someone(db, "steward")))
    assert after == "cycle_closed"


@pytest.mark.parametrize(
    "change",
    [
        "update expectations set words = 'I knew it.'",
        "update expectations set digest = ''",
        "delete from expectations",
    ],
)
def test_what_was_sealed_is_never_changed(db: PrivateDatabase, by: Person, change: str) -> None:
    expectations.seal(db, "cycle_1", "Buses.", by=by)
    with pytest.raises(sqlite3.IntegrityError, match="sealed is not changed"):
        db.change(change)


def test_a_seal_that_was_exchanged_past_every_door_shows(db: PrivateDatabase, by: Person) -> None:
    expectations.seal(db, "cycle_1", "Buses.", by=by)
    db.conn.execute("drop trigger expectations_sealed")
    db.change("update expectations set words = 'Trains.'")
    expectations.open_all(db, "cycle_1", by=by)
    assert not expectations.of_cycle(db, "cycle_1")[0].holds


def test_a_later_state_of_an_item_moves_its_appeal(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    moved = item(db, "cycle_1", by=by)
    set_item(db, moved, "cycle_2", "open", by=by)
    appeal(db, moved, by=by)
    close(db, "cycle_1", "cycle_2", by)
