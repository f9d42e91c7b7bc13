"""`par run-report`: how a theming run was done, for a paper."""

from __future__ import annotations

from pathlib import Path

import click

from par_toolkit import inquiry as inquiries
from par_toolkit import run_reports
from par_toolkit.coding.machine import Machine
from par_toolkit.commands.terminal import answer, ask, example, json_option, pass_folder, yes_option
from par_toolkit.storage.database import open_database


def _writable(context: click.Context, parameter: click.Parameter, path: Path) -> Path:
    """Refuse a file of which the ending does not say what to write."""
    if path.suffix.lower().removeprefix(".") not in run_reports.KINDS:
        raise click.BadParameter("name a file that ends in .html or .ipynb.")
    return path


@click.command(
    epilog=example("par run-report --out run.html", "par run-report --run 2 --out run.ipynb")
)
@click.option("--run", "run_id", type=click.IntRange(1), help="Which run. Default: the newest.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_writable,
    metavar="FILE",
    help="The file to write: .html, a page, or .ipynb, a notebook.",
)
@click.option("--language", type=click.Choice(run_reports.LANGUAGES), default="en")
@yes_option
@json_option
@pass_folder
def command(
    folder: Path, run_id: int | None, out: Path, language: str, yes: bool, as_json: bool
) -> None:
    """Write down how a theming run was done, for a paper: a page or a notebook.

    It says the method in plain words, settings, versions, what was set apart, which themes stay,
    agreement with people, and the limits. It holds no words of any story.
    """
    here = inquiries.load(folder)
    if out.exists():
        ask(f"{out} is there already. Replace it?", yes=yes)
    kind: run_reports.Kind = "html" if out.suffix.lower() == ".html" else "ipynb"
    with open_database(folder) as db:
        machine = Machine(here.folder)
        machine.state(db)
        machine.wait()
        quality = machine.quality(db, curve=True)
        text = run_reports.write(
            db, here, kind=kind, language=language, run=run_id, quality=quality
        )
    out.write_text(text, encoding="utf-8")
    answer(as_json, {"file": str(out)}, [f"{out} is written. It holds no words of any story."])
