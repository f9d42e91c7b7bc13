"""`par rollback`: an earlier findings build goes live again."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import publishing
from par_toolkit.commands.terminal import answer, ask, example, json_option, pass_folder, yes_option


@click.command(epilog=example("par rollback", "par rollback 11"))
@click.argument("build", type=click.IntRange(min=1), required=False)
@yes_option
@json_option
@pass_folder
def command(folder: Path, build: int | None, yes: bool, as_json: bool) -> None:
    """Go back to an earlier findings build: the one before, or the one with this number.

    Builds that hold words which were withdrawn are gone for good and cannot come back.
    """
    ask(f"Show {f'build {build}' if build else 'the build before'} instead?", yes=yes)
    live = publishing.rollback(folder, build)
    answer(as_json, {"build": live}, [f"Build {live} is live."])
