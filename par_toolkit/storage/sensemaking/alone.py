"""What each person writes alone, and how it is shared: one from each in turn, read by its owner.

Nobody else reads it before its owner gives it, not even whoever leads the circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from par_toolkit.storage import takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, items, own, rounds, seats, taken_back
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.items import Item
from par_toolkit.storage.sensemaking.seats import Seat


@dataclass(frozen=True)
class Note:
    """What somebody wrote alone: 'kept' until they give it, discard it as a repeat or withhold it;
    empty `words` say that they have nothing to write."""

    id: int
    seat: int
    kind: str
    words: str
    state: str
    item: int | None


def _note(row: Row) -> Note:
    return Note(row["id"], row["seat"], row["kind"], row["words"], row["state"], row["item"])


def write(
    db: PrivateDatabase, seat: Seat, words: str, *, kind: str = "", by: Person | Seat
) -> None:
    """Keep one claim, concern or issue of `seat`, as the round that is under way asks for.

    `kind` is what the page asked for, where it may have been another: whoever was still writing a
    claim when concerns began has written a claim. Raises Refused for empty words, a closed circle,
    no such round, and the words of somebody else.
    """
    words = acting.kept(words)
    with db.writing():
        circle, person = acting.for_seat(db, seat, by=by)
        kind = _asked_for(db, circle, kind)
        if any(one.words == words and one.state == "kept" for one in of_seat(db, seat.id, kind)):
            return  # on a slow line people press the button again
        _add(db, seat, kind, words, person)
        acting.record(db, "write_alone", by=by, subject=f"circle {circle.id}")


def nothing(db: PrivateDatabase, seat: Seat, *, kind: str = "", by: Person | Seat) -> None:
    """Note that `seat` has nothing to write in this round: then they see what others share."""
    with db.writing():
        circle, person = acting.for_seat(db, seat, by=by)
        kind = _asked_for(db, circle, kind)
        if not has_written(db, seat.id, kind):
            _add(db, seat, kind, "", person)
            acting.record(db, "write_alone", by=by, subject=f"circle {circle.id}")


def _asked_for(db: PrivateDatabase, circle: Circle, kind: str) -> str:
    """Return the kind that a page asked for; '' stands for the one that is collected now."""
    present = rounds.at(db, circle.id)
    if kind and kind in rounds.begun(db, circle.id):
        return kind
    if kind or present is None or present.stage == "done":
        raise Refused("no_round", "Nothing is being collected now. Wait for who leads the circle.")
    return present.kind


def _add(db: PrivateDatabase, seat: Seat, kind: str, words: str, person: int | None) -> None:
    db.add(
        """
        insert into written_alone (seat, kind, words, person, at)
        values (:seat, :kind, :words, :person, :at)
        """,
        {"seat": seat.id, "kind": kind, "words": words, "person": person, "at": now()},
    )


def of_seat(db: PrivateDatabase, seat_id: int, kind: str) -> list[Note]:
    """List what somebody wrote of a kind, in their order; for themselves, and for paper seats."""
    rows = db.rows(
        """
        select * from written_alone where seat = :seat and kind = :kind and words <> ''
        order by id
        """,
        {"seat": seat_id, "kind": kind},
    )
    return [_note(row) for row in rows]


def left_over(db: PrivateDatabase, seat_id: int, *, but: str = "") -> list[Note]:
    """List what somebody still keeps of every kind `but` one: they came late, or went away."""
    rows = db.rows(
        """
        select * from written_alone
        where seat = :seat and kind <> :but and state = 'kept' and words <> '' order by id
        """,
        {"seat": seat_id, "but": but},
    )
    return [_note(row) for row in rows]


def has_written(db: PrivateDatabase, seat_id: int, kind: str) -> bool:
    """Say whether somebody has written alone in this round, or said that they have nothing."""
    about = {"seat": seat_id, "kind": kind}
    return bool(db.value("select 1 from written_alone where seat = :seat and kind = :kind", about))


def left(db: PrivateDatabase, circle: int, kind: str) -> dict[int, int]:
    """Count what each seat of a circle still keeps of a kind; a seat without a row is not there.

    The words stay with their owners.
    """
    rows = db.rows(
        """
        select w.seat, sum(w.state = 'kept' and w.words <> '') as number
        from written_alone w join seats s on s.id = w.seat
        where s.circle = :circle and w.kind = :kind group by w.seat
        """,
        {"circle": circle, "kind": kind},
    )
    return {row["seat"]: row["number"] for row in rows}


def keeping(db: PrivateDatabase, circle: int) -> frozenset[int]:
    """Return the seats of a circle that keep something of any kind which they have not shared."""
    rows = db.rows(
        """
        select distinct w.seat from written_alone w join seats s on s.id = w.seat
        where s.circle = :circle and w.state = 'kept' and w.words <> ''
        """,
        {"circle": circle},
    )
    return frozenset(row["seat"] for row in rows)


def waiting(db: PrivateDatabase, circle: int, kind: str) -> list[Seat]:
    """List who sits at the table and has neither written alone nor said that they have nothing."""
    written = left(db, circle, kind)
    return [seat for seat in seats.of_circle(db, circle) if seat.present and seat.id not in written]


def turn(db: PrivateDatabase, circle: int, kind: str) -> Seat | None:
    """Return whose turn it is: the next after whoever gave last, of those with something left.

    Whoever has left the table is passed over; None where nobody has anything left.
    """
    kept = left(db, circle, kind)
    waiting = [seat for seat in seats.of_circle(db, circle) if seat.present and kept.get(seat.id)]
    last = db.value(
        """
        select s.number from written_alone w join seats s on s.id = w.seat
        where s.circle = :circle and w.kind = :kind and w.state = 'given'
        order by w.item desc limit 1
        """,
        {"circle": circle, "kind": kind},
    )
    number = following([seat.number for seat in waiting], after=last or 0)
    return next((seat for seat in waiting if seat.number == number), None)


def following(numbers: Sequence[int], *, after: int) -> int | None:
    """Return the next of `numbers` going round the table from `after`; None where there is none."""
    return min(numbers, key=lambda number: (number <= after, number), default=None)


def give(db: PrivateDatabase, note_id: int, *, seat: Seat, by: Person | Seat) -> int:
    """Share one of one's own, in one's turn: it becomes an item of the group; return its id.

    Raises Refused outside the sharing, out of turn, and for what is not theirs or not kept.
    """
    with db.writing():
        circle, _person = acting.for_seat(db, seat, by=by)
        note, present = _held(db, note_id, seat), rounds.at(db, circle.id)
        if present is None or present.stage != "share" or present.kind != note.kind:
            raise Refused("no_sharing", "Nothing is being shared now. Wait for who leads.")
        next_one = turn(db, circle.id, note.kind)
        if next_one is None or next_one.id != seat.id:
            raise Refused("not_your_turn", "It is the turn of somebody else. Listen to them first.")
        item = items.add(
            db,
            kind=note.kind,
            words=note.words,
            group=circle.group,
            cycle=circle.cycle,
            source="circle" if isinstance(by, Seat) else "paper",
            circle=circle.id,
            seat=seat,
            by=by,
        )
        _set(db, note_id, "given", item)
    return item


def discard(
    db: PrivateDatabase,
    note_id: int,
    *,
    seat: Seat,
    repeat_of: int | None = None,
    by: Person | Seat,
) -> None:
    """Put one of one's own aside: it repeats an item that was shared, or its owner withholds it.

    What is withheld was read by nobody and is erased, also in a closed circle.
    Raises Refused for what is not theirs or not kept, and an item that is not of this circle.
    """
    with db.writing():
        acting.speaks_for(db, seat, by=by)
        note = _held(db, note_id, seat)
        if repeat_of is None:
            _set(db, note_id, "withheld", None)
            taken_back.remember(db, "written_alone", id=note_id)
            db.change("update written_alone set words = '' where id = :id", {"id": note_id})
            takedowns.ask_erasure(db)
        else:
            other = items.get(db, repeat_of)
            if other is None or (other.circle, other.kind) != (seat.circle, note.kind):
                raise Refused("no_repeat", "Choose another item of the same group and kind.")
            _set(db, note_id, "repeat", repeat_of)
        acting.record(db, "put_aside", by=by, subject=f"circle {seat.circle}")


def _held(db: PrivateDatabase, note_id: int, seat: Seat) -> Note:
    row = db.row(
        """
        select * from written_alone
        where id = :id and seat = :seat and state = 'kept' and words <> ''
        """,
        {"id": note_id, "seat": seat.id},
    )
    if row is None:
        raise Refused("nothing_there", "This is not in your list any more. Load the page again.")
    return _note(row)


def _set(db: PrivateDatabase, note_id: int, state: str, item: int | None) -> None:
    db.change(
        "update written_alone set state = :state, item = :item where id = :id",
        {"id": note_id, "state": state, "item": item},
    )


def seen_by(db: PrivateDatabase, seat: Seat) -> list[Item]:
    """List the items of the circle that a member may be sent.

    Of the kind that is being collected, only to those who have written alone; of the kinds before,
    only to those who had, or who have saved their own construction since (promise 13). What they
    said themselves is always theirs.
    """
    present, holds_own = rounds.at(db, seat.circle), own.latest(db, seat.id) is not None
    open_kinds = {
        kind
        for kind in items.KINDS
        if has_written(db, seat.id, kind) or (holds_own and rounds.is_over(present, kind))
    }
    every = items.listing(db, circle=seat.circle)
    return [item for item in every if item.kind in open_kinds or item.seat == seat.id]
