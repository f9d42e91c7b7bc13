"""Copies of private.db: one as it stands at a moment, and one put in its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from par_toolkit.storage import engines, vault
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.locking import WAIT_SECONDS


def copy(db: PrivateDatabase, target: Path) -> bool:
    """Write private.db as of one moment, without its free pages; say whether the copy is sound.

    `vacuum into` reads one snapshot while others write; SQLite's page-wise backup would begin
    again after each write. The new file can be read by its owner only, and is encrypted as the
    inquiry is.
    """
    db.conn.execute("vacuum into :copy", {"copy": str(target)})
    target.chmod(0o600)
    with closing(engines.connect(target, vault.database_key(db.folder))) as written:
        return bool(written.execute("pragma quick_check").fetchone()[0] == "ok")


def put_in_place(source: Path, target: Path) -> None:
    """Copy the database `source` over `target`, page by page in one transaction.

    The file stays the same file, so a server with it open reads and writes the new state from then
    on; a new file under the old name would lose what it writes. Both are encrypted with
    the key of the folder that `source` is in, or neither is. What cannot be opened at all is
    deleted. Call while holding `write_lock`.
    """
    key = vault.database_key(source.parent)
    with closing(engines.connect(source, key)) as new:
        try:
            _overwrite(new, target, key)
        except engines.DATABASE_ERRORS as error:
            if isinstance(error, engines.OPERATIONAL_ERRORS):
                raise
            for end in ("", "-wal", "-shm"):
                target.with_name(target.name + end).unlink(missing_ok=True)
            _overwrite(new, target, key)
    target.chmod(0o600)


def _overwrite(new: sqlite3.Connection, target: Path, key: bytes | None) -> None:
    with closing(engines.connect(target, key, timeout=WAIT_SECONDS)) as connection:
        connection.execute("pragma synchronous=full")
        connection.execute("pragma secure_delete=on")
        new.backup(connection)
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma wal_checkpoint(truncate)")
