"""Secrets in keys/: a file each in a plain inquiry, a sealed file each in an encrypted one.

`receipt.key` of a plain inquiry is `receipt.key.sealed` in an encrypted one: AES-256-GCM under a
key derived from the data key, with the file's name as associated data.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from par_toolkit.storage import disk
from par_toolkit.storage.at_rest import WRAPPED, encrypted
from par_toolkit.storage.errors import KeyDamaged, Locked, StorageError
from par_toolkit.storage.vault import opening, wrapping

#: Every secret that surrenders words or codes. `sealing.pub` is none.
NAMES: Final = ("receipt.key", "session.key", "sealing.key", "rows.key")
SEALED: Final = ".sealed"
_NONCE: Final = 12


def files(folder: Path, name: str) -> list[Path]:
    """List the files that hold this secret: open, sealed, or none."""
    return [path for path in (_plain(folder, name), _sealed(folder, name)) if path.is_file()]


def present(folder: Path, name: str) -> bool:
    """Say whether this secret is in the folder, open or sealed."""
    return bool(files(folder, name))


def read(folder: Path, name: str) -> bytes:
    """Return a secret as it was written.

    Raises Locked where it is sealed and the inquiry is not open, KeyDamaged where it was changed,
    StorageError where it is missing.
    """
    sealed = _sealed(folder, name)
    try:
        state = os.stat(sealed).st_mtime_ns
    except OSError:
        state = 0
    try:
        if state and opening.held(folder):
            known = opening.opened_secrets(folder)
            if (name, state) not in known:
                known[name, state] = _unseal(folder, name, sealed.read_bytes())
            return known[name, state]
        plain = _plain(folder, name)
        if state and not plain.exists():
            raise Locked(opening.LOCKED)
        return _contents(str(plain), os.stat(plain).st_mtime_ns)
    except OSError as error:
        raise StorageError(
            f"The key {_plain(folder, name)} is missing or cannot be read. Put it back from a "
            "backup."
        ) from error


@lru_cache(maxsize=32)
def _contents(place: str, changed: int) -> bytes:
    """Read a file; `changed` only tells its states apart."""
    return Path(place).read_bytes()


def write(folder: Path, name: str, secret: bytes) -> None:
    """Keep a secret, sealed where the inquiry is encrypted; one that is there is replaced.

    Raises Locked or OSError.
    """
    if encrypted(folder):
        _write_sealed(folder, name, secret)
    else:
        disk.write_whole(_plain(folder, name), secret)


def write_new(folder: Path, name: str, secret: bytes) -> None:
    """Keep a secret where there is none of this name; of two programs at once one is first.

    Raises Locked or OSError.
    """
    if encrypted(folder):
        disk.write_new(_sealed(folder, name), _seal(folder, name, secret))
    else:
        disk.write_new(_plain(folder, name), secret)


def remove(folder: Path, name: str) -> None:
    """Delete a secret, overwritten first. Raises OSError."""
    disk.shred(_plain(folder, name))
    disk.shred(_sealed(folder, name))


def seal_all(folder: Path) -> None:
    """Write every open secret beside itself as a sealed one, with the key that is held."""
    for name in NAMES:
        if _plain(folder, name).exists():
            _write_sealed(folder, name, _plain(folder, name).read_bytes())


def seal_rest(folder: Path) -> None:
    """Seal every open secret that is not sealed yet, as one that was put back by hand."""
    for name in NAMES:
        if _plain(folder, name).exists() and not _sealed(folder, name).exists():
            _write_sealed(folder, name, _plain(folder, name).read_bytes())


def open_all(folder: Path) -> None:
    """Write every sealed secret beside itself as an open one."""
    for name in NAMES:
        if _sealed(folder, name).exists():
            secret = _unseal(folder, name, _sealed(folder, name).read_bytes())
            disk.write_whole(_plain(folder, name), secret)


def shred_open(folder: Path) -> None:
    """Overwrite and delete every open secret that is kept sealed as well."""
    for name in NAMES:
        if _sealed(folder, name).exists():
            disk.shred(_plain(folder, name))
    _contents.cache_clear()


def shred_sealed(folder: Path) -> None:
    """Delete every sealed secret, as a plain inquiry has none."""
    for name in NAMES:
        disk.shred(_sealed(folder, name))


def lying_open(folder: Path) -> list[Path]:
    """List the secrets that anybody with the folder can read."""
    return [path for name in NAMES if (path := _plain(folder, name)).exists()]


def half_written(folder: Path) -> list[Path]:
    """List the secrets, open or wrapped, that were being replaced when a program was killed."""
    names = (*NAMES, WRAPPED)
    return sorted(path for name in names for path in (folder / "keys").glob(f".{name}.*"))


def _write_sealed(folder: Path, name: str, secret: bytes) -> None:
    disk.write_whole(_sealed(folder, name), _seal(folder, name, secret))


def _seal(folder: Path, name: str, secret: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key(folder)).encrypt(nonce, secret, name.encode())


def _unseal(folder: Path, name: str, data: bytes) -> bytes:
    try:
        return AESGCM(_key(folder)).decrypt(data[:_NONCE], data[_NONCE:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise KeyDamaged(
            f"{_sealed(folder, name)} was changed or damaged. Put it back from a backup. Nothing "
            "was changed."
        ) from error


def _key(folder: Path) -> bytes:
    return wrapping.derive(opening.data_key(folder), "key files")


@lru_cache(maxsize=64)
def _plain(folder: Path, name: str) -> Path:
    return folder / "keys" / name


@lru_cache(maxsize=64)
def _sealed(folder: Path, name: str) -> Path:
    return folder / "keys" / f"{name}{SEALED}"
