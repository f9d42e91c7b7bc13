"""A backup and the folder that it comes back to: which passphrase opens them from then on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from par_toolkit.keeping.errors import BackupError
from par_toolkit.storage import sounds, vault
from par_toolkit.storage.database import FILE
from par_toolkit.storage.errors import KeyDamaged, KeyMissing, Locked
from par_toolkit.storage.vault import converting, opening, wrapping

#: Asks for the passphrase of a backup.
Ask = Callable[[], str]


def nobody() -> str:
    """Ask nobody: the backup has to be open in this program already."""
    raise Locked("This backup is encrypted, and its passphrase was not given.")


def open_backup(staged: Path, ask: Ask) -> None:
    """Open a backup that was unpacked into `staged`, where it is encrypted.

    Nothing is asked where its key is the one that this program has open. Raises WrongPassphrase,
    KeyMissing or KeyDamaged.
    """
    if not vault.unlocked(staged):
        vault.unlock(staged, ask())


def bring_together(staged: Path, folder: Path) -> None:
    """Put a backup that was unpacked into `staged` under the passphrase of the inquiry in `folder`.

    What is encrypted here stays so, with the passphrase of today, whatever the backup had. Where
    nothing is here, or its key is lost, the backup's own passphrase holds. Raises BackupError for
    an encrypted backup of an inquiry that is plain today, or Locked; then nothing in `folder` has
    changed.
    """
    if not (folder / FILE).exists():
        return
    if not vault.encrypted(folder):
        if vault.encrypted(staged):
            raise BackupError(
                f"The backup is encrypted, and {folder} is not. Run par encrypt there first, or "
                "restore into a new folder."
            )
        return
    try:
        wrapped = wrapping.read(folder)
    except (KeyMissing, KeyDamaged):
        return
    key = opening.data_key(folder)
    if not vault.encrypted(staged):
        converting.encrypt_with(staged, key, wrapped)
        sounds.seal_all(staged)
    elif opening.id_in(staged) != wrapped.id:
        was = vault.key(staged, sounds.PURPOSE)
        converting.rekey(staged, key, wrapped)
        sounds.seal_all(staged, was=was)
    else:
        wrapping.write(staged, wrapped)
