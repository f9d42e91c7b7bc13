"""Statements that are put to groups, to agree or not; each closes for everybody at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, copied, items, own
from par_toolkit.storage.sensemaking.phases import must_run
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import needed


@dataclass(frozen=True)
class Statement:
    """A statement in a cycle. `groups` were asked; every other group is 'not asked'.

    `item` is what it comes from, where there is one. While `closed_at` is None people answer, and
    nobody but the desk is sent what others say; from then on all groups see it.
    """

    id: int
    cycle: str
    words: str
    item: int | None
    groups: tuple[str, ...]
    at: str
    closed_at: str | None

    @property
    def open(self) -> bool:
        """Say whether people still answer."""
        return self.closed_at is None


_SELECT: Final = """
    select t.*, (
        select json_group_array(g.group_code) from statement_groups g where g.statement = t.id
    ) as asked
    from statements t
"""


def _statement(row: Row) -> Statement:
    return Statement(
        row["id"],
        row["cycle"],
        row["words"],
        row["item"],
        tuple(sorted(json.loads(row["asked"]))),
        row["at"],
        row["closed_at"],
    )


def put(
    db: PrivateDatabase,
    cycle: str,
    words: str,
    *,
    groups: Sequence[str],
    item: int | None = None,
    by: Person,
) -> Statement:
    """Put a statement to `groups` and return it.

    Its words do not change afterwards: people would have agreed to something else. Raises Refused
    for empty words, no group, an item that is not there, words that are put already or that its
    stories' tellers let nobody quote, and a cycle that is closed.
    """
    words = needed(words, "Write the statement first.", reason="no_statement_words")
    asked = list(dict.fromkeys(group for group in groups if group))
    if not asked:
        raise Refused("nobody_asked", "Choose at least one group to ask.")
    with db.writing():
        must_run(db, cycle)
        if item is not None and items.get(db, item) is None:
            raise Refused("no_item", "There is no such item. Load the page again.")
        copied.check(db, [words], item=item)
        if any(one.words == words for one in of_cycle(db, cycle)):
            raise Refused("put_already", "This statement is put already, in the same words.")
        added = db.add(
            """
            insert into statements (cycle, words, item, person, at)
            values (:cycle, :words, :item, :person, :at)
            """,
            {"cycle": cycle, "words": words, "item": item, "person": by.id, "at": now()},
        )
        for group in asked:
            _ask(db, added, group)
        acting.record(db, "put_statement", by=by, subject=f"statement {added}")
        return there(db, added)


def ask_too(db: PrivateDatabase, statement_id: int, group: str, *, by: Person) -> Statement:
    """Put a statement to one more group. Raises Refused where it is closed or was put to it."""
    with db.writing():
        found = still_open(db, statement_id)
        if not group or group in found.groups:
            raise Refused("asked_already", "Choose a group that was not asked yet.")
        _ask(db, statement_id, group)
        acting.record(db, "ask_group", by=by, subject=f"statement {statement_id}")
        return there(db, statement_id)


def _ask(db: PrivateDatabase, statement_id: int, group: str) -> None:
    db.add(
        "insert into statement_groups values (:statement, :group)",
        {"statement": statement_id, "group": group},
    )


def close(db: PrivateDatabase, statement_id: int, *, by: Person) -> None:
    """End the answering: from now on all groups see what each of them said.

    It does not open again, as people would answer after they saw what others say. Raises Refused
    where it is closed already.
    """
    with db.writing():
        still_open(db, statement_id)
        db.change(
            "update statements set closed_at = :at where id = :id",
            {"at": now(), "id": statement_id},
        )
        acting.record(db, "close_statement", by=by, subject=f"statement {statement_id}")


def get(db: PrivateDatabase, statement_id: int) -> Statement | None:
    """Return a statement, or None."""
    row = db.row(f"{_SELECT} where t.id = :id", {"id": statement_id})
    return _statement(row) if row else None


def there(db: PrivateDatabase, statement_id: int) -> Statement:
    """Return a statement that is there. Raises Refused for one that is not."""
    found = get(db, statement_id)
    if found is None:
        raise Refused("no_statement", "There is no such statement. Load the page again.")
    return found


def still_open(db: PrivateDatabase, statement_id: int) -> Statement:
    """Return a statement that people still answer. Raises Refused for any other."""
    found = there(db, statement_id)
    if not found.open:
        raise Refused(
            "statement_closed", "This statement is closed: all groups have seen what was said."
        )
    return found


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Statement]:
    """List the statements of a cycle, oldest first."""
    rows = db.rows(f"{_SELECT} where t.cycle = :cycle order by t.id", {"cycle": cycle})
    return [_statement(row) for row in rows]


def listing(db: PrivateDatabase) -> list[Statement]:
    """List the statements of every cycle, oldest first."""
    return [_statement(row) for row in db.rows(f"{_SELECT} order by t.id")]


def of_item(db: PrivateDatabase, item: int) -> list[Statement]:
    """List the statements that come from an item, oldest first."""
    rows = db.rows(f"{_SELECT} where t.item = :item order by t.id", {"item": item})
    return [_statement(row) for row in rows]


def seen_by(db: PrivateDatabase, seat: Seat) -> list[Statement]:
    """List what a member may be sent: what was put to their group, and what is closed.

    Before their own is saved it is nothing: statements come from what groups said (promise 13).
    """
    if own.latest(db, seat.id) is None:
        return []
    return [one for one in of_cycle(db, seat.cycle) if seat.group in one.groups or not one.open]
