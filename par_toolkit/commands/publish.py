"""`par publish`: a new findings build."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import publishing
from par_toolkit.commands.terminal import Bars, answer, example, json_option, pass_folder

STEPS = {
    "select": "Selecting stories",
    "suppress": "Hiding small numbers",
    "quote": "Quoting",
    "build": "Writing the build",
    "verify": "Checking the build",
    "swap": "Going live",
}


@click.command(epilog=example("par publish"))
@json_option
@pass_folder
def command(folder: Path, as_json: bool) -> None:
    """Make a new findings build and let it go live.

    It holds what two people released, under themes that people endorsed, and figures in which small
    numbers are hidden. A build that fails its checks is refused, and the old one stays. A server
    that runs shows the new build without a break.
    """
    with Bars(STEPS.__getitem__) as bars:
        made = publishing.publish(folder, progress=bars)
    answer(
        as_json,
        {
            "build": made.build,
            "file": str(made.path),
            "quotes": made.quotes,
            "stories": made.stories,
            "themes": made.themes,
            "texts_of_circles": made.said,
            "hidden_figures": made.hidden_cells,
        },
        [made.sentence],
    )
