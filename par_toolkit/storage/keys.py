"""Keyed digests: how receipts, tombstones and audit details are told apart without being kept."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Final

from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.vault import key_files

RECEIPTS: Final = "receipt.key"


def mark(folder: Path, purpose: str, text: str) -> str:
    """Return the HMAC-SHA256 of `text` for one `purpose` under this inquiry's key (64 hex digits).

    Raises StorageError when the key is missing or not 64 hex digits, Locked when it is not open.
    """
    try:
        key = bytes.fromhex(key_files.read(folder, RECEIPTS).decode("ascii").strip())
    except ValueError as error:
        raise StorageError(
            f"The key {folder / 'keys' / RECEIPTS} is damaged. Put it back from a backup: without "
            "it no receipt code can be recognised."
        ) from error
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()
