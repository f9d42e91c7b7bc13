"""`par drill`: prove that a restore works, without touching the inquiry."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.commands.passphrases import keepers_key, key_options
from par_toolkit.commands.terminal import answer, counted, example, json_option, pass_folder
from par_toolkit.keeping import Drill, drill


@click.command(
    epilog=example(
        "par drill",
        "par drill /media/usb/southall-20270131-180000.par.age --identity /media/stick/my-key.age",
    )
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@key_options
@json_option
@pass_folder
def command(
    folder: Path,
    file: Path | None,
    identity: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Try out a restore of the newest backup, without touching anything.

    Or of FILE. It is restored into a private folder, looked over, compared with the inquiry as it
    is today, and deleted. Nothing else changes. Do this before you need it, with the key of each
    keeper once.
    """
    key = keepers_key(identity, key_passphrase_file)
    done = drill(folder, backup=file, key=key)
    answer(
        as_json,
        {
            "ok": not done.faults,
            "file": str(done.path),
            "hours": round(done.hours, 2),
            "seconds": round(done.seconds, 2),
            "stories": done.stories,
            "lost": done.lost,
            "withdrawn": done.withdrawn,
            "faults": list(done.faults),
        },
        _sentences(done),
    )
    if done.faults:
        raise click.ClickException(
            f"{' '.join(done.faults)} Do not rely on {done.path}. Make a new backup and try that."
        )


def _sentences(done: Drill) -> list[str]:
    came = counted(done.stories, "story", "stories")
    sentences = [
        f"{done.path} was restored in {done.seconds:,.1f} seconds, looked over, and deleted again.",
        f"It is {_age(done.hours)} old. {came} came back.",
    ]
    if done.lost:
        lost = counted(done.lost, "story that is", "stories that are")
        sentences.append(f"{lost} here today would be lost. Make a new backup: par backup")
    else:
        sentences.append("No story that is here today would be lost.")
    if done.withdrawn:
        gone = counted(done.withdrawn, "story was", "stories were")
        sentences.append(f"{gone} withdrawn since it was made and did not come back.")
    return sentences


def _age(hours: float) -> str:
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return counted(round(hours), "hour", "hours")
    return counted(round(hours / 24), "day", "days")
