"""The rows of one table as JSON and as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from analysis import spreadsheet
from par_toolkit.exporting.places import Place, Written
from par_toolkit.storage import everything
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.everything import Table, Value

#: What has no words, such as what is sealed, is a file of its own in this folder.
SEALED: Final = "sealed"


def json_name(table: str) -> str:
    """Return the file that holds a table as JSON."""
    return f"json/{table}.json"


def csv_name(table: str) -> str:
    """Return the file that holds a table as CSV."""
    return f"csv/{table}.csv"


def write_json(place: Place, db: PrivateDatabase, table: Table) -> None:
    """Write a table as one JSON array of objects, a row a line: the exact copy."""
    with place.new(json_name(table.name)) as file:
        start = b"["
        for row in everything.rows(db, table):
            cells: dict[str, Any] = dict(zip(table.names, row, strict=True))
            for name, value in cells.items():
                if isinstance(value, bytes):
                    cells[name] = {"file": sealed_name(table, name, row)}
            file.write(start + b"\n" + json.dumps(cells, ensure_ascii=False).encode())
            start = b","
        file.write(b"\n]\n" if start == b"," else b"[\n]\n")


def read_json(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Read what `write_json` wrote, a row at a time; raise ValueError where it is anything else."""
    for line in lines:
        text = line.strip()
        if text in (b"", b"[", b"]"):
            continue
        row = json.loads(text.removesuffix(b","))
        if not isinstance(row, dict):
            raise ValueError("not a row")
        yield row


def write_csv(place: Place, db: PrivateDatabase, table: Table) -> None:
    """Write a table as CSV for a spreadsheet: no cell of it runs as a formula."""
    write_cells(place, csv_name(table.name), table.names, cells(db, table))


def write_cells(
    place: Place, name: str, headings: Sequence[str], rows: Iterable[Sequence[spreadsheet.Field]]
) -> None:
    """Write one CSV file, row by row."""
    with place.new(name) as file:
        spreadsheet.write_csv(_Text(file), headings, rows)


class _Text:
    """Takes text and writes it as UTF-8."""

    def __init__(self, file: Written) -> None:
        self._file = file

    def write(self, text: str, /) -> int:
        return self._file.write(text.encode())


def cells(db: PrivateDatabase, table: Table) -> Iterator[list[str | int | float | None]]:
    """Give the rows of a table for people to look at: what has no words shows as its file."""
    for row in everything.rows(db, table):
        yield [
            sealed_name(table, name, row) if isinstance(value, bytes) else value
            for name, value in zip(table.names, row, strict=True)
        ]


def write_sealed(place: Place, db: PrivateDatabase, table: Table) -> None:
    """Write each value of a table that has no words into a file of its own."""
    if not any(column.kind == "blob" for column in table.columns):
        return
    for row in everything.rows(db, table):
        for name, value in zip(table.names, row, strict=True):
            if isinstance(value, bytes):
                with place.new(sealed_name(table, name, row)) as file:
                    file.write(value)


def sealed_name(table: Table, column: str, row: Sequence[Value]) -> str:
    """Return the file of one value without words."""
    known = dict(zip(table.names, row, strict=True))
    key = "-".join(str(known[name]) for name in table.key)
    return f"{SEALED}/{table.name}-{column}-{key}.age"
