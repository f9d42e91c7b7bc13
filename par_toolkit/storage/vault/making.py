"""A vault for a new inquiry, which is encrypted from its first story on."""

from __future__ import annotations

import secrets
from pathlib import Path

from par_toolkit.storage.vault import key_files, opening, wrapping


def begin(folder: Path, passphrase: str) -> None:
    """Let the new inquiry in `folder`, which has no private.db yet, be encrypted from the start.

    Its secrets are made anew, so that none of them was ever on disk in the clear. Raises Refused
    for a short passphrase, or OSError.
    """
    wrapping.check_new(passphrase)
    key = wrapping.new_key()
    wrapping.write(folder, wrapping.wrap(key, passphrase))
    opening.hold(key)
    for path in key_files.lying_open(folder):
        key_files.write(folder, path.name, secrets.token_hex(32).encode())
    key_files.shred_open(folder)
