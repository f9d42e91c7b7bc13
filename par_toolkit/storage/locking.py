"""One writer at a time: the lock that every writer of an inquiry shares."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from par_toolkit.storage.errors import InquiryBusy, ReadOnly

WAIT_SECONDS: Final = 30
#: How often a program looks whether another has finished writing: a busy server leaves short gaps.
POLL_SECONDS: Final = 0.005


class _WriteLock:
    """One writer at a time: among the threads of this process and among processes.

    SQLite before 3.51.3 can damage a WAL file when a checkpoint meets a writer, so every write and
    every checkpoint holds this. A file lock goes with its process; a PID file would stay behind.
    """

    def __init__(self, path: Path) -> None:
        self._threads = threading.RLock()
        self._file = FileLock(path, thread_local=False, poll_interval=POLL_SECONDS)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        if not self._threads.acquire(timeout=WAIT_SECONDS):
            raise InquiryBusy("This inquiry is busy saving. Wait a moment and try again.")
        try:
            try:
                self._file.acquire(timeout=WAIT_SECONDS)
            except Timeout as error:
                raise InquiryBusy(
                    "Another program is writing to this inquiry. Wait a moment and try again."
                ) from error
            except OSError as error:
                raise ReadOnly(
                    f"{self._file.lock_file} cannot be written: {error.strerror}. "
                    "Check that you may write to the inquiry's folder."
                ) from error
            try:
                yield
            finally:
                self._file.release()
        finally:
            self._threads.release()


_locks: dict[Path, _WriteLock] = {}
_locks_guard = threading.Lock()


def write_lock(folder: Path) -> _WriteLock:
    """Return the lock that every writer of the inquiry in `folder` shares."""
    key = folder.resolve()
    with _locks_guard:
        if key not in _locks:
            _locks[key] = _WriteLock(key / ".private.lock")
        return _locks[key]
