"""`par unlock`: open the sealed stories that came while the opening key was away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from par_toolkit import inquiry as inquiries
from par_toolkit import sealing
from par_toolkit.commands.terminal import (
    Bars,
    answer,
    counted,
    example,
    json_option,
    pass_folder,
)
from par_toolkit.storage import audit, inbox
from par_toolkit.storage.database import open_database
from par_toolkit.web import intake
from par_toolkit.wording import remember_wording

SHOWN = 20


@click.command(epilog=example("par unlock", "par unlock --key /media/stick/sealing.key"))
@click.option(
    "--key", metavar="FILE", type=click.Path(path_type=Path), help="The opening key, on a stick."
)
@click.option("--keep", is_flag=True, help="Also put the key back, so that the inquiry is open.")
@json_option
@pass_folder
def command(folder: Path, key: Path | None, keep: bool, as_json: bool) -> None:
    """Open the sealed stories that came while the opening key was away, or nobody gave the
    passphrase.

    Each story is kept for good before it leaves the inbox, so it may be stopped and run again at
    any time. What cannot be kept stays in the inbox, and the reason is told.
    """
    here = inquiries.load(folder)
    secret = sealing.read_key(key) if key else None
    if secret:
        sealing.check_key(folder, secret)
    elif keep:
        raise click.UsageError("--keep puts the key back that is given with --key FILE.")
    opened = intake.Opened()
    with open_database(folder) as db:
        remember_wording(db, here)
        if secret and keep and sealing.put_back(folder, secret):
            audit.record(db, "unlock")
        try:
            with Bars() as bars:
                intake.open_inbox(
                    db,
                    here,
                    key=secret,
                    into=opened,
                    progress=lambda done, total: bars("Opening sealed stories", done, total),
                )
        except KeyboardInterrupt:
            tell(opened, inbox.waits(db), locked=sealing.locked(folder), as_json=as_json)
            raise click.ClickException(
                "Stopped. What was opened is kept, and the rest waits in the inbox. Run the same "
                "command again to go on."
            ) from None
        left = inbox.waits(db)
    tell(opened, left, locked=sealing.locked(folder), as_json=as_json)


def tell(opened: intake.Opened, left: inbox.Waits, *, locked: bool, as_json: bool) -> None:
    """Say what became of the stories that came sealed."""
    answer(
        as_json,
        as_values(opened) | {"left": left.stories, "locked": locked},
        [*sentences(opened), *_left(left, locked)],
    )


def as_values(opened: intake.Opened) -> dict[str, Any]:
    """Return what became of sealed stories, for programs."""
    counts = {outcome: opened.outcomes[outcome] for outcome in intake.OUTCOMES}
    reasons = [{"uuid": one.uuid, "reason": one.reason} for one in opened.refusals]
    return counts | {"waiting": opened.waiting, "refusals": reasons}


def sentences(opened: intake.Opened) -> list[str]:
    """Say what became of sealed stories, for people."""
    count = opened.outcomes
    told = [f"{counted(count['stored'], 'story', 'stories')} came in."]
    if count["same"]:
        told.append(f"{count['same']:,} had arrived before and are kept once.")
    if count["sibling"]:
        told.append(
            f"{count['sibling']:,} had arrived before with other words. Both are kept for a person "
            "to look at."
        )
    if count["withdrawn"]:
        told.append(f"{count['withdrawn']:,} were withdrawn. Nothing of them is kept.")
    if opened.waiting:
        told.append(
            f"{counted(opened.waiting, 'story waits', 'stories wait')} sealed, as the inquiry is "
            "locked. Open them with: par unlock --key FILE"
        )
    if opened.refusals:
        told.append(f"{counted(len(opened.refusals), 'story was', 'stories were')} not taken:")
        told += _reasons(opened.refusals)
    return told


def _reasons(refusals: Sequence[intake.Refusal]) -> list[str]:
    more = len(refusals) - SHOWN
    told = [f"  {one.uuid}: {one.reason}" for one in refusals[:SHOWN]]
    return [*told, f"  … and {more:,} more; see all with --json"] if more > 0 else told


def _left(left: inbox.Waits, locked: bool) -> list[str]:
    told = []
    if left.stories:
        told.append(
            f"{counted(left.stories, 'story is', 'stories are')} still in the inbox. Nothing of "
            "them is lost."
        )
    if locked:
        told.append(
            "The inquiry is still locked. To put the key back: par unlock --key FILE --keep"
        )
    return told
