"""`par keepers`: whose keys open backups and copies."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit.commands.passphrases import (
    keepers_key,
    key_options,
    key_passphrase_option,
    new_passphrase,
)
from par_toolkit.commands.terminal import (
    answer,
    ask,
    counted,
    example,
    json_option,
    pass_folder,
    table,
    yes_option,
)
from par_toolkit.keeping import naming, opening, sealed
from par_toolkit.storage import keepers
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused


@click.group("keepers", epilog=example("par keepers list"))
def command() -> None:
    """The people whose keys open backups: add, list, remove.

    Once there are keepers, every backup is sealed to all of them, and the key of any one opens it.
    Name two, an evaluator and a community steward. They keep their keys away from this machine.
    """


@command.command(
    epilog=example(
        'par keepers add "Ama Example" --role steward --out /media/stick/ama-key.age',
        'par keepers add "Ben Example" --role evaluator --recipient age1…',
    )
)
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(keepers.ROLES), help="What they do here.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Make a key for them in the new FILE, on a stick that they keep.",
)
@click.option(
    "--recipient",
    metavar="AGE1…",
    help="The public half of a key that they have already, as age-keygen prints it.",
)
@key_passphrase_option
@json_option
@pass_folder
def add(
    folder: Path,
    name: str,
    role: str,
    out: Path | None,
    recipient: str | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Seal every backup to one more person from now on.

    With --out a key is made for them, which a passphrase of their own opens: let them type it. The
    key is written nowhere else. Whoever loses it, or forgets the passphrase, opens nothing any
    more; that is why there are two keepers.
    """
    if (out is None) == (recipient is None):
        raise click.UsageError("Give --out FILE to make a key, or --recipient for one there is.")
    if recipient and key_passphrase_file:
        raise click.UsageError("--key-passphrase-file goes with --out FILE.")
    here = inquiries.load(folder)
    with open_database(folder) as db:
        if out is None:
            assert recipient is not None
            added = keepers.add(db, name, role, sealed.recipient(recipient))
        else:
            added = _with_new_key(db, here, name, role, out, key_passphrase_file)
        number = len(keepers.listing(db))
    value = {"name": added.name, "role": role, "recipient": added.recipient}
    sentences = [f"Every backup from now on opens with the key of {added.name}."]
    if out:
        value["key"] = str(out)
        sentences.append(
            f"Their key is in {out}. Give it to them, with a second copy, and keep none here."
        )
    if number < keepers.ENOUGH:
        sentences.append("Name a second keeper, so that one lost key loses nothing.")
    if any(not sealed.is_sealed(path) for _, path in naming.listing(here.backups, here.folder)):
        sentences.append(
            f"Backups made before are not sealed. Make a new one, and delete them in {here.backups}"
            "."
        )
    answer(as_json, value, sentences)


def _with_new_key(
    db: PrivateDatabase,
    here: inquiries.Inquiry,
    name: str,
    role: str,
    out: Path,
    passphrase_file: Path | None,
) -> keepers.Keeper:
    """Make a key file outside the inquiry, and seal to it; without a keeper there is no key."""
    if out.resolve().is_relative_to(here.folder.resolve()):
        raise Refused(
            "inside",
            "The key must not lie with what it opens. Name a file on a stick that they keep.",
        )
    public = sealed.new_key_file(out, new_passphrase(passphrase_file, of="their key"))
    try:
        return keepers.add(db, name, role, public)
    except BaseException:
        out.unlink(missing_ok=True)
        raise


@command.command("list", epilog=example("par keepers list --json"))
@json_option
@pass_folder
def show(folder: Path, as_json: bool) -> None:
    """List everybody whose key opens the backups that are made now."""
    with open_database(folder) as db:
        found = [
            {"name": one.name, "role": one.role, "recipient": one.recipient}
            for one in keepers.listing(db)
        ]
    nobody = "Backups are not sealed yet: par keepers add NAME --role steward --out FILE"
    answer(as_json, found, table(found) or [nobody])


@command.command(epilog=example('par keepers remove "Ama Example"'))
@click.argument("name")
@yes_option
@json_option
@pass_folder
def remove(folder: Path, name: str, yes: bool, as_json: bool) -> None:
    """Seal nothing to a person any more. Backups made before still open with their key."""
    with open_database(folder) as db:
        ask(f"Seal nothing to {name} any more?", yes=yes)
        ended = keepers.remove(db, name)
        left = len(keepers.listing(db))
    sentences = [
        f"Nothing is sealed to {ended.name} any more. Backups made before still open with their "
        "key: make a new one, and delete those."
    ]
    if not left:
        sentences.append("Backups are not sealed at all now.")
    answer(as_json, {"name": ended.name, "keepers": left}, sentences)


@command.command(
    "open",
    epilog=example(
        "par keepers open /media/stick/southall.zip.age --identity my-key.age --out southall"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="A new or empty folder for what is inside.",
)
@key_options
@json_option
def open_sealed(
    file: Path,
    out: Path,
    identity: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Open a sealed copy with a keeper's key, on any machine: it needs no inquiry.

    What is in it then lies in FOLDER for whoever can read that. Another installation loads a copy
    with: par init --from FOLDER. Sealed backups are put back with: par restore
    """
    key = keepers_key(identity, key_passphrase_file)
    if key is None:
        raise click.UsageError("Give the key that opens it: --identity KEYFILE.")
    number = opening.lay_out(file, out, key)
    answer(
        as_json,
        {"folder": str(out), "files": number},
        [f"{out} holds what was in {file}: {counted(number, 'file', 'files')}. Keep it safe."],
    )
