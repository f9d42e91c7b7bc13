"""Named alternatives: a construction that stands alone survives beside every later version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, joint, own
from par_toolkit.storage.sensemaking.seats import Seat

LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Alternative:
    """A construction that stands alone, `since` a version; empty where it was taken back."""

    id: int
    name: str
    words: str
    seat: int
    number: int
    since: int
    at: str


def name(db: PrivateDatabase, called: str, *, seat: Seat, by: Person | Seat) -> int:
    """Have what `seat` holds as their own stand beside the group's, under a name; return its id.

    The words are those they hold now; they stay as they are here, whatever the person writes later.
    Raises Refused without a name, with one too long, in a closed circle, before there is a version
    to stand beside, for words that stand there already, and for those of somebody else.
    """
    called = acting.kept(
        called, otherwise="Give it a name, so that people can speak of it.", reason="no_name"
    )
    if len(called) > LONGEST_NAME:
        raise Refused("long_name", f"Use a shorter name, of at most {LONGEST_NAME} characters.")
    with db.writing():
        _circle, person = acting.for_seat(db, seat, by=by)
        held = own.first(db, seat)
        standing = joint.current(joint.versions(db, seat.circle))
        if not standing:
            raise Refused("no_version", "The circle has written nothing yet to stand beside.")
        if held.id in {row["own"] for row in _rows(db, seat.circle)}:
            raise Refused("named_already", "These words stand beside the group's already.")
        added = db.add(
            """
            insert into alternatives (circle, name, own, since, person, at)
            values (:circle, :name, :own, :since, :person, :at)
            """,
            {
                "circle": seat.circle,
                "name": called,
                "own": held.id,
                "since": standing[-1].id,
                "person": person,
                "at": now(),
            },
        )
        acting.record(db, "name_alternative", by=by, subject=f"circle {seat.circle}")
    return added


def _rows(db: PrivateDatabase, circle: int) -> list[dict[str, int | str]]:
    return db.rows(
        """
        select a.id, a.name, o.words, o.seat, s.number, a.since, a.at, a.own
        from alternatives a join own_constructions o on o.id = a.own join seats s on s.id = o.seat
        where a.circle = :circle order by a.id
        """,
        {"circle": circle},
    )


def of_circle(db: PrivateDatabase, circle: int) -> list[Alternative]:
    """List the alternatives of a circle, in the order in which they were named."""
    return [Alternative(*list(row.values())[:7]) for row in _rows(db, circle)]  # type: ignore[arg-type]


def seen_by(db: PrivateDatabase, seat: Seat) -> list[Alternative]:
    """List what a member may be sent of them: nothing before their own is saved."""
    return of_circle(db, seat.circle) if own.latest(db, seat.id) else []
