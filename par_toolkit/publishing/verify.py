"""Verify a findings build: the very schema, nothing left over, and all that the promises say."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from par_toolkit.publishing import (
    build,
    claims,
    spare_bytes,
    stored_queries,
    verify_beside,
    verify_figures,
)
from par_toolkit.storage import audit

#: The cells that hold people's own words may speak of any date; no other cell may (promise 12).
WORDS: Final = {
    "inquiry": {"name", "locality", "population_source", "licence"}
    | {f"{text}_{language}" for text in ("about", "contact") for language in ("en", "fr")},
    "groups": {"name_en", "name_fr", "population_source"},
    "contracts": {"purpose", "stake", "confidentiality", "promised"},
    "cycles": {"name_en", "name_fr", "reflection", "next_words"},
    "runs": {"settings", "versions"},  # a version may read like a date, as 2024.1
    "themes": {"name", "meaning", "words"},
    "proofs": {"of_row", "part"},
    "quotes": {"text", "group_en", "group_fr"},
    "stories": {"title", "telling", "answers", "group_en", "group_fr"},
    "participation": {"group_en", "group_fr", "cycle_en", "cycle_fr"},
    "items": {"words", "group_en", "group_fr", "outcome_words", "no_action"},
    "constructions": {"group_en", "group_fr", "name", "words"},
    "statements": {"words"},
    "agreement": {"group_en", "group_fr"},
    "reasons": {"words"},
    "actions": {"what", "owner", "said"},
    "theme_people": {"group_en", "group_fr"},
    "action_people": {"group_en", "group_fr"},
}
#: The cells that hold a quarter, and nothing else where they are not empty.
QUARTERS: Final = (
    ("inquiry", "quarter"),
    ("builds", "quarter"),
    ("audit", "quarter"),
    ("runs", "quarter"),
    ("contracts", "quarter"),
    ("cycles", "phase_quarter"),
    ("actions", "due"),
)
#: A month, a day or a time of day.
FINE_DATE: Final = re.compile(r"\b\d{4}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{4}\b|\b\d{1,2}:\d{2}\b")
QUARTER: Final = re.compile(r"\d{4}-Q[1-4]")
JSON_CELLS: Final[tuple[tuple[str, str, type], ...]] = (
    ("inquiry", "languages", list),
    ("themes", "words", list),
    ("stories", "answers", list),
    ("runs", "settings", dict),
    ("runs", "versions", dict),
    ("runs", "limits", list),
    ("figures", "joined", list),
)


@dataclass(frozen=True)
class Verdict:
    """Whether a file is a sound build; if not, a sentence for each thing that is wrong.

    `fingerprint` is the root over all that a sound build said when it was made, and `last_step` the
    number and the hash of the last row of its trail; whoever has a copy of it
    sees the same one.
    """

    sound: bool
    sentences: list[str]
    fingerprint: str | None = None
    last_step: tuple[int, str] | None = None


def verify_build(path: Path | str) -> Verdict:
    """Check a findings build; nothing is written. A file that is no build is not sound either."""
    path = Path(path)
    sentence = _not_a_database(path)
    if sentence:
        return Verdict(False, [sentence])
    try:
        with build.reading(path) as conn:
            faults = (
                _format(path, conn)
                or list(_cells(path, conn))
                or [fault for check in CHECKS for fault in check(path, conn)]
            )
            if not faults:
                (last,) = conn.execute("select seq, hash from audit order by seq desc limit 1")
                said = [f"{path} is a sound findings build."]
                return Verdict(True, said, _sealed(conn), (last["seq"], last["hash"]))
    except sqlite3.Error as error:
        return Verdict(False, [f"{path} is damaged ({error}). Publish again: par publish"])
    except (UnicodeError, OverflowError, IndexError) as error:  # as of names that are no letters
        kind = type(error).__name__
        return Verdict(False, [f"{path} is damaged ({kind}). Publish again: par publish"])
    return Verdict(False, faults)


def _not_a_database(path: Path) -> str | None:
    """Look at the bytes first: SQLite itself says little about a file that is cut short."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
        size = path.stat().st_size
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}. Check the name of the file."
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        return f"{path} is not a findings build: it is not an SQLite database."
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    if size < pages * (65536 if page == 1 else page):
        return f"{path} is cut short. Copy it again, or publish again: par publish"
    if head[18:20] != b"\x01\x01":
        return f"{path} is not a finished build: it expects a write-ahead log beside it."
    return None


@cache
def _expected() -> frozenset[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.executescript(build.schema())
        return _schema(conn)


def _schema(conn: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    rows = conn.execute("select type, name, tbl_name, coalesce(sql, '') from sqlite_master")
    return frozenset(tuple(row) for row in rows)


def _format(path: Path, conn: sqlite3.Connection) -> list[str]:
    """Return what is wrong with the tables; with other tables nothing else can be checked."""
    found = _schema(conn)
    number = _number(conn)
    if number not in (None, build.FORMAT):
        return [_other_format(path, number)]
    if found == _expected():
        return [] if number else [f"{path} does not say which inquiry it belongs to."]
    names = {row[1] for row in _expected()}
    extra = sorted(row[1] for row in found if row[1] not in names)
    missing = sorted(names - {row[1] for row in found})
    changed = sorted({row[1] for row in found ^ _expected()} - set(extra) - set(missing))
    return [
        *(f"{path} holds '{name}', which does not belong in a findings build." for name in extra),
        *(f"{path} is not a findings build: it has no '{name}'." for name in missing),
        *(f"{path}: '{name}' is not made as schema.sql says." for name in changed),
    ]


def _number(conn: sqlite3.Connection) -> object:
    """Return the format a build says it is written in, or None where it does not say."""
    if not any(row[1] == "format" for row in conn.execute("pragma table_info(inquiry)")):
        return None
    row = conn.execute("select format from inquiry").fetchone()
    return row[0] if row else None


def _other_format(path: Path, number: object) -> str:
    return (
        f"{path} is written in format {number}, and this version reads format {build.FORMAT}. "
        "Use the version of par-toolkit that wrote it, or publish again: par publish"
    )


def _cells(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    """Look whether each cell holds what its column is for: SQLite itself lets anything stand there.

    With other cells nothing else can be checked.
    """
    for table in build.TABLES:
        kinds = {
            row["name"]: row["type"].lower() for row in conn.execute(f"pragma table_info({table})")
        }
        others = ", ".join(
            f"max(typeof({name}) not in ('{kind}', 'null'))" for name, kind in kinds.items()
        )
        found = conn.execute(f"select {others} from {table}").fetchone()
        for (name, kind), other in zip(kinds.items(), found, strict=True):
            if other:
                yield f"{path}: a cell of {table}.{name} is no {kind}."


def _whole(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    if conn.execute("pragma freelist_count").fetchone()[0]:
        yield f"{path} holds free pages, which may keep words that were taken out."
    verdict = conn.execute("pragma integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        yield f"{path} is damaged: {verdict}. Publish again: par publish"
    elif any(True for _ in spare_bytes.found(path.read_bytes(), conn)):
        yield f"{path} holds bytes that belong to no row, which may be words that nobody sees."
    if conn.execute("pragma foreign_key_check").fetchone():
        yield f"{path}: a row is linked to one that is not there, as a quote to a theme."


def _searchable(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    """Compare each search index with its table, in a copy in memory: the check needs to write."""
    with closing(sqlite3.connect(":memory:")) as copy:
        conn.backup(copy)
        for index in build.SEARCHED:
            try:
                copy.execute(f"insert into {index}({index}, rank) values ('integrity-check', 1)")
            except sqlite3.DatabaseError:
                yield f"{path}: the search index {index} does not agree with its table."


def _stored(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    """Compare the stored queries with ours: our pages run them."""
    found = [dict(row) for row in conn.execute("select * from queries order by position, id")]
    if found != stored_queries.rows():
        yield f"{path}: its stored queries are not those of par-toolkit. Publish again: par publish"


def _trail(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    previous = audit.START
    rows = conn.execute("select * from audit order by seq")
    for seq, row in enumerate(rows, start=1):
        expected = audit.chain_hash(
            previous,
            seq=seq,
            quarter=row["quarter"],
            role=row["role"],
            action=row["action"],
            details=row["details"],
        )
        if (row["seq"], row["previous"], row["hash"]) != (seq, previous, expected):
            yield f"{path}: the audit trail is not whole from row {row['seq']}."
            return
        previous = row["hash"]


def _claims(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    for fault in claims.faults(conn, _sealed(conn)):
        yield f"{path}: {fault}."


def _sealed(conn: sqlite3.Connection) -> str | None:
    """Return the root that the trail sealed last; a build is made right after its own."""
    row = conn.execute(
        "select details from audit where action = :seal order by seq desc limit 1",
        {"seal": audit.SEAL},
    ).fetchone()
    return audit.root_in(row[0]) if row else None


def _times(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    for table in build.TABLES:
        found = conn.execute(f"select * from {table}")
        columns = [name for name, *_ in found.description if name not in WORDS.get(table, ())]
        fine = {
            name
            for row in found
            for name in columns
            if isinstance(row[name], str) and FINE_DATE.search(row[name])
        }
        yield from (f"{path}: {table}.{name} holds a date finer than a quarter." for name in fine)
    for table, column in QUARTERS:
        known = f"select distinct {column} from {table} where {column} is not null"
        for (cell,) in conn.execute(known):
            if not QUARTER.fullmatch(cell):
                yield f"{path}: {table}.{column} holds '{cell}', which is no quarter."


def _lists(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    for table, column, kind in JSON_CELLS:
        for (cell,) in conn.execute(f"select {column} from {table}"):
            try:
                good = isinstance(json.loads(cell), kind)
            except (ValueError, RecursionError):
                good = False
            if not good:
                what = "a list" if kind is list else "an object"
                yield f"{path}: {table}.{column} is not {what}."


Check = Callable[[Path, sqlite3.Connection], Iterator[str]]
CHECKS: Final[tuple[Check, ...]] = (
    _whole,
    _searchable,
    _stored,
    _trail,
    _claims,
    *verify_figures.CHECKS,
    *verify_beside.CHECKS,
    _times,
    _lists,
)
