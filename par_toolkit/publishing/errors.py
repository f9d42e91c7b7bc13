"""Why findings are not published; each message is a sentence that says what to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from par_toolkit.storage import engines
from par_toolkit.storage.errors import Damaged, Refused, translate


class PublishError(Refused):
    """Findings that may not or cannot be published; what is live stays as it is."""


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn errors of the disk and of SQLite while writing `path` into a PublishError."""
    try:
        yield
    except OSError as error:
        raise PublishError(
            "disk",
            f"{path} cannot be written: {error.strerror or error}. Check that there is room on the "
            "disk and that you may write there. The findings stay as they were.",
        ) from error
    except engines.ERRORS as error:
        ours = translate(error, path)
        if ours is None or isinstance(ours, Damaged):
            raise
        raise PublishError("disk", f"{ours} The findings stay as they were.") from error
