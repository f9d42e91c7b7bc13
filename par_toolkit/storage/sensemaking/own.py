"""Own constructions: how one person sees it, before anybody is sent what the group says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, seats, taken_back
from par_toolkit.storage.sensemaking.seats import Seat

#: Before the group's words are seen, and at the end of the circle, to lay beside the first.
MOMENTS: Final = ("start", "end")


@dataclass(frozen=True)
class Own:
    """What somebody wrote at a moment; `words` are empty where they took it back."""

    id: int
    seat: int
    moment: str
    words: str
    at: str


def _own(row: Row) -> Own:
    return Own(row["id"], row["seat"], row["moment"], row["words"], row["at"])


def save(
    db: PrivateDatabase, seat: Seat, words: str, *, moment: str = "start", by: Person | Seat
) -> Own:
    """Keep how `seat` sees it; what they wrote before stays beside it.

    Raises Refused for empty words, a closed circle, the words of somebody else, and an 'end'
    before there is a 'start'.
    """
    words = acting.kept(words, otherwise="Write how you see it. Nothing was saved.")
    if moment not in MOMENTS:
        raise Refused("bad_moment", "This page is not as it should be. Load it again.")
    with db.writing():
        _circle, person = acting.for_seat(db, seat, by=by)
        if moment == "end":
            first(db, seat)
        again = latest(db, seat.id, moment)
        if again and again.words == words:  # on a slow line people press the button again
            return again
        added = db.add(
            """
            insert into own_constructions (seat, moment, words, person, at)
            values (:seat, :moment, :words, :person, :at)
            """,
            {"seat": seat.id, "moment": moment, "words": words, "person": person, "at": now()},
        )
        acting.record(db, "write_own_construction", by=by, subject=f"circle {seat.circle}")
    return Own(added, seat.id, moment, words, now())


def latest(db: PrivateDatabase, seat_id: int, moment: str = "start") -> Own | None:
    """Return what somebody wrote last at a moment; None for nothing, or for what was taken back."""
    row = db.row(
        """
        select * from own_constructions where seat = :seat and moment = :moment
        order by id desc limit 1
        """,
        {"seat": seat_id, "moment": moment},
    )
    return _own(row) if row and row["words"] else None


def first(db: PrivateDatabase, seat: Seat) -> Own:
    """Return what somebody holds as their own start (promise 13).

    Raises Refused where there is none: nobody is sent the group's words before.
    """
    found = latest(db, seat.id)
    if found is None:
        raise Refused("own_first", "Write first how you see it yourself. Then you see the others.")
    return found


def history(db: PrivateDatabase, seat_id: int) -> list[Own]:
    """List all that somebody wrote, oldest first, without what was taken back."""
    rows = db.rows(
        "select * from own_constructions where seat = :seat and words <> '' order by id",
        {"seat": seat_id},
    )
    return [_own(row) for row in rows]


def of_circle(db: PrivateDatabase, circle: int, moment: str = "start") -> dict[int, Own]:
    """Return what each seat of a circle holds at a moment, for those who lead it."""
    rows = db.rows(
        """
        select o.* from own_constructions o join seats s on s.id = o.seat
        where s.circle = :circle and o.moment = :moment order by o.id
        """,
        {"circle": circle, "moment": moment},
    )
    last = {row["seat"]: _own(row) for row in rows}
    return {seat: own for seat, own in last.items() if own.words}


def waiting(db: PrivateDatabase, circle: int) -> list[Seat]:
    """List who sits at the table and has not written their own yet."""
    written = of_circle(db, circle)
    return [seat for seat in seats.of_circle(db, circle) if seat.present and seat.id not in written]


def take_back(db: PrivateDatabase, seat: Seat, *, moment: str = "start", by: Person | Seat) -> None:
    """Erase all that somebody wrote at a moment, and any alternative that was named from it.

    It may be done after the circle was closed, too: words are their writer's.
    Raises Refused where there is nothing, or `by` may not.
    """
    with db.writing():
        acting.speaks_for(db, seat, by=by)
        about: dict[str, int | str] = {"seat": seat.id, "moment": moment}
        taken_back.remember(db, "own_constructions", **about)
        erased = db.change(
            """
            update own_constructions set words = ''
            where seat = :seat and moment = :moment and words <> ''
            """,
            about,
        )
        if not erased:
            raise Refused("nothing_there", "There is nothing to take back.")
        for row in db.rows(
            "select id from own_constructions where seat = :seat and moment = :moment", about
        ):
            taken_back.remember(db, "alternatives", own=row["id"])
        db.change(
            """
            update alternatives set name = '' where own in (
                select id from own_constructions where seat = :seat and moment = :moment
            )
            """,
            about,
        )
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_own_construction", by=by, subject=f"circle {seat.circle}")
