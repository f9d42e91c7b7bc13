"""Replace a file in one step: whoever reads it finds the old one or the new one, whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


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
