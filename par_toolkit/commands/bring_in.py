"""`par import`: stories from a CSV file, or from a tablet that could not send them."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import click

import forms
from par_toolkit import inquiry as inquiries
from par_toolkit.commands.terminal import (
    Bars,
    answer,
    counted,
    example,
    json_option,
    pass_folder,
    say,
)
from par_toolkit.importing import NotTaken, Plan, Summary, bring_in, is_export, open_sheet
from par_toolkit.inquiry import USES, Inquiry
from par_toolkit.inquiry.model import LANGUAGE_CODE
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.wording import remember_wording

SHOWN = 20


class Mapped(click.ParamType[tuple[str, str]]):
    """QUESTION=COLUMN."""

    name = "map"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return (question, column)."""
        question, equals, column = value.partition("=")
        if not equals or not question.strip() or not column.strip():
            self.fail("write it as QUESTION=COLUMN, such as telling=text.", param, ctx)
        return question.strip(), column.strip()


class Uses(click.ParamType[dict[str, bool]]):
    """What the tellers agreed to."""

    name = "uses"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, bool]:
        """Return whether each use is agreed to."""
        said = {part.strip().lower() for part in value.split(",") if part.strip()}
        if not said or said - {*USES, "none"} or ("none" in said and len(said) > 1):
            self.fail(
                f"write some of {', '.join(USES)} with commas between them, or none.", param, ctx
            )
        return {use: use in said for use in USES}


@click.command(
    "import",
    epilog=example(
        "par import answers.csv --form story --map telling=comment --map group=role"
        " --consent analyse,quote",
        "par import par-waiting.json",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--form", default="story", show_default=True, help="The form that the rows answer.")
@click.option(
    "--map",
    "columns",
    type=Mapped(),
    multiple=True,
    metavar="QUESTION=COLUMN",
    help="Which column answers which question; also language=COLUMN and cycle=COLUMN.",
)
@click.option(
    "--consent",
    type=Uses(),
    metavar="USES",
    help="What the tellers agreed to: analyse, quote, publish, contact, or none. A CSV file needs "
    "it; what comes from a tablet says it of each story.",
)
@click.option("--language", metavar="CODE", help="Of rows that do not say theirs.")
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every row that was not taken, with the reason, to a CSV file.",
)
@json_option
@pass_folder
def command(
    folder: Path,
    file: Path,
    form: str,
    columns: tuple[tuple[str, str], ...],
    consent: dict[str, bool] | None,
    language: str | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Bring in stories from a CSV file, or what a tablet saved to a file.

    A tablet's file needs no options. Of a CSV file only the column of the form's first question
    must be named. Bringing in the same file again adds nothing; equal rows of one file are all
    kept. Each row that cannot be taken is told with its line and the reason.
    """
    here = inquiries.load(folder)
    if is_export(file):
        from par_toolkit.commands import handed_over  # slow, and most files are CSV

        handed_over.command(here, file, as_json=as_json)
        return
    if consent is None:
        raise click.UsageError("Say what the tellers agreed to, such as --consent analyse,quote.")
    plan = Plan(
        form=forms.load(form, folders=[here.forms_folder]),
        columns=_by_question(columns),
        consent=consent,
        language=_language(language) or here.languages[0],
    )
    summary = Summary()
    with open_database(folder) as db:
        remember_wording(db, here)
        try:
            _bring_in(db, here, file, plan, summary)
        except KeyboardInterrupt:
            _tell(summary, report, as_json=as_json)
            raise click.ClickException(
                f"Stopped. {counted(summary.came_in, 'story is', 'stories are')} kept. Run the "
                "same command again to go on: nothing comes in twice."
            ) from None
    _tell(summary, report, as_json=as_json)
    if not summary.did_something:
        raise click.ClickException(f"No row of {file.name} could be taken.")


def _bring_in(db: PrivateDatabase, here: Inquiry, file: Path, plan: Plan, summary: Summary) -> None:
    with open_sheet(file) as sheet, Bars() as bars:
        bring_in(
            db,
            here,
            sheet,
            plan,
            into=summary,
            progress=lambda done, total: bars(f"Reading {file.name[:40]}", done, total),
        )


def _by_question(columns: Sequence[tuple[str, str]]) -> dict[str, str]:
    for question, _ in columns:
        if sum(question == other for other, _ in columns) > 1:
            raise click.UsageError(f"--map {question}=… is given twice. Keep one of them.")
    return dict(columns)


def _language(said: str | None) -> str | None:
    if said is not None and not LANGUAGE_CODE.fullmatch(said):
        raise click.UsageError(f"--language {said}: write a language code, such as en or fr.")
    return said


def _tell(summary: Summary, report: Path | None, *, as_json: bool) -> None:
    if report:
        _write_report(report, summary.not_taken)
    left_out = [f"  line {one.line}: {one.reason}" for one in summary.not_taken[:SHOWN]]
    more = len(summary.not_taken) - SHOWN
    if more > 0:
        left_out.append(f"  … and {more:,} more; see all with --json or --report FILE.csv")
    answer(as_json, summary.as_json(), [*_sentences(summary), *left_out])
    if report:
        say(f"Every row that was not taken is in {report}.")


def _sentences(summary: Summary) -> list[str]:
    sentences = [f"{counted(summary.came_in, 'story', 'stories')} came in."]
    if summary.already_here:
        sentences.append(f"{summary.already_here:,} were here already, from an earlier import.")
    if summary.withdrawn:
        sentences.append(f"{summary.withdrawn:,} were withdrawn before and stay away.")
    if summary.unknown_groups:
        groups = ", ".join(
            f"{name[:60]} ({n:,})" for name, n in summary.unknown_groups.most_common(SHOWN)
        )
        sentences.append(
            f"Groups that inquiry.toml does not name, kept as they are: {groups}. "
            "Add them there to see them in figures."
        )
    if summary.not_taken:
        sentences.append(f"{counted(len(summary.not_taken), 'row was', 'rows were')} not taken:")
    return sentences


def _write_report(path: Path, not_taken: Sequence[NotTaken]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason"])
        writer.writerows([one.line, no_formula(one.reason)] for one in not_taken)


def no_formula(cell: str) -> str:
    """Return `cell` so that no spreadsheet program takes it for a formula."""
    first = unicodedata.normalize("NFKC", cell).lstrip()[:1]
    return f"'{cell}" if first in tuple("=+-@") or cell[:1] in tuple("\t\r\n\0") else cell
