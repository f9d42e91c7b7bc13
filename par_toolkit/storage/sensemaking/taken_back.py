"""What people took back at tables, once more: in a backup that was made before they did.

A restore would bring their words back. So the ledger of withdrawals names what was taken back, by a
digest and nothing else, and the database that is replaced knows it as well. Either is asked before
anybody can read the restored one.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from par_toolkit.storage import tombstones
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.keys import mark

#: Where people's words stand at tables: table -> the columns that are emptied with them.
_WORDS: Final = {
    "own_constructions": ("words",),
    "alternatives": ("name",),
    "remarks": ("words",),
    "answers_to_constructions": ("words", "answer"),
    "written_alone": ("words", "state"),
    "items": ("words",),
    "positions": ("reason",),
    "heard_from_others": ("words",),
    "able_to_act": ("words",),
    "appeals": ("words",),
}
#: Rows that say that something counts no longer: table -> the column that says so, and of what.
_MARKED: Final = {
    "item_states": ("state", ("item",)),
    "positions": ("position", ("statement", "seat")),
    "able_to_act": ("answer", ("seat",)),
}
#: What the other columns say of a row whose words are erased.
_SAYS: Final = {"answer": "taken_back", "state": "withheld"}


def remember(db: PrivateDatabase, table: str, **where: int | str) -> None:
    """Name in the ledger the rows of a table whose words are about to be erased."""
    those = " and ".join(f"{name} = :{name}" for name in where)
    words = _WORDS[table][0]
    for row in db.rows(f"select id, at from {table} where {those} and {words} <> ''", where):
        tombstones.add_to_ledger(db, _mark_of(db, table, row), "said")


def _mark_of(db: PrivateDatabase, table: str, row: Row) -> str:
    return mark(db.folder, "said", f"{table} {row['id']} {row['at']}")


def apply(db: PrivateDatabase, marks: Set[str]) -> None:
    """Erase in a restored database what a ledger names, and let it count no longer."""
    for table, (words, *others) in _WORDS.items() if marks else ():
        for row in db.rows(f"select * from {table} where {words} <> ''"):
            if _mark_of(db, table, row) in marks:
                given = {words: ""} | {name: _SAYS[name] for name in others}
                columns = ", ".join(f"{name} = :{name}" for name in given)
                db.change(f"update {table} set {columns} where id = :id", row | given)
                _count_no_longer(db, table, row)


def _count_no_longer(db: PrivateDatabase, table: str, row: Row) -> None:
    """Add the row that says so, where one is kept for it and none says so yet."""
    marked = "item_states" if table == "items" else table
    if marked not in _MARKED:
        return
    column, of = _MARKED[marked]
    last = _last(db, marked, of, {"item": row["id"]} | row)
    if last is not None and last[column] != "taken_back":
        emptied = {"words": "", "reason": "", "carried": 0, "repeat_of": None, "at": now()}
        said = {name: value for name, value in emptied.items() if name in last}
        _add(db, marked, last | said | {column: "taken_back"})


def _last(db: PrivateDatabase, table: str, of: Sequence[str], values: Row) -> Row | None:
    here = " and ".join(f"{name} = :{name}" for name in of)
    return db.row(f"select * from {table} where {here} order by id desc limit 1", values)


def again(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Erase in `db` what was erased in `old`, and let count no longer what no longer counted there.

    Codes of seats that opened nothing any more still open nothing, and names are as they were
    there. A row is the same where its number and its time are.
    """
    with db.writing():
        for table, columns in _WORDS.items():
            _erase(db, old, table, columns)
        for table, (column, of) in _MARKED.items():
            _mark(db, old, table, column, of)
        for seat in old.rows("select id, joined_at, called, mark, sitting from seats"):
            db.change(
                """
                update seats set called = :called, mark = :mark, sitting = :sitting
                where id = :id and joined_at = :joined_at and sitting <= :sitting
                """,
                seat,
            )


def _erase(db: PrivateDatabase, old: PrivateDatabase, table: str, columns: tuple[str, ...]) -> None:
    first = columns[0]
    given = ", ".join(f"{column} = :{column}" for column in columns)
    for row in old.rows(f"select id, at, {', '.join(columns)} from {table} where {first} = ''"):
        db.change(f"update {table} set {given} where id = :id and at = :at and {first} <> ''", row)


def _mark(
    db: PrivateDatabase, old: PrivateDatabase, table: str, column: str, of: tuple[str, ...]
) -> None:
    """Add the rows of `old` that say 'taken back' last, where the same thing still counts here."""
    same = " and ".join(f"o.{name} = t.{name}" for name in of)
    last = f"t.id = (select max(o.id) from {table} o where {same})"
    for row in old.rows(f"select t.* from {table} t where {last} and t.{column} = 'taken_back'"):
        found = _last(db, table, of, row)
        if found is not None and found[column] != "taken_back":
            _add(db, table, row)


def _add(db: PrivateDatabase, table: str, row: Row) -> None:
    known = db.value("select 1 from people where id = :person", row)
    row = {name: row[name] for name in row if name != "id"} | ({} if known else {"person": None})
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.add(f"insert into {table} ({names}) values ({values})", row)
