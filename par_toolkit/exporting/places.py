"""Where an export is written: a folder that appears whole or not at all, or one zip file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, Protocol

from par_toolkit.exporting.errors import ExportError
from par_toolkit.storage.disk import sync

#: What is written until it is whole: beside the folder, under this ending.
UNFINISHED: Final = ".par-export-unfinished"


class Written:
    """A file being written that adds up its length and SHA-256; it is written from start to end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.bytes += len(data)
        return self._file.write(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Place(Protocol):
    """Somewhere to write files, one after another; `files` holds each with its length and hash."""

    files: dict[str, Written]

    def new(self, name: str) -> contextlib.AbstractContextManager[Written]: ...


class Folder:
    """A folder that its owner alone can read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, Written] = {}

    @contextlib.contextmanager
    def new(self, name: str) -> Iterator[Written]:
        """Hand out a new file, which is on disk when the block ends."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            self.files[name] = written = Written(file)
            yield written
            file.flush()
            os.fsync(file.fileno())


class Zip:
    """One zip file."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        self.files: dict[str, Written] = {}

    @contextlib.contextmanager
    def new(self, name: str) -> Iterator[Written]:
        """Hand out a new file of the zip."""
        with self._zipped.open(name, "w", force_zip64=True) as file:
            self.files[name] = written = Written(file)
            yield written


@contextlib.contextmanager
def whole_folder(out: Path) -> Iterator[Folder]:
    """Hand out a folder that is called `out` once the block has ended well, and is gone otherwise.

    What a killed export left beside it is removed. Raises ExportError where `out` holds something
    or cannot be written.
    """
    out = out.absolute()
    unfinished = out.with_name(f".{out.name}{UNFINISHED}")
    try:
        if out.is_symlink() or (out.exists() and not out.is_dir()) or _holds_something(out):
            raise ExportError(f"{out} holds something already. Choose a new or an empty folder.")
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        try:
            yield Folder(unfinished)
            if out.exists():
                out.rmdir()  # it is empty: not every system renames over a folder
            unfinished.rename(out)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        sync(out.parent)
    except OSError as error:
        raise _cannot_be_written(out, error) from error


@contextlib.contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Hand out the name of a file that is called `out` once the block has ended well.

    It is gone otherwise, and so is what a killed export left. Raises ExportError where there is
    such a file or it cannot be written.
    """
    out = out.absolute()
    unfinished = out.with_name(f".{out.name}{UNFINISHED}")
    try:
        if out.is_symlink() or out.exists():
            raise ExportError(f"{out} is there already. Choose a new name for the file.")
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        try:
            yield unfinished
            unfinished.rename(out)
        finally:
            unfinished.unlink(missing_ok=True)
        sync(out.parent)
    except OSError as error:
        raise _cannot_be_written(out, error) from error


def _cannot_be_written(out: Path, error: OSError) -> ExportError:
    return ExportError(
        f"{error.filename or out} cannot be written: {error.strerror}. Choose a place that you may "
        "write to, on a disk with room. Nothing is left half done."
    )


def _holds_something(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
