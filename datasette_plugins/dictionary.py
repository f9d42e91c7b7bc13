"""The data dictionary: each table and column of a build, in the words of the build's own schema.

SQLite keeps the text with which a table was made, comments and all. So what is said here is what
whoever downloads the file finds in it, and no second list can fall behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from . import queries
from .context import Page
from .links import Query
from .pages import of_a_build, show

TABLES: Final = """
    select name, sql
    from sqlite_master
    where type = 'table' and name not like '%\\_fts%' escape '\\'
    order by rowid
"""
_COLUMN: Final = re.compile(
    r"^\s*(?P<name>[a-z_]+)\s+(?P<type>text|integer|real|blob)\b(?P<rest>[^\n]*)$", re.IGNORECASE
)
_REFERENCES: Final = re.compile(r"references\s+(\w+)\s*\((\w+)\)", re.IGNORECASE)
_CODES: Final = re.compile(r"\bin\s*\(([^()]*)\)", re.IGNORECASE)


@dataclass
class Column:
    """A column: `codes` are its only values, `refers_to` names the column that it points at."""

    name: str
    type: str
    note: str
    may_be_empty: bool
    codes: tuple[str, ...]
    refers_to: str


@dataclass(frozen=True)
class Table:
    """A table with what its schema says of it."""

    name: str
    note: str
    columns: tuple[Column, ...]


def read(name: str, sql: str) -> Table:
    """Read a table out of the text that made it; a comment belongs to what stands before it."""
    notes: list[str] = []
    columns: list[Column] = []
    for line in sql.splitlines()[1:]:
        code, _, comment = line.partition("--")
        comment = comment.strip()
        column = _COLUMN.match(code)
        if column:
            columns.append(_column(column, comment))
        elif comment and not code.strip() and columns:
            columns[-1].note = f"{columns[-1].note} {comment}".strip()
        elif comment:
            notes.append(comment)
    return Table(name, " ".join(notes), tuple(columns))


def _column(found: re.Match[str], note: str) -> Column:
    rest = found["rest"]
    codes, refers = _CODES.search(rest), _REFERENCES.search(rest)
    return Column(
        found["name"],
        found["type"].lower(),
        note,
        not re.search(r"not null|primary key", rest, re.IGNORECASE),
        tuple(re.findall(r"'([^']*)'", codes[1])) if codes else (),
        f"{refers[1]}.{refers[2]}" if refers else "",
    )


async def tables(build: Any) -> list[Table]:
    """Return every table of the build that holds what is published."""
    return [read(row["name"], row["sql"]) for row in await queries.rows(build, TABLES)]


@of_a_build
async def dictionary(page: Page) -> Any:
    """Show what each table and column means."""
    return await show(
        page, "findings_data.html", tables=await tables(page.build), data=Query(TABLES, {})
    )
