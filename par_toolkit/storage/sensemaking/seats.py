"""Seats: people in a circle, without accounts. A seat's own code opens it on another device."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit, takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.keys import mark
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking.circles import still_open

DIGITS: Final = 8
LONGEST_NAME: Final = 60

_SELECT: Final = """
    select s.*, c.group_code, c.cycle from seats s join circles c on c.id = s.circle
"""


@dataclass(frozen=True)
class Seat:
    """A person in a circle; `called` is how they want to be called at this table, or empty.

    `sitting` counts how often they sat down: the device where they did so last holds the seat.
    """

    id: int
    circle: int
    number: int
    called: str
    group: str
    cycle: str
    paper: bool
    joined_at: str
    left_at: str | None
    away: bool
    sitting: int

    @property
    def present(self) -> bool:
        """Say whether the others wait for them."""
        return self.left_at is None and not self.away


def _seat(row: Row) -> Seat:
    return Seat(
        row["id"],
        row["circle"],
        row["number"],
        row["called"],
        row["group_code"],
        row["cycle"],
        bool(row["paper"]),
        row["joined_at"],
        row["left_at"],
        row["away_at"] is not None,
        row["sitting"],
    )


def join(
    db: PrivateDatabase,
    circle: int,
    *,
    called: str = "",
    paper: bool = False,
    by: Person | None = None,
) -> tuple[Seat, str]:
    """Give somebody a seat in an open circle; return it with its code, which is not kept.

    `paper` is for what was written on paper, which `by` keys in.
    Raises Refused for a circle that is closed or not there, and for a name that is too long.
    """
    _check_name(called)
    with db.writing():
        still_open(db, circle)
        code = _free_code(db)
        number = db.value(
            "select coalesce(max(number), 0) + 1 from seats where circle = :id", {"id": circle}
        )
        added = db.add(
            """
            insert into seats (circle, number, called, mark, paper, joined_at)
            values (:circle, :number, :called, :mark, :paper, :at)
            """,
            {
                "circle": circle,
                "number": number,
                "called": called,
                "mark": mark(db.folder, "seat", code),
                "paper": int(paper),
                "at": now(),
            },
        )
        audit.record(
            db, "join_circle", by=by, role="member", subject=f"circle {circle}", of_one=True
        )
        seat = get(db, added)
        assert seat is not None
        return seat, code


def _free_code(db: PrivateDatabase) -> str:
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if by_code(db, code) is None:
            return code


def get(db: PrivateDatabase, seat_id: int) -> Seat | None:
    """Return a seat, or None."""
    row = db.row(f"{_SELECT} where s.id = :id", {"id": seat_id})
    return _seat(row) if row else None


def by_code(db: PrivateDatabase, code: str) -> Seat | None:
    """Return the seat with this code of its own (digits only), or None."""
    row = db.row(f"{_SELECT} where s.mark = :mark", {"mark": mark(db.folder, "seat", code)})
    return _seat(row) if row else None


def of_circle(db: PrivateDatabase, circle: int) -> list[Seat]:
    """List the seats of a circle in the order in which people came."""
    rows = db.rows(f"{_SELECT} where s.circle = :circle order by s.number", {"circle": circle})
    return [_seat(row) for row in rows]


def call(db: PrivateDatabase, seat: Seat, called: str) -> None:
    """Have somebody called otherwise, or with '' by nothing but the number of their seat.

    Raises Refused for a name that is too long.
    """
    _check_name(called)
    with db.writing():
        db.change(
            "update seats set called = :called where id = :id", {"called": called, "id": seat.id}
        )
        if seat.called:
            takedowns.ask_erasure(db)
        audit.record(db, "call_seat", role="member", subject=_subject(db, seat.id), of_one=True)


def _check_name(called: str) -> None:
    if len(called) > LONGEST_NAME:
        raise Refused("long_name", f"Use a shorter name, of at most {LONGEST_NAME} characters.")


def leave(db: PrivateDatabase, seat_id: int) -> None:
    """Note that somebody has left; what they said stays, and their code opens the seat again."""
    with db.writing():
        gone = db.change(
            "update seats set left_at = :at where id = :id and left_at is null",
            {"at": now(), "id": seat_id},
        )
        if gone:
            audit.record(db, "leave_circle", role="member", subject=_subject(db, seat_id))


def sit_again(db: PrivateDatabase, seat_id: int) -> Seat:
    """Move a seat to the device on which its person types its code now, and return it.

    Where they sat before, it is theirs no more: a tablet that somebody else has in hand by now, or
    a telephone that is lost. Raises Refused for a seat that is not there.
    """
    with db.writing():
        come_back(db, seat_id)
        db.change("update seats set sitting = sitting + 1 where id = :id", {"id": seat_id})
        seat = get(db, seat_id)
    if seat is None:
        raise Refused("no_seat", "There is no such seat in this circle.")
    return seat


def come_back(db: PrivateDatabase, seat_id: int) -> None:
    """Note that somebody who had left, or was away, is there again."""
    with db.writing():
        back = db.change(
            """
            update seats set left_at = null, away_at = null
            where id = :id and (left_at is not null or away_at is not null)
            """,
            {"id": seat_id},
        )
        if back:
            audit.record(db, "come_back_to_circle", role="member", subject=_subject(db, seat_id))


def go_on_without(db: PrivateDatabase, seat_id: int, *, by: Person) -> None:
    """Have nobody wait for somebody who went away half-way; with their next act they are back.

    Raises Refused for a seat that is not there, or that nobody waits for.
    """
    with db.writing():
        seat = get(db, seat_id)
        if seat is None or not seat.present:
            raise Refused("no_seat", "There is no such seat in this circle.")
        db.change("update seats set away_at = :at where id = :id", {"at": now(), "id": seat_id})
        audit.record(db, "go_on_without", by=by, subject=_subject(db, seat_id), of_one=True)


def renew_code(db: PrivateDatabase, seat_id: int, *, by: Person) -> str:
    """Give somebody who lost it a new code for their seat; the old one opens nothing any more.

    Raises Refused for a seat that is not there.
    """
    with db.writing():
        code = _free_code(db)
        changed = db.change(
            "update seats set mark = :mark where id = :id",
            {"mark": mark(db.folder, "seat", code), "id": seat_id},
        )
        if not changed:
            raise Refused("no_seat", "There is no such seat in this circle.")
        audit.record(db, "renew_seat_code", by=by, subject=_subject(db, seat_id), of_one=True)
    return code


def _subject(db: PrivateDatabase, seat_id: int) -> str:
    circle = db.value("select circle from seats where id = :id", {"id": seat_id})
    return f"circle {circle}"
