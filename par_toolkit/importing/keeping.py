"""Rows become stories: checked like any telling and kept once; a row not taken has its reason."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import forms
from forms.text import says_something, showable
from par_toolkit.importing.errors import ImportRefused
from par_toolkit.importing.matching import (
    by_label,
    codes_by_label,
    language_code,
    language_names,
    plain,
    short,
)
from par_toolkit.importing.reading import Row, Sheet
from par_toolkit.inquiry import USES, Inquiry
from par_toolkit.storage import keys, stories
from par_toolkit.storage.database import PrivateDatabase

Progress = Callable[[int, int], None]

#: Rows kept in one transaction: whole batches stay when somebody stops the import.
BATCH: Final = 500
SOURCE: Final = "import"
#: What a column may hold beside the answers to a form's questions.
ABOUT_THE_TELLING: Final = ("language", "cycle")
_MOST_COLUMNS_NAMED: Final = 30


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to read a file: which column answers which question, and what the tellers agreed to.

    `columns` maps questions, 'language' or 'cycle' to columns; `language` is that of rows that
    do not say theirs.
    """

    form: forms.Form
    columns: Mapping[str, str]
    consent: Mapping[str, bool]
    language: str


@dataclass(frozen=True)
class NotTaken:
    """A row that was not kept: its line in the file and why."""

    line: int
    reason: str


@dataclass
class Summary:
    """What became of a file so far; filled batch by batch, and true whenever the import stops."""

    came_in: int = 0
    already_here: int = 0
    withdrawn: int = 0
    not_taken: list[NotTaken] = field(default_factory=list)
    unknown_groups: Counter[str] = field(default_factory=Counter)

    @property
    def did_something(self) -> bool:
        """Say whether any row of the file is, or was, a story."""
        return bool(self.came_in or self.already_here or self.withdrawn)

    def as_json(self) -> dict[str, Any]:
        """Return the summary as a program reads it."""
        return {
            "came_in": self.came_in,
            "already_here": self.already_here,
            "withdrawn": self.withdrawn,
            "not_taken": [{"line": one.line, "reason": one.reason} for one in self.not_taken],
            "unknown_groups": sorted(self.unknown_groups),
        }

    def _add(self, batch: Summary) -> None:
        self.came_in += batch.came_in
        self.already_here += batch.already_here
        self.withdrawn += batch.withdrawn
        self.not_taken += batch.not_taken
        self.unknown_groups += batch.unknown_groups


def bring_in(
    db: PrivateDatabase,
    inquiry: Inquiry,
    sheet: Sheet,
    plan: Plan,
    *,
    into: Summary,
    progress: Progress | None = None,
) -> None:
    """Keep every row of `sheet` that holds a story, and count into `into` what became of each.

    A row is known by its cells and by how many equal ones stand above it, so a file that comes
    again adds nothing and equal rows of one file are all kept. `progress` is told (bytes read,
    bytes in all). Raises ImportRefused, with nothing kept, where the plan does not fit the file.
    """
    reader = _Reader(db, inquiry, sheet, plan)
    here = stories.uuids(db, SOURCE)
    for rows in _batches(sheet.rows(), BATCH):
        batch = Summary()
        with db.writing():
            for row in rows:
                _keep(db, reader, row, here, batch)
        into._add(batch)
        if progress:
            progress(sheet.position, sheet.size)
    if not into.did_something and not into.not_taken:
        raise ImportRefused(f"{sheet.path.name} has a header but no rows below it.")


def _keep(db: PrivateDatabase, reader: _Reader, row: Row, here: set[str], batch: Summary) -> None:
    try:
        told, unknown_groups = reader.told(row)
    except _RowRefused as refused:
        batch.not_taken.append(NotTaken(row.line, str(refused)))
        return
    if told.uuid in here:
        batch.already_here += 1
        return
    status = stories.keep(db, told).status
    if status == "withdrawn":
        batch.withdrawn += 1
    else:
        batch.came_in += 1
        batch.unknown_groups.update(unknown_groups)


class _RowRefused(Exception):
    """Why one row is not a story."""


class _Reader:
    """Turns rows into tellings under one plan."""

    def __init__(self, db: PrivateDatabase, inquiry: Inquiry, sheet: Sheet, plan: Plan) -> None:
        self.db, self.inquiry, self.sheet, self.plan = db, inquiry, sheet, plan
        self.places = _places(plan, sheet)
        self.options = inquiry.options("en")
        self.codes = {
            name: codes_by_label(plan.form.question(name), inquiry)
            for name in self.places
            if name not in self._about() and plan.form.question(name).has_options
        }
        self.cycles = by_label((c.code, c.names.values()) for c in inquiry.cycles)
        self.languages = language_names(inquiry.languages)
        self.groups = frozenset(q.name for q in plan.form.questions if q.options_from == "groups")
        current = inquiry.current_cycle(date.today())
        self.cycle = current.code if current else None
        self.seen: Counter[bytes] = Counter()

    def told(self, row: Row) -> tuple[stories.Told, list[str]]:
        """Return the telling in a row and the groups in it that the inquiry does not name."""
        if row.fault:
            raise _RowRefused(f"The row {row.fault}.")
        uuid = self._uuid(row)
        cells = {name: row.cells[place] or "" for name, place in self.places.items()}
        about = {name: cells.pop(name).strip() for name in self._about() if name in cells}
        answers = {name: self._answer(name, cell) for name, cell in cells.items()}
        checked = forms.validate(
            self.plan.form, answers, options=self.options, keep_unknown_options=self.groups
        )
        if checked.errors:
            raise _RowRefused(self._reason(cells, checked.errors))
        cycle = self._code(about, "cycle", self.cycles) or self.cycle
        language = self._code(about, "language", self.languages) or self.plan.language
        unknown = [group for name in self.groups for group in checked.unknown.get(name, ())]
        form = self.plan.form
        told = stories.Told(
            uuid=uuid,
            form=form.name,
            form_version=form.version,
            language=language,
            answers=checked.answers,
            words=form.words,
            consent={use: bool(self.plan.consent.get(use)) for use in USES},
            wording=self.inquiry.consent.wording,
            source=SOURCE,
            themed=form.themed,
            cycle=cycle,
        )
        return told, unknown

    def _about(self) -> tuple[str, ...]:
        return _about_the_telling(self.plan.form)

    def _uuid(self, row: Row) -> str:
        """Know a row by its cells, in whatever order, and by its number among equal rows."""
        cells = sorted(
            (column.casefold(), " ".join(showable(cell).split()))
            for column, cell in zip(self.sheet.columns, row.cells, strict=True)
            if cell and cell.strip()
        )
        content = json.dumps([self.plan.form.name, cells])
        mark = bytes.fromhex(keys.mark(self.db.folder, "import", content))
        self.seen[mark] += 1
        numbered = keys.mark(self.db.folder, "import row", f"{mark.hex()} {self.seen[mark]}")
        return str(UUID(hex=numbered[:32], version=5))

    def _answer(self, name: str, cell: str) -> str | list[str]:
        codes = self.codes.get(name)
        if codes is None:
            return cell
        if self.plan.form.question(name).kind == "many":
            return [codes.get(plain(part), part) for part in cell.split(";")]
        return codes.get(plain(cell), cell)

    def _code(self, about: Mapping[str, str], name: str, codes: Mapping[str, str]) -> str | None:
        said = about.get(name, "")
        if not said:
            return None
        code = codes.get(plain(said))
        if code is None and name == "language":
            code = language_code(said)
        if code is None:
            known = ", ".join(dict.fromkeys(codes.values())) or "none"
            raise _RowRefused(f"'{short(said)}' is not a {name} of this inquiry ({known}).")
        return code

    def _reason(self, cells: Mapping[str, str], errors: Mapping[str, str]) -> str:
        for name, cell in cells.items():
            if name in errors and not says_something(cell):
                column = self.sheet.columns[self.places[name]]
                return f"There are no words in the column '{column}'."
        return " ".join(dict.fromkeys(errors.values()))


def _places(plan: Plan, sheet: Sheet) -> dict[str, int]:
    """Return the place of each mapped column, counted from 0."""
    form = plan.form
    names = [question.name for question in form.questions]
    known = [*names, *_about_the_telling(form)]
    for name in plan.columns:
        if name not in known:
            raise ImportRefused(
                f"The form {form.name} asks nothing called '{short(name)}'. "
                f"It has: {', '.join(known)}."
            )
    needed = [q.name for q in form.questions if q.required and q.name not in plan.columns]
    if needed or not set(plan.columns) & set(names):
        name = needed[0] if needed else names[0]
        raise ImportRefused(
            f"Say which column answers '{name}': --map {name}=COLUMN. {_columns(sheet)}"
        )
    return {name: _place(column, sheet) for name, column in plan.columns.items()}


def _place(column: str, sheet: Sheet) -> int:
    for same in (str, str.casefold):
        wanted = same(" ".join(column.split()))
        found = [place for place, name in enumerate(sheet.columns) if same(name) == wanted]
        if len(found) > 1:
            raise ImportRefused(
                f"Two columns are called '{short(column)}'. Give one of them another name first."
            )
        if found:
            return found[0]
    raise ImportRefused(f"{sheet.path.name} has no column '{short(column)}'. {_columns(sheet)}")


def _columns(sheet: Sheet) -> str:
    names = [short(name) for name in sheet.columns if name]
    more = (
        f" and {len(names) - _MOST_COLUMNS_NAMED} more" if len(names) > _MOST_COLUMNS_NAMED else ""
    )
    return f"The columns there are: {', '.join(names[:_MOST_COLUMNS_NAMED])}{more}."


def _about_the_telling(form: forms.Form) -> tuple[str, ...]:
    """Name what a column may hold beside answers; a question of the same name comes first."""
    questions = {question.name for question in form.questions}
    return tuple(name for name in ABOUT_THE_TELLING if name not in questions)


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch
