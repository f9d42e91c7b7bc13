"""Which backups were made, so that people are reminded where the last one was long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase

#: Whoever makes none for longer than this is reminded.
REMIND_AFTER_DAYS: Final = 7


@dataclass(frozen=True)
class Made:
    """When the newest backup was made, how many days ago, and how many keepers' keys open it."""

    at: datetime
    days: int
    keepers: int


def note(db: PrivateDatabase, *, made_at: str, size: int, keepers: int) -> None:
    """Note a backup that is whole; `made_at` is the moment that it holds."""
    with db.writing():
        db.add(
            """
            insert into backups (made_at, bytes, keepers) values (:made_at, :bytes, :keepers)
            """,
            {"made_at": made_at, "bytes": size, "keepers": keepers},
        )
        audit.record(db, "make_backup")


def newest(db: PrivateDatabase) -> Made | None:
    """Return the newest backup that was made here; None where there was none yet."""
    row = db.row("select made_at, keepers from backups order by made_at desc limit 1")
    if row is None:
        return None
    at = datetime.fromisoformat(row["made_at"])
    return Made(at, max(0, (datetime.now(UTC) - at).days), row["keepers"])


def overdue(db: PrivateDatabase) -> int | None:
    """Return for how many days no backup was made, where that is too long; else None.

    An inquiry that never had one counts from its beginning on; without stories nothing is lost.
    """
    last = newest(db)
    began = "select min(first_used_at) from consent_wordings where exists (select 1 from stories)"
    since = last.at.isoformat() if last else db.value(began)
    if since is None:
        return None
    days = (datetime.now(UTC) - datetime.fromisoformat(since)).days
    return days if days > REMIND_AFTER_DAYS else None
