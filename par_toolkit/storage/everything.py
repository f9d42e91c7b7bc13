"""Every table of private.db, read as it stands at one moment, and filled again in an empty one."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from par_toolkit.storage import column_notes, engines, migrations, vault
from par_toolkit.storage.database import FILE, PrivateDatabase
from par_toolkit.storage.errors import Refused

Value = str | int | float | bytes | None

#: table -> column -> why it is in no export. Nobody could use it elsewhere but to get in.
LEFT_OUT: Final[dict[str, dict[str, str]]] = {
    "people": {
        "password": "the digest of a password: people are given a new link instead",  # nosec B105
        "link": "the digest of a one-time link",
        "link_until": "when that link ends",
        "session": "what keeps somebody signed in",
    },
    "devices": {
        "token": "the digest of what a tablet proves itself with: it is paired anew",  # nosec B105
    },
}
#: Tables that an export passes over, and why.
TABLES_LEFT_OUT: Final = {
    "audit_end": "how far the audit trail goes, under a key of this inquiry: made anew elsewhere",
    "contacts": "how tellers may be reached: in contacts.json, and only where a reason was given",
    "sittings": "who is signed in at the desk just now",
    "second_factors": "what makes the codes of a second step: people set it up anew",
    "recovery_codes": "digests of codes that open the desk once",
    "help_requests": "who asked for help: no part of the research, and for the safeguarding "
    "contact alone",
    "_sqlite_migrations": "notes of the program on how it made the tables",
}
#: Where SQLite notes the numbers it has given, so that it gives none of them again.
NUMBERS: Final = "sqlite_sequence"
#: What stands in place of what was left out and may not be empty: nothing that opens any door.
_INSTEAD: Final[dict[tuple[str, str], Callable[[], str]]] = {
    ("people", "session"): lambda: secrets.token_hex(8),
    ("devices", "token"): lambda: secrets.token_hex(32),
}


@dataclass(frozen=True)
class Column:
    """One column that an export holds; `kind` is integer, real, text or blob."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True)
class Reference:
    """Columns that name a row of another table."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table as an export holds it, without what is left out; `key` names its rows."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns, in their order."""
        return tuple(column.name for column in self.columns)


def tables(db: PrivateDatabase) -> list[Table]:
    """List every table that an export holds, as they were made; the numbers given come last.

    Filling the others would note numbers as well.
    """
    names = [
        row["name"]
        for row in db.rows("select name from sqlite_master where type = 'table' order by rowid")
        if row["name"] not in (*TABLES_LEFT_OUT, NUMBERS)
    ]
    return [_table(db, name) for name in [*names, NUMBERS]]


def _table(db: PrivateDatabase, name: str) -> Table:
    notes = column_notes.of(db.value("select sql from sqlite_master where name = :n", {"n": name}))
    rows = db.rows("select * from pragma_table_info(:name)", {"name": name})
    columns = tuple(
        Column(
            row["name"],
            row["type"].lower() or "text",
            bool(row["notnull"] or row["pk"]),
            notes.get(row["name"], ""),
        )
        for row in rows
        if row["name"] not in LEFT_OUT.get(name, {})
    )
    key = tuple(r["name"] for r in sorted(rows, key=lambda one: int(one["pk"])) if r["pk"])
    return Table(name, columns, key, tuple(_references(db, name)))


def _references(db: PrivateDatabase, name: str) -> Iterator[Reference]:
    found: dict[int, list[tuple[str, str, str]]] = {}
    for row in db.rows(
        "select * from pragma_foreign_key_list(:name) order by id, seq", {"name": name}
    ):
        found.setdefault(row["id"], []).append((row["from"], row["table"], row["to"]))
    for parts in found.values():
        yield Reference(tuple(p[0] for p in parts), parts[0][1], tuple(p[2] for p in parts))


@contextlib.contextmanager
def one_moment(db: PrivateDatabase) -> Iterator[None]:
    """See the database as it stands now for as long as the block lasts, while others go on writing.

    Erasure waits for its end, as it does for every reader.
    """
    db.conn.execute("begin")
    try:
        db.value("select count(*) from sqlite_master")  # the moment is that of the first look
        yield
    finally:
        db.conn.rollback()


def count(db: PrivateDatabase, table: Table) -> int:
    """Count the rows of a table."""
    return int(db.value(f'select count(*) from "{table.name}"'))


def rows(db: PrivateDatabase, table: Table) -> Iterator[tuple[Value, ...]]:
    """Give every row of a table in the order of its key, without holding them all at once."""
    columns = ", ".join(f'"{name}"' for name in table.names)
    order = ", ".join(f'"{name}"' for name in table.key or table.names)
    # not from the cursor itself, which would be closed with this, also long after the database
    yield from map(tuple, db.conn.execute(f'select {columns} from "{table.name}" order by {order}'))


def version(db: PrivateDatabase) -> int:
    """Return the number of the last step that made the tables."""
    return int(db.value("pragma user_version"))


def new_database(folder: Path, step: int) -> PrivateDatabase:
    """Make private.db in `folder` with the tables as they were after `step`, and open it.

    Opening it later by its one door brings it up to date.
    """
    db = PrivateDatabase(engines.connect(folder / FILE, vault.database_key(folder)), folder)
    later = [path.name[:3] for path in migrations.STEPS if int(path.name[:3]) > step]
    migrations.private.apply(db, stop_before=later)
    db.conn.execute(f"pragma user_version={step:d}")
    db.conn.execute("pragma foreign_keys=on")
    db.conn.commit()
    (folder / FILE).chmod(0o600)
    return db


@contextlib.contextmanager
def filling(db: PrivateDatabase) -> Iterator[None]:
    """Empty every table and let the block fill them, in one transaction, as one state.

    Triggers rest meanwhile: they follow what people do, and all of it was done already. Raises
    Refused where a row names another that did not come.
    """
    with db.writing():
        db.conn.execute("pragma defer_foreign_keys=on")
        resting = db.rows("select name, sql from sqlite_master where type = 'trigger'")
        for trigger in resting:
            db.conn.execute(f'drop trigger "{trigger["name"]}"')
        for table in tables(db):
            db.conn.execute(f'delete from "{table.name}"')
        yield
        for trigger in resting:
            db.conn.execute(trigger["sql"])
        if not db.consistent():
            raise Refused("broken", "The rows do not fit together: some name others not there.")


def fill(db: PrivateDatabase, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Put rows into an empty table inside `filling` and return how many.

    Raises Refused for a row that is not one of this table.
    """
    if table.name == NUMBERS:
        db.conn.execute(f"delete from {NUMBERS}")
    instead = {name: make for (where, name), make in _INSTEAD.items() if where == table.name}
    names = [*table.names, *instead]
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    done = 0
    try:
        for row in rows:
            values = [*_values(table, row), *(make() for make in instead.values())]
            db.conn.execute(f'insert into "{table.name}" ({columns}) values ({places})', values)
            done += 1
    except (*engines.INTEGRITY_ERRORS, OverflowError, UnicodeEncodeError) as error:
        raise Refused("bad_row", f"Row {done + 1} of {table.name} does not fit there.") from error
    return done


def _values(table: Table, row: Mapping[str, Any]) -> Sequence[Value]:
    """Return the values of a row in the order of the columns, as they are."""
    if set(row) != set(table.names):
        raise Refused("bad_row", f"A row of {table.name} has other columns than this table.")
    values = [row[name] for name in table.names]
    if any(isinstance(one, bool) or not isinstance(one, Value) for one in values):
        raise Refused("bad_row", f"A row of {table.name} holds what is no words and no number.")
    return values
