"""The two SQLites under private.db: Python's own, and SQLCipher's for an encrypted inquiry.

Each has exception classes of its own, so whoever catches one catches both by the names here.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2 as sqlcipher

#: What either raises: for anything at all, a damaged file, a locked or full one, a broken rule.
ERRORS: Final = (sqlite3.Error, sqlcipher.Error)
DATABASE_ERRORS: Final = (sqlite3.DatabaseError, sqlcipher.DatabaseError)
OPERATIONAL_ERRORS: Final = (sqlite3.OperationalError, sqlcipher.OperationalError)
INTEGRITY_ERRORS: Final = (sqlite3.IntegrityError, sqlcipher.IntegrityError)


def connect(
    path: Path, key: bytes | None, *, timeout: float = 5.0, any_thread: bool = False
) -> sqlite3.Connection:
    """Connect to the database in `path`, with its `key` of 32 bytes where it is encrypted.

    Nothing is read yet: a wrong key shows as "file is not a database" with the first statement.
    SQLCipher's connection has the methods of Python's own, and stands in for it.
    """
    if key is None:
        return sqlite3.connect(path, timeout=timeout, check_same_thread=not any_thread)
    return with_cipher(path, key, timeout=timeout, any_thread=any_thread)


def with_cipher(
    path: Path, key: bytes | None, *, timeout: float = 5.0, any_thread: bool = False
) -> sqlite3.Connection:
    """Connect with SQLCipher, also to a database in the clear (without `key`), to convert it."""
    connection: sqlite3.Connection = sqlcipher.connect(
        str(path), timeout=timeout, check_same_thread=not any_thread
    )
    connection.execute("pragma cipher_log_level=none")  # it writes to stderr otherwise
    if key is not None:
        connection.execute(f'pragma key="{literal(key)}"')
        connection.execute("pragma temp_store=memory")
    return connection


def literal(key: bytes) -> str:
    """Write a raw key as SQLCipher takes it: it goes without stretching, as it is random."""
    if len(key) != 32:
        raise ValueError("A database key has 32 bytes.")
    return f"x'{key.hex()}'"
