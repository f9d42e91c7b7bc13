"""Words encrypted one by one in private.db: each opens only with its key and in its own row."""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from par_toolkit.storage.errors import StorageError

#: Random bytes in front of each cell. Of 2^32 cells under one key, two are alike once in 2^32.
NONCE: Final = 12


class CellDamaged(StorageError):
    """An encrypted cell was changed, stands in another row, or was written with another key."""


def close(key: bytes, row: str, words: str) -> bytes:
    """Encrypt `words` with AES-256-GCM under `key` (32 bytes), bound to `row`.

    `row` says which table, column and row this is, such as 'contact 12': the cell opens nowhere
    else.
    """
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, words.encode("utf-8"), row.encode("utf-8"))


def open_cell(key: bytes, row: str, cell: bytes) -> str:
    """Return the words of a cell of this `row`. Raises CellDamaged where it is not as it was."""
    try:
        words = AESGCM(key).decrypt(cell[:NONCE], cell[NONCE:], row.encode("utf-8"))
        return words.decode("utf-8")
    except (InvalidTag, ValueError) as error:
        raise CellDamaged(
            "Something that is kept encrypted cannot be read: it was changed, or the key is "
            "another one. Restore the last backup: par restore FILE"
        ) from error
