"""`par init`: a new inquiry, or one that was exported elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import exporting, inquiry, sealing
from par_toolkit.commands.passphrases import known_passphrase, new_inquiry_passphrase
from par_toolkit.commands.terminal import (
    Bars,
    answer,
    counted,
    example,
    json_option,
    pass_closed_folder,
)
from par_toolkit.storage import vault
from par_toolkit.storage.database import open_database
from par_toolkit.wording import remember_wording


@click.command(
    epilog=example(
        'par --inquiry southall init --name "Care in Southall" --locality Southall',
        "par --inquiry southall init --from /media/stick/southall",
    )
)
@click.option("--name", help="What people call the inquiry.")
@click.option("--locality", help="The place it is about.")
@click.option("--population", type=click.IntRange(min=1), help="How many people live there.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language people tell in, such as en; give one --language for each. Default: en, fr.",
)
@click.option(
    "--from",
    "source",
    metavar="EXPORT",
    type=click.Path(path_type=Path),
    help="Load what par export wrote into the folder EXPORT.",
)
@click.option(
    "--ledger",
    "ledgers",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --from: a list of what was withdrawn since.",
)
@click.option("--without-keys", is_flag=True, help="With --from: leave the keys where they are.")
@click.option("--passphrase", "encrypted", is_flag=True, help="Encrypt it; asks for a passphrase.")
@click.option(
    "--passphrase-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Encrypt it with the passphrase in the first line of FILE. With --from: the passphrase of "
    "the keys of the export.",
)
@json_option
@pass_closed_folder
def command(
    folder: Path,
    name: str | None,
    locality: str | None,
    population: int | None,
    languages: tuple[str, ...],
    source: Path | None,
    ledgers: tuple[Path, ...],
    without_keys: bool,
    encrypted: bool,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make a new inquiry in FOLDER, or load one that was exported.

    A new one begins with words of consent, help contacts and limits of confidentiality that you
    then make your own in inquiry.toml. With a passphrase everything told is encrypted; whoever
    loses the passphrase loses everything told, so two people should know it. With --from, FOLDER
    must be new or empty, and everything comes from the export.
    """
    if source is not None:
        if name or locality or population or languages:
            raise click.UsageError("With --from the name, place and languages come along.")
        if encrypted:
            raise click.UsageError("Load the export first, and encrypt it then: par encrypt")
        _load(source, folder, ledgers, without_keys, passphrase_file, as_json)
        return
    if ledgers or without_keys:
        raise click.UsageError("--ledger and --without-keys go with --from.")
    for option, given in (("--name", name), ("--locality", locality)):
        if given is None:
            raise click.UsageError(f"Missing option '{option}'.")
    assert name is not None and locality is not None
    passphrase = None
    if encrypted or passphrase_file:
        passphrase = new_inquiry_passphrase(passphrase_file)
        vault.check_new(passphrase)
    made = inquiry.create(
        folder,
        name=name,
        locality=locality,
        population=population,
        languages=languages or ("en", "fr"),
    )
    if passphrase is not None:
        vault.begin(made.folder, passphrase)
    with open_database(made.folder, create=True) as db:
        remember_wording(db, made)
    sealing.make_keys(made.folder)
    par = f"par --inquiry {folder}"
    answer(
        as_json,
        {
            "folder": str(folder),
            "name": made.name,
            "languages": list(made.languages),
            "encrypted": passphrase is not None,
        },
        [
            f"The inquiry '{made.name}' is in {folder}.",
            *_about_passphrase(passphrase is not None, par),
            f"1. Read {folder / 'inquiry.toml'} and make its words your own.",
            f'2. Add two people who will read:  {par} people add "NAME" --role facilitator',
            f"3. Serve it:  {par} serve",
        ],
    )


def _about_passphrase(encrypted: bool, par: str) -> list[str]:
    if encrypted:
        return [
            "It is encrypted. Nobody can help who forgets the passphrase: let two people know it."
        ]
    return [
        "It has no passphrase: whoever takes this machine or its disk can read everything told. "
        f"To give it one:  {par} encrypt"
    ]


def _load(
    source: Path,
    folder: Path,
    ledgers: tuple[Path, ...],
    without_keys: bool,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Load an export and say what came."""
    asked = exporting.has_keys(source) and not without_keys
    passphrase = known_passphrase(passphrase_file) if asked else None
    with Bars(lambda stage: "Loading tables") as bars:
        done = exporting.load(source, folder, passphrase=passphrase, ledgers=ledgers, progress=bars)
    answer(
        as_json,
        {
            "folder": str(folder),
            "name": done.name,
            "stories": done.stories,
            "withdrawn": done.withdrawn,
            "keys": done.keys,
            "build": done.build,
        },
        _sentences(folder, done),
    )


def _sentences(folder: Path, done: exporting.Loaded) -> list[str]:
    par = f"par --inquiry {folder}"
    came = counted(done.stories, "story", "stories")
    sentences = [f"The inquiry '{done.name}' is in {folder}, with {came}."]
    if done.withdrawn:
        withdrawn = counted(done.withdrawn, "story was", "stories were")
        sentences.append(f"{withdrawn} withdrawn since the export and did not come back.")
    if not done.keys:
        sentences.append("It has new keys: receipt codes from before open nothing here.")
    sentences.append(f"It is not encrypted, even if the one it came from was: {par} encrypt")
    if done.build is None:
        sentences.append(f"No findings are live. Make them: {par} publish")
    sentences += [
        f'1. Give each person a new link:  {par} people add "NAME" --role ROLE',
        f"2. Pair tablets anew:  {par} devices add NAME",
        f"3. Serve it:  {par} serve",
    ]
    return sentences
