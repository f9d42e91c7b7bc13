"""Withdrawals at the desk for tellers who lost the slip: one person asks, another agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from par_toolkit.storage import audit, voices, withdrawals
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person

#: Why a story is withdrawn at the desk: one word for the trail, never words of the story.
REASONS: Final = ("lost_slip", "asked_in_person", "asked_by_phone_or_letter")
#: A request that nobody took up ends by itself: a yes is to what somebody asks for today.
DAYS: Final = 7


@dataclass(frozen=True)
class Request:
    """A story that one person wants to withdraw for its teller; another has to agree."""

    id: int
    story: int
    reason: str
    asked_by: int
    asker: str
    asked_at: str


def waiting(db: PrivateDatabase) -> list[Request]:
    """List what waits for a second person, the oldest first.

    What nobody took up in time has ended, and so has what was asked by somebody who may not sign
    in any more.
    """
    rows = db.rows(
        """
        select r.id, r.story, r.reason, r.asked_by, p.name as asker, r.asked_at
        from withdrawal_requests r
        join people p on p.id = r.asked_by and p.disabled_at is null
        where r.asked_at >= :since order by r.id
        """,
        {"since": _since()},
    )
    return [Request(**row) for row in rows]


def of_story(db: PrivateDatabase, story: int) -> Request | None:
    """Return the request that waits for one story, or None."""
    return next((one for one in waiting(db) if one.story == story), None)


def ask(db: PrivateDatabase, story: int, reason: str, *, by: Person) -> None:
    """Ask for the withdrawal of a story; raise Refused for no reason, or while one waits."""
    if reason not in REASONS:
        raise Refused("no_withdrawal_reason", "Say how the teller asked for it.")
    with db.writing():
        if not db.value("select 1 from stories where id = :id", {"id": story}):
            raise Refused("gone", "This story is not here any more.")
        if of_story(db, story):
            raise Refused("withdrawal_asked", "Somebody has asked for this withdrawal already.")
        db.change(
            "delete from withdrawal_requests where story = :story or asked_at < :since",
            {"story": story, "since": _since()},
        )
        db.add(
            """
            insert into withdrawal_requests (story, reason, asked_by, asked_at)
            values (:story, :reason, :by, :now)
            """,
            {"story": story, "reason": reason, "by": by.id, "now": now()},
        )
        audit.record(db, "ask_to_withdraw_for_teller", by=by, subject=reason, of_one=True)


def agree(db: PrivateDatabase, story: int, *, by: Person) -> None:
    """Withdraw a story that somebody else asked to withdraw.

    Raises Refused where nobody asks for it any more, or where the same person asked.
    """
    with db.writing():
        request = _known(db, story)
        if request.asked_by == by.id:
            raise Refused("same_person", "Another person has to say yes to what you asked for.")
        withdrawals.withdraw_story(db, story, by=by, reason=request.reason)
    voices.sweep(db)


def take_back(db: PrivateDatabase, story: int, *, by: Person) -> None:
    """Leave a story as it is, whoever asked; raise Refused where nobody asks any more."""
    with db.writing():
        _known(db, story)
        db.change("delete from withdrawal_requests where story = :story", {"story": story})
        audit.record(db, "leave_story_after_all", by=by, of_one=True)


def _known(db: PrivateDatabase, story: int) -> Request:
    request = of_story(db, story)
    if request is None:
        raise Refused("request_ended", "This request has ended. Ask once more.")
    return request


def _since() -> str:
    return (datetime.now(UTC) - timedelta(days=DAYS)).isoformat(timespec="seconds")
