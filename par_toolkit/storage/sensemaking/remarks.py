"""Remarks: what people say to a version of the joint construction."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage import takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, joint, own, taken_back
from par_toolkit.storage.sensemaking.seats import Seat


@dataclass(frozen=True)
class Remark:
    """What the seat with `number` says to a version."""

    id: int
    construction: int
    seat: int
    number: int
    words: str
    at: str


def add(
    db: PrivateDatabase, construction: int, words: str, *, seat: Seat, by: Person | Seat
) -> int:
    """Keep what `seat` says to a version and return its id.

    Raises Refused for empty words, a closed circle, the words of somebody else, a version of
    another circle, and before their own is saved (promise 13).
    """
    words = acting.kept(words)
    with db.writing():
        _circle, person = acting.for_seat(db, seat, by=by)
        joint.for_member(db, construction, seat)
        values = {"construction": construction, "seat": seat.id, "words": words}
        again = db.value(
            """
            select id from remarks
            where construction = :construction and seat = :seat and words = :words
            """,
            values,
        )
        if again is not None:  # on a slow line people press the button again
            return int(again)
        added = db.add(
            """
            insert into remarks (construction, seat, words, person, at)
            values (:construction, :seat, :words, :person, :at)
            """,
            values | {"person": person, "at": now()},
        )
        acting.record(db, "remark", by=by, subject=f"circle {seat.circle}")
    return added


def take_back(db: PrivateDatabase, remark: int, *, seat: Seat, by: Person | Seat) -> None:
    """Erase the words of a remark of one's own, also in a closed circle.

    Raises Refused for one that is not.
    """
    with db.writing():
        acting.speaks_for(db, seat, by=by)
        taken_back.remember(db, "remarks", id=remark, seat=seat.id)
        erased = db.change(
            "update remarks set words = '' where id = :id and seat = :seat and words <> ''",
            {"id": remark, "seat": seat.id},
        )
        if not erased:
            raise Refused("nothing_there", "There is nothing to take back.")
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_remark", by=by, subject=f"circle {seat.circle}")


def of_circle(db: PrivateDatabase, circle: int) -> dict[int, list[Remark]]:
    """Return the remarks to each version of a circle, oldest first, without those taken back."""
    rows = db.rows(
        """
        select r.id, r.construction, r.seat, s.number, r.words, r.at
        from remarks r join seats s on s.id = r.seat
        where s.circle = :circle and r.words <> '' order by r.id
        """,
        {"circle": circle},
    )
    found: dict[int, list[Remark]] = {}
    for row in rows:
        found.setdefault(row["construction"], []).append(Remark(*row.values()))
    return found


def seen_by(db: PrivateDatabase, seat: Seat) -> dict[int, list[Remark]]:
    """Return what a member may be sent of them: nothing before their own is saved."""
    return of_circle(db, seat.circle) if own.latest(db, seat.id) else {}
