"""Recognise a findings build among the databases that a Datasette serves."""

from __future__ import annotations

from typing import Any, Final

#: A database that holds these tables is a findings build.
TABLES: Final = frozenset({"inquiry", "themes", "quotes", "builds"})


async def find(datasette: Any) -> Any | None:
    """Return the first served database that is a findings build, or None."""
    for database in datasette.databases.values():
        if not database.is_memory and set(await database.table_names()) >= TABLES:
            return database
    return None
