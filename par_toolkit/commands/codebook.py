"""`par codebook`: the codebook as a file, out and in."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit.coding import book
from par_toolkit.coding.book import Plan
from par_toolkit.commands.terminal import (
    answer,
    ask,
    counted,
    example,
    json_option,
    pass_folder,
    say,
    yes_option,
)
from par_toolkit.storage import audit
from par_toolkit.storage.database import open_database

SHOWN = 60
MOST_LINES = 40


@click.group("codebook", epilog=example("par codebook export --out codebook.csv"))
def command() -> None:
    """The codebook as a file: export it, import it."""


@command.command(
    epilog=example(
        "par codebook export --out codebook.csv", "par codebook export --out codebook.yaml"
    )
)
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it. The ending decides: .csv for a spreadsheet, .yaml for an editor.",
)
@yes_option
@json_option
@pass_folder
def export(folder: Path, out: Path, yes: bool, as_json: bool) -> None:
    """Write the codes in use to a file, as CSV or YAML.

    Examples are in it only where they are released and their tellers agree to be quoted today.
    """
    ending = out.suffix.lower()
    if ending not in (".csv", *book.YAML):
        raise click.UsageError(f"{out.name}: end the name with .csv or .yaml.")
    with open_database(folder) as db:
        codes, held = book.for_file(db)
        if out.exists():
            ask(f"{out} is there already. Replace it?", yes=yes)
        text = book.write(codes, yaml=ending in book.YAML)
        # Excel takes a CSV file for UTF-8 only where it begins with a mark
        encoding = "utf-8" if ending in book.YAML else "utf-8-sig"
        out.write_text(text, encoding=encoding, newline="")
        audit.record(db, "export_codebook")
    examples = sum(len(one.examples) for one in codes)
    sentences = [
        f"{counted(len(codes), 'code', 'codes')} with "
        f"{counted(examples, 'example', 'examples')} written to {out}."
    ]
    if held:
        sentences.append(
            f"{counted(held, 'example was', 'examples were')} left out: not released, or their "
            "tellers do not agree to be quoted."
        )
    answer(
        as_json,
        {"file": str(out), "codes": len(codes), "examples": examples, "examples_left_out": held},
        sentences,
    )


@command.command("import", epilog=example("par codebook import codebook.csv"))
@click.argument("file", type=click.Path(path_type=Path))
@yes_option
@json_option
@pass_folder
def bring_in(folder: Path, file: Path, yes: bool, as_json: bool) -> None:
    """Bring a codebook in from a CSV or YAML file, and say what it changes.

    A code is known by its short name, in the column `code`. Codes that the file does not have stay
    as they are. The same file again changes nothing. Before codes that are here are changed, it
    asks.
    """
    codes = book.read(file)
    with open_database(folder) as db:
        planned = book.plan(db, codes)
        if not as_json:
            lines = _differences(planned)
            for line in lines[:MOST_LINES]:
                say(line)
            if len(lines) > MOST_LINES:
                say(f"… and {len(lines) - MOST_LINES:,} more")
        if planned.changed or planned.back:
            touched = len({code for code, *_ in planned.changed} | set(planned.back))
            ask(f"Change {counted(touched, 'code that is', 'codes that are')} here?", yes=yes)
        done = book.bring_in(db, codes) if planned else planned
    answer(as_json, _as_json(done), _sentences(done))


def _differences(planned: Plan) -> list[str]:
    lines = [f"+ {code}: {planned.codes[code].name}" for code in planned.added]
    lines += [f"+ {code} is used again" for code in planned.back]
    lines += [
        f"~ {code}, {field}: {_short(before)} → {_short(after)}"
        for code, field, before, after in planned.changed
    ]
    return lines


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:SHOWN]}…”" if len(line) > SHOWN else f"“{line}”" if line else "(empty)"


def _as_json(done: Plan) -> dict[str, object]:
    return {
        "added": list(done.added),
        "used_again": list(done.back),
        "changed": [
            {"code": code, "field": field, "before": before, "after": after}
            for code, field, before, after in done.changed
        ],
        "examples_added": len(done.examples),
        "examples_not_found": done.not_found,
        "same": done.same,
        "not_in_file": list(done.stay),
        "merged_before": list(done.merged),
    }


def _sentences(done: Plan) -> list[str]:
    changed = len({code for code, *_ in done.changed} | set(done.back))
    sentences = (
        [
            f"{counted(len(done.added), 'code', 'codes')} added, {changed:,} changed, "
            f"{done.same:,} as before; {counted(len(done.examples), 'example', 'examples')} added."
        ]
        if done
        else ["Nothing to change: the codebook is as the file says."]
    )
    if done.stay:
        sentences.append(
            f"{counted(len(done.stay), 'code is', 'codes are')} not in the file and stay as they "
            f"are: {', '.join(done.stay[:10])}{' …' if len(done.stay) > 10 else ''}."
        )
    if done.merged:
        sentences.append(
            f"Passed over, as people merged them into another code: {', '.join(done.merged)}."
        )
    if done.not_found:
        sentences.append(
            f"{counted(done.not_found, 'example is', 'examples are')} in no story here and left "
            "out: an example is a place in a story, so that it goes when its teller withdraws. "
            "Write what you mean under 'when' instead."
        )
    return sentences
