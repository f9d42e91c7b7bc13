"""Swap builds: which one is live, how another becomes live, and which files are kept."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from par_toolkit.publishing.build import file_of
from par_toolkit.publishing.errors import PublishError, plain_errors
from par_toolkit.storage import published
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.disk import sync

WAIT_SECONDS: Final = 120
FILE_NAME: Final = re.compile(r"build-(\d{6,})\.db")


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock under which findings are made: one build at a time, among all programs."""
    path = folder / "findings" / ".lock"
    with plain_errors(path):
        path.parent.mkdir(exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=WAIT_SECONDS)
        except Timeout as error:
            raise PublishError(
                "busy", "Findings are being published already. Wait a minute and try again."
            ) from error
    try:
        yield
    finally:
        lock.release()


def live_build(folder: Path | str) -> int | None:
    """Return the number of the build that readers see; None before the first.

    `findings/current` holds its bare file name, or is a link to it.
    """
    pointer = Path(folder) / "findings" / "current"
    try:
        name = os.readlink(pointer) if pointer.is_symlink() else pointer.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    match = FILE_NAME.fullmatch(name)
    return int(match[1]) if match and pointer.with_name(name).is_file() else None


def go_live(folder: Path, number: int) -> None:
    """Make a build the live one, at once and for good: readers see the old one or the new one."""
    pointer = folder / "findings" / "current"
    fresh = pointer.with_name(".current.unfinished")
    with plain_errors(pointer):
        fresh.write_text(f"{file_of(folder, number).name}\n", encoding="utf-8")
        sync(fresh)
        os.replace(fresh, pointer)
        sync(pointer.parent)


def go_offline(folder: Path) -> None:
    """Show no build at all, until the next one is published."""
    pointer = folder / "findings" / "current"
    with plain_errors(pointer):
        pointer.unlink(missing_ok=True)
        sync(pointer.parent)


def next_number(db: PrivateDatabase) -> int:
    """Return the number of the next build; none is used twice, not even after a restore."""
    there = [int(match[1]) for match in map(FILE_NAME.fullmatch, _names(db.folder)) if match]
    return max(published.next_number(db), *(number + 1 for number in [0, *there]))


def delete(db: PrivateDatabase, number: int) -> None:
    """Delete the file of a build and forget what stood in it."""
    path = file_of(db.folder, number)
    with plain_errors(path):
        path.unlink(missing_ok=True)
        sync(path.parent)
    published.mark_deleted(db, number)


def prune(db: PrivateDatabase, keep: int) -> None:
    """Keep so many builds, the live one and the newest, and delete the others."""
    live = live_build(db.folder)
    kept = [one.build for one in published.listing(db) if one.state == "kept"]
    # the live one may be an old one, after a rollback
    for number in [number for number in kept if number != live][keep - 1 :]:
        delete(db, number)


def sweep(db: PrivateDatabase) -> None:
    """Delete what an interrupted publish left behind: files that no record and no reader knows."""
    live = live_build(db.folder)
    known = {one.file for one in published.listing(db) if one.state != "deleted"}
    if live is not None:
        known.add(file_of(db.folder, live).name)
    for name in _names(db.folder):
        if name.startswith((".build-", "build-", ".current.")) and name not in known:
            path = db.folder / "findings" / name
            with plain_errors(path):
                path.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        return os.listdir(folder / "findings")
    return []
