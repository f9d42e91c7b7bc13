"""Everything taken from Datasette, so that a new Datasette is one module's work.

Written for the stable 0.65 line. Names that load Datasette's plugin manager are imported
inside functions: Datasette imports this package while that manager is still being made.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette import Response, hookimpl
from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import Base400, Forbidden, NotFound

__all__ = [
    "Base400",
    "Forbidden",
    "NotFound",
    "QueryInterrupted",
    "Response",
    "bound_connection",
    "check_select",
    "close_build",
    "default_home",
    "hookimpl",
    "is_datasette_error",
    "open_build",
    "tilde_decode",
    "tilde_encode",
]

#: Most bytes one value in a query may have: a story of 1,000,000 characters fits, a bomb does not.
LONGEST_VALUE = 16_000_000
#: The same for a build of shorter texts. Searching in a value that a query made can take time with
#: the square of its length, all in one step, and no time limit interrupts a step of SQLite.
SHORTEST_LIMIT = 100_000
#: Longest pattern of LIKE and GLOB: their time grows with pattern times value, also in one step.
LONGEST_PATTERN = 200
#: Steps of SQLite between two looks at the clock.
STEPS = 100
#: Most bytes one answer may have before it is refused.
LARGEST_ANSWER = 64_000_000

SETTINGS = {
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "num_sql_threads": 2,
    "allow_facet": True,
    "allow_download": True,  # the file holds nothing that its pages do not show
    "default_allow_sql": True,
    "allow_csv_stream": True,
}

_REFUSED_ACTIONS = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
#: Functions whose time grows with the product of two arguments: one call could run for hours.
_REFUSED_FUNCTIONS = frozenset(
    {"instr", "replace", "trim", "ltrim", "rtrim", "json_patch", "load_extension"}
)
#: Tables that would show what other visitors asked.
_REFUSED_TABLES = frozenset({"sqlite_stmt"})


class AnswerTooLarge(sqlite3.OperationalError):
    """A query whose answer would not fit; an SQLite error so that Datasette shows it as one."""


class BuildDatabase(Database):
    """A findings build: a file that never changes, opened by any path, with bounded answers."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open the file; the path is quoted because Datasette's own way breaks on `?` and `#`."""
        assert not write, "a findings build is never written"
        conn = sqlite3.connect(
            f"file:{quote(str(self.path))}?immutable=1", uri=True, check_same_thread=False
        )
        conn.set_authorizer(_authorise)
        self._all_file_connections.append(conn)
        return conn

    async def attached_databases(self) -> list[Any]:
        """Say that nothing is attached, because nothing can be."""
        return []

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """Run `sql` within the limits of time, rows and bytes.

        Datasette's own way prints the query and its parameters when it fails, and so would
        write a visitor's words into a log; it also puts no bound on bytes.
        """
        limit = self.ds.max_returned_rows
        if limit == (page_size or self.ds.page_size):
            limit += 1
        milliseconds = min(custom_time_limit or sys.maxsize, self.ds.sql_time_limit_ms)

        def run(conn: sqlite3.Connection) -> Results:
            with _time_limit(conn, milliseconds / 1000):
                try:
                    cursor = conn.execute(sql, params if params is not None else {})
                    rows = _fetch(cursor, limit + 1 if truncate and limit else None)
                except sqlite3.DatabaseError as problem:
                    if problem.args == ("interrupted",):
                        raise QueryInterrupted(problem, sql, params) from problem
                    raise
            truncated = truncate and bool(limit) and len(rows) > limit
            return Results(rows[:limit] if truncated else rows, truncated, cursor.description)

        return await self.execute_fn(run)


class InternalDatabase(Database):
    """Datasette's notes on its databases, in memory, written without a thread.

    Datasette's own way starts a thread that waits for ever, and that keeps the whole instance
    alive after it was replaced.
    """

    async def execute_write_fn(self, fn: Any, block: bool = True) -> Any:
        """Run `fn` on the one writing connection, which also keeps the notes in memory."""
        if not self._all_file_connections:
            self._all_file_connections.append(self.connect(write=True))
        return fn(self._all_file_connections[0])


def _fetch(cursor: sqlite3.Cursor, most: int | None) -> list[sqlite3.Row]:
    """Read up to `most` rows, refusing an answer of more than `LARGEST_ANSWER` bytes."""
    rows: list[sqlite3.Row] = []
    size = 0
    for row in cursor:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > LARGEST_ANSWER:
            raise AnswerTooLarge("the answer is too large; ask for fewer rows or columns")
        rows.append(row)
        if len(rows) == most:
            break
    return rows


@contextmanager
def _time_limit(conn: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt what runs on `conn` when its time is over.

    Datasette looks at the clock once in 1,000 steps; a thousand slow steps would be minutes.
    """
    deadline = time.monotonic() + seconds
    conn.set_progress_handler(lambda: time.monotonic() >= deadline, STEPS)
    try:
        yield
    finally:
        conn.set_progress_handler(None, STEPS)


def bound_connection(conn: sqlite3.Connection) -> None:
    """Limit how long a value a query may make, so that none can fill the memory or hold a thread.

    No value may have more than about twice the bytes of the longest story in the build.
    """
    conn.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)
    try:
        (longest,) = conn.execute(
            """
            select max(coalesce((select max(length(text)) from quotes), 0),
                       coalesce((select max(length(title) + length(telling) + length(answers))
                                 from stories), 0))
            """
        ).fetchone()
    except sqlite3.DatabaseError:  # no findings build, so nothing is known about its values
        limit = LONGEST_VALUE
    else:  # a character takes up to four bytes
        limit = min(max(SHORTEST_LIMIT, 8 * longest), LONGEST_VALUE)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limit)


def _authorise(action: int, name: str | None, function: str | None, *_: str | None) -> int:
    """Refuse what would reach another file, tell where this one lies, or never come to an end."""
    refused = (
        action in _REFUSED_ACTIONS
        or (action == sqlite3.SQLITE_PRAGMA and name == "database_list")
        or (action == sqlite3.SQLITE_READ and name in _REFUSED_TABLES)
        or (action == sqlite3.SQLITE_FUNCTION and function in _REFUSED_FUNCTIONS)
    )
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


async def open_build(path: Path, *, base_url: str = "/", name: str = "library") -> Any:
    """Start a Datasette that serves the build at `path` alone, ready for its first request."""
    from datasette.app import Datasette
    from datasette.plugins import pm

    import datasette_plugins

    if not pm.is_registered(datasette_plugins):
        pm.register(datasette_plugins, "datasette_plugins")
    datasette = Datasette([], settings={**SETTINGS, "base_url": base_url})
    datasette.remove_database("_memory")
    datasette.remove_database("_internal")
    notes = InternalDatabase(datasette, memory_name=secrets.token_hex())
    datasette.add_database(notes, name="_internal")
    datasette.add_database(BuildDatabase(datasette, str(path), is_mutable=False), name=name)
    await datasette.invoke_startup()
    await datasette.get_database(name).table_counts(limit=60_000)
    return datasette


async def close_build(datasette: Any) -> None:
    """Stop a Datasette's threads and close its files, so that a deleted build is freed on disk."""
    await asyncio.to_thread(datasette.executor.shutdown, True)
    for database in datasette.databases.values():
        database.close()


async def default_home(datasette: Any, request: Any) -> Any:
    """Answer with Datasette's own list of databases, where none of them is a build."""
    from datasette.views.index import IndexView

    request.scope = {**request.scope, "url_route": {"kwargs": {"format": None}}}
    return await IndexView(datasette).dispatch_request(request)


def check_select(sql: str) -> None:
    """Refuse what is no query that only reads, as Datasette does where a visitor wrote it."""
    from datasette.utils import validate_sql_select

    validate_sql_select(sql)


def is_datasette_error(exception: Exception) -> bool:
    """Say whether `exception` is Datasette's way of refusing what was asked."""
    from datasette.utils import InvalidSql
    from datasette.views.base import DatasetteError

    return isinstance(exception, DatasetteError | InvalidSql)
