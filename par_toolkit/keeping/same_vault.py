"""A backup and the folder that it comes back to: which passphrase opens them from then on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from par_toolkit.keeping.errors import BackupError
from par_toolkit.storage import vault
from par_toolkit.storage.database import FILE
from par_toolkit.storage.errors import KeyDamaged, KeyMissing, Locked
from par_toolkit.storage.vault import converting, opening, wrapping

#: Asks for the passphrase of a backup.
Ask = Callable[[], str]


def nobody() -> str:
    """Ask nobody: the backup has to be open in this program already."""
    raise Locked("This backup is encrypted, and its passphrase was not given.")


def bring_together(staged: Path, folder: Path, ask: Ask) -> None:
    """Put a backup that was unpacked into `staged` under the passphrase of the inquiry in `folder`.

    What is encrypted here stays so, with the passphrase of today, whatever the backup had. Where
    nothing is here, or its key is lost, the backup's own passphrase holds. Raises BackupError for
    an encrypted backup of an inquiry that is plain today, Locked, WrongPassphrase, KeyMissing or
    KeyDamaged; then nothing in `folder` has changed.
    """
    if not vault.unlocked(staged):
        vault.unlock(staged, ask())
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
    elif opening.id_in(staged) != wrapped.id:
        converting.rekey(staged, key, wrapped)
    else:
        wrapping.write(staged, wrapped)
