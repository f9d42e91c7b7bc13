"""Keys for one purpose each: contact details, recordings, second factors."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from par_toolkit.storage.at_rest import encrypted
from par_toolkit.storage.errors import KeyDamaged
from par_toolkit.storage.vault import key_files, opening, wrapping

ROWS: Final = "rows.key"
#: What lies beside private.db is opened with the data key itself. A backup from before the
#: inquiry was encrypted never held that, while it holds the secret that rows are sealed with.
BESIDE: Final = frozenset({"media"})


def key(folder: Path, purpose: str) -> bytes:
    """Return the 32 bytes with which what serves `purpose` is sealed in this inquiry.

    They stay the same when the inquiry is encrypted, and when its passphrase changes, but for what
    is in `BESIDE`. Raises Locked, KeyMissing, KeyDamaged or OSError.
    """
    if purpose in BESIDE and encrypted(folder):
        return wrapping.derive(opening.data_key(folder), f"beside {purpose}")
    if not key_files.present(folder, ROWS):
        key_files.write_new(folder, ROWS, secrets.token_hex(32).encode())
    try:
        secret = bytes.fromhex(key_files.read(folder, ROWS).decode("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != wrapping.KEY_BYTES:
        raise KeyDamaged(
            f"The key {folder / 'keys' / ROWS} is damaged. Put it back from a backup. Nothing was "
            "changed."
        )
    return wrapping.derive(secret, purpose)
