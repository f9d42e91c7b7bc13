"""Put a canary into every field of every private table, as the database itself lists them.

Nothing here names the fields that get one: a column that is added tomorrow gets its canary then.
Whoever adds one in which no free words can stand says below what it holds instead.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection
from typing import Final

from par_toolkit.storage.database import PrivateDatabase

#: A moment and a day at which nothing else happened: the canaries of columns that hold dates.
AT: Final = "2026-05-17T03:14:15.926535+00:00"
DAY: Final = "2026-05-13"
#: What must be in no byte that anybody may read.
SONGS: Final = (b"Canary", "Canary".encode("utf-16-le"), b"03:14:15", DAY.encode())

#: Tables whose rows are a chain that publishing checks; they get theirs through their own door.
CHAINS: Final = ("audit", "audit_inside")
#: Columns with these names hold codes that lead to other rows, whatever the table.
CODES: Final = {"about_group", "cycle", "group_code", "next_cycle", "question", "role"}
#: Columns that hold a code, a digest that publishing compares, or figures by code.
CODE_COLUMNS: Final = {
    "approvals.reviewed", "build_words.kind", "builds.file", "builds.why", "consents.source",
    "counters.name", "kept_figures.joined", "kept_figures.lines", "kept_figures.name",
    "kept_figures.part", "kept_figures.past", "stories.form", "stories.language",
    "stories.reviewed",
    "themes.endorsed_role", "word_releases.digest",
}  # fmt: skip
#: Words that are published once they are released: a canary stands in a row that is not.
RELEASED: Final = {
    "alternatives.name", "items.words", "joint_constructions.words", "positions.reason",
    "statements.words", "stories.answers", "themes.meaning", "themes.name", "themes.words",
}  # fmt: skip
#: What is public from the start: the contract, and what a program says of itself.
PUBLIC: Final = {
    "contracts.purpose", "contracts.stake", "contracts.confidentiality", "contracts.promised",
    "runs.limits", "runs.versions",
}  # fmt: skip
#: Columns that hold JSON, with what makes a canary of it.
JSON: Final = {
    "builds.themes": {"1": ["theme", "Canary"]},
    "consent_wordings.texts": {"Canary": "Canary"},
    "kept_gone.cells": [["Canary", "Canary"]],
    "kept_people.cells": [["Canary", "Canary"]],
    "rankings.items": [],
    "runs.settings": {"Canary": "Canary"},
    "siblings.told": {"Canary": "Canary"},
    "stories.words": ["telling", "title", "Canary"],
}
#: What a row of a table must hold for the rules of the table itself.
RULES: Final[dict[str, dict[str, object]]] = {
    "export_requests": {"asked_by": 1, "agreed_by": 2},
    "joint_follows": {"before": 0},
    "voices": {"sibling": None},
    "waivers": {"person": None},
}
#: Fields that only hold something together.
TOGETHER: Final = (
    """
    update information_tasks
    set answer = 'Canary information_tasks.answer', answered_at = :at, answered_by = person
    """,
    """
    update stakes set why_empty = 'Canary stakes.why_empty', removed_at = :at, removed_by = person
    """,
)
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT")
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d$")


def tables(db: PrivateDatabase) -> list[str]:
    """List the private tables, but those of SQLite and of the migrations."""
    rows = db.rows("select name from sqlite_master where type = 'table' order by name")
    return [row["name"] for row in rows if not row["name"].lstrip("_").startswith("sqlite")]


def columns(db: PrivateDatabase, table: str) -> dict[str, str]:
    """Return the columns of a table with their types."""
    about = db.rows(f"pragma table_info({table})")
    return {row["name"]: row["type"].upper() for row in about}


def sing_everywhere(db: PrivateDatabase) -> list[str]:
    """Put canaries into each field of each table that has a row; list the fields that have one.

    Fields that only take certain codes keep what they hold.
    """
    sung = []
    for trigger in db.rows("select name from sqlite_master where type = 'trigger'"):
        db.conn.execute(f"drop trigger {trigger['name']}")
    db.conn.execute("pragma ignore_check_constraints = off")
    for table in tables(db):
        if table in CHAINS:
            continue
        for column, kind in columns(db, table).items():
            field = f"{table}.{column}"
            if kind in ("TEXT", "BLOB") and not _is_code(field) and _sing(db, table, column):
                sung.append(field)
    db.conn.commit()
    return sung


def fill_empty(db: PrivateDatabase, *, but: Collection[str] = ()) -> None:
    """Give each table without a row one, with canaries, that belongs to rows that are there."""
    db.conn.execute("pragma foreign_keys = off")
    for table in tables(db):
        if table not in but:
            _fill(db, table)
    db.conn.commit()
    db.conn.execute("pragma foreign_keys = on")


def _fill(db: PrivateDatabase, table: str) -> None:
    """Give a table a row if it has none, and before it those that it belongs to."""
    if db.value(f"select count(*) from {table}"):
        return
    for parent in {row["table"] for row in db.rows(f"pragma foreign_key_list({table})")} - {table}:
        _fill(db, parent)
    row = _row(db, table) | RULES.get(table, {})
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.conn.execute(f"insert into {table} ({names}) values ({values})", row)


def _row(db: PrivateDatabase, table: str) -> dict[str, object]:
    """Return a row for a table: codes that it takes, ids of rows that are there, canaries."""
    codes = {
        name: listed.split("'")[1]
        for name, listed in re.findall(
            r"check \((\w+) in \(([^)]*'[^)]*)\)",
            db.value("select sql from sqlite_master where name = :table", {"table": table}),
        )
    }
    leads = {row["from"]: row["table"] for row in db.rows(f"pragma foreign_key_list({table})")}
    row: dict[str, object] = {}
    for about in db.rows(f"pragma table_info({table})"):
        name, kind = about["name"], about["type"].upper()
        if name in leads:
            row[name] = db.value(f"select max(rowid) from {leads[name]}")
        elif kind == "INTEGER":
            row[name] = 1
        else:
            row[name] = codes.get(name) or _canary(f"{table}.{name}")
    return row


def _canary(field: str) -> str:
    if field in PUBLIC:
        return "{}" if field == "runs.versions" else "[]"
    if field.endswith(("_at", ".at", "until")):
        return AT
    return json.dumps(JSON[field]) if field in JSON else f"Canary {field}"


def sing_together(db: PrivateDatabase) -> None:
    """Put canaries into fields that are empty or not with others."""
    for sql in TOGETHER:
        db.change(sql, {"at": AT})


def _is_code(field: str) -> bool:
    return field.split(".")[1] in CODES or field in CODE_COLUMNS | RELEASED | PUBLIC


def _sing(db: PrivateDatabase, table: str, column: str) -> bool:
    """Put a canary into each row of a column; False where it takes none."""
    field = f"{table}.{column}"
    found = db.value(f"select {column} from {table} where {column} is not null limit 1")
    canary, rows = f"'Canary {field} ' || rowid", "true"
    if field in JSON:
        canary = f"'{json.dumps(JSON[field])}'"
    elif isinstance(found, str) and MOMENT.match(found):
        canary, rows = f"'{AT}'", f"{column} is not null"  # what is empty has not happened
    elif isinstance(found, str) and DATE.match(found):
        canary, rows = f"'{DAY}'", f"{column} is not null"
    elif column.endswith(("_at", "until")):
        return False
    try:
        return bool(
            db.conn.execute(f"update {table} set {column} = {canary} where {rows}").rowcount
        )
    except sqlite3.IntegrityError:
        return False
