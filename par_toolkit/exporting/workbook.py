"""The tables as one workbook for a spreadsheet, a sheet each; words stay words in every cell."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from analysis.spreadsheet import Field
from par_toolkit.exporting.places import Place

NAME: Final = "everything.xlsx"
#: What one cell holds at most, and one sheet below its headings.
LONGEST: Final = 32_767
MOST_ROWS: Final = 1_048_575
#: Words too long for a cell go on in this sheet, in parts.
LONG: Final = "long_texts"
_SHOWN: Final = 1_000
#: Beyond these whole numbers a spreadsheet rounds: they are written as words.
_EXACT: Final = 2**53
#: No file of a spreadsheet can hold these two.
_NOWHERE: Final = re.compile("[\ufffe\uffff]")
Sheets = Iterator[tuple[str, Sequence[str], Iterable[Sequence[Field]]]]


def write(place: Place, sheets: Sheets) -> None:
    """Write sheets of (name, headings, rows) as one workbook.

    It is put together in memory: no copy of anybody's words is left in a folder for temporary
    files. No cell is a formula or a link, whatever its words look like.
    """
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True})
    long = _Sheets(book, LONG, ("text", "part", "words"))
    try:
        for name, headings, rows in sheets:
            sheet = _Sheets(book, name, headings)
            for row in rows:
                sheet.add([_short(one, long) for one in row])
    finally:
        book.close()
    with place.new(NAME) as file:
        file.write(whole.getvalue())


class _Sheets:
    """One table in the workbook: a sheet, and another where it has more rows than one may have."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, headings: Sequence[str]) -> None:
        self._book, self._name, self._headings = book, name, headings
        self._number, self.rows = 0, 0
        self._sheet = self._begin()

    def _begin(self) -> Worksheet:
        self._number += 1
        name = self._name if self._number == 1 else f"{self._name[:25]} {self._number}"
        sheet: Worksheet = self._book.add_worksheet(name)
        for column, heading in enumerate(self._headings):
            sheet.write_string(0, column, heading)
        sheet.freeze_panes(1, 0)
        return sheet

    def add(self, row: Sequence[Field]) -> None:
        if self.rows and self.rows % MOST_ROWS == 0:
            self._sheet = self._begin()
        line = self.rows % MOST_ROWS + 1
        self.rows += 1
        for column, value in enumerate(row):
            if isinstance(value, str):
                self._sheet.write_string(line, column, _NOWHERE.sub("\ufffd", value))
            elif isinstance(value, int) and abs(value) > _EXACT:
                self._sheet.write_string(line, column, str(value))
            elif value is not None:
                self._sheet.write_number(line, column, value)


def _short(value: Field, long: _Sheets) -> Field:
    """Return what a cell can hold; the whole of longer words goes into the sheet for those."""
    if not isinstance(value, str) or _units(value) <= LONGEST:
        return value
    number = long.rows + 1
    # a character may count as two, so that half as many always fit
    half = LONGEST // 2
    parts = [value[start : start + half] for start in range(0, len(value), half)]
    for part, words in enumerate(parts, 1):
        long.add([number, part, words])
    return f"{value[:_SHOWN]}… [{LONG} {number}]"


def _units(text: str) -> int:
    """Count characters as spreadsheets do: those beyond the first 65,536 count as two."""
    return len(text.encode("utf-16-le")) // 2
