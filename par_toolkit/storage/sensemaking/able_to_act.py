"""Were people able to act? Asked of everybody at the end, and looked at first for those with less
power: tactical authenticity (Guba and Lincoln, Fourth Generation Evaluation, 1989)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, own, taken_back
from par_toolkit.storage.sensemaking.seats import Seat

ANSWERS: Final = ("yes", "partly", "no")
TAKEN_BACK: Final = "taken_back"


@dataclass(frozen=True)
class Answer:
    """What one person of a group answers, with what made it so; the words may be empty."""

    group: str
    answer: str
    words: str


_LAST: Final = """
    select a.seat, a.answer, a.words, c.group_code, c.cycle from able_to_act a
    join seats s on s.id = a.seat join circles c on c.id = s.circle
    where a.answer <> 'taken_back' and a.id = (
        select max(o.id) from able_to_act o where o.seat = a.seat
    )
"""


def give(
    db: PrivateDatabase, answer: str, words: str = "", *, seat: Seat, by: Person | Seat
) -> None:
    """Keep whether `seat` was able to act; their last answer holds.

    Raises Refused for another answer than the three, a closed circle, the answer of somebody else,
    and before their own is saved: then the circle has not begun for them.
    """
    if answer not in ANSWERS:
        raise Refused("no_answer", "Choose one of the three answers first.")
    words = acting.kept(words) if words.strip() else ""
    with db.writing():
        _circle, person = acting.for_seat(db, seat, by=by)
        own.first(db, seat)
        _add(db, answer, words, seat, person)
        acting.record(db, "say_able_to_act", by=by, subject=f"circle {seat.circle}")


def _add(db: PrivateDatabase, answer: str, words: str, seat: Seat, person: int | None) -> None:
    db.add(
        """
        insert into able_to_act (seat, answer, words, person, at)
        values (:seat, :answer, :words, :person, :at)
        """,
        {"seat": seat.id, "answer": answer, "words": words, "person": person, "at": now()},
    )


def take_back(db: PrivateDatabase, *, seat: Seat, by: Person | Seat) -> None:
    """Take one's answer back and erase its words, also in a closed circle.

    Raises Refused where there is none.
    """
    with db.writing():
        if of_seat(db, seat.id) is None:
            raise Refused("nothing_there", "There is nothing to take back.")
        _add(db, TAKEN_BACK, "", seat, acting.speaks_for(db, seat, by=by))
        taken_back.remember(db, "able_to_act", seat=seat.id)
        db.change("update able_to_act set words = '' where seat = :seat", {"seat": seat.id})
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_able_to_act", by=by, subject=f"circle {seat.circle}")


def of_seat(db: PrivateDatabase, seat_id: int) -> Answer | None:
    """Return what somebody answered last, for that person and whoever keys it in; or None."""
    row = db.row(f"{_LAST} and a.seat = :seat", {"seat": seat_id})
    return Answer(row["group_code"], row["answer"], row["words"]) if row else None


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Answer]:
    """List the answers of a cycle by group; their order tells neither time nor person."""
    rows = db.rows(
        f"{_LAST} and c.cycle = :cycle order by c.group_code, a.answer, a.words", {"cycle": cycle}
    )
    return [Answer(row["group_code"], row["answer"], row["words"]) for row in rows]
