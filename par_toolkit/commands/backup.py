"""`par backup`: the whole inquiry in one file."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands.terminal import answer, counted, example, json_option, pass_folder
from par_toolkit.keeping import Backup, back_up


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

    People can go on telling meanwhile. Where the inquiry has keepers, the file is sealed to their
    keys: see par keepers. Else whoever has it can read every story: keep it as safe as the inquiry.
    It is opened once before it counts. Findings are left out, as they can be published again. The
    list of what was withdrawn is a small file beside it; keep it elsewhere too, it holds no words.
    Backups beside it that are older than [retention] in inquiry.toml says (35 days, if nothing
    else) are deleted, but never the newest.
    """
    made = back_up(folder, to=to)
    answer(
        as_json,
        {
            "file": str(made.path),
            "bytes": made.size,
            "sealed_to": list(made.keepers),
            "deleted": [str(path) for path in made.pruned],
        },
        _sentences(made),
    )


def _sentences(made: Backup) -> list[str]:
    sentences = [f"{made.path} holds the whole inquiry ({made.size / 1e6:,.1f} MB)."]
    if made.keepers:
        sentences.append(
            f"It is sealed. The key of any one of these opens it: {', '.join(made.keepers)}."
        )
    else:
        sentences.append(
            "It is not sealed: whoever has the file can read it. Keep it safe, or name two keepers "
            "first: par keepers add NAME --role steward --out FILE"
        )
    if made.pruned:
        old = counted(len(made.pruned), "backup", "backups")
        sentences.append(f"Deleted beside it because their time was over: {old}.")
    return sentences
