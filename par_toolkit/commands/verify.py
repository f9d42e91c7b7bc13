"""`par verify`: are the findings sound, the trail whole, and all stories accounted for?"""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import publishing
from par_toolkit.commands.terminal import answer, example, json_option, pass_folder
from par_toolkit.publishing.build import file_of, read_rows
from par_toolkit.storage import accounting, audit
from par_toolkit.storage.database import open_database

Part = dict[str, object]


@click.command(epilog=example("par verify", "par verify build-000012.db"))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@pass_folder
def command(folder: Path, file: Path | None, as_json: bool) -> None:
    """Check the live findings, the audit trail and that no story is lost.

    With FILE it checks that findings build alone, and needs no inquiry: its tables and nothing
    beside them, no free pages, that each row is the one that was sealed, the figures and the trail.
    """
    parts = _build(file) if file else [*_live(folder), *_private(folder)]
    wrong = [str(part["sentence"]) for part in parts if not part["sound"]]
    answer(
        as_json,
        {"sound": not wrong, "parts": parts},
        [f"{'ok  ' if part['sound'] else 'NOT '} {part['sentence']}" for part in parts],
    )
    if wrong:
        raise click.ClickException(" ".join(wrong))


def _build(path: Path) -> list[Part]:
    verdict = publishing.verify_build(path)
    sentence = " ".join(verdict.sentences)
    parts: list[Part] = [{"part": "findings", "sound": verdict.sound, "sentence": sentence}]
    if verdict.fingerprint and verdict.last_step:
        number, last = verdict.last_step
        told = (
            "All that it says was sealed before it was published, and nothing was changed or added "
            "since. Compare with somebody else's copy of this build. "
            f"Its fingerprint: {verdict.fingerprint} · The seal of step {number}, its last: {last}"
        )
        parts.append(
            {
                "part": "fingerprint",
                "sound": True,
                "sentence": told,
                "fingerprint": verdict.fingerprint,
                "last_step": number,
                "last_seal": last,
            }
        )
    return parts


def _live(folder: Path) -> list[Part]:
    live = publishing.live_build(folder)
    if live is not None:
        path = file_of(folder, live)
        parts = _build(path)
        return [*parts, *_same_trail(folder, path)] if parts[0]["sound"] else parts
    pointer = folder / "findings" / "current"
    if pointer.exists() or pointer.is_symlink():
        sentence = f"{pointer} names no build that is there. Publish again: par publish"
        return [{"part": "findings", "sound": False, "sentence": sentence}]
    return [{"part": "findings", "sound": True, "sentence": "Nothing is published yet."}]


def _same_trail(folder: Path, path: Path) -> list[Part]:
    """Compare the trail of the live build with ours: who cuts rows off the end is found so."""
    with open_database(folder) as db:
        ours = audit.public_rows(db)
    published = read_rows(path, "audit")
    same = published == ours[: len(published)]
    told = (
        "The trail of the live build is the beginning of ours."
        if same
        else "The trail of the live build is not the beginning of ours: rows were cut off or "
        "changed, or an older backup was put back. If a backup was, publish again: par publish"
    )
    return [{"part": "same_trail", "sound": same, "sentence": told}]


def _private(folder: Path) -> list[Part]:
    with open_database(folder) as db:
        trail = audit.verify(db)
        account = accounting.account(db)
    places = ", ".join(f"{place.replace('_', ' ')} {n:,}" for place, n in account.places.items())
    told = f"{account.came_in:,} stories came in: {places}."
    if not account.balanced:
        told = f"Stories do not add up. {told} Restore the last good backup, and tell the makers."
    return [
        {"part": "audit", "sound": trail.whole, "sentence": trail.sentence},
        {"part": "stories", "sound": account.balanced, "sentence": told},
    ]
