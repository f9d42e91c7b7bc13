"""Whether what was told is encrypted, and what of it lies about in the clear."""

from __future__ import annotations

from collections.abc import Iterator

from par_toolkit.finding import Finding
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import readable
from par_toolkit.storage import vault

NAME = "encryption"


def encryption(here: Inquiry) -> Iterator[Finding]:
    """Say what whoever takes this machine, its disk or a backup can read."""
    if not here.database.exists():
        return
    left = vault.left_over(here.folder)
    if not vault.encrypted(here.folder):
        if left:
            names = ", ".join(path.name for path in left)
            yield Finding(
                NAME, "mend", f"Left of an encryption: {names}. To clear up: par encrypt --off"
            )
        yield Finding(
            NAME,
            "note",
            "There is no passphrase: whoever takes this machine, its disk or a backup can read "
            "everything told, unless the whole disk is encrypted. To give it one: par encrypt",
        )
        return
    if left:
        names = ", ".join(path.name for path in left)
        yield Finding(NAME, "mend", f"Left in the clear: {names}. To finish, run: par encrypt")
    elif plain := readable.readable(here.backups):
        yield Finding(
            NAME,
            "mend",
            f"private.db is encrypted, but anybody can read {len(plain):,} of the backups in "
            f"{here.backups}. Delete them: par encrypt --forget-backups",
        )
    else:
        yield Finding(
            NAME,
            "ok",
            "private.db, the keys and backups open with the passphrase only. While par serve is "
            "open, so is what it reads.",
        )
