"""Tombstones: what was withdrawn must not come back, from no tablet and from no backup."""

from __future__ import annotations

import errno
import io
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.keys import mark
from par_toolkit.storage.receipts import mark_of

#: Lies in `backups/`; holds digests only, so it may be kept anywhere and outlives the laptop. Its
#: name begins with 0 so that the newest backup is always the last file beside it.
LEDGER: Final = "0-withdrawal-ledger.jsonl"
#: What an entry is about: a telling, all under a receipt code, or words said in a circle.
KINDS: Final = ("story", "receipt", "said")


def story_mark(db: PrivateDatabase, uuid: str) -> str:
    """Return the digest under which a story's uuid is remembered."""
    return mark(db.folder, "story", uuid.lower())


def refuses(db: PrivateDatabase, *, uuid: str, receipt: str | None) -> bool:
    """Say whether a telling was withdrawn before, by its uuid or by its receipt code."""
    marks = [story_mark(db, uuid)] + ([mark_of(db, receipt)] if receipt else [])
    return any(
        db.value("select 1 from tombstones where mark = :mark", {"mark": one}) for one in marks
    )


def add(db: PrivateDatabase, one: str, kind: str, *, themed: bool = False) -> None:
    """Remember a withdrawal; the ledger is on disk before the transaction commits."""
    with db.writing():
        fresh = db.change(
            "insert or ignore into tombstones values (:mark, :kind, :themed, :now)",
            {"mark": one, "kind": kind, "themed": int(themed), "now": now()},
        )
        if fresh:
            _write_ledger(db.folder, {"mark": one, "kind": kind, "themed": themed})


def add_to_ledger(db: PrivateDatabase, one: str, kind: str) -> None:
    """Remember in the ledger alone what was taken back: there is nothing that could arrive again.

    It is on disk before the transaction commits.
    """
    _write_ledger(db.folder, {"mark": one, "kind": kind, "themed": False})


def entries(db: PrivateDatabase) -> list[dict[str, Any]]:
    """List every withdrawal remembered here, as a ledger holds them."""
    return [
        {"mark": row["mark"], "kind": row["kind"], "themed": bool(row["themed"])}
        for row in db.rows("select mark, kind, themed from tombstones order by at, mark")
    ]


def newest(db: PrivateDatabase) -> datetime | None:
    """Return when something was last withdrawn here; None where nothing ever was."""
    at = db.value("select max(at) from tombstones")
    return datetime.fromisoformat(at) if at else None


def _write_ledger(folder: Path, entry: dict[str, Any]) -> None:
    path = folder / "backups" / LEDGER
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        # a line that a full disk or a cut of the power left unfinished must not swallow this one
        ended = not file.seek(0, os.SEEK_END) or _last_byte(file) == b"\n"
        line = json.dumps(entry, sort_keys=True).encode("ascii") + b"\n"
        if file.write(line if ended else b"\n" + line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)


def _last_byte(file: io.FileIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def read_ledger(path: Path) -> list[dict[str, Any]]:
    """Read a ledger; a last line cut short by a power cut is passed over: it was not answered."""
    if not path.exists():
        return []
    entries = []
    for line in path.read_text("ascii", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(entry, dict) and entry.get("kind") in KINDS:
            entries.append(entry)
    return entries
