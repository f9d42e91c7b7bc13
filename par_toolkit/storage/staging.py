"""Places for work that takes a while, such as a copy of the database, and what a crash left of one.

They lie in the inquiry's own folder, which is kept as safe as what is written there, and never in a
folder for temporary files that others may look into. A lock goes with its process: a place whose
lock nobody holds is what a killed program left behind, and may hold words.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

#: How the names of such places begin; the second and third are those of earlier versions.
BEGINNING: Final = ".working-"
_BEGINNINGS: Final = (BEGINNING, ".restoring-", ".backup-")
_LOCK: Final = ".lock"


@contextlib.contextmanager
def place(folder: Path) -> Iterator[Path]:
    """Hand out a new folder in `folder` that only its owner can read; nothing is left of it.

    What killed programs left is deleted first. Raises OSError.
    """
    sweep(folder)
    own = folder / f"{BEGINNING}{secrets.token_hex(8)}"
    lock = FileLock(own.with_name(own.name + _LOCK), thread_local=False)
    lock.acquire()  # first, so that no sweep sees the place before it is locked
    try:
        own.mkdir(mode=0o700)
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        _unlock(lock)


def _unlock(lock: FileLock) -> None:
    """Let go of a place; the name of its lock goes first, so that no sweep takes hold of it."""
    with contextlib.suppress(OSError):  # Windows deletes it when it is let go
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
    with contextlib.suppress(OSError):
        Path(lock.lock_file).unlink(missing_ok=True)


def sweep(folder: Path) -> int:
    """Delete what killed programs left in `folder`; return how many places are still at work."""
    busy = 0
    for path in _left(folder):
        lock = FileLock(path.with_name(path.name + _LOCK), thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            busy += 1
            continue
        shutil.rmtree(path, ignore_errors=True)
        _unlock(lock)
    return busy


def _left(folder: Path) -> list[Path]:
    """List the places in `folder`, at work or left behind."""
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if one.name.startswith(_BEGINNINGS) and one.is_dir()]
