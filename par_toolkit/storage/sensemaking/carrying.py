"""What goes over from one cycle to the next: nothing unresolved is dropped (promise 14).

Items and appeals are other modules' to write; here they are only counted and carried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.people import Person

#: What has not come to an end: these states go on to the next cycle as they are.
OPEN_ITEMS: Final = ("open", "unresolved", "information_wanted", "reopened")
OPEN_ACTIONS: Final = ("open", "changed")


@dataclass(frozen=True)
class Carried:
    """The ids of items and actions, each in order."""

    items: tuple[int, ...]
    actions: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.items or self.actions)


@dataclass(frozen=True)
class Appeal:
    """An appeal that waits for its answer, with the words of the item it is about."""

    id: int
    item: int
    about: str
    at: str


_ITEMS_NOW: Final = """
    select item as id, cycle, state from item_states s
    where s.id = (select max(o.id) from item_states o where o.item = s.item)
"""
_ACTIONS_NOW: Final = """
    select action as id, cycle, state from action_states s
    where s.id = (select max(o.id) from action_states o where o.action = s.action)
"""


def still_open(db: PrivateDatabase, cycle: str) -> Carried:
    """Return what stands in a cycle and has not come to an end."""

    def those(query: str, states: tuple[str, ...]) -> tuple[int, ...]:
        rows = db.rows(
            f"select * from ({query}) where cycle = :cycle order by id", {"cycle": cycle}
        )
        return tuple(row["id"] for row in rows if row["state"] in states)

    return Carried(those(_ITEMS_NOW, OPEN_ITEMS), those(_ACTIONS_NOW, OPEN_ACTIONS))


def carry(db: PrivateDatabase, source: str, target: str, *, by: Person) -> Carried:
    """Hand everything open on from one cycle to another, in one transaction; return what went.

    Each keeps its id and state. Raises StorageError, and changes nothing, where what came in is not
    exactly what went out.
    """
    with db.writing():
        out = still_open(db, source)
        values = {"source": source, "target": target, "person": by.id, "role": by.role, "at": now()}
        for one in out.items:
            db.change(
                """
                insert into item_states (item, cycle, state, carried, person, role, at)
                select item, :target, state, 1, :person, :role, :at from item_states
                where item = :id and cycle = :source order by id desc limit 1
                """,
                values | {"id": one},
            )
        for one in out.actions:
            db.change(
                """
                insert into action_states (action, cycle, state, carried, person, role, at)
                select action, :target, state, 1, :person, :role, :at from action_states
                where action = :id and cycle = :source order by id desc limit 1
                """,
                values | {"id": one},
            )
        if came_in(db, source, target) != out or still_open(db, source):
            raise StorageError(
                f"What is open in {source} did not all arrive in {target}. Nothing was changed; "
                "tell the person who runs this inquiry."
            )
        audit.record(db, "carry_over", by=by, subject=f"cycle {source}")
        return out


def came_in(db: PrivateDatabase, source: str, target: str) -> Carried:
    """Return what came into a cycle from another: carried, with the step before in that other."""

    def those(table: str, of: str) -> tuple[int, ...]:
        rows = db.rows(
            f"""
            select distinct {of} as id from {table} s
            where cycle = :target and carried and :source = (
                select o.cycle from {table} o where o.{of} = s.{of} and o.id < s.id
                order by o.id desc limit 1
            ) order by 1
            """,
            {"source": source, "target": target},
        )
        return tuple(row["id"] for row in rows)

    return Carried(those("item_states", "item"), those("action_states", "action"))


def went_out(db: PrivateDatabase, source: str) -> Carried:
    """Return what had not come to an end when a cycle closed, by what was said of it there last.

    It asks only that cycle's own records, so that it can be compared with `came_in`.
    """

    def those(table: str, of: str, states: tuple[str, ...]) -> tuple[int, ...]:
        rows = db.rows(
            f"""
            select {of} as id, state from {table} s where cycle = :source and s.id = (
                select max(o.id) from {table} o where o.{of} = s.{of} and o.cycle = :source
            ) order by 1
            """,
            {"source": source},
        )
        return tuple(row["id"] for row in rows if row["state"] in states)

    return Carried(
        those("item_states", "item", OPEN_ITEMS), those("action_states", "action", OPEN_ACTIONS)
    )


def open_appeals(db: PrivateDatabase, cycle: str) -> list[Appeal]:
    """List the appeals that hold a cycle: on its items, or on those of a cycle that has closed."""
    rows = db.rows(
        f"""
        select a.id, a.item, i.words as about, a.at
        from appeals a join items i on i.id = a.item join ({_ITEMS_NOW}) s on s.id = a.item
        where a.answered_at is null and a.words <> '' and (s.cycle = :cycle or exists (
            select 1 from phases p where p.cycle = s.cycle and p.phase = 'closed'
        )) order by a.id
        """,
        {"cycle": cycle},
    )
    return [Appeal(row["id"], row["item"], row["about"], row["at"]) for row in rows]
