"""Rows of a CSV file as people have it, one at a time; nothing here knows of stories."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from forms.text import showable
from par_toolkit.importing.decoding import open_text
from par_toolkit.importing.errors import ImportRefused

#: As much as a telling may arrive with through any other door.
LONGEST_CELL: Final = 8 * 1024 * 1024
DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 256 * 1024
_SAMPLE_ROWS: Final = 1_000
_FEW_ROWS: Final = 10
_FEWEST_AGREE: Final = 0.2
#: What Excel writes above the header to say which delimiter it used.
_SEP: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One row: its lines in the file and its cells, one for each column.

    `fault` says why the row cannot be read; it has no cells then. A row may end early: the
    cells that are not there are None.
    """

    line: int
    last_line: int
    cells: tuple[str | None, ...]
    fault: str = ""


class _TooLong(Exception):
    """A line longer than any story; the rest of it was passed over."""


class _Lines:
    """Hands lines to the CSV reader, bounded in length, and remembers those of the row at hand."""

    def __init__(self, file: io.TextIOBase) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.number = 0
        self.row: list[str] = []
        self.ended_inside = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(LONGEST_CELL)
        if not line:
            self.ended_inside = bool(self.row)
            raise StopIteration
        self.number += 1
        if len(line) >= LONGEST_CELL and line[-1] not in "\r\n":
            while (piece := self._file.readline(LONGEST_CELL)) and piece[-1] not in "\r\n":
                pass
            raise _TooLong
        self.row.append(line)
        return line

    def start_row(self) -> int:
        """Begin a row and return the number of its first line."""
        self.row = []
        return self.number + 1

    def go_back(self) -> None:
        """Read all lines of this row but the first again, as rows of their own."""
        self._again.extendleft(reversed(self.row[1:]))
        self.number -= len(self.row) - 1


class Sheet:
    """An open CSV file: its `columns` by name, its `delimiter` and `encoding`, and its rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size if path.is_file() else 0
        with open_text(path) as file:
            self.delimiter = find_delimiter(file.read(_SAMPLE))
            self.encoding = file.encoding
        self._file = open_text(path)
        self._bytes = cast(BinaryIO, self._file.buffer)
        self._records = _records(_Lines(self._file), self.delimiter)
        try:
            self.columns = self._header()
        except BaseException:
            self.close()
            raise

    @property
    def position(self) -> int:
        """Return how many bytes of the file have been read."""
        return min(self.size, self._bytes.tell())

    def rows(self) -> Iterator[Row]:
        """Give every row below the header once, blank lines left out. Memory is bounded."""
        width = len(self.columns)
        for row in self._records:
            extra = [cell for cell in row.cells[width:] if cell and cell.strip()]
            if extra:
                fault = (
                    f"has {len(row.cells)} cells, but there are {width} columns. A cell that holds "
                    f"{_spoken(self.delimiter)} must stand in quotation marks"
                )
                yield Row(row.line, row.last_line, (), fault)
            elif row.fault:
                yield row
            else:
                missing = (None,) * (width - len(row.cells))
                yield Row(row.line, row.last_line, row.cells[:width] + missing)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _header(self) -> tuple[str, ...]:
        for row in self._records:
            if row.fault:
                raise ImportRefused(
                    f"{self.path.name}, line {row.line}: the header {row.fault}. Mend it first."
                )
            if _SEP.fullmatch(self.delimiter.join(cell or "" for cell in row.cells)):
                continue
            names = [column_name(cell or "") for cell in row.cells]
            if any(names):
                return tuple(names)
        raise ImportRefused(f"{self.path.name} is empty: there is nothing to bring in.")


def open_sheet(path: Path) -> Sheet:
    """Open the CSV file at `path`. Raises ImportRefused where it cannot be read as one."""
    return Sheet(path)


def rows(path: Path) -> Iterator[Row]:
    """Give the rows of the CSV file at `path`, header left out."""
    with open_sheet(path) as sheet:
        yield from sheet.rows()


def column_name(cell: str) -> str:
    """Write a column's name as people type it: one line, no marks that cannot be seen."""
    visible = "".join(char for char in showable(cell) if char.isprintable() or char.isspace())
    return " ".join(visible.split())


def find_delimiter(sample: str) -> str:
    """Return the delimiter under which the first rows of a file agree best with their header."""
    said = _SEP.match(sample.split("\n", 1)[0].lstrip("\ufeff"))
    if said:
        return said[1]
    return max(DELIMITERS, key=lambda delimiter: _agreement(sample, delimiter))


def _agreement(sample: str, delimiter: str) -> tuple[bool, float, int]:
    """Say how well a delimiter fits: it makes columns, the rows have as many, there are many."""
    # the file goes on after the sample, so its last row may be cut off
    cut = len(sample) >= _SAMPLE
    found = itertools.islice(_records(_Lines(io.StringIO(sample, "")), delimiter), _SAMPLE_ROWS)
    widths = [len(row.cells) for row in found if not row.fault]
    if cut and len(widths) > 2:
        widths.pop()
    if not widths:
        return False, 0.0, 0
    agree = sum(width == widths[0] for width in widths) / len(widths)
    # a lone comma in the header of one column makes columns that hardly any row has
    makes_columns = widths[0] > 1 and (agree >= _FEWEST_AGREE or len(widths) < _FEW_ROWS)
    return makes_columns, agree, widths[0]


def _records(lines: _Lines, delimiter: str) -> Iterator[Row]:
    """Give every row that is not blank. One fault costs one row: reading goes on behind it."""
    # the limit belongs to the whole process; a lower one would cut what other doors let in
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            yield Row(line, lines.number, (), f"is longer than {LONGEST_CELL:,} characters")
            continue
        except csv.Error:
            yield Row(line, line, (), _OPEN_QUOTE)
            lines.go_back()
            continue
        if lines.ended_inside:
            lines.ended_inside = False
            yield Row(line, line, (), _OPEN_QUOTE)
            lines.go_back()
        elif cells:
            yield Row(line, lines.number, tuple(cells))


_OPEN_QUOTE: Final = "opens a quotation mark that is never closed"


def _spoken(delimiter: str) -> str:
    names = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a | mark"}
    return names.get(delimiter, f"'{delimiter}'")
