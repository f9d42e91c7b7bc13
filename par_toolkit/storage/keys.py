"""Keyed digests: how receipts, tombstones and audit details are told apart without being kept."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from pathlib import Path

from par_toolkit.storage.errors import StorageError


@lru_cache(maxsize=32)
def _receipt_key(folder: Path, changed: float) -> bytes:
    return bytes.fromhex((folder / "keys" / "receipt.key").read_text("ascii").strip())


def mark(folder: Path, purpose: str, text: str) -> str:
    """Return the HMAC-SHA256 of `text` for one `purpose` under this inquiry's key (64 hex digits).

    Raises StorageError when the key is missing or not 64 hex digits.
    """
    path = folder / "keys" / "receipt.key"
    try:
        key = _receipt_key(folder, path.stat().st_mtime)
    except (OSError, ValueError) as error:
        raise StorageError(
            f"The key {path} is missing or damaged. Put it back from a backup: without it no "
            "receipt code can be recognised."
        ) from error
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
