"""Keyed digests: how receipts, tombstones and audit details are told apart without being kept."""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from pathlib import Path

from par_toolkit.storage.errors import StorageError


@lru_cache(maxsize=32)
def _place(folder: Path) -> str:
    """Return where the key of `folder` lies; a path is made once, a story needs it six times."""
    return str(folder / "keys" / "receipt.key")


@lru_cache(maxsize=32)
def _receipt_key(place: str, changed: int) -> bytes:
    """Read a key; `changed` only tells its states apart."""
    return bytes.fromhex(Path(place).read_text("ascii").strip())


def mark(folder: Path, purpose: str, text: str) -> str:
    """Return the HMAC-SHA256 of `text` for one `purpose` under this inquiry's key (64 hex digits).

    Raises StorageError when the key is missing or not 64 hex digits.
    """
    place = _place(folder)
    try:
        key = _receipt_key(place, os.stat(place).st_mtime_ns)
    except (OSError, ValueError) as error:
        raise StorageError(
            f"The key {place} is missing or damaged. Put it back from a backup: without it no "
            "receipt code can be recognised."
        ) from error
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()
