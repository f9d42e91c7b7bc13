"""Try out a restore, without touching the inquiry: a backup that was never restored is a hope."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from par_toolkit import inquiry
from par_toolkit.keeping import ledger, naming
from par_toolkit.keeping.errors import BackupError
from par_toolkit.keeping.restore import restore
from par_toolkit.storage import accounting, audit, staging, stories, voices
from par_toolkit.storage.database import PrivateDatabase, open_database


@dataclass(frozen=True)
class Drill:
    """How a restore went: from which file, how old it is in hours, how many seconds it took, how
    many stories came back, how many of today's did not, and what was wrong (nothing, if empty)."""

    path: Path
    hours: float
    seconds: float
    stories: int
    lost: int
    withdrawn: int
    faults: tuple[str, ...]


def drill(folder: Path, *, backup: Path | None = None, key: str | None = None) -> Drill:
    """Restore a backup into a private folder, look it over, compare it, and delete it.

    It is `backup`, or else the newest in the inquiry's own `backups/`; `key` as in `restore`.
    The inquiry itself is only read. Raises BackupError or StorageError.
    """
    here = inquiry.load(folder)
    path = _newest(here) if backup is None else backup
    with staging.place(here.folder) as place:
        withdrawn = place / "withdrawals.jsonl"
        with open_database(here.folder) as db:
            ledger.add_to(withdrawn, ledger.known(db))
        laptop, began = place / "laptop", time.monotonic()
        ledgers = [withdrawn] if withdrawn.exists() else []
        done = restore(path, laptop, ledgers=ledgers, key=key)
        seconds = time.monotonic() - began
        with open_database(laptop) as restored, open_database(here.folder) as db:
            faults = tuple(_faults(restored))
            came, today = stories.uuids(restored), stories.uuids(db)
    return Drill(
        path, _hours(here, path), seconds, len(came), len(today - came), done.withdrawn, faults
    )


def _newest(here: inquiry.Inquiry) -> Path:
    made = naming.listing(here.backups, here.folder)
    if not made:
        raise BackupError(
            f"There is no backup in {here.backups}. Make one with: par backup, or name a file: "
            "par drill FILE"
        )
    return made[0][1]


def _hours(here: inquiry.Inquiry, path: Path) -> float:
    """Return how many hours ago a backup was made: by its name, or else by its file."""
    moments = {file: moment for moment, file in naming.listing(path.parent, here.folder)}
    if path in moments:
        return max(0.0, (datetime.now(UTC) - moments[path]).total_seconds() / 3_600)
    return max(0.0, naming.days_old(path) * 24)


def _faults(db: PrivateDatabase) -> Iterator[str]:
    """Say what is wrong with an inquiry that was restored."""
    if not (db.sound() and db.consistent()):
        yield "Its private.db is damaged."
    if lost := voices.faulty(db):
        yield f"{lost:,} of its recordings are missing or damaged."
    trail = audit.verify(db)
    if not trail.whole:
        yield trail.sentence
    account = accounting.account(db)
    if not account.balanced:
        places = sum(account.places.values())
        yield f"{account.came_in:,} stories came in, and {places:,} are accounted for."
