"""The files of sentence vectors and words: a help for the next run, thrown away with any story."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from par_toolkit.storage import at_rest
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.locking import write_lock

FILE: Final = "vectors.npz"
#: What was read in those texts: their words, each once.
READINGS: Final = "vectors.readings"
#: Those of the passages that the codebook is held against.
PASSAGES: Final = "passages.npz"
KEPT: Final = (FILE, READINGS, PASSAGES)


def path(folder: Path, name: str = FILE) -> Path:
    """Return where the vectors of the inquiry in `folder` are kept between runs."""
    return folder / name


@contextmanager
def keeping(folder: Path, allowed: Callable[[], bool]) -> Iterator[bool]:
    """Say whether these files may be written, and let nobody take a story back until they are.

    `allowed` says whether every story that was read is still there and may be analysed. Where the
    inquiry is busy or cannot be written the answer is no: it is only a help. So it is where the
    inquiry is encrypted, as they hold words.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(write_lock(folder).held())
            may = not at_rest.encrypted(folder) and allowed()
        except StorageError:
            may = False
        yield may


def forget(folder: Path) -> None:
    """Overwrite the vectors with zeros and delete them: a vector tells a little of its story.

    Also what a run that was killed left beside them. The next run reads every story anew. Call
    inside `db.writing()`: who writes them holds the same lock.
    """
    temporary = (file for name in KEPT for file in folder.glob(f".{name}-*"))
    for file in (*(path(folder, name) for name in KEPT), *temporary):
        try:
            with file.open("r+b") as held:
                held.write(bytes(file.stat().st_size))
                held.flush()
                os.fsync(held.fileno())
            file.unlink()
        except FileNotFoundError:
            continue
