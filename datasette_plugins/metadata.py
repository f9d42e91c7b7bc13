"""What Datasette itself is told of a build: its licence, and what tables and columns mean.

Datasette puts it into its JSON, and other plugins read it there.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from . import dictionary, queries

#: Datasette -> the name of the build it serves, what holds for all of it, and its tables by name.
_KEPT: WeakKeyDictionary[Any, tuple[str, dict[str, Any], dict[str, Any]]] = WeakKeyDictionary()


async def gather(datasette: Any, build: Any) -> None:
    """Read once what a build says of itself; a build never changes."""
    inquiry = await queries.row(build, queries.INQUIRY) or {}
    tables = {one.name: _table(one) for one in await dictionary.tables(build)}
    about = {"title": inquiry.get("name") or "", "license": inquiry.get("licence") or ""}
    _KEPT[datasette] = (build.name, about, tables)


def of(datasette: Any, table: str | None) -> dict[str, Any]:
    """Return what is known of a build, and of one of its tables where it is asked for."""
    if datasette not in _KEPT:
        return {}
    name, about, tables = _KEPT[datasette]
    known = {table: tables[table]} if table in tables else {}
    alone = sum(not one.is_memory for one in datasette.databases.values()) == 1
    # Datasette's JSON holds the licence of the whole instance
    whole = {"license": about["license"]} if alone else {}
    return {**whole, "databases": {name: {**about, "tables": known}}}


def _table(table: dictionary.Table) -> dict[str, Any]:
    columns = {column.name: column.note for column in table.columns if column.note}
    return {"description": table.note, "columns": columns}
