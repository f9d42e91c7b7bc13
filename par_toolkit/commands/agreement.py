"""`par agreement`: how far groups agree with each statement, from a file of positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click

from analysis.agreement import Agreement, Answers, PositionError, Tally, position
from forms import clean_text
from forms.text import showable
from par_toolkit.commands.terminal import Bars, answer, counted, example, json_option, say
from par_toolkit.importing.matching import plain, short
from par_toolkit.importing.reading import Row, Sheet, open_sheet

#: The columns that a file must have, with what people call them in English and French.
COLUMNS: Final = {
    "participant": ("participant", "participante", "personne", "person"),
    "group": ("group", "groupe", "group-id"),
    "statement": ("statement", "énoncé", "affirmation", "statement-id"),
    "position": ("position", "vote", "réponse", "answer"),
}
#: Rows between two looks at how far the reading is.
STEP: Final = 5_000
SHOWN: Final = 20
#: Rows not taken whose reasons are kept: a file with more is the wrong file.
MOST_TOLD: Final = 1_000
#: Characters of a statement on the terminal; --json has it whole.
OPENING: Final = 200
#: A statement or a participant's mark of more characters than this is no such thing.
LONGEST: Final = 100_000
#: What a spreadsheet that guards itself against formulas puts an apostrophe in front of.
_GUARDED: Final = tuple("=+-@\t\r\n")


@dataclass
class Reading:
    """What became of a file: its rows that count, and those that do not, with the reason."""

    tally: Tally
    known: frozenset[str] = frozenset()
    rows: int = 0
    left_out: int = 0
    not_taken: list[tuple[int, str]] = field(default_factory=list)

    def take(self, row: Row, places: dict[str, int]) -> None:
        """Take one row of the file, or note why it cannot be."""
        fault = row.fault or self._read({name: row.cells[at] for name, at in places.items()})
        if not fault:
            self.rows += 1
            return
        self.left_out += 1
        if len(self.not_taken) < MOST_TOLD:
            self.not_taken.append((row.line, fault))

    def _read(self, cells: dict[str, str | None]) -> str:
        said = {name: _bare(cell or "") for name, cell in cells.items()}
        missing = [name for name in ("participant", "statement") if not said[name]]
        if missing:
            return f"has no {' and no '.join(missing)}"
        if any(len(text) > LONGEST for text in said.values()):
            return f"has a cell of more than {LONGEST:,} characters"
        if self.known and plain(said["group"]) not in self.known:
            return f"'{short(said['group'])}' is none of the groups that were named"
        try:
            held = position(said["position"])
        except PositionError as error:
            return f"'{short(said['position'])}' {error}"
        self.tally.add(said["participant"], said["group"], said["statement"], held)
        return ""


@click.command(
    epilog=example(
        "par agreement positions.csv",
        "par agreement positions.csv --group residents --group carers --json",
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="GROUP",
    help="A group that was declared. With it every group must be named: one without a row counts "
    "as not asked, and rows of any other are left out and told.",
)
@json_option
def command(file: Path, groups: tuple[str, ...], as_json: bool) -> None:
    """How far groups agree, from a CSV file of positions.

    The file needs the columns participant, group, statement and position: agree, disagree or
    unsure, also in French, or 1, -1 and 0 as Polis writes them. An empty position lists somebody
    who was asked and did not answer. The last answer of a participant to a statement holds. No
    inquiry is needed.

    The minimum is the lowest (A+1)/(S+2) of any group, with A people agreeing of S who answered:
    the headline. The order is the geometric mean of (A+0.5)/(S+1) over the groups; statements are
    sorted by it. The legacy score, the product of (A+1)/(S+2), is there only to compare with
    published deliberations.
    """
    reading = Reading(Tally(groups), frozenset(map(plain, groups)))
    with open_sheet(file) as sheet, Bars() as bars:
        places = _places(sheet)
        for number, row in enumerate(sheet.rows()):
            reading.take(row, places)
            if number % STEP == STEP - 1:
                bars(f"Reading {file.name[:40]}", sheet.position, sheet.size)
    if not reading.rows:
        raise click.ClickException(_none_taken(file, reading))
    found = reading.tally.agreements()
    answer(as_json, _as_json(reading, found), _sentences(reading, found))
    for sentence in _beside(reading):
        say(sentence)


def _places(sheet: Sheet) -> dict[str, int]:
    """Find the four columns by name. Raises ClickException, naming those that are there."""
    there = [plain(name) for name in sheet.columns]
    found: dict[str, int] = {}
    for column, names in COLUMNS.items():
        # its own name comes first, so that a column called 'vote' may stand beside 'position'
        held = next((name for name in names if name in there), None)
        if held is None:
            continue
        if there.count(held) > 1:
            raise click.ClickException(
                f"{sheet.path.name} has more than one column '{held}'. Keep one of them."
            )
        found[column] = there.index(held)
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        named = ", ".join(f"'{short(name)}'" for name in sheet.columns[:SHOWN] if name)
        raise click.ClickException(
            f"{sheet.path.name} has no column {' and none '.join(map(repr, missing))}. The first "
            f"row must name participant, group, statement and position; it names {named}. Each "
            "row below is one participant's position on one statement."
        )
    return found


def _bare(cell: str) -> str:
    """Return a cell as one line, without the apostrophe that guards a spreadsheet."""
    text = " ".join(clean_text(showable(cell)).split())
    return text[1:] if text.startswith("'") and text[1:].startswith(_GUARDED) else text


def _none_taken(file: Path, reading: Reading) -> str:
    if not reading.not_taken:
        return f"{file.name} has a first row with names, and no row below it."
    first = "; ".join(f"line {line}: {reason}" for line, reason in reading.not_taken[:3])
    return f"No row of {file.name} can be used. {first}."


def _as_json(reading: Reading, found: list[Agreement]) -> dict[str, Any]:
    tally = reading.tally
    return {
        "statements": [
            {
                "statement": one.statement,
                "minimum": one.minimum,
                "order": one.order,
                "legacy": one.legacy,
                "lowest": [group.group for group in one.lowest],
                "groups": [
                    {
                        "group": group.group,
                        "agree": group.agree,
                        "disagree": group.disagree,
                        "unsure": group.unsure,
                        "answered": group.answered,
                        "share": group.share,
                        "state": group.state,
                    }
                    for group in one.groups
                ],
            }
            for one in found
        ],
        "groups": list(tally.groups),
        "participants": tally.participants,
        "rows": reading.rows,
        "replaced": tally.repeated,
        "in_several_groups": tally.in_several_groups,
        "without_group": tally.alone,
        "rows_not_taken": reading.left_out,
        "not_taken": [{"line": line, "reason": reason} for line, reason in reading.not_taken],
    }


def _sentences(reading: Reading, found: list[Agreement]) -> Iterator[str]:
    """Write each statement with its figures, and below it what each group said."""
    width = max((len(name) for name in reading.tally.groups), default=0)
    yield "minimum  order  legacy"
    for one in found:
        figures = (_figure(one.minimum), _figure(one.order), _figure(one.legacy))
        yield ""
        yield f"{figures[0]:>7}  {figures[1]:>5}  {figures[2]:>6}  {_opening(one.statement)}"
        for group in one.groups:
            mark = "*" if len(one.groups) > 1 and group in one.lowest else " "
            yield f"{'':24}{mark} {group.group.ljust(min(width, 40))}  {_said(group)}"
    yield ""
    yield "* the lowest share of agreement among the groups that answered: the minimum"


def _opening(statement: str) -> str:
    return statement if len(statement) <= OPENING else f"{statement[:OPENING].rstrip()} …"


def _figure(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _said(group: Answers) -> str:
    if group.state == "not_asked":
        return "not asked"
    if group.state == "nobody_answered":
        return "asked, and nobody answered"
    said = f"{group.agree} of {group.answered} agree"
    more = [(group.disagree, "disagree"), (group.unsure, "unsure")]
    return ", ".join([said, *(f"{number} {word}" for number, word in more if number)])


def _beside(reading: Reading) -> Iterator[str]:
    """Tell what a person should know before they trust the figures."""
    tally = reading.tally
    if tally.repeated:
        yield (
            f"{counted(tally.repeated, 'answer was', 'answers were')} given again by the same "
            "participant further down; the last one holds."
        )
    if tally.in_several_groups:
        yield (
            f"{counted(tally.in_several_groups, 'participant is', 'participants are')} in more "
            "than one group, and counted once in each."
        )
    if tally.alone:
        yield (
            f"{counted(tally.alone, 'answer is', 'answers are')} of participants in no group, and "
            "in no figure."
        )
    if reading.left_out:
        yield f"{counted(reading.left_out, 'row was', 'rows were')} not taken:"
        yield from (f"  line {line}: {reason}" for line, reason in reading.not_taken[:SHOWN])
        if reading.left_out > SHOWN:
            yield f"  … and {reading.left_out - SHOWN:,} more; see them with --json"
