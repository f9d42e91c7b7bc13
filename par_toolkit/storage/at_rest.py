"""Whether private.db is encrypted: the file itself says so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from par_toolkit.storage import peeking

DATABASE: Final = "private.db"
#: Holds the data key, wrapped by the passphrase; lies in keys/.
WRAPPED: Final = "vault.json"
#: How a database in the clear begins, and three bytes of its header that never change
#: (https://sqlite.org/fileformat2.html#the_database_header).
PLAIN: Final = b"SQLite format 3\0"
_FRACTIONS: Final = slice(21, 24), b"\x40\x20\x20"
_PAGE: Final = 4096


def encrypted(folder: Path) -> bool:
    """Say whether private.db in `folder` is encrypted, or will be as soon as it is made.

    A key that is missing does not make an inquiry look like a plain one.
    """
    head, size = _beginning(folder / DATABASE)
    if head.startswith(PLAIN):
        return False
    if (folder / "keys" / WRAPPED).exists():
        return True
    where, fractions = _FRACTIONS
    return size > 0 and size % _PAGE == 0 and head[where] != fractions


def _beginning(path: Path) -> tuple[bytes, int]:
    try:
        return peeking.beginning(path, 24)
    except OSError:  # whoever opens it is told why it cannot be
        return b"", 0
