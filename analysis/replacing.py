"""Replace a file in one step: whoever reads it finds the old one or the new one, whole."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO

MayKeep = Callable[[], AbstractContextManager[bool]]
"""Asked each time before a file is written, and held until it is: may what was read be kept?"""


def always() -> AbstractContextManager[bool]:
    """Say yes: what belongs to nobody but whoever reads it is kept."""
    return nullcontext(True)


def never() -> AbstractContextManager[bool]:
    """Say no: who only looks something up leaves every file as it is."""
    return nullcontext(False)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write in, for its owner alone; at the end it takes the place of `path`.

    Where writing fails or is stopped, `path` stays as it was. Only a process that is killed while
    it writes leaves a file `.name-…` beside it.
    """
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(number, "wb") as file:
            yield file
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
