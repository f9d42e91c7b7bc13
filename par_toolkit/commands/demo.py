"""`par demo`: an example to look at and to try."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from par_toolkit.commands import serve
from par_toolkit.commands.terminal import Bars, answer, example, json_option, say
from par_toolkit.demo import content, fill
from par_toolkit.storage.database import open_database
from par_toolkit.storage.receipts import grouped
from par_toolkit.storage.sensemaking import circles

FOLDER = Path("demo")


@click.command(epilog=example("par demo", "par demo --folder /tmp/example --port 8080"))
@click.option(
    "--folder",
    metavar="F",
    type=click.Path(path_type=Path),
    help="Where to make it. Default: demo/ in the current folder.",
)
@click.option("--host", default=serve.HOST, show_default=True, help="The address to listen on.")
@click.option("--port", default=serve.PORT, show_default=True, type=click.IntRange(0, 65535))
@click.option("--no-serve", is_flag=True, help="Only make it.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path | None,
    host: str,
    port: int,
    no_serve: bool,
    as_json: bool,
) -> None:
    """Make an example inquiry with made-up stories, and serve it.

    One that was made before is used again, with all that was done in it since. Delete the folder to
    begin anew. Ctrl+C stops it.
    """
    folder = folder or _given(ctx) or FOLDER
    say(f"The example is in {folder.absolute()} and everything in it is made up.")
    with Bars() as bars:
        here = fill.make(folder, progress=bars)
    told = content.load()
    code = fill.receipt_of(here.folder, fill.story_to_try(told).key)
    tables = _open_tables(here.folder)
    answer(
        as_json,
        {
            "folder": str(folder),
            "people": [{"name": one.name, "role": one.role} for one in told.people],
            "password": told.password,
            "receipt": code,
            "tables": tables,
        },
        [
            "Sign in at /desk with one of these names:",
            *(f"  {one.name} ({one.role})" for one in told.people),
            f"The password of all of them: {told.password}",
            f"Open a story of this example at /mine with its receipt code: {grouped(code)}",
            *(
                f"Take a seat in a circle at /circles with its table code: {table[:3]} {table[3:]}"
                for table in tables
            ),
        ],
    )
    if not no_serve:
        serve.prepare(here.folder)
        serve.run(here.folder, host=host, port=port)


def _open_tables(folder: Path) -> list[str]:
    """Return the table codes of the circles that still take people."""
    with open_database(folder) as db:
        return [one.table_code for one in circles.listing(db) if circles.is_open(db, one)]


def _given(ctx: click.Context) -> Path | None:
    """Return the folder given with --inquiry or PAR_INQUIRY, if one was."""
    main = ctx.find_root()
    if main.get_parameter_source("folder") is ParameterSource.DEFAULT:
        return None
    return Path(main.obj)
