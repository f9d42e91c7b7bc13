"""Every table of two inquiries, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.everything import LEFT_OUT, TABLES_LEFT_OUT
from par_toolkit.storage.marks import RENEWED


def content(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return table -> its rows with all their columns, but for what is named as left out.

    It asks SQLite itself, and none of the code that exports.
    """
    with open_database(folder) as db:
        names = [
            row["name"] for row in db.rows("select name from sqlite_master where type='table'")
        ]
        return {name: _rows(db, name) for name in names if name not in TABLES_LEFT_OUT}


def _rows(db: PrivateDatabase, table: str) -> list[tuple[Any, ...]]:
    left_out = LEFT_OUT.get(table, {})
    return sorted(
        (
            tuple(
                (name, type(value).__name__, value)
                for name, value in row.items()
                if name not in left_out
            )
            for row in db.rows(f'select * from "{table}"')
        ),
        key=repr,
    )


def without_loading(
    found: dict[str, list[tuple[Any, ...]]],
) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out the one row that says that an export was loaded."""
    rows = [row for row in found["audit"] if ("action", "str", "load_export") not in row]
    assert len(rows) == len(found["audit"]) - 1
    return found | {"audit": rows}


def without_marks(
    found: dict[str, list[tuple[Any, ...]]],
) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out the marks that are made anew where the key of the inquiry stays away."""
    renewed = {
        table: [tuple(cell for cell in row if cell[0] != column) for row in found[table]]
        for table, column in RENEWED
    }
    return found | renewed
