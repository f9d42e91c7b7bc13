"""What one group holds, in the words of another; its own people say whether they are in it.

Educative authenticity (Guba and Lincoln, Fourth Generation Evaluation, 1989): people come to
understand how others see it. Whether they do, only those others can say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, own, taken_back
from par_toolkit.storage.sensemaking.seats import Seat


@dataclass(frozen=True)
class Heard:
    """What somebody of `group` says that `about` holds; `missing` is what is not so in it.

    `yes` and `no` count how many of `about` find themselves in it, and do not; the desk sees them.
    """

    id: int
    seat: int
    group: str
    about: str
    words: str
    at: str
    yes: int
    no: int
    missing: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """Say what its own group answers: 'waits', 'accepted', 'divided' or 'not_accepted'."""
        if not self.yes and not self.no:
            return "waits"
        return "accepted" if not self.no else "divided" if self.yes else "not_accepted"


#: The last of each seat and group, without what was taken back.
_LAST: Final = """
    select h.*, c.group_code, c.cycle from heard_from_others h
    join seats s on s.id = h.seat join circles c on c.id = s.circle
    where h.words <> '' and h.id = (
        select max(o.id) from heard_from_others o
        where (o.seat, o.about_group) = (h.seat, h.about_group)
    )
"""


def say(db: PrivateDatabase, about: str, words: str, *, seat: Seat, by: Person | Seat) -> int:
    """Keep what `seat` says that the group `about` holds, and return its id; the last holds.

    Raises Refused for empty words, one's own group, a closed circle, the words of somebody else,
    and before their own is saved (promise 13).
    """
    words = acting.kept(words)
    if not about or about == seat.group:
        raise Refused("own_group", "Choose another group than your own.")
    with db.writing():
        _circle, person = acting.for_seat(db, seat, by=by)
        own.first(db, seat)
        added = db.add(
            """
            insert into heard_from_others (seat, about_group, words, person, at)
            values (:seat, :about, :words, :person, :at)
            """,
            {"seat": seat.id, "about": about, "words": words, "person": person, "at": now()},
        )
        acting.record(db, "say_what_others_hold", by=by, subject=f"circle {seat.circle}")
    return added


def take_back(db: PrivateDatabase, about: str, *, seat: Seat, by: Person | Seat) -> None:
    """Erase all that `seat` said of a group, also in a closed circle.

    Raises Refused where there is nothing.
    """
    with db.writing():
        acting.speaks_for(db, seat, by=by)
        taken_back.remember(db, "heard_from_others", seat=seat.id, about_group=about)
        erased = db.change(
            """
            update heard_from_others set words = ''
            where seat = :seat and about_group = :about and words <> ''
            """,
            {"seat": seat.id, "about": about},
        )
        if not erased:
            raise Refused("nothing_there", "There is nothing to take back.")
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_what_others_hold", by=by, subject=f"circle {seat.circle}")


def answer(
    db: PrivateDatabase,
    heard_id: int,
    *,
    accepted: bool,
    words: str = "",
    seat: Seat,
    by: Person | Seat,
) -> None:
    """Keep whether a member finds their group in what was said of it; their last answer holds.

    Raises Refused for a no without words, what is not (any more) said of their group in their
    cycle, a closed circle, the answer of somebody else, and before their own is saved.
    """
    if not accepted:
        words = acting.kept(
            words, otherwise="Say in your words what is not so.", reason="say_what_is_not_so"
        )
    with db.writing():
        _circle, person = acting.for_seat(db, seat, by=by)
        own.first(db, seat)
        if heard_id not in {one.id for one in seen_by(db, seat)}:
            raise Refused("nothing_there", "This is not here any more. Load the page again.")
        db.add(
            """
            insert into heard_answers (heard, seat, accepted, words, person, at)
            values (:heard, :seat, :accepted, :words, :person, :at)
            """,
            {
                "heard": heard_id,
                "seat": seat.id,
                "accepted": int(accepted),
                "words": "" if accepted else words,
                "person": person,
                "at": now(),
            },
        )
        acting.record(db, "answer_what_others_say", by=by, subject=f"circle {seat.circle}")


def take_back_answer(db: PrivateDatabase, heard_id: int, *, seat: Seat, by: Person | Seat) -> None:
    """Erase all that `seat` answered to what was said of its group, also in a closed circle.

    Raises Refused where there is nothing.
    """
    with db.writing():
        acting.speaks_for(db, seat, by=by)
        erased = db.change(
            "delete from heard_answers where heard = :heard and seat = :seat",
            {"heard": heard_id, "seat": seat.id},
        )
        if not erased:
            raise Refused("nothing_there", "There is nothing to take back.")
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_answer_to_others", by=by, subject=f"circle {seat.circle}")


def answered_by(db: PrivateDatabase, seat_id: int) -> dict[int, tuple[bool, str]]:
    """Return what a member answered, and their words, by what it answers."""
    rows = db.rows(
        "select heard, accepted, words from heard_answers where seat = :seat order by id",
        {"seat": seat_id},
    )
    return {row["heard"]: (bool(row["accepted"]), row["words"]) for row in rows}


def of_seat(db: PrivateDatabase, seat_id: int) -> dict[str, str]:
    """Return what somebody said of each other group, for that person and whoever keys it in."""
    rows = db.rows(f"{_LAST} and h.seat = :seat order by h.about_group", {"seat": seat_id})
    return {row["about_group"]: row["words"] for row in rows}


def seen_by(db: PrivateDatabase, seat: Seat) -> list[Heard]:
    """List what others say that a member's group holds: nothing before they saved their own."""
    if own.latest(db, seat.id) is None:
        return []
    return [one for one in of_cycle(db, seat.cycle) if one.about == seat.group]


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Heard]:
    """List what groups say of one another, by group; their order tells no time."""
    rows = db.rows(
        f"{_LAST} and c.cycle = :cycle order by h.about_group, c.group_code, h.words",
        {"cycle": cycle},
    )
    return [_heard(db, row) for row in rows]


def _heard(db: PrivateDatabase, row: Row) -> Heard:
    given = db.rows(
        """
        select a.accepted, a.words from heard_answers a where a.heard = :heard and a.id = (
            select max(o.id) from heard_answers o where o.heard = a.heard and o.seat = a.seat
        )
        """,
        {"heard": row["id"]},
    )
    missing = sorted(one["words"] for one in given if not one["accepted"])
    return Heard(
        row["id"],
        row["seat"],
        row["group_code"],
        row["about_group"],
        row["words"],
        row["at"],
        len(given) - len(missing),
        len(missing),
        tuple(missing),
    )
