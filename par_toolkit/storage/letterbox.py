"""The letterbox: sealed stories that came while the inquiry was locked, until somebody opens it.

Each is a file in `letterbox/`, on disk before its tablet is answered. Nobody can read it without
the opening key, and it goes into the inbox of the database as soon as that can be opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from par_toolkit.storage import devices, disk, inbox
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import unwritable
from par_toolkit.storage.locked_door import FOLDER, make_folder

#: A sealed story: its uuid and the SHA-256 of what was sealed, so that a repeat is the same file.
_OURS: Final = re.compile(r"([0-9a-f-]{36})\.([0-9a-f]{64})\.age")
#: What was cut short: a file that was being written, or erased. `door.json` has one as well.
_CUT_SHORT: Final = re.compile(r"\.+[0-9a-f-]{36}\.[0-9a-f]{64}\.age\..+")
_ERASING: Final = ".erasing"
#: Seconds after which nobody is still writing such a file.
_LEFT_AFTER: Final = 600
#: One at a time: two that bring the same story at once must not both be told that it is new.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Beside:
    """What a tablet says beside a seal, of itself and of its numbers; `device` is its pairing."""

    device: int | None = None
    device_seq: int | None = None
    numbers: tuple[int, int] | None = None


def put(folder: Path, uuid: str, sealed: bytes, beside: Beside) -> str:
    """Keep a sealed story of the inquiry in `folder`; on return it is on disk (promise 1).

    Return 'stored'; 'same' where these very bytes wait here under this uuid; 'sibling' where
    others do. What the database has already cannot be told here: it is kept once when it comes in.
    Raises StorageError.
    """
    place = folder / FOLDER
    uuid = uuid.lower()
    path = place / f"{uuid}.{hashlib.sha256(sealed).hexdigest()}.age"
    with _one_at_a_time, _own_errors(place):
        make_folder(folder)
        if path.exists():
            disk.sync(path)  # a crash may have come between its name and the disk's word for it
            disk.sync(place)
            return "same"
        others = any(place.glob(f"{uuid}.*.age"))
        disk.write_whole(path, json.dumps(asdict(beside)).encode("ascii") + b"\n" + sealed)
    return "sibling" if others else "stored"


def holds(folder: Path, uuid: str) -> bool:
    """Say whether a story with this uuid waits in the letterbox of the inquiry in `folder`."""
    return any(known == uuid.lower() for _, known in _waiting(folder))


def waits(folder: Path) -> int:
    """Count the sealed stories that wait in the letterbox of the inquiry in `folder`."""
    return len(_waiting(folder))


def calls(folder: Path) -> bool:
    """Say whether there is anything to bring in, or to erase that was cut short."""
    return bool(waits(folder) or _cut_short(folder))


def bring_in(db: PrivateDatabase) -> int:
    """Bring what waits in the letterbox into the inbox, and return how many there were.

    Each is in the database before its file is erased, so it may be cut short anywhere and done
    again: what comes twice is kept once. Raises StorageError.
    """
    place = db.folder / FOLDER
    with _own_errors(place):
        for left in _cut_short(db.folder):
            disk.shred(left)
    waiting = _waiting(db.folder)
    for path, uuid in waiting:
        with _own_errors(place):
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue  # another program was quicker
        _into_inbox(db, uuid, data)
        with _own_errors(place):
            _erase(path)
    return len(waiting)


def _into_inbox(db: PrivateDatabase, uuid: str, data: bytes) -> None:
    beside, sealed = _taken_apart(data)
    with db.writing():
        device = devices.get(db, beside.device) if beside.device is not None else None
        sender = device.id if device else None
        inbox.put(db, uuid, sealed, device=sender, device_seq=beside.device_seq)
        if device:
            devices.seen(db, device, beside.device_seq, numbers=beside.numbers)


def _waiting(folder: Path) -> list[tuple[Path, str]]:
    """List the files of sealed stories with their uuids, those that came first at the start."""
    try:
        found = [one for one in os.scandir(folder / FOLDER) if _OURS.fullmatch(one.name)]
    except FileNotFoundError:
        return []
    timed = []
    for one in found:
        with suppress(FileNotFoundError):  # another program has just brought it in
            timed.append((one.stat().st_mtime_ns, one.name, Path(one.path)))
    return [(path, name.partition(".")[0]) for _, name, path in sorted(timed)]


def _cut_short(folder: Path) -> list[Path]:
    """List what a crash left of stories that were being written or erased.

    Nobody was told that one of the first is kept. While a program may still write it, it stays.
    """
    found = []
    for path in (folder / FOLDER).glob(".*"):
        with suppress(FileNotFoundError):
            old = abs(time.time() - path.stat().st_mtime) > _LEFT_AFTER
            if _CUT_SHORT.fullmatch(path.name) and (
                old or path.name.endswith((_ERASING, disk.GOING))
            ):
                found.append(path)
    return found


def _taken_apart(data: bytes) -> tuple[Beside, bytes]:
    """Return what stands beside a seal, and what is sealed.

    Where it cannot be read, all of it counts as sealed: opening it says what is wrong, to a person.
    """
    line, _, sealed = data.partition(b"\n")
    try:
        said = json.loads(line)
        numbers = said["numbers"]
        pair = (int(numbers[0]), int(numbers[1])) if numbers else None
        return Beside(said["device"], said["device_seq"], pair), sealed
    except (ValueError, KeyError, TypeError, IndexError):
        return Beside(), data


def _erase(path: Path) -> None:
    """Erase a story's file; cut short, it is no story any more."""
    gone = path.with_name(f".{path.name}{_ERASING}")
    try:
        path.replace(gone)
    except FileNotFoundError:
        return
    disk.shred(gone)


@contextmanager
def _own_errors(place: Path) -> Iterator[None]:
    """Raise what the disk says as a StorageError."""
    try:
        yield
    except OSError as error:
        raise unwritable(error, place) from error
