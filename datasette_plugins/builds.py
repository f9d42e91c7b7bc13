"""Recognise a findings build: among the databases that a Datasette serves, or as a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

#: A database that holds these tables is a findings build.
TABLES: Final = frozenset({"inquiry", "themes", "quotes", "builds"})


async def find(datasette: Any) -> Any | None:
    """Return the first served database that is a findings build, or None."""
    for database in datasette.databases.values():
        if not database.is_memory and set(await database.table_names()) >= TABLES:
            return database
    return None


def whole(path: Path) -> bool:
    """Say whether a file that nobody writes any more is an undamaged database with these tables."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?immutable=1", uri=True)) as conn:
            tables = {row[0] for row in conn.execute("select name from sqlite_master")}
            return bool(
                tables >= TABLES and conn.execute("pragma quick_check(1)").fetchone()[0] == "ok"
            )
    except sqlite3.Error:
        return False
