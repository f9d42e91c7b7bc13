"""Sounds: the files in media/, one a recording, and sealed in an encrypted inquiry.

A sealed file is AES-256-GCM with its own name as associated data, so that it opens under no other.
It is sealed in one piece: nobody hears a part of a recording before all of it is known to be whole,
and the largest is 6 MB, which takes milliseconds to open.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from par_toolkit.storage import disk, vault
from par_toolkit.storage.errors import Damaged, unwritable
from par_toolkit.storage.locking import write_lock

FOLDER: Final = "media"
#: What a browser records -> the ending of its file.
ENDINGS: Final = {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "mp4"}
#: Files with such a name are ours to delete; whatever else lies in media/ is left alone.
OURS: Final = re.compile(rf"voice-[0-9a-f]{{32}}\.({'|'.join(ENDINGS.values())})")

PURPOSE: Final = "media"
#: How a sealed file begins; no sound does.
_SIGN: Final = b"par-toolkit sealed sound 1\n"
_NONCE: Final = 12
#: The name of a file that is just being replaced: it begins with a point and ends with this.
_BEFORE: Final = ".before"


def place(folder: Path) -> Path:
    """Return the folder of the recordings; where it is new, its name is on disk as well.

    Raises DiskFull or ReadOnly.
    """
    found = folder / FOLDER
    if not found.is_dir():
        try:
            found.mkdir(mode=0o700)
        except OSError as error:
            raise unwritable(error, found) from error
        sync(folder)
    return found


def write(folder: Path, name: str, data: bytes) -> None:
    """Write a new recording that only its owner can read; return when it is on disk.

    Its name is on disk after `sync`. Raises DiskFull, ReadOnly, or Locked.
    """
    path = folder / FOLDER / name
    kept = _sealed(vault.key(folder, PURPOSE), name, data) if vault.encrypted(folder) else data
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(kept)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(error, path.parent) from error


def sync(folder: Path) -> None:
    """Return when the names in a folder are on disk; raise DiskFull or ReadOnly where not."""
    try:
        disk.sync(folder)
    except OSError as error:
        raise unwritable(error, folder) from error


def read(folder: Path, name: str) -> bytes:
    """Return a recording as it was spoken.

    Raises FileNotFoundError where it is gone, Damaged where it was changed or is another one's,
    Locked where the inquiry is.
    """
    data = (folder / FOLDER / name).read_bytes()
    return _opened(vault.key(folder, PURPOSE), name, data) if _is_sealed(data) else data


def ours(folder: Path) -> list[Path]:
    """List every file in media/ that is a recording."""
    found = folder / FOLDER
    return [path for path in found.iterdir() if OURS.fullmatch(path.name)] if found.is_dir() else []


def in_the_clear(folder: Path) -> list[Path]:
    """List the recordings that anybody with the folder can hear."""
    return [path for path in ours(folder) if not _begins_sealed(path)]


def seal_all(folder: Path, *, was: bytes | None = None) -> int:
    """Seal every recording of an encrypted inquiry that lies in the clear, and return how many.

    In a plain one nothing happens. `was` is the key of before, `vault.key(folder, PURPOSE)`, where
    the inquiry got another. It can be cut short anywhere and done again; what is sealed already is
    left as it is. The old files are overwritten. One that is damaged stays as it is:
    `voices.faulty` counts it. Raises StorageError or OSError.
    """
    if not vault.encrypted(folder):
        return 0
    key, done = vault.key(folder, PURPOSE), 0
    with write_lock(folder).held():
        tidy(folder)
        for path in ours(folder):
            sound = path.read_bytes() if was or not _begins_sealed(path) else None
            if sound is not None and _is_sealed(sound):
                try:
                    sound = _opened(was or key, path.name, sound)
                except Damaged:
                    sound = None
            if sound is not None:
                _replace(path, _sealed(key, path.name, sound))
                done += 1
    return done


def open_all(folder: Path) -> int:
    """Write every sealed recording in the clear, and return how many; `seal_all` says the rest.

    Call it before the encryption is taken off, while the key is there.
    """
    key, done = vault.key(folder, PURPOSE), 0
    with write_lock(folder).held():
        tidy(folder)
        for path in ours(folder):
            if _begins_sealed(path):
                with contextlib.suppress(Damaged):
                    _replace(path, _opened(key, path.name, path.read_bytes()))
                    done += 1
    return done


def left_over(folder: Path) -> list[Path]:
    """List what a conversion that was cut short left beside the recordings."""
    found = folder / FOLDER
    return sorted(found.glob(".*voice-*")) if found.is_dir() else []


def tidy(folder: Path) -> None:
    """Finish what a conversion that was cut short left; call while holding the write lock."""
    for path in left_over(folder):
        name = path.name.removeprefix(".").removesuffix(_BEFORE)
        named = path.with_name(name)
        if path.name.endswith(_BEFORE) and OURS.fullmatch(name) and not named.exists():
            os.replace(path, named)
        elif named.exists() and named.samefile(path):  # it was not replaced yet
            path.unlink()
        else:
            disk.shred(path)


def _replace(path: Path, data: bytes) -> None:
    """Put `data` in place of a file, in one step, and overwrite the old one."""
    before = path.with_name(f".{path.name}{_BEFORE}")
    try:
        os.link(path, before)
    except OSError:  # a memory stick that knows no links: `tidy` puts it right if cut short here
        os.rename(path, before)
    disk.write_whole(path, data)
    disk.shred(before)


def _is_sealed(data: bytes) -> bool:
    return data.startswith(_SIGN)


def _begins_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return _is_sealed(file.read(len(_SIGN)))


def _sealed(key: bytes, name: str, data: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _SIGN + nonce + AESGCM(key).encrypt(nonce, data, name.encode())


def _opened(key: bytes, name: str, data: bytes) -> bytes:
    start = len(_SIGN) + _NONCE
    try:
        return AESGCM(key).decrypt(data[len(_SIGN) : start], data[start:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise Damaged(
            "This recording was changed or damaged. Restore the last good backup: par restore FILE"
        ) from error
