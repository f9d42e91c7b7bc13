"""An encrypted inquiry for tests: its passphrase, stretched less than in earnest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from par_toolkit import inquiry as inquiries
from par_toolkit.storage import vault
from par_toolkit.storage.database import open_database

PASSPHRASE: Final = "seven geese cross the river"
OTHER: Final = "nine herons on the weir"
#: Set by `pytest --encrypted`, for inquiries that tests make without a fixture.
WANTED: Final = "PAR_TESTS_ENCRYPTED"


def where_wanted(folder: Path) -> None:
    """Let the inquiry that was just made in `folder` be encrypted, under `pytest --encrypted`."""
    if os.environ.get(WANTED):
        vault.begin(folder, PASSPHRASE)


def new_inquiry(folder: Path, *, passphrase: str | None = PASSPHRASE) -> Path:
    """Make an inquiry that is encrypted, and open here; or a plain one without a `passphrase`."""
    inquiries.create(folder, name="Care", locality="Exampleton")
    if passphrase is not None:
        vault.begin(folder, passphrase)
    open_database(folder, create=True).close()
    return folder


def holding(folder: Path, words: bytes) -> list[str]:
    """List the files under `folder` that hold these bytes."""
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and words in path.read_bytes()
    ]
