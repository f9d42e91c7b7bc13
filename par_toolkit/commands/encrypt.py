"""`par encrypt`: give a plain inquiry a passphrase, or take the encryption off again."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit.commands.passphrases import new_inquiry_passphrase, open_inquiry
from par_toolkit.commands.terminal import (
    answer,
    ask,
    counted,
    example,
    json_option,
    pass_closed_folder,
    yes_option,
)
from par_toolkit.keeping import readable
from par_toolkit.storage import audit, sounds, vault
from par_toolkit.storage.database import open_database


@click.command(
    epilog=example("par encrypt", "par --passphrase-file words.txt encrypt", "par encrypt --off")
)
@click.option("--off", is_flag=True, help="Take the encryption off again.")
@click.option(
    "--forget-backups",
    is_flag=True,
    help="Also delete the backups in backups/ that were made in the clear.",
)
@yes_option
@json_option
@pass_closed_folder
def command(folder: Path, off: bool, forget_backups: bool, yes: bool, as_json: bool) -> None:
    """Encrypt everything told with a passphrase, or take the encryption off again.

    Stop par serve first. It may be cut short at any moment: private.db is the old or the new one,
    and whole; run it again to finish. The old file is overwritten and deleted. A flash drive may
    still keep some of it for a while, in places that no program reaches: encrypt before the first
    story where you can.
    """
    here = inquiries.load(folder)
    if off:
        _take_off(here, yes, as_json)
        return
    before = vault.encrypted(folder)
    if before:
        open_inquiry(folder)
    else:
        vault.encrypt(folder, new_inquiry_passphrase())
    sounds.seal_all(folder)
    with open_database(folder) as db:
        if not before:
            audit.record(db, "encrypt")
    plain = readable.readable(here.backups)
    if plain and forget_backups:
        ask(f"Delete {_backups(len(plain))} made in the clear from {here.backups}?", yes=yes)
        readable.forget(here.backups)
        plain = []
    answer(
        as_json,
        {"encrypted": True, "converted": not before, "plain_backups": [p.name for p in plain]},
        _sentences(before, plain, here.backups),
    )


def _take_off(here: inquiries.Inquiry, yes: bool, as_json: bool) -> None:
    converted = vault.encrypted(here.folder)
    left = vault.left_over(here.folder)
    if not converted:
        vault.decrypt(here.folder)  # it may have been cut short: what is left is deleted
    else:
        open_inquiry(here.folder)
        ask("Take the encryption off? Whoever gets this folder can then read it all.", yes=yes)
        sounds.open_all(here.folder)
        try:
            vault.decrypt(here.folder)
        except BaseException:  # it stays encrypted, as where par serve has it open: all of it
            sounds.seal_all(here.folder)
            raise
        with open_database(here.folder) as db:
            audit.record(db, "decrypt")
    sentence = "The inquiry is no longer encrypted: whoever gets this folder can read everything."
    if not converted:
        sentence = "This inquiry is not encrypted. " + (
            "What was left of it is deleted." if left else "Nothing was changed."
        )
    answer(as_json, {"encrypted": False, "converted": converted}, [sentence])


def _sentences(before: bool, plain: list[Path], backups: Path) -> list[str]:
    sentences = ["Everything told is encrypted now. The old file was overwritten and deleted."]
    if before:
        sentences = ["This inquiry is encrypted. Nothing of it is left in the clear here."]
    else:
        sentences += [
            "Nobody can help who forgets the passphrase: let two people know it, and write it down "
            "in a place that you lock.",
            "A flash drive may keep parts of the old file until it needs their place.",
            "Make a new backup now: par backup",
        ]
    if plain:
        sentences.append(
            f"{_backups(len(plain))} in {backups} can be read by anybody. Delete what was made "
            "before, here and wherever else you keep it: par encrypt --forget-backups"
        )
    return sentences


def _backups(number: int) -> str:
    return counted(number, "backup", "backups")
