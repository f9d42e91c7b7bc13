"""`par backup`: the whole inquiry in one file."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands.terminal import answer, example, json_option, pass_folder
from par_toolkit.keeping import back_up


@click.command(epilog=example("par backup --to /media/usb"))
@click.option(
    "--to",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the file goes. Default: backups/ in the inquiry.",
)
@json_option
@pass_folder
def command(folder: Path, to: Path | None, as_json: bool) -> None:
    """Write a backup of the whole inquiry into one file.

    People can go on telling meanwhile. The file holds every story and the keys: keep it as safe as
    the inquiry. Findings are left out, as they can be published again. The list of what was
    withdrawn is a small file beside it; keep it elsewhere too, it holds no words.
    """
    made = back_up(folder, to=to)
    answer(
        as_json,
        {"file": str(made.path), "bytes": made.size},
        [f"{made.path} holds the whole inquiry ({made.size / 1e6:,.1f} MB). Keep it safe."],
    )
