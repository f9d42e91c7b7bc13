"""Copies of everything, asked for at the desk: one person asks, another says yes, and it is handed
over once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person

#: A request that nobody took up ends by itself: a yes is for now and not for some day.
HOURS: Final = 24


@dataclass(frozen=True)
class Request:
    """What one person asked for, and who agreed (None: nobody yet)."""

    id: int
    asked_by: int
    asker: str
    asked_at: str
    agreed_by: int | None
    agreer: str | None


def waiting(db: PrivateDatabase) -> Request | None:
    """Return the request that is under way; None where there is none, or it ended by itself.

    It ends as well where one of the two may not sign in any more.
    """
    row = db.row(
        """
        select r.id, r.asked_by, a.name as asker, r.asked_at, r.agreed_by, b.name as agreer
        from export_requests r
        join people a on a.id = r.asked_by and a.disabled_at is null
        left join people b on b.id = r.agreed_by
        where r.ended_at is null and r.asked_at >= :since and b.disabled_at is null
        order by r.id desc limit 1
        """,
        {"since": (datetime.now(UTC) - timedelta(hours=HOURS)).isoformat(timespec="seconds")},
    )
    return Request(**row) if row else None


def ask(db: PrivateDatabase, *, by: Person) -> None:
    """Ask for a copy of everything; raise Refused while another request is under way."""
    with db.writing():
        if waiting(db):
            raise Refused("asked_already", "Somebody has asked for a copy already.")
        number = db.add(
            "insert into export_requests (asked_by, asked_at) values (:by, :now)",
            {"by": by.id, "now": now()},
        )
        audit.record(db, "ask_for_export", by=by, subject=f"export {number}")


def agree(db: PrivateDatabase, request_id: int, *, by: Person) -> None:
    """Say yes to what somebody else asked for.

    Raises Refused where it ended, or where the same person asked.
    """
    with db.writing():
        request = _known(db, request_id)
        if request.asked_by == by.id:
            raise Refused("same_person", "Another person has to say yes to what you asked for.")
        db.change(
            """
            update export_requests set agreed_by = :by, agreed_at = :now
            where id = :id and agreed_by is null
            """,
            {"id": request_id, "by": by.id, "now": now()},
        )
        audit.record(db, "agree_to_export", by=by, subject=f"export {request_id}")


def take_back(db: PrivateDatabase, request_id: int, *, by: Person) -> None:
    """End a request, whoever asked or agreed; raise Refused where it ended before."""
    with db.writing():
        _known(db, request_id)
        _end(db, request_id, handed_over=False)
        audit.record(db, "refuse_export", by=by, subject=f"export {request_id}")


def check(db: PrivateDatabase, request_id: int, *, by: Person) -> None:
    """Raise Refused unless the copy may be handed to this person, who asked for it."""
    request = _known(db, request_id)
    if request.agreed_by is None or request.asked_by != by.id:
        raise Refused("not_agreed", "A second person has to say yes before the copy is made.")


def hand_over(db: PrivateDatabase, request_id: int, *, by: Person) -> None:
    """Note that the copy is handed over now; it can be done once. Raises Refused as `check`."""
    with db.writing():
        check(db, request_id, by=by)
        _end(db, request_id, handed_over=True)
        audit.record(db, "hand_over_export", by=by, subject=f"export {request_id}")


def _known(db: PrivateDatabase, request_id: int) -> Request:
    request = waiting(db)
    if request is None or request.id != request_id:
        raise Refused("request_ended", "This request has ended. Ask once more.")
    return request


def _end(db: PrivateDatabase, request_id: int, *, handed_over: bool) -> None:
    db.change(
        "update export_requests set ended_at = :now, handed_over = :over where id = :id",
        {"id": request_id, "now": now(), "over": int(handed_over)},
    )
