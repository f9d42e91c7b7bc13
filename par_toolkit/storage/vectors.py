"""The files of sentence vectors and words: a help for the next run, thrown away with any story."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FILE: Final = "vectors.npz"
#: What was read in those texts: their words, each once.
READINGS: Final = "vectors.readings"
#: Those of the passages that the codebook is held against.
PASSAGES: Final = "passages.npz"
KEPT: Final = (FILE, READINGS, PASSAGES)


def path(folder: Path, name: str = FILE) -> Path:
    """Return where the vectors of the inquiry in `folder` are kept between runs."""
    return folder / name


def forget(folder: Path) -> None:
    """Overwrite the vectors with zeros and delete them: a vector tells a little of its story.

    Also what a run that was killed left beside them. The next run reads every story anew.
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
