"""Write a findings build: a new file from an allow-list, which never held anything else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from par_toolkit.publishing import spare_bytes
from par_toolkit.publishing.errors import plain_errors
from par_toolkit.storage.disk import sync

#: The version of schema.sql; a build says in which it was written.
FORMAT: Final = 3

#: The tables that hold rows, in an order in which every reference finds its row.
TABLES: Final = (
    "inquiry",
    "groups",
    "contracts",
    "cycles",
    "runs",
    "themes",
    "quotes",
    "quote_themes",
    "stories",
    "participation",
    "items",
    "constructions",
    "statements",
    "agreement",
    "reasons",
    "actions",
    "theme_people",
    "member_checks",
    "action_people",
    "figures",
    "builds",
    "queries",
    "audit",
    "claims",
    "proofs",
)
SEARCHED: Final = ("quotes_fts", "stories_fts")


@cache
def schema() -> str:
    """Return the whole schema of a build."""
    return resources.files("par_toolkit.publishing").joinpath("schema.sql").read_text("utf-8")


def file_of(folder: Path, number: int) -> Path:
    """Return the file of a build in the inquiry's folder."""
    return folder / "findings" / f"build-{number:06d}.db"


def unfinished(path: Path) -> Path:
    """Return where a build is written until it is whole and checked."""
    return path.with_name(f".{path.name}.unfinished")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a build that nobody changes any more; no byte is written beside it."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as conn:
        conn.row_factory = sqlite3.Row
        yield conn


def read_rows(path: Path, table: str) -> list[dict[str, Any]]:
    """Return every row of one of the tables of a build."""
    assert table in TABLES
    with reading(path) as conn:
        return [dict(row) for row in conn.execute(f"select * from {table} order by rowid")]


@contextmanager
def new_file(path: Path) -> Iterator[sqlite3.Connection]:
    """Make an empty build at `path` to fill; at the end it is indexed, tight and on disk.

    Nothing is left at `path` when filling fails. Raises PublishError where it cannot be written.
    """
    path.unlink(missing_ok=True)
    try:
        with plain_errors(path):
            with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}", uri=True)) as conn:
                conn.execute("pragma journal_mode=delete")
                conn.execute("pragma temp_store=memory")
                conn.execute("pragma foreign_keys=on")
                conn.executescript(schema())
                yield conn
                for index in SEARCHED:
                    conn.execute(f"insert into {index}({index}) values ('rebuild')")
                    conn.execute(f"insert into {index}({index}) values ('optimize')")
                conn.commit()
                conn.execute("vacuum")
            spare_bytes.clean(path)
            path.chmod(0o644)
            sync(path)
    except BaseException:
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        raise


def write(
    path: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    finish: Callable[[sqlite3.Connection], None],
) -> None:
    """Write a build at `path` from its rows by table, in the order they come in; then `finish` it.

    To finish it is to claim its rows and to add the trail that seals these claims.
    """
    with new_file(path) as conn:
        for table in TABLES:
            fill(conn, table, rows.get(table, ()))
        finish(conn)


def fill(conn: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows into one of the tables; all of them have the columns of the first."""
    assert table in TABLES
    if rows:
        columns = list(rows[0])
        conn.executemany(
            f"insert into main.{table} ({', '.join(columns)}) "
            f"values ({', '.join(f':{column}' for column in columns)})",
            rows,
        )
