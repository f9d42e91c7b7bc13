"""The file of sentence vectors: a help for the next theming run, thrown away with any story."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FILE: Final = "vectors.npz"


def path(folder: Path) -> Path:
    """Return where the vectors of the inquiry in `folder` are kept between runs."""
    return folder / FILE


def forget(folder: Path) -> None:
    """Overwrite the vectors with zeros and delete them: a vector tells a little of its story.

    Also what a run that was killed left beside them. The next run reads every story anew.
    """
    for file in (path(folder), *folder.glob(f".{FILE}-*")):
        try:
            with file.open("r+b") as held:
                held.write(bytes(file.stat().st_size))
                held.flush()
                os.fsync(held.fileno())
            file.unlink()
        except FileNotFoundError:
            continue
