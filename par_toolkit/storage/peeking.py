"""Look into private.db from outside SQLite, without letting go of the locks SQLite has on it.

When a program closes a file, the system drops every lock that the program has on that file,
whichever descriptor took them (https://sqlite.org/howtocorrupt.html, 2.2). SQLite of this program
would then believe that its locks hold, while another program finds none, deletes the WAL that is in
use, and stories that were acknowledged are gone. So what is opened here is not closed.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final

#: Descriptors that stay open; one inquiry needs one or two, and only tests open many.
MOST: Final = 64

_guard: Final = threading.Lock()
_open: Final[OrderedDict[tuple[int, int], int]] = OrderedDict()
#: Opened twice because the name moved to another file in that very moment.
_spare: Final[list[int]] = []


def beginning(path: Path, length: int) -> tuple[bytes, int]:
    """Return the first `length` bytes of a file, and its size; raise OSError."""
    if not hasattr(os, "pread"):  # Windows, where a lock goes with the descriptor that took it
        with path.open("rb") as file:
            return file.read(length), os.fstat(file.fileno()).st_size
    with _guard:
        status = path.stat()
        descriptor = _open.get((status.st_dev, status.st_ino))
        if descriptor is None:
            descriptor = _newly_opened(path)
        return os.pread(descriptor, length, 0), os.fstat(descriptor).st_size


def _newly_opened(path: Path) -> int:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    status = os.fstat(descriptor)
    known = _open.setdefault((status.st_dev, status.st_ino), descriptor)
    if known != descriptor:
        _spare.append(descriptor)
    while len(_open) > MOST:
        os.close(_open.popitem(last=False)[1])
    return known
