"""A file on its way to somebody: on the disk for a moment, and readable by this process alone.

A copy of everything may be larger than the memory, so it is written to a disk first. There it is
encrypted with a key that is kept nowhere: after a crash nobody can read what is left of it.
"""

from __future__ import annotations

import io
import secrets
import tempfile
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR


class PassingFile(io.RawIOBase):
    """A file without a name in `folder`: written once from end to end, then read once.

    AES-256 in counter mode hides it; nobody else can change it, so nothing proves it whole. Going
    back would use the same part of the key stream twice, so there is no way back but `rewind`.
    Raises OSError where the disk says no.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._key, self._nonce = secrets.token_bytes(32), secrets.token_bytes(16)
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - see `close`
        self._writing: CipherContext | None = self._cipher().encryptor()
        self._reading: CipherContext | None = None

    def _cipher(self) -> Cipher[CTR]:
        return Cipher(AES(self._key), CTR(self._nonce))

    def writable(self) -> bool:
        return self._writing is not None

    def readable(self) -> bool:
        return self._reading is not None

    def write(self, data: Any) -> int:
        if self._writing is None:
            raise io.UnsupportedOperation("not writable any more")
        self._file.write(self._writing.update(bytes(data)))
        return len(data)

    def rewind(self) -> None:
        """Go over from writing to reading, from the beginning."""
        self._file.flush()
        self._file.seek(0)
        self._writing, self._reading = None, self._cipher().decryptor()

    def readinto(self, buffer: Any) -> int:
        if self._reading is None:
            raise io.UnsupportedOperation("not readable yet")
        data = self._reading.update(self._file.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
