"""Positions on statements: what each person answers, and what is told of it by group.

Which person answered what is nobody's to see: answer patterns identify people. Only counts by
group and the reasons, without whose they are, leave this module; and a person's own answers go
back to that person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, statements, taken_back
from par_toolkit.storage.sensemaking.phases import must_run
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import not_too_long

POSITIONS: Final = ("agree", "disagree", "unsure")
TAKEN_BACK: Final = "taken_back"

#: People of a circle, as 'seat 3'.
Seats = frozenset[str]


@dataclass(frozen=True)
class Position:
    """What one person answered to a statement, for that person alone."""

    statement: int
    position: str
    reason: str
    at: str


@dataclass(frozen=True)
class Count:
    """How many people of a group that was asked hold each position."""

    group: str
    agree: int
    disagree: int
    unsure: int


@dataclass(frozen=True)
class Reason:
    """Why somebody of a group holds a position, in their words; not whose they are."""

    group: str
    position: str
    words: str


_HELD: Final = """
    select p.statement, p.seat, p.position, p.reason, p.at, c.group_code
    from positions p join seats s on s.id = p.seat join circles c on c.id = s.circle
    where p.position <> 'taken_back' and p.id = (
        select max(o.id) from positions o where o.statement = p.statement and o.seat = p.seat
    )
"""


def give(
    db: PrivateDatabase,
    statement_id: int,
    position: str,
    reason: str = "",
    *,
    seat: Seat,
    by: Person | Seat,
) -> None:
    """Keep what `seat` answers to a statement; their last answer holds. The reason may be empty.

    Raises Refused for another answer than the three, a statement that is closed or was not put to
    their group, a closed circle, and the answer of somebody else.
    """
    if position not in POSITIONS:
        raise Refused("no_position", "Choose one of the three answers first.")
    reason = not_too_long(reason)
    with db.writing():
        _check(db, statement_id, seat)
        _circle, person = acting.for_seat(db, seat, by=by)
        _add(db, statement_id, position, reason, seat=seat, person=person)
        acting.record(db, "answer_statement", by=by, subject=f"circle {seat.circle}")


def take_back(db: PrivateDatabase, statement_id: int, *, seat: Seat, by: Person | Seat) -> None:
    """Let an answer count no longer, and erase every reason that went with it.

    It may be done after the statement or the circle closed, too: words are their writer's.
    Raises Refused where there is nothing, and for the answer of somebody else.
    """
    with db.writing():
        if statement_id not in of_seat(db, seat.id):
            raise Refused("nothing_there", "There is nothing to take back.")
        person = acting.speaks_for(db, seat, by=by)
        _add(db, statement_id, TAKEN_BACK, "", seat=seat, person=person)
        taken_back.remember(db, "positions", statement=statement_id, seat=seat.id)
        db.change(
            "update positions set reason = '' where statement = :statement and seat = :seat",
            {"statement": statement_id, "seat": seat.id},
        )
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_position", by=by, subject=f"circle {seat.circle}")


def _check(db: PrivateDatabase, statement_id: int, seat: Seat) -> None:
    found = statements.still_open(db, statement_id)
    must_run(db, found.cycle)
    if found.cycle != seat.cycle or seat.group not in found.groups:
        raise Refused("not_asked", "This statement was not put to your group.")


def _add(
    db: PrivateDatabase,
    statement_id: int,
    position: str,
    reason: str,
    *,
    seat: Seat,
    person: int | None,
) -> None:
    db.add(
        """
        insert into positions (statement, seat, position, reason, person, at)
        values (:statement, :seat, :position, :reason, :person, :at)
        """,
        {
            "statement": statement_id,
            "seat": seat.id,
            "position": position,
            "reason": reason,
            "person": person,
            "at": now(),
        },
    )


def of_seat(db: PrivateDatabase, seat_id: int) -> dict[int, Position]:
    """Return what one person answers, by statement; for that person, and whoever keys it in."""
    rows = db.rows(f"{_HELD} and p.seat = :seat", {"seat": seat_id})
    return {
        row["statement"]: Position(row["statement"], row["position"], row["reason"], row["at"])
        for row in rows
    }


def counts(db: PrivateDatabase, statement: statements.Statement) -> list[Count]:
    """Count the positions of each group that was asked, in the order of their codes.

    These are exact figures for the desk; what others are shown hides the small ones. Somebody with
    seats in the circles of two groups counts once in each.
    """
    held = db.rows(
        f"""
        select group_code, position, count(*) as number from ({_HELD})
        where statement = :statement group by group_code, position
        """,
        {"statement": statement.id},
    )
    number = {(row["group_code"], row["position"]): row["number"] for row in held}
    return [
        Count(
            group,
            number.get((group, "agree"), 0),
            number.get((group, "disagree"), 0),
            number.get((group, "unsure"), 0),
        )
        for group in statement.groups
    ]


def holders(db: PrivateDatabase, statement: statements.Statement) -> dict[tuple[str, str], Seats]:
    """Return who holds each position by (group, position); for counting, and for nothing else."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in db.rows(f"{_HELD} and p.statement = :statement", {"statement": statement.id}):
        if row["group_code"] in statement.groups:
            key = row["group_code"], row["position"]
            found.setdefault(key, set()).add(f"seat {row['seat']}")
    return {key: frozenset(seats) for key, seats in found.items()}


def reasons(db: PrivateDatabase, statement_id: int) -> list[Reason]:
    """List the reasons by group and position, dissent first; their order tells no time."""
    rows = db.rows(
        f"select * from ({_HELD}) where statement = :statement and reason <> ''",
        {"statement": statement_id},
    )
    found = [Reason(row["group_code"], row["position"], row["reason"]) for row in rows]
    first = ("disagree", "unsure", "agree")
    return sorted(found, key=lambda one: (one.group, first.index(one.position), one.words))


def answered(db: PrivateDatabase, statement_id: int) -> int:
    """Count who holds a position, over all groups."""
    rows = db.rows(f"{_HELD} and p.statement = :statement", {"statement": statement_id})
    return len(rows)
