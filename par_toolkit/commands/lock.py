"""`par lock`: take the opening key out of the folder."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit import sealing
from par_toolkit.commands.terminal import (
    answer,
    ask,
    example,
    json_option,
    pass_folder,
    yes_option,
)
from par_toolkit.storage import audit
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import Refused


@click.command(epilog=example("par lock --to /media/stick/sealing.key"))
@click.option(
    "--to",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where the key goes: a new file, or a folder, on a stick that you keep apart.",
)
@yes_option
@json_option
@pass_folder
def command(folder: Path, to: Path, yes: bool, as_json: bool) -> None:
    """Take the opening key out of the folder, onto a stick.

    From then on sealed stories are taken and kept, and can be read by nobody until the key is
    back: par unlock. Whoever loses the key loses those stories, so keep two copies.
    """
    here = inquiries.load(folder)
    sealing.make_keys(folder)
    target = _target(here.folder, to)
    ask(
        f"Move the opening key to {target}? Without it nobody can open sealed stories that arrive.",
        yes=yes,
    )
    with open_database(folder) as db:
        sealing.put_away(here.folder, target)
        audit.record(db, "lock")
    answer(
        as_json,
        {"locked": True, "key": str(target), "recipient": sealing.recipient(folder)},
        [
            f"The opening key is in {target}, and here no more. Make a second copy of it now.",
            "Sealed stories that arrive from now on wait in the inbox. Open them with:",
            f"  par unlock --key {target}",
            *_in_backups(here),
        ],
    )


def _target(folder: Path, to: Path) -> Path:
    """Return the file to write; Refused where it would stay with what it locks, or is there."""
    target = to / sealing.PRIVATE if to.is_dir() else to
    if target.resolve().is_relative_to(folder.resolve()):
        raise Refused(
            "inside", "The key must leave this folder. Name a file on a stick that you keep apart."
        )
    if target.exists():
        raise Refused("there", f"{target} is there already. Choose another name for the key.")
    return target


def _in_backups(here: inquiries.Inquiry) -> list[str]:
    if not any(here.backups.glob("*.par*")):
        return []
    return [f"Backups that were made before hold the key too. Take them away from {here.backups}."]
