"""`par report`: the case report of a cycle, as a page or a document."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit import reporting
from par_toolkit.commands.terminal import answer, ask, example, json_option, pass_folder, yes_option
from par_toolkit.storage.database import open_database


def _writable(context: click.Context, parameter: click.Parameter, path: Path) -> Path:
    """Refuse a file of which the ending does not say what to write."""
    if path.suffix.lower().removeprefix(".") not in reporting.KINDS:
        raise click.BadParameter("name a file that ends in .html or .docx.")
    return path


@click.command(
    epilog=example("par report", "par report --group carers --language fr --out carers.docx")
)
@click.option(
    "--out",
    default="report.html",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_writable,
    metavar="FILE",
    help="The file to write: .html, a page, or .docx, a document.",
)
@click.option("--group", metavar="CODE", help="In short, what concerns this group.")
@click.option("--cycle", metavar="CODE", help="Which cycle. Default: the one that runs, or ran.")
@click.option("--language", type=click.Choice(reporting.LANGUAGES), default="en")
@yes_option
@json_option
@pass_folder
def command(
    folder: Path,
    out: Path,
    group: str | None,
    cycle: str | None,
    language: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Write the case report: what is resolved, and what is not.

    Where people do not agree, their views stand side by side. It holds only words that two people
    have released, and quotes that their tellers allow today. It is not made while something
    unresolved would be left out of it.
    """
    here = inquiries.load(folder)
    if out.exists():
        ask(f"{out} is there already. Replace it?", yes=yes)
    kind: reporting.Kind = "docx" if out.suffix.lower() == ".docx" else "html"
    with open_database(folder) as db:
        content = reporting.write(db, here, kind=kind, cycle=cycle, group=group, language=language)
    out.write_bytes(content)
    answer(as_json, {"file": str(out)}, [f"{out} is written. It holds released words only."])
