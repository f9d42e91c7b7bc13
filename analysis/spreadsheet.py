"""Tables as CSV that a spreadsheet opens as words and numbers: no cell of it runs as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Protocol

Field = str | int | float | None


class SupportsWrite(Protocol):
    """Whatever takes text."""

    def write(self, text: str, /) -> object: ...


STARTS = "=+-@"
"""What makes a spreadsheet calculate when a cell begins with it, however wide it is written."""

RAW_STARTS = "\t\r\n\0"
"""What spreadsheets pass over before they look at what follows."""


def guarded(cell: str) -> str:
    """Return `cell` with an apostrophe in front where a spreadsheet could take it for a formula."""
    first = unicodedata.normalize("NFKC", cell.lstrip()[:20]).lstrip()[:1]
    return f"'{cell}" if first in tuple(STARTS) or cell[:1] in tuple(RAW_STARTS) else cell


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[Field]]) -> str:
    """Return a table as CSV, as `write_csv` writes it."""
    out = io.StringIO()
    write_csv(out, headings, rows)
    return out.getvalue()


def write_csv(out: SupportsWrite, headings: Sequence[str], rows: Iterable[Sequence[Field]]) -> None:
    """Write a table as CSV, row by row, with a mark at its start by which spreadsheets know UTF-8.

    Numbers stay numbers, None is an empty cell, words are guarded.
    """
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(heading) for heading in headings])
    for row in rows:
        writer.writerow([guarded(one) if isinstance(one, str) else one for one in row])
