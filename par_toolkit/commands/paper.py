"""`par paper`: a form to print."""

from __future__ import annotations

import base64
from pathlib import Path

import click

import forms
from par_toolkit import inquiry as inquiries
from par_toolkit import paper
from par_toolkit.commands.terminal import answer, ask, example, json_option, pass_folder, yes_option


@click.command(epilog=example("par paper story --language fr --out story.html"))
@click.argument("form")
@click.option("--language", metavar="CODE", help="Default: the inquiry's first language.")
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page to write; open it in a browser and print it.",
)
@yes_option
@json_option
@pass_folder
def command(
    folder: Path, form: str, language: str | None, out: Path, yes: bool, as_json: bool
) -> None:
    """Print a form on paper: write it as a page for a browser.

    It prints on A4 and on Letter. Each teller writes the receipt code of a slip of their own on it.
    """
    here = inquiries.load(folder)
    style = base64.b64encode(forms.paper.stylesheet().encode()).decode()
    page = paper.page(
        here,
        forms.load(form, folders=[here.forms_folder]),
        language or here.languages[0],
        stylesheet=f"data:text/css;base64,{style}",  # one file that needs nothing beside it
    )
    if out.exists():
        ask(f"{out} is there already. Replace it?", yes=yes)
    out.write_text(page, encoding="utf-8")
    answer(as_json, {"file": str(out)}, [f"{out} is written. Open it in a browser and print it."])
