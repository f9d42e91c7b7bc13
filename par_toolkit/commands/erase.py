"""`par erase`: finish erasing."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands.erasing import finish
from par_toolkit.commands.terminal import answer, ask, example, json_option, pass_folder, yes_option


@click.command(epilog=example("par erase"))
@yes_option
@json_option
@pass_folder
def command(folder: Path, yes: bool, as_json: bool) -> None:
    """Finish erasing what was withdrawn, down to the last byte.

    A server does this by itself within a minute; this is for when none runs, or when another
    program was in the way.
    """
    ask("Erase for good what was withdrawn?", yes=yes)
    erased = finish(folder)
    answer(as_json, {"done": erased.done, "waiting": erased.waiting}, [erased.sentence])
    if not erased.done:
        raise click.ClickException("Something still waits to be erased.")
