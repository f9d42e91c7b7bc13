"""Backups that anybody who has the file can read."""

from __future__ import annotations

import zipfile
from pathlib import Path

from par_toolkit.storage import disk
from par_toolkit.storage.at_rest import PLAIN


def readable(backups: Path) -> list[Path]:
    """List the backups in a folder that hold everything told in the clear, in order of name."""
    return [path for path in sorted(backups.glob("*.par")) if _is_readable(path)]


def _is_readable(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("private.db") as file:
            return file.read(len(PLAIN)) == PLAIN
    except (OSError, zipfile.BadZipFile, KeyError, NotImplementedError, EOFError):
        return False  # sealed, damaged, or no backup


def forget(backups: Path) -> None:
    """Overwrite and delete every backup in a folder that anybody can read. Raises OSError."""
    for path in readable(backups):
        disk.shred(path)
