"""Hearings: each respondent in turn, and whether they brought something new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, own, seats
from par_toolkit.storage.sensemaking.circles import still_open
from par_toolkit.storage.sensemaking.seats import Seat

#: So many respondents after one another who bring nothing new are said to those who lead; whether
#: the circle ends is for them and the people at the table to say.
ENOUGH: Final = 3


@dataclass(frozen=True)
class Hearing:
    """That somebody was heard, and whether they brought something new."""

    seat: int
    number: int
    brought_new: bool
    at: str


def note(db: PrivateDatabase, seat_id: int, *, brought_new: bool, by: Person) -> None:
    """Note whether somebody brought something new; the last note of a seat holds.

    Raises Refused for a closed circle, an unknown seat, and one that has not written its own: then
    nobody can say.
    """
    with db.writing():
        seat = seats.get(db, seat_id)
        if seat is None:
            raise Refused("no_seat", "There is no such seat in this circle.")
        still_open(db, seat.circle)
        if own.latest(db, seat.id) is None:
            raise Refused(
                "not_heard", "This person has not written their own yet. Hear them first."
            )
        _add(db, seat.id, brought_new, by)
        acting.record(db, "note_hearing", by=by, subject=f"circle {seat.circle}")


def covered(db: PrivateDatabase, seat_id: int, *, by: Person | Seat) -> None:
    """Note that a new version was written for somebody, so they brought something new."""
    _add(db, seat_id, True, by)


def _add(db: PrivateDatabase, seat_id: int, brought_new: bool, by: Person | Seat) -> None:
    db.add(
        """
        insert into hearings (seat, brought_new, noted_by, at) values (:seat, :new, :person, :at)
        """,
        {
            "seat": seat_id,
            "new": int(brought_new),
            "person": acting.who(by)["person"],
            "at": now(),
        },
    )


def of_circle(db: PrivateDatabase, circle: int) -> list[Hearing]:
    """List the last note of each seat, in the order in which they were made."""
    rows = db.rows(
        """
        select h.seat, s.number, h.brought_new, h.at from hearings h join seats s on s.id = h.seat
        where s.circle = :circle
          and h.id = (select max(o.id) from hearings o where o.seat = h.seat)
        order by h.id
        """,
        {"circle": circle},
    )
    return [
        Hearing(row["seat"], row["number"], bool(row["brought_new"]), row["at"]) for row in rows
    ]


def nothing_new(heard: Sequence[Hearing]) -> bool:
    """Say whether the last three respondents, in the order heard, all brought nothing new."""
    last = heard[-ENOUGH:]
    return len(last) == ENOUGH and not any(one.brought_new for one in last)
