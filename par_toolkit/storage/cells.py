"""Cells: single values that are encrypted one by one, each bound to its place.

AES-256-GCM with a random nonce (NIST SP 800-38D) and the place as associated data: what is copied
to another row, or changed in one bit, does not open there.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from par_toolkit.storage import vault
from par_toolkit.storage.errors import Damaged

_NONCE: Final = 12


def encrypt(folder: Path, purpose: str, value: bytes, *, place: str) -> bytes:
    """Return `value` encrypted under the inquiry's key for one `purpose`; it opens at `place` only.

    Raises Locked where the inquiry is locked.
    """
    nonce = secrets.token_bytes(_NONCE)
    cipher = AESGCM(vault.key(folder, purpose))
    return nonce + cipher.encrypt(nonce, value, place.encode())


def decrypt(folder: Path, purpose: str, cell: bytes, *, place: str) -> bytes:
    """Return what was encrypted at this `place`.

    Raises Damaged where it was changed, moved here from elsewhere, or encrypted under another key;
    Locked where the inquiry is locked.
    """
    try:
        return AESGCM(vault.key(folder, purpose)).decrypt(
            cell[:_NONCE], cell[_NONCE:], place.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise Damaged(
            "What is kept encrypted here cannot be opened: it was changed, or its key is another. "
            "Restore the last good backup: par restore FILE"
        ) from error
