"""Files sealed to keepers, and the keys that open them, in the format age (https://age-encryption.org/v1).

What is sealed opens with the key of any one keeper, here or with any program for age. A key file is
what `age-keygen | age --passphrase` writes: a private key that a passphrase opens (scrypt).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from pyrage import (
    DecryptError,
    EncryptError,
    IdentityError,
    RecipientError,
    decrypt_io,
    encrypt_io,
    passphrase,
)
from pyrage.x25519 import Identity, Recipient

from par_toolkit.keeping.errors import BackupError
from par_toolkit.sealing import (
    BEGINNING,
    BadKey,
    TooSlow,
    WrongWords,
    key_in,
    open_with_passphrase,
)
from par_toolkit.storage import vault
from par_toolkit.storage.disk import sync

#: What a sealed file's name ends with.
ENDING: Final = ".age"
_FOR_A_PASSPHRASE: Final = BEGINNING + b"-> scrypt "
_LONGEST_KEY_FILE: Final = 10_000
#: How much is passed on at a time.
_PIECE: Final = 1 << 16


def is_sealed(path: Path) -> bool:
    """Say whether a file is sealed; False where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(len(BEGINNING)) == BEGINNING
    except OSError:
        return False


def recipient(text: str) -> str:
    """Return the public half of a key as it is kept; raise BackupError where `text` is none."""
    try:
        return str(Recipient.from_str(text.strip()))
    except RecipientError as error:
        raise BackupError(
            "This is no public key. It is one word that begins with age1, as age-keygen prints it."
        ) from error


def seal(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Seal the file `source` into the new file `target`; see `sealing`."""
    with source.open("rb") as plain, sealing(target, recipients) as file:
        shutil.copyfileobj(plain, file, _PIECE)


@contextlib.contextmanager
def sealing(target: Path, recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """Hand out a file to write to; what is written is sealed into the new file `target`.

    Nothing of it lies on a disk unsealed. Only the owner of `target` can read it. The first key
    that it is sealed to is one for this moment, which nobody keeps: with it the file is read back
    from the disk to its last byte and compared with what was written, without any keeper's secret.
    Raises BackupError where it does not come out as it went in, and OSError.
    """
    once = Identity.generate()
    to = [once.to_public(), *(Recipient.from_str(one) for one in recipients)]
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    reading, writing = os.pipe()
    told: list[OSError] = []
    with os.fdopen(descriptor, "wb") as file, ThreadPoolExecutor(1, "par sealing") as beside:
        done = beside.submit(_encrypt, reading, _Written(file, told), to)
        written = _Summed(os.fdopen(writing, "wb"))
        try:
            with written.file:
                yield cast(IO[bytes], written)
        except BrokenPipeError:
            pass  # the other end says below why it stopped
        try:
            done.result()
        except (EncryptError, OSError) as error:
            raise (told[0] if told else error) from None
    sync(target)
    read = _Summed()
    with target.open("rb") as file:
        try:
            decrypt_io(file, read, [once])
        except (DecryptError, OSError) as error:
            raise BackupError(_NOT_AS_WRITTEN.format(name=target.name)) from error
    if written.digest() != read.digest():
        raise BackupError(_NOT_AS_WRITTEN.format(name=target.name))


def _encrypt(reading: int, written: _Written, to: Sequence[Recipient]) -> None:
    with os.fdopen(reading, "rb") as plain:
        encrypt_io(plain, written, to)


_NOT_AS_WRITTEN: Final = (
    "What was written cannot be read back whole, so it was not kept ({name}). Look at the disk or "
    "the stick, and try again."
)


def open_into(path: Path, target: Path, key: str) -> None:
    """Open the sealed file `path` into the new file `target` with the private key `key`.

    Raises BackupError where another key sealed it, or where it is damaged; then nothing is left
    in `target`.
    """
    identity = Identity.from_str(key)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    told: list[OSError] = []
    try:
        with os.fdopen(descriptor, "wb") as file, path.open("rb") as sealed:
            decrypt_io(sealed, _Written(file, told), [identity])
    except (DecryptError, OSError) as error:
        target.unlink(missing_ok=True)
        if told:
            raise told[0] from None
        if "no matching keys" in str(error).lower():
            raise BackupError(
                f"This key does not open {path}. It was sealed to other keepers: see who kept a "
                "key when it was made."
            ) from error
        raise BackupError(f"{path} is damaged or not whole. Try an earlier one.") from error


def plain(path: Path, place: Path, key: str | None) -> Path:
    """Return `path` itself, or where it is sealed the file in `place` that it was opened into.

    Raises BackupError where it is sealed and `key` is None, or does not open it.
    """
    if not is_sealed(path):
        return path
    if key is None:
        raise BackupError(
            f"{path} is sealed to its keepers. Ask one of them for their key file, and give it "
            "with --identity KEYFILE."
        )
    opened = place / "opened"
    open_into(path, opened, key)
    return opened


def new_key_file(path: Path, secret: str) -> str:
    """Write a new key into the new file `path`, which the passphrase `secret` opens.

    It is on disk and was read back when this returns the public half. A file that is there stays.
    Raises Refused for a short passphrase, BackupError and OSError.
    """
    vault.check_new(secret)
    if path.exists():
        raise BackupError(f"{path} is there already. Choose another name for the key.")
    identity = Identity.generate()
    words = f"# public key: {identity.to_public()}\n{identity}\n"
    data = passphrase.encrypt(words.encode("ascii"), secret)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.read_bytes() != data:
            raise BackupError(f"{path} does not hold what was written to it. Look at the stick.")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return str(identity.to_public())


def read_key_file(path: Path, ask: Callable[[], str]) -> str:
    """Return the private key in `path`; `ask` is called for its passphrase where it has one.

    Raises BackupError for a wrong passphrase, a file without a key, or one that is damaged.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST_KEY_FILE)
    except OSError as error:
        raise BackupError(f"The key {path} cannot be read: {error.strerror}.") from error
    if data.startswith(_FOR_A_PASSPHRASE):
        try:
            data = open_with_passphrase(data, ask())
        except TooSlow as error:
            raise BackupError(str(error)) from error
        except WrongWords as error:
            raise BackupError(
                f"This passphrase does not open the key {path}, or the file is damaged. Nothing "
                "was changed. Type the passphrase again, or take another copy of the key."
            ) from error
    elif data.startswith(BEGINNING):
        raise BackupError(f"{path} is sealed and is no key. Give the file that holds your key.")
    try:
        key = key_in(data, path)
        Identity.from_str(key)
    except (BadKey, IdentityError) as error:
        raise BackupError(
            f"{path} holds no key, or a damaged one. It is one line that begins with "
            "AGE-SECRET-KEY-1."
        ) from error
    return key


def public_half(key: str) -> str:
    """Return the public half of the private key `key`."""
    return str(Identity.from_str(key).to_public())


class _Summed:
    """Sums up what is written, and passes it on to `file` where there is one."""

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self.file = file or io.BytesIO()
        self._passes_on = file is not None
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        if self._passes_on:
            self.file.write(data)
        return len(data)

    def flush(self) -> None:
        self.file.flush()

    def digest(self) -> bytes:
        """Return the SHA-256 of all that was written."""
        return self._sum.digest()


@dataclass
class _Written:
    """Writes to a file, and remembers why that failed: age's own error does not say."""

    file: IO[bytes]
    told: list[OSError]

    def write(self, data: bytes) -> int:
        try:
            return self.file.write(data)
        except OSError as error:
            self.told.append(error)
            raise

    def flush(self) -> None:
        self.file.flush()
