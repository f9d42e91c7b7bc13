"""What has to be on disk, and not only in memory, before anybody relies on it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: How much is overwritten at a time.
_PIECE: Final = 1 << 20
#: Ends the name of a file that is being overwritten.
GOING: Final = ".shredding"


def sync(path: Path) -> None:
    """Return when what is written in a file, or the names in a folder, are on disk.

    Raises OSError where the disk says no.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders, and needs no such call
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file that appears whole or not at all, on disk; one that is there is replaced.

    Raises OSError.
    """
    with _written_beside(path, data, mode) as written:
        os.replace(written, path)


def write_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file that appears whole or not at all, on disk; one that is there stays.

    Raises OSError.
    """
    with _written_beside(path, data, mode) as written:
        try:
            os.link(written, path)
        except FileExistsError:
            pass
        except OSError:  # memory sticks know no links: there nobody else writes at the same time
            if not path.exists():
                written.rename(path)


def keep_under(path: Path, other: Path) -> None:
    """Give a file a second name, so that it can be overwritten after another took its first.

    Nothing happens on a memory stick that knows no links.
    """
    with contextlib.suppress(OSError):
        os.link(path, other)


@contextlib.contextmanager
def _written_beside(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """Write a file beside `path`, let the block give it its name, and have that on disk too."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode != 0o600:  # as `mkstemp` makes it; not every memory stick knows modes
            os.chmod(name, mode)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
    sync_names(path.parent)


def sync_names(folder: Path) -> None:
    """Have the names in a folder on disk; not every system and stick can."""
    with contextlib.suppress(OSError):
        sync(folder)


def shred(path: Path) -> None:
    """Overwrite a file with random bytes, on disk, and delete it; nothing where it is not there.

    It loses its name first, so that nobody meets it half overwritten; `sweep` finishes what was cut
    short. A file that goes by another name too keeps its words there, and only loses this name.
    A flash drive writes to fresh places, and may keep what stood in the old ones until it needs
    them: no program can reach those. Raises OSError.
    """
    gone = path.with_name(f".{path.name}{GOING}")
    try:
        if path.name.endswith(GOING):
            gone = path
        else:
            os.replace(path, gone)
        if gone.stat().st_nlink == 1:
            _overwrite(gone)
        gone.unlink()
    except FileNotFoundError:
        return
    sync_names(path.parent)


def _overwrite(path: Path) -> None:
    with path.open("r+b", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(secrets.token_bytes(min(left, _PIECE))) or 0
        os.fsync(file.fileno())


def going(folder: Path) -> list[Path]:
    """List the files in a folder that `shred` was cut short with."""
    return sorted(folder.glob(f".*{GOING}"))


def sweep(folder: Path) -> None:
    """Finish every `shred` in a folder that was cut short. Raises OSError."""
    for path in going(folder):
        shred(path)
