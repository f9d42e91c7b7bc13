"""A vault for an inquiry that has none yet, and another passphrase for one that has."""

from __future__ import annotations

import secrets
from pathlib import Path

from par_toolkit.storage import disk
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


def change_passphrase(folder: Path, old: str, new: str) -> None:
    """Wrap the data key with another passphrase; whoever has the inquiry open keeps it open.

    Raises Refused, WrongPassphrase, KeyMissing, KeyDamaged or OSError; then the old one holds.
    """
    wrapping.check_new(new)
    key = wrapping.unwrap(wrapping.read(folder), old)
    path = wrapping.path_in(folder)
    before = path.with_name(f".{path.name}.before")
    before.unlink(missing_ok=True)
    disk.keep_under(path, before)
    wrapping.write(folder, wrapping.wrap(key, new))
    disk.shred(before)
