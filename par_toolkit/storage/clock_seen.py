"""Whether this machine's clock can be believed, before anything is erased for its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person

#: A laptop may lie in a cupboard so long; after more, somebody says whether its clock is right.
FURTHEST: Final = timedelta(days=60)
#: A clock is set back by so much when it is put right, or in another time zone.
BACK: Final = timedelta(days=1)


@dataclass(frozen=True)
class Doubt:
    """A clock that is not believed: what it says, and the last time that was."""

    says: datetime
    last: datetime

    @property
    def sentence(self) -> str:
        """Say what is wrong and what to do."""
        which = "after" if self.says > self.last else "before"
        days = abs(self.says - self.last).days
        return (
            f"This machine says {self.says:%Y-%m-%d}, {days:,} days {which} the last time that was "
            f"noted here ({self.last:%Y-%m-%d}). Nothing is erased for its age. If the clock is "
            "wrong, set it. If it is right: par retention --clock-is-right"
        )


def doubt(db: PrivateDatabase, at: datetime) -> Doubt | None:
    """Say why a clock that says `at` is not believed; None where it is.

    Where nothing was noted yet, the newest row of the trail is what it is held against.
    """
    noted = db.value(
        """
        select coalesce(
            (select at from clock_seen),
            (select max(at) from (select at from audit union all select at from audit_inside))
        )
        """
    )
    if noted is None:
        return None
    last = datetime.fromisoformat(noted)
    return Doubt(at, last) if not last - BACK <= at <= last + FURTHEST else None


def time_to_note(db: PrivateDatabase) -> str:
    """Return the time that is noted of what comes in now, as `clock.now` does.

    A machine whose battery is dead begins in another year. What is told there is not noted as older
    than the last time that was believed: it would be past its time once the clock is right.
    """
    seen = db.value("select at from clock_seen")
    here = datetime.fromisoformat(now())
    last = datetime.fromisoformat(seen) if seen else here
    return (here if here >= last - BACK else last).isoformat(timespec="seconds")


def note(db: PrivateDatabase, at: datetime) -> None:
    """Note the time of a clock that is believed."""
    db.change(
        "insert or replace into clock_seen values (1, :at)",
        {"at": at.isoformat(timespec="seconds")},
    )


def trust(db: PrivateDatabase, at: datetime, *, by: Person | None = None) -> None:
    """Note that somebody says the clock is right. What was said on later days was never said."""
    with db.writing():
        note(db, at)
        db.change("delete from said_ahead where day > :day", {"day": at.date().isoformat()})
        audit.record(db, "trust_clock", by=by)
