"""Whoever said something in a circle takes it back whenever they like: promise 6 at the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import back_up, restore
from par_toolkit.storage import tombstones, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.sensemaking import (
    able_to_act,
    alone,
    alternatives,
    answers,
    appeals,
    carrying,
    changes,
    circles,
    heard_from_others,
    items,
    joint,
    own,
    owned_items,
    phases,
    positions,
    remarks,
    routine,
    seats,
    statements,
    word_releases,
)
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.rounds import Round
from par_toolkit.storage.sensemaking.seats import Seat
from tests.storage.sensemaking.tables import circle, person, refused, seat

CANARY = "Canaryword"


def holds(db: PrivateDatabase, word: str = CANARY) -> list[str]:
    """List the tables in which a word stands."""
    names = [row["name"] for row in db.rows("select name from sqlite_master where type = 'table'")]
    return [
        name
        for name in names
        if any(
            word in str(value) for row in db.rows(f"select * from {name}") for value in row.values()
        )
    ]


def shared(db: PrivateDatabase, table: Circle, by: Seat, words: str) -> int:
    """Have somebody write a claim alone and share it; return the item."""
    mara = person(db)
    routine.move(db, table.id, seen=None, by=mara)
    alone.write(db, by, words, by=by)
    routine.move(db, table.id, seen=Round("claim", "write"), by=mara)
    (note,) = alone.of_seat(db, by.id, "claim")
    return alone.give(db, note.id, seat=by, by=by)


@pytest.fixture
def table(db: PrivateDatabase) -> Circle:
    return circle(db)


def say_all(db: PrivateDatabase, table: Circle) -> Callable[[], None]:
    """Have somebody say something wherever one can; return what takes all of it back."""
    first, me = seat(db, table, says="The bus."), seat(db, table, says=f"{CANARY} start")
    version = joint.write(db, table.id, "We wait.", by=first).id
    own.save(db, me, f"{CANARY} end", moment="end", by=me)
    alternatives.name(db, f"{CANARY} name", seat=me, by=me)
    remark = remarks.add(db, version, f"{CANARY} remark", seat=me, by=me)
    answers.give(db, version, "dissent", f"{CANARY} no", seat=me, by=me)
    answers.give(db, version, "reservation", f"{CANARY} well", seat=me, by=me)
    item = shared(db, table, me, f"{CANARY} claim")
    alone.write(db, me, f"{CANARY} kept", by=me)
    put = statements.put(db, "cycle_1", "The bus is late.", groups=["residents"], by=person(db))
    positions.give(db, put.id, "agree", f"{CANARY} reason", seat=me, by=me)
    heard_from_others.say(db, "carers", f"{CANARY} of them", seat=me, by=me)
    able_to_act.give(db, "no", f"{CANARY} why", seat=me, by=me)
    appeal = appeals.add(db, item, f"{CANARY} appeal", by=me)

    def take_back() -> None:
        appeals.take_back(db, appeal.id, by=me)
        own.take_back(db, me, by=me)
        own.take_back(db, me, moment="end", by=me)
        remarks.take_back(db, remark, seat=me, by=me)
        answers.take_back(db, version, seat=me, by=me)
        owned_items.take_back(db, item, seat=me, by=me)
        (note,) = alone.of_seat(db, me.id, "claim")
        alone.discard(db, note.id, seat=me, by=me)
        positions.take_back(db, put.id, seat=me, by=me)
        heard_from_others.take_back(db, "carers", seat=me, by=me)
        able_to_act.take_back(db, seat=me, by=me)

    return take_back


def test_promise_06_everything_said_at_a_table_is_taken_back_after_its_close(
    db: PrivateDatabase, table: Circle
) -> None:
    take_back = say_all(db, table)
    circles.close(db, table.id, by=person(db))
    assert len(holds(db)) == 10
    take_back()
    assert holds(db) == []
    assert withdrawals.pending(db)
    assert answers.of_circle(db, table.id) == {}
    with refused("circle_closed"):
        own.save(db, seats.of_circle(db, table.id)[1], "Once more", by=person(db))


@pytest.mark.parametrize("elsewhere", [False, True])
def test_promise_06_a_restore_brings_back_nothing_that_was_taken_back_at_a_table(
    inquiry: Inquiry, db: PrivateDatabase, table: Circle, tmp_path: Path, elsewhere: bool
) -> None:
    """In its place, where the older database still says so, and elsewhere, by the ledger alone."""
    take_back = say_all(db, table)
    made = back_up(inquiry.folder)
    take_back()
    me = seats.of_circle(db, table.id)[1]
    code = seats.renew_code(db, me.id, by=person(db))
    db.close()
    known = inquiry.backups / tombstones.LEDGER
    assert CANARY not in known.read_text("ascii")
    folder = tmp_path / "elsewhere" if elsewhere else inquiry.folder
    restore(made.path, folder, ledgers=[known] if elsewhere else [])
    with open_database(folder) as restored:
        assert holds(restored) == []
        (item,) = items.listing(restored)
        assert item.state == "taken_back"
        assert positions.of_seat(restored, me.id) == {}
        assert able_to_act.of_seat(restored, me.id) is None
        assert elsewhere or seats.by_code(restored, code)
        kept = [one.words for one in own.of_circle(restored, table.id).values()]
        assert kept == ["The bus."], "others keep theirs"
    holding = [one for one in folder.rglob("*") if one.is_file() and one != made.path]
    assert not [one for one in holding if CANARY.encode() in one.read_bytes()]


def test_an_item_taken_back_keeps_its_number_and_its_history(
    db: PrivateDatabase, table: Circle
) -> None:
    me, other = seat(db, table), seat(db, table)
    item = shared(db, table, me, CANARY)
    before = changes.of_circle(db, table.id)
    for by in (other, person(db)):
        with refused("not_yours"):
            owned_items.take_back(db, item, seat=me, by=by)
    with refused("not_yours"):
        owned_items.take_back(db, item, seat=other, by=other)
    owned_items.take_back(db, item, seat=me, by=me)
    found = items.get(db, item)
    assert found and (found.words, found.state, found.stands) == ("", "taken_back", False)
    assert [one.state for one in items.history(db, item)] == ["open", "taken_back"]
    assert changes.of_circle(db, table.id) != before, "pages that show it load again"
    assert items.of_cycle(db, "cycle_1", states=items.UNSETTLED) == []
    assert word_releases.get(db, "item", item) is None
    with refused("nothing_there"):
        owned_items.take_back(db, item, seat=me, by=me)
    for state in items.STATES:
        with refused("bad_state"):
            items.set_state(db, item, state, "So", by=person(db))


def test_promise_14_what_was_carried_still_adds_up_when_it_is_taken_back(
    db: PrivateDatabase, table: Circle
) -> None:
    me, mara = seat(db, table), person(db)
    item = shared(db, table, me, CANARY)
    for phase in phases.PHASES[1:]:
        phases.move(db, "cycle_1", phase, by=mara)
    phases.close(db, "cycle_1", reflection="So.", next_words="On.", next_cycle="cycle_2", by=mara)
    owned_items.take_back(db, item, seat=me, by=me)
    assert carrying.went_out(db, "cycle_1") == carrying.came_in(db, "cycle_1", "cycle_2")
    assert carrying.went_out(db, "cycle_1").items == (item,)
    assert carrying.still_open(db, "cycle_2").items == ()


def test_what_came_from_paper_is_taken_back_by_the_desk_for_its_person(
    db: PrivateDatabase, table: Circle
) -> None:
    mara = person(db)
    paper, _code = seats.join(db, table.id, paper=True, by=mara)
    item = items.add(
        db,
        kind="claim",
        words=CANARY,
        group="residents",
        cycle="cycle_1",
        source="paper",
        circle=table.id,
        seat=paper,
        by=mara,
    )
    owned_items.take_back(db, item, seat=paper, by=mara)
    assert holds(db) == []


def test_an_answer_taken_back_counts_no_longer_and_can_be_given_anew(
    db: PrivateDatabase, table: Circle
) -> None:
    me = seat(db, table, says="The bus.")
    version = joint.write(db, table.id, "We wait.", by=me).id
    answers.give(db, version, "dissent", CANARY, seat=me, by=me)
    seen = changes.of_circle(db, table.id)
    answers.take_back(db, version, seat=me, by=me)
    assert holds(db) == [] and changes.of_circle(db, table.id) != seen
    with refused("nothing_there"):
        answers.take_back(db, version, seat=me, by=me)
    answers.give(db, version, "assent", seat=me, by=me)
    assert [one.answer for one in answers.of_circle(db, table.id)[version]] == ["assent"]
