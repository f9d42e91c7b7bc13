"""`par passphrase`: another passphrase for an encrypted inquiry."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands import passphrases
from par_toolkit.commands.terminal import answer, example, json_option, pass_closed_folder
from par_toolkit.storage import audit, vault
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import Refused


@click.command(
    epilog=example(
        "par passphrase",
        "par --passphrase-file old.txt passphrase --new-passphrase-file new.txt",
    )
)
@click.option(
    "--new-passphrase-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read the new passphrase from the first line of FILE, for scripts.",
)
@json_option
@pass_closed_folder
def command(folder: Path, new_passphrase_file: Path | None, as_json: bool) -> None:
    """Change the passphrase of an encrypted inquiry.

    It takes a moment, as only the key is wrapped anew. A backup that was made before opens with the
    passphrase of that time.
    """
    if not vault.encrypted(folder):
        sentence = "This inquiry is not encrypted. To give it a passphrase: par encrypt"
        raise Refused("plain", sentence)
    old = passphrases.inquiry_passphrase()
    vault.unlock(folder, old)
    vault.change_passphrase(folder, old, passphrases.another_passphrase(new_passphrase_file))
    with open_database(folder) as db:
        audit.record(db, "change_passphrase")
    answer(
        as_json,
        {"changed": True},
        [
            "The passphrase is changed. Backups that were made before open with the old one.",
            "If somebody knows the old one who should not, delete those, and make a new one: "
            "par backup",
        ],
    )
