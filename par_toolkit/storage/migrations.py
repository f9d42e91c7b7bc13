"""The tables of private.db, in numbered steps; each step runs once, in one transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlite_utils import Database, Migrations

#: One SQL file a step: `001-keeping.sql`, `002-people.sql`, … A step that was released never
#: changes again; whatever comes later is a step of its own.
STEPS: Final = tuple(sorted(Path(__file__).with_name("steps").glob("[0-9][0-9][0-9]-*.sql")))
LATEST: Final = int(STEPS[-1].name[:3])

private: Final = Migrations("par_toolkit")


def _step(path: Path) -> None:
    """Register the SQL in `path` as the migration with the number that its name begins with."""

    def migrate(db: Database) -> None:
        for statement in _statements(path.read_text("utf-8")):
            db.conn.execute(statement)

    private(name=path.name[:3])(migrate)


def _statements(sql: str) -> list[str]:
    """Split a script at the ends of its statements; triggers hold semicolons of their own."""
    statements, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements


for _path in STEPS:
    _step(_path)
