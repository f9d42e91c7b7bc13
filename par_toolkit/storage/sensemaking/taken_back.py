"""What people took back at tables, once more: in a backup that was made before they did.

A restore would bring their words back. What they had taken back in the database that it replaces is
erased in the restored one as well, before anybody can read it.
"""

from __future__ import annotations

from typing import Final

from par_toolkit.storage.database import PrivateDatabase, Row

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


def again(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Erase in `db` what was erased in `old`, and let count no longer what no longer counted there.

    Codes of seats that opened nothing any more still open nothing. A row is the same where its
    number and its time are.
    """
    with db.writing():
        for table, columns in _WORDS.items():
            _erase(db, old, table, columns)
        for table, (column, of) in _MARKED.items():
            _mark(db, old, table, column, of)
        for seat in old.rows("select id, joined_at, mark, sitting from seats"):
            db.change(
                """
                update seats set mark = :mark, sitting = :sitting
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
        here = " and ".join(f"t.{name} = :{name}" for name in of)
        found = db.row(f"select t.{column} as stands from {table} t where {here} and {last}", row)
        if found is not None and found["stands"] != "taken_back":
            _add(db, table, row)


def _add(db: PrivateDatabase, table: str, row: Row) -> None:
    known = db.value("select 1 from people where id = :person", row)
    row = {name: row[name] for name in row if name != "id"} | ({} if known else {"person": None})
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.add(f"insert into {table} ({names}) values ({values})", row)
