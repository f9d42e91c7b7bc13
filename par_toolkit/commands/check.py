"""`par check`: what would go wrong, and what to do."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.checking import check
from par_toolkit.commands.terminal import answer, example, json_option, pass_folder

MARKS = {"ok": "ok   ", "note": "note ", "mend": "MEND "}


@click.command(epilog=example("par check", "par check --json"))
@json_option
@pass_folder
def command(folder: Path, as_json: bool) -> None:
    """Say what would go wrong, and what to do.

    It looks at the settings, the forms, the disk, the clock, who may read the keys, HTTPS, the
    people, backups, the findings, and what waits to be erased. Exit code 1 if something must be
    mended.
    """
    found = check(folder)
    mend = [f"{one.name}: {one.sentence}" for one in found if one.state == "mend"]
    answer(
        as_json,
        {
            "ok": not mend,
            "checks": [
                {"check": one.name, "state": one.state, "sentence": one.sentence} for one in found
            ],
        },
        [f"{MARKS[one.state]} {one.name}: {one.sentence}" for one in found],
    )
    if mend:
        raise click.ClickException(" ".join(mend))
