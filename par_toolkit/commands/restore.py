"""`par restore`: back from a backup."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from par_toolkit.commands import passphrases
from par_toolkit.commands.passphrases import keepers_key, key_options
from par_toolkit.commands.terminal import (
    answer,
    ask,
    counted,
    example,
    json_option,
    pass_closed_folder,
    yes_option,
)
from par_toolkit.keeping import Restored, restore
from par_toolkit.keeping.restore import holds_inquiry
from par_toolkit.storage import vault
from par_toolkit.storage.errors import KeyDamaged, KeyMissing


@click.command(
    epilog=example(
        "par --inquiry southall restore /media/usb/southall-20270131-180000.par",
        "par --inquiry new restore FILE --ledger /media/usb/0-withdrawal-ledger.jsonl",
        "par --inquiry new restore FILE.par.age --identity /media/stick/my-key.age",
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--ledger",
    "ledgers",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A list of what was withdrawn, from another place; the one beside FILE is read anyway.",
)
@key_options
@yes_option
@json_option
@pass_closed_folder
def command(
    folder: Path,
    file: Path,
    ledgers: tuple[Path, ...],
    identity: Path | None,
    key_passphrase_file: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Put a backup back into FOLDER, without what was withdrawn since.

    Where FOLDER holds the inquiry already, what was told after the backup is lost. A server that
    runs sees the restored stories at once; start it again if inquiry.toml changed. Findings that
    the backup does not know are deleted: publish them again. A backup that is sealed opens with the
    key of any one of its keepers.
    """
    if holds_inquiry(folder):
        ask(f"Replace the inquiry in {folder}? What was told after the backup is lost.", yes=yes)
    if vault.encrypted(folder):
        _open(folder)
    key = keepers_key(identity, key_passphrase_file)
    done = restore(file, folder, ledgers=ledgers, key=key, ask=passphrases.backup_passphrase)
    answer(
        as_json,
        {"withdrawn": done.withdrawn, "build": done.build, "erased": done.erased},
        _sentences(folder, done),
    )


def _open(folder: Path) -> None:
    """Open what is here, so that what was withdrawn since stays away; its key may be lost."""
    with contextlib.suppress(KeyMissing, KeyDamaged):
        passphrases.open_inquiry(folder)


def _sentences(folder: Path, done: Restored) -> list[str]:
    sentences = [f"The inquiry in {folder} is restored."]
    if done.withdrawn:
        withdrawn = counted(done.withdrawn, "story was", "stories were")
        sentences.append(f"{withdrawn} withdrawn after the backup and did not come back.")
    if done.build is None:
        sentences.append("No findings are live. Make them again: par publish")
    else:
        sentences.append(f"Findings build {done.build} is live.")
    if not done.erased:
        sentences.append("Another program is reading the old words. Close it, then: par erase")
    return sentences
