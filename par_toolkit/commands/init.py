"""`par init`: a new inquiry."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry, sealing
from par_toolkit.commands.terminal import answer, example, json_option, pass_folder
from par_toolkit.storage.database import open_database
from par_toolkit.wording import remember_wording


@click.command(
    epilog=example('par --inquiry southall init --name "Care in Southall" --locality Southall')
)
@click.option("--name", required=True, help="What people call the inquiry.")
@click.option("--locality", required=True, help="The place it is about.")
@click.option("--population", type=click.IntRange(min=1), help="How many people live there.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language people tell in, such as en; give one --language for each. Default: en, fr.",
)
@json_option
@pass_folder
def command(
    folder: Path,
    name: str,
    locality: str,
    population: int | None,
    languages: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a new inquiry in FOLDER, ready to use.

    It begins with words of consent, help contacts and limits of confidentiality that you then make
    your own in inquiry.toml.
    """
    made = inquiry.create(
        folder,
        name=name,
        locality=locality,
        population=population,
        languages=languages or ("en", "fr"),
    )
    with open_database(made.folder, create=True) as db:
        remember_wording(db, made)
    sealing.make_keys(made.folder)
    par = f"par --inquiry {folder}"
    answer(
        as_json,
        {"folder": str(folder), "name": made.name, "languages": list(made.languages)},
        [
            f"The inquiry '{made.name}' is in {folder}.",
            f"1. Read {folder / 'inquiry.toml'} and make its words your own.",
            f'2. Add two people who will read:  {par} people add "NAME" --role facilitator',
            f"3. Serve it:  {par} serve",
        ],
    )
