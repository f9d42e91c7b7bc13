"""`par publish`: a new findings build."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit import publishing
from par_toolkit.checking_findings import sentence
from par_toolkit.commands import foretelling
from par_toolkit.commands.terminal import Bars, answer, example, json_option, pass_folder
from par_toolkit.storage import approving
from par_toolkit.storage.database import open_database

STEPS = {
    "select": "Selecting stories",
    "suppress": "Hiding small numbers",
    "quote": "Quoting",
    "build": "Writing the build",
    "verify": "Checking the build",
    "swap": "Putting it in its place",
}


@click.command(epilog=example("par publish", "par publish --preview", "par publish --waiting"))
@click.option("--waiting", is_flag=True, help="Say what waits for a yes, and make nothing.")
@click.option("--preview", is_flag=True, help="Say what would be published, and make nothing.")
@json_option
@pass_folder
def command(folder: Path, waiting: bool, preview: bool, as_json: bool) -> None:
    """Make a new findings build and let it go live.

    It holds what two people released, under themes that people endorsed, and figures in which small
    numbers are hidden. A build that fails its checks is refused, and the old one stays. A server
    that runs shows the new build without a break. Where the inquiry asks stewards for their yes,
    the new build waits until they have read it at the desk.
    """
    if waiting:
        _say_what_waits(folder, as_json)
        return
    if preview:
        foretold = publishing.preview(folder)
        answer(as_json, foretelling.as_json(foretold), foretelling.sentences(foretold))
        return
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
            "waits": made.waits,
        },
        [made.sentence],
    )


def _say_what_waits(folder: Path, as_json: bool) -> None:
    needed = inquiries.load(folder).sharing.approvals
    with open_database(folder) as db:
        waits = approving.waiting(db)
    found = waits and {"build": waits.build, "yes": list(waits.yes), "needed": max(1, needed)}
    answer(as_json, found, [sentence(waits, needed) if waits else "Nothing waits for a yes."])
