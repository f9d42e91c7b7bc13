"""The way into an encrypted inquiry, and another passphrase for it."""

from __future__ import annotations

from pathlib import Path

from par_toolkit.storage import disk
from par_toolkit.storage.at_rest import encrypted
from par_toolkit.storage.locking import write_lock
from par_toolkit.storage.vault import converting, opening, wrapping


def unlock(folder: Path, passphrase: str) -> None:
    """Open the inquiry in `folder` for this program, until `lock` or its end.

    Nothing happens where the inquiry is plain. What a conversion that was cut short left in the
    clear is overwritten now. Raises WrongPassphrase, KeyMissing or KeyDamaged; then nothing has
    changed.
    """
    if not encrypted(folder):
        return
    opening.hold(wrapping.unwrap(wrapping.read(folder), passphrase))
    if converting.left_over(folder):
        with write_lock(folder).held():
            converting.tidy(folder)


def change_passphrase(folder: Path, old: str, new: str) -> None:
    """Wrap the data key with another passphrase; whoever has the inquiry open keeps it open.

    What the old one opened is overwritten. Raises Refused, WrongPassphrase, KeyMissing, KeyDamaged
    or OSError; then the old one holds.
    """
    wrapping.check_new(new)
    key = wrapping.unwrap(wrapping.read(folder), old)
    path = wrapping.path_in(folder)
    before = path.with_name(f".{path.name}.before")
    wrapped = wrapping.wrap(key, new)
    with write_lock(folder).held():
        disk.shred(before)
        disk.keep_under(path, before)
        wrapping.write(folder, wrapped)
        disk.shred(before)
