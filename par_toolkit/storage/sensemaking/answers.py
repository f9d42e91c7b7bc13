"""Is this ours? What each person answers to a version: assent, reservation or dissent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, joint, own, taken_back
from par_toolkit.storage.sensemaking.seats import Seat

ANSWERS: Final = ("assent", "reservation", "dissent")
TAKEN_BACK: Final = "taken_back"


@dataclass(frozen=True)
class Answer:
    """What the seat with `number` answers to a version; an assent may come without words."""

    construction: int
    seat: int
    number: int
    answer: str
    words: str
    at: str


def give(
    db: PrivateDatabase,
    construction: int,
    answer: str,
    words: str = "",
    *,
    seat: Seat,
    by: Person | Seat,
) -> None:
    """Keep what `seat` answers to a version; their last answer to it holds.

    Raises Refused for another answer than the three, a reservation or dissent without words, a
    closed circle, the answer of somebody else, and before their own is saved (promise 13).
    """
    if answer not in ANSWERS:
        raise Refused("no_answer", "Choose one of the three answers first.")
    if answer == "assent":
        words = acting.kept(words) if words.strip() else ""
    else:
        words = acting.kept(
            words,
            otherwise="Say in your words what is not yours, so that it is not lost.",
            reason="say_why",
        )
    with db.writing():
        _circle, person = acting.for_seat(db, seat, by=by)
        joint.for_member(db, construction, seat)
        db.add(
            """
            insert into answers_to_constructions (construction, seat, answer, words, person, at)
            values (:construction, :seat, :answer, :words, :person, :at)
            """,
            {
                "construction": construction,
                "seat": seat.id,
                "answer": answer,
                "words": words,
                "person": person,
                "at": now(),
            },
        )
        acting.record(db, "answer_construction", by=by, subject=f"circle {seat.circle}")


def take_back(db: PrivateDatabase, construction: int, *, seat: Seat, by: Person | Seat) -> None:
    """Let an answer count no longer, and erase all that went with it, also in a closed circle.

    Raises Refused where there is nothing, and for the answer of somebody else.
    """
    with db.writing():
        acting.speaks_for(db, seat, by=by)
        taken_back.remember(db, "answers_to_constructions", construction=construction, seat=seat.id)
        erased = db.change(
            """
            update answers_to_constructions set answer = :taken_back, words = ''
            where construction = :construction and seat = :seat and answer <> :taken_back
            """,
            {"construction": construction, "seat": seat.id, "taken_back": TAKEN_BACK},
        )
        if not erased:
            raise Refused("nothing_there", "There is nothing to take back.")
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_answer", by=by, subject=f"circle {seat.circle}")


def of_circle(db: PrivateDatabase, circle: int) -> dict[int, list[Answer]]:
    """Return the answers that hold for each version of a circle, by seat."""
    rows = db.rows(
        """
        select a.construction, a.seat, s.number, a.answer, a.words, a.at
        from answers_to_constructions a join seats s on s.id = a.seat
        where s.circle = :circle and a.answer <> :taken_back and a.id = (
            select max(o.id) from answers_to_constructions o
            where o.construction = a.construction and o.seat = a.seat
        )
        order by s.number
        """,
        {"circle": circle, "taken_back": TAKEN_BACK},
    )
    found: dict[int, list[Answer]] = {}
    for row in rows:
        found.setdefault(row["construction"], []).append(Answer(*row.values()))
    return found


def is_ours(given: Iterable[Answer]) -> bool:
    """Say whether a circle finds a version its own: more who answer assent to it than dissent."""
    count = Counter(one.answer for one in given)
    return count["assent"] > count["dissent"]


def seen_by(db: PrivateDatabase, seat: Seat) -> dict[int, list[Answer]]:
    """Return what a member may be sent of them: nothing before their own is saved."""
    return of_circle(db, seat.circle) if own.latest(db, seat.id) else {}
