"""`par erase`: finish erasing."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit.commands.erasing import finish
from par_toolkit.commands.terminal import (
    answer,
    ask,
    counted,
    example,
    json_option,
    pass_folder,
    yes_option,
)
from par_toolkit.keeping import naming
from par_toolkit.storage import tombstones
from par_toolkit.storage.database import open_database


@click.command(epilog=example("par erase"))
@yes_option
@json_option
@pass_folder
def command(folder: Path, yes: bool, as_json: bool) -> None:
    """Finish erasing what was withdrawn, down to the last byte.

    A server does this by itself within a minute; this is for when none runs, or when another
    program was in the way. It also says which backups are from before: a restore takes out of them
    what was withdrawn since.
    """
    ask("Erase for good what was withdrawn?", yes=yes)
    erased = finish(folder)
    earlier = _earlier_backups(folder)
    answer(
        as_json,
        {
            "done": erased.done,
            "waiting": erased.waiting,
            "earlier_backups": [str(path) for path in earlier],
        },
        [erased.sentence, *_about(earlier, folder)],
    )
    if not erased.done:
        raise click.ClickException("Something still waits to be erased.")


def _earlier_backups(folder: Path) -> list[Path]:
    """List the backups in the inquiry's own folder that were made before the last withdrawal."""
    here = inquiries.load(folder)
    with open_database(folder) as db:
        last = tombstones.newest(db)
    made = naming.listing(here.backups, here.folder)
    return [path for moment, path in made if last and moment <= last]


def _about(earlier: list[Path], folder: Path) -> list[str]:
    if not earlier:
        return []
    number, kept = counted(len(earlier), "backup", "backups"), inquiries.load(folder).retention
    goes = f"They are deleted when they are {kept.backups} old" if kept.backups else "They stay"
    return [
        f"{number} in {earlier[0].parent} may be from before the last withdrawal. A restore brings "
        f"nothing of it back. {goes}; to have nothing left sooner, make a new one and delete those."
    ]
