"""`par retention`: how long things are kept, and what is past its time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit.checking_keeping import sentence
from par_toolkit.commands.erasing import finish
from par_toolkit.commands.terminal import (
    answer,
    ask,
    example,
    json_option,
    pass_folder,
    yes_option,
)
from par_toolkit.keeping import periods
from par_toolkit.storage import clock_seen, retention
from par_toolkit.storage.database import open_database


@click.command(epilog=example("par retention", "par retention --erase"))
@click.option("--preview", is_flag=True, help="Only show; this is what happens without options.")
@click.option("--erase", is_flag=True, help="Erase now what is past its time and was said ahead.")
@click.option("--clock-is-right", is_flag=True, help="Say that this machine's clock is right.")
@yes_option
@json_option
@pass_folder
def command(
    folder: Path, preview: bool, erase: bool, clock_is_right: bool, yes: bool, as_json: bool
) -> None:
    """Show how long things are kept, and what is past its time.

    The times stand in inquiry.toml, under [retention]. A running server keeps to them once a day.
    Stories are erased only after the desk has said so for a month. Change the times, or take a
    copy first (par export), if you want to keep them.
    """
    if preview and (erase or clock_is_right):
        raise click.UsageError("--preview changes nothing: give it alone.")
    at = datetime.now(UTC)
    if clock_is_right:
        ask(f"Is it {at:%d %B %Y, %H:%M} in UTC?", yes=yes)
        with open_database(folder) as db:
            clock_seen.trust(db, at)
    done: list[str] = []
    if erase:
        ask("Erase for good what is past its time?", yes=yes)
        kept = periods.keep(folder, at=at)
        if kept.doubt:
            raise click.ClickException(kept.doubt.sentence)
        done = kept.sentences or ["Nothing may be erased for its age today."]
        if any(kept.erased.values()):
            done.append(finish(folder).sentence)
    _show(folder, at, done, as_json)


def _show(folder: Path, at: datetime, done: list[str], as_json: bool) -> None:
    here = inquiries.load(folder)
    with open_database(folder) as db:
        found = retention.due(db, here.retention, at)
        unsure = clock_seen.doubt(db, at)
    answer(
        as_json,
        {
            "clock_believed": unsure is None,
            "done": done,
            "kinds": [
                {
                    "kind": one.kind,
                    "kept_for": str(one.period) if one.period else "always",
                    "kept": one.kept,
                    "past": one.past,
                    "soon": one.soon,
                    "erased_from": one.begins.isoformat() if one.begins else None,
                }
                for one in found
            ],
        },
        [*done, *([unsure.sentence] if unsure else []), *map(sentence, found)],
    )
