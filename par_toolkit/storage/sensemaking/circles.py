"""Circles: a meeting of one stakeholder group in one cycle, found by the code of its table."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import phases
from par_toolkit.storage.sensemaking.written import needed

DIGITS: Final = 6
LONGEST_TOPIC: Final = 500


@dataclass(frozen=True)
class Circle:
    """A circle; `table_code` is good while `closed_at` is None; `seats` counts who ever came."""

    id: int
    group: str
    cycle: str
    topic: str
    table_code: str
    opened_at: str
    closed_at: str | None
    seats: int


_SELECT: Final = """
    select c.*, (select count(*) from seats s where s.circle = c.id) as seats from circles c
"""


def _circle(row: Row) -> Circle:
    return Circle(
        row["id"],
        row["group_code"],
        row["cycle"],
        row["topic"],
        row["table_code"],
        row["opened_at"],
        row["closed_at"],
        row["seats"],
    )


def open(db: PrivateDatabase, *, group: str, cycle: str, topic: str, by: Person) -> Circle:
    """Open a circle of a group in a cycle, on what its `topic` says; return it with its code.

    Raises Refused without a group, a cycle or a topic, and where the cycle has not begun or is
    closed.
    """
    if not group or not cycle:
        raise Refused("no_group", "Choose the group and the cycle of this circle.")
    topic = needed(topic, "Write what the circle is about.", reason="no_topic", most=LONGEST_TOPIC)
    with db.writing():
        phases.must_run(db, cycle)
        added = db.add(
            """
            insert into circles (group_code, cycle, topic, table_code, opened_by, opened_at)
            values (:group, :cycle, :topic, :code, :person, :at)
            """,
            {
                "group": group,
                "cycle": cycle,
                "topic": topic,
                "code": _free_code(db),
                "person": by.id,
                "at": now(),
            },
        )
        audit.record(db, "open_circle", by=by, subject=f"circle {added}")
        circle = get(db, added)
    assert circle is not None
    return circle


def check_cycle(db: PrivateDatabase, cycle: str) -> None:
    """Raise Refused where a cycle is closed: what it found stays as it was found."""
    if phases.closed(db, cycle):
        raise Refused("cycle_closed", "This cycle is closed. Work in the one that follows it.")


def _free_code(db: PrivateDatabase) -> str:
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if by_table_code(db, code) is None:
            return code


def by_table_code(db: PrivateDatabase, digits: str) -> Circle | None:
    """Return the open circle with this code of six digits, or None."""
    row = db.row(f"{_SELECT} where c.table_code = :code and c.closed_at is null", {"code": digits})
    return _circle(row) if row else None


def get(db: PrivateDatabase, circle_id: int) -> Circle | None:
    """Return a circle, open or closed; None where there is none."""
    row = db.row(f"{_SELECT} where c.id = :id", {"id": circle_id})
    return _circle(row) if row else None


def listing(
    db: PrivateDatabase, *, cycle: str | None = None, group: str | None = None
) -> list[Circle]:
    """List the circles of a cycle or group, or all: open ones first, then the newest."""
    rows = db.rows(
        f"""
        {_SELECT} where (:cycle is null or c.cycle = :cycle)
          and (:group is null or c.group_code = :group)
        order by c.closed_at is not null, c.id desc
        """,
        {"cycle": cycle, "group": group},
    )
    return [_circle(row) for row in rows]


def close(db: PrivateDatabase, circle_id: int, *, by: Person) -> None:
    """End a circle: its code opens no more seats, and nobody adds words; all of it can be read.

    Raises Refused for a circle that is closed or not there.
    """
    with db.writing():
        closed = db.change(
            "update circles set closed_at = :at where id = :id and closed_at is null",
            {"at": now(), "id": circle_id},
        )
        if not closed:
            raise Refused("circle_closed", "This circle is closed. Ask the person who leads it.")
        audit.record(db, "close_circle", by=by, subject=f"circle {circle_id}")


def is_open(db: PrivateDatabase, circle: Circle) -> bool:
    """Say whether people can still come to a circle and add words."""
    return circle.closed_at is None and not phases.closed(db, circle.cycle)


def still_open(db: PrivateDatabase, circle_id: int) -> Circle:
    """Return a circle that is open.

    Raises Refused for one that is closed or not there, or whose cycle is closed.
    """
    circle = get(db, circle_id)
    if circle is None or circle.closed_at:
        raise Refused("circle_closed", "This circle is closed. Ask the person who leads it.")
    check_cycle(db, circle.cycle)
    return circle
