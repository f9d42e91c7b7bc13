"""What is past its time is erased, and never by surprise.

People's words are erased only after it was said ahead, for a month and on several days, that they
would be (`said_ahead`). So a period that is made shorter, a program that was just installed, and a
laptop that comes out of a cupboard all give people a month to say no, or to take a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from par_toolkit.inquiry import Period, Retention
from par_toolkit.storage import audit, contacts, help_requests, takedowns, voices, withdrawals
from par_toolkit.storage.database import PrivateDatabase

#: So long before people's words are erased it is said that they will be,
AHEAD: Final = timedelta(days=30)
#: and on so many different days, or a clock that leaps would say it once and erase.
DAYS_SAID: Final = 3
#: People's words; of the other kinds nobody needs to hear first.
SAID_AHEAD: Final = ("stories", "contact")
#: Stories that are erased in one transaction: whoever tells meanwhile waits for no more than these.
AT_ONCE: Final = 5
#: What the published trail counts none of: a row would say that somebody had asked for help.
KEPT_INSIDE: Final = ("help",)
#: In which role the trail names what nobody did by hand.
ROLE: Final = "program"

#: kind -> the times from which its rows count, each as `at`, with their `id`.
_ROWS: Final = {
    "stories": "select id, told_at as at from stories",
    "help": "select id, done_at as at from help_requests where done_at is not null",
    # one teller at a time, with whoever sent another telling under the same number
    "contact": "select story as id, max(noted_at) as at from contacts group by story",
    # a pairing ends when somebody ends it, or at the time it was given
    "devices": """
        select id, min(coalesce(revoked_at, until), coalesce(until, revoked_at)) as at from devices
        where coalesce(revoked_at, until) is not null
    """,
}
KINDS: Final = tuple(_ROWS)


@dataclass(frozen=True)
class Due:
    """What of one kind is past its time or soon will be, and the first day it can be erased on.

    `past` and `soon` are rows; `begins` is None where there is neither.
    """

    kind: str
    period: Period | None
    kept: int
    past: int
    soon: int
    begins: date | None


def due(db: PrivateDatabase, periods: Retention, at: datetime) -> list[Due]:
    """List each kind with what is past its time at `at`, and in the month after."""
    return [_due(db, kind, getattr(periods, kind), at) for kind in KINDS]


def _due(db: PrivateDatabase, kind: str, period: Period | None, at: datetime) -> Due:
    kept = _older(db, kind, None)
    if period is None:
        return Due(kind, None, kept, 0, 0, None)
    past = _older(db, kind, period.before(at))
    soon = _older(db, kind, period.before(at + AHEAD)) - past
    begins = _begins(db, kind, period, at) if past or soon else None
    return Due(kind, period, kept, past, soon, begins)


def _older(db: PrivateDatabase, kind: str, than: datetime | None) -> int:
    """Count the rows of a kind, all of them or those older `than` a moment."""
    return int(
        db.value(
            f"select count(*) from ({_ROWS[kind]}) where at < coalesce(:than, '9')",
            {"than": _text(than) if than else None},
        )
    )


def _begins(db: PrivateDatabase, kind: str, period: Period, at: datetime) -> date:
    """Return the first day on which the oldest row of a kind can be erased."""
    oldest = db.value(f"select min(at) from ({_ROWS[kind]})")
    planned = max(period.after(_moment(oldest)), at).date()
    if kind not in SAID_AHEAD:
        return planned
    first = db.value(
        "select min(day) from said_ahead where kind = :kind and through > :oldest",
        {"kind": kind, "oldest": oldest},
    )
    said = date.fromisoformat(first) if first else at.date()
    return max(planned, said + AHEAD)


def say_ahead(db: PrivateDatabase, periods: Retention, at: datetime) -> None:
    """Note what the desk and `par check` say on this day: what will be past its time in a month."""
    today = at.date()
    with db.writing():
        for kind in SAID_AHEAD:
            period: Period | None = getattr(periods, kind)
            known = {"kind": kind, "day": today.isoformat()}
            if period is None:
                db.change("delete from said_ahead where kind = :kind", known)
                continue
            db.change(
                "insert or replace into said_ahead values (:kind, :day, :through)",
                known | {"through": _text(period.before(at + AHEAD))},
            )
            # an older day than the one that counts is of no use any more
            db.change(
                "delete from said_ahead where kind = :kind and day < :counts",
                known | {"counts": _day_that_counts(db, kind, today) or "0"},
            )


def say_anew(db: PrivateDatabase) -> None:
    """Give a month again before any story is erased, as after a restore.

    What was said ahead then was said of the times that were in force then.
    """
    db.change("delete from said_ahead where kind = 'stories'")


def _day_that_counts(db: PrivateDatabase, kind: str, today: date) -> str | None:
    """Return the newest day that lies a month back and was followed by enough others."""
    found: str | None = db.value(
        """
        select max(day) from said_ahead where kind = :kind and day <= :month_ago and day <= (
            select day from said_ahead where kind = :kind and day <= :today
            order by day desc limit 1 offset :others
        )
        """,
        {
            "kind": kind,
            "today": today.isoformat(),
            "month_ago": (today - AHEAD).isoformat(),
            "others": DAYS_SAID - 1,
        },
    )
    return found


def reach(db: PrivateDatabase, kind: str, period: Period | None, at: datetime) -> datetime | None:
    """Return the moment before which rows of a kind may be erased at `at`; None: none may."""
    if period is None:
        return None
    if kind not in SAID_AHEAD:
        return period.before(at)
    through = db.value(
        "select through from said_ahead where kind = :kind and day = :day",
        {"kind": kind, "day": _day_that_counts(db, kind, at.date())},
    )
    return min(_moment(through), period.before(at)) if through else None


def erase(
    db: PrivateDatabase, periods: Retention, at: datetime, *, most: int | None = None
) -> dict[str, int]:
    """Erase what is past its time and was said ahead where it must be: kind -> how many rows.

    It stops once `most` of a kind are gone, where that is given. Stories go as if their tellers had
    withdrawn them: out of the findings and every byte, and they come back from no tablet and no
    backup. Each transaction leaves its own row in the trail.
    """
    erased = {}
    for kind, forget in _FORGET.items():
        before = reach(db, kind, getattr(periods, kind), at)
        erased[kind] = 0
        while (
            before is not None
            and (most is None or erased[kind] < most)
            and (ids := _ids(db, kind, before))
        ):
            with db.writing():
                forget(db, ids)
                audit.record(
                    db,
                    f"erase_old_{kind}",
                    role=ROLE,
                    subject=f"rows {len(ids)}",
                    of_one=kind in KEPT_INSIDE,
                )
            erased[kind] += len(ids)
    if erased["stories"]:
        voices.sweep(db)
    return erased


def _ids(db: PrivateDatabase, kind: str, before: datetime) -> list[Any]:
    rows = db.rows(
        f"select id from ({_ROWS[kind]}) where at < :before order by id limit :most",
        {"before": _text(before), "most": AT_ONCE},
    )
    return [row["id"] for row in rows]


def _forget_stories(db: PrivateDatabase, ids: list[int]) -> None:
    for story in ids:
        withdrawals.remove(db, story)
    takedowns.ask_erasure(db)


def _forget_contacts(db: PrivateDatabase, ids: list[int]) -> None:
    for story in ids:
        contacts.drop(db, story)
    takedowns.ask_erasure(db)


def _forget_devices(db: PrivateDatabase, ids: list[int]) -> None:
    """Forget tablets; what they brought stays, and nothing says any more which one brought it."""
    for device in ids:
        for sql in (
            "update stories set device = null, device_seq = null where device = :id",
            "update inbox set device = null, device_seq = null where device = :id",
            "delete from device_numbers where device = :id",
            "delete from devices where id = :id",
        ):
            db.change(sql, {"id": device})


_FORGET: Final[dict[str, Callable[[PrivateDatabase, list[Any]], None]]] = {
    "stories": _forget_stories,
    "help": help_requests.forget,
    "contact": _forget_contacts,
    "devices": _forget_devices,
}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
