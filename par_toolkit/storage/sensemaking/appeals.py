"""Appeals: any participant may say that a decision was not fair; somebody else answers.

While an appeal is open, nothing of its item is published (`holding`), and its cycle stays open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit, takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, items, taken_back
from par_toolkit.storage.sensemaking.items import Item
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import needed


@dataclass(frozen=True)
class Appeal:
    """An appeal against how an item was decided; `upheld` is None while it waits.

    It came from a seat in a circle, from the holder of a receipt, or was told at the desk.
    """

    id: int
    item: int
    words: str
    seat: int | None
    receipt: int | None
    at: str
    answer: str
    answered_by: int | None
    answered_at: str | None
    upheld: bool | None

    @property
    def open(self) -> bool:
        """Say whether it waits for an answer; one that was taken back does not."""
        return self.upheld is None and bool(self.words)


_SELECT: Final = "select * from appeals a"
_OPEN: Final = "a.answered_at is null and a.words <> ''"


def _appeals(rows: Iterable[Row]) -> list[Appeal]:
    return [
        Appeal(
            **{name: row[name] for name in Appeal.__dataclass_fields__ if name != "upheld"},
            upheld=None if row["upheld"] is None else bool(row["upheld"]),
        )
        for row in rows
    ]


def add(
    db: PrivateDatabase,
    item_id: int,
    words: str,
    *,
    by: Person | Seat | None = None,
    receipt: int | None = None,
) -> Appeal:
    """Keep an appeal and return it; `by` is a member, or who writes down what somebody told them.

    With `receipt` it is of the holder of a receipt code, and goes when they withdraw. Raises
    Refused for empty words, an item that is not there, and one that this participant has appealed
    against and waits to hear of.
    """
    if by is None and receipt is None:
        raise ValueError("An appeal is somebody's: give `by` or `receipt`.")
    words = needed(words, "Say what was not fair or not heard.", reason="no_appeal_words")
    role = {"seat": None, "person": None} if by is None else acting.who(by)
    with db.writing():
        if items.get(db, item_id) is None:
            raise Refused("no_item", "There is no such item. Load the page again.")
        values = role | {"item": item_id, "words": words, "receipt": receipt, "at": now()}
        if values["person"] is None and db.value(
            f"""
            select 1 from appeals a where {_OPEN} and a.item = :item
                and (a.seat = :seat or a.receipt = :receipt)
            """,
            values,
        ):
            raise Refused("appealed_already", "Your appeal on this waits for its answer.")
        added = db.add(
            """
            insert into appeals (item, words, seat, receipt, person, at)
            values (:item, :words, :seat, :receipt, :person, :at)
            """,
            values,
        )
        _record(db, "appeal", by, item_id)
        return there(db, added)


def take_back(db: PrivateDatabase, appeal_id: int, *, by: Seat | int) -> None:
    """Erase the words of an appeal of one's own that waits; `by` is its seat or receipt.

    Raises Refused for one that is answered, and for somebody else's.
    """
    with db.writing():
        found = there(db, appeal_id)
        mine = found.seat == by.id if isinstance(by, Seat) else found.receipt == by
        if not mine or not found.open:
            raise Refused("not_yours", "You can take back your own appeal, until it is answered.")
        taken_back.remember(db, "appeals", id=appeal_id)
        db.change("update appeals set words = '' where id = :id", {"id": appeal_id})
        takedowns.ask_erasure(db)
        _record(db, "take_back_appeal", by if isinstance(by, Seat) else None, found.item)


def answer(db: PrivateDatabase, appeal_id: int, words: str, *, upheld: bool, by: Person) -> Appeal:
    """Answer an appeal; one that is upheld opens its item again.

    Raises Refused for empty words, one that does not wait, and for whoever decided on the item.
    """
    words = needed(words, "Write the answer.", reason="no_appeal_answer")
    with db.writing():
        found = there(db, appeal_id)
        if not found.open:
            raise Refused("appeal_closed", "This appeal is answered or was taken back.")
        if by.id in deciders(db, found.item):
            raise Refused(
                "own_decision",
                "You decided on this item, so somebody else answers. Ask another person.",
            )
        db.change(
            """
            update appeals set answer = :answer, answered_by = :by, answered_at = :at,
                upheld = :upheld
            where id = :id
            """,
            {
                "answer": words,
                "by": by.id,
                "at": now(),
                "upheld": int(upheld),
                "id": appeal_id,
            },
        )
        item = items.get(db, found.item)
        if upheld and item is not None and item.state in items.SETTLED:
            items.set_state(db, found.item, "reopened", words, by=by)
        acting.record(
            db, "uphold_appeal" if upheld else "answer_appeal", by=by, subject=f"item {found.item}"
        )
        return there(db, appeal_id)


def _record(db: PrivateDatabase, action: str, by: Person | Seat | None, item: int) -> None:
    if by is None:
        audit.record(db, action, role="participant", subject=f"item {item}")
    else:
        acting.record(db, action, by=by, subject=f"item {item}")


def open_to(db: PrivateDatabase, cycle: str) -> list[Item]:
    """List what those of a cycle may appeal against: all that stood in it, wherever it went on."""
    rows = db.rows(
        "select distinct item from item_states where cycle = :cycle order by item", {"cycle": cycle}
    )
    found = (items.get(db, row["item"]) for row in rows)
    return [one for one in found if one is not None and one.stands]


def deciders(db: PrivateDatabase, item_id: int) -> frozenset[int]:
    """Return who decided on an item: they wrote an outcome, or said it is resolved or a repeat."""
    rows = db.rows(
        """
        select person from outcomes where item = :item
        union
        select person from item_states where item = :item and state in ('resolved', 'repeat')
        """,
        {"item": item_id},
    )
    return frozenset(row["person"] for row in rows if row["person"] is not None)


def there(db: PrivateDatabase, appeal_id: int) -> Appeal:
    """Return an appeal that is there. Raises Refused for one that is not."""
    found = _appeals(db.rows(f"{_SELECT} where a.id = :id", {"id": appeal_id}))
    if not found:
        raise Refused("no_appeal", "There is no such appeal. Load the page again.")
    return found[0]


def of_item(db: PrivateDatabase, item_id: int) -> list[Appeal]:
    """List the appeals on an item, oldest first, without those that were taken back."""
    rows = db.rows(
        f"{_SELECT} where a.item = :item and a.words <> '' order by a.id", {"item": item_id}
    )
    return _appeals(rows)


def of_seat(db: PrivateDatabase, seat: Seat) -> list[Appeal]:
    """List what somebody at a table has appealed against, oldest first."""
    rows = db.rows(
        f"{_SELECT} where a.seat = :seat and a.words <> '' order by a.id", {"seat": seat.id}
    )
    return _appeals(rows)


def of_receipt(db: PrivateDatabase, receipt: int) -> list[Appeal]:
    """List what the holder of a receipt code has appealed against, oldest first."""
    rows = db.rows(
        f"{_SELECT} where a.receipt = :receipt and a.words <> '' order by a.id",
        {"receipt": receipt},
    )
    return _appeals(rows)


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Appeal]:
    """List the appeals on items that stand in a cycle: those that wait come first."""
    rows = db.rows(
        f"""
        {_SELECT} where a.words <> '' and :cycle = (
            select s.cycle from item_states s where s.item = a.item order by s.id desc limit 1
        )
        order by a.answered_at is not null, a.id
        """,
        {"cycle": cycle},
    )
    return _appeals(rows)


def made_in(db: PrivateDatabase, cycle: str) -> list[Appeal]:
    """List the appeals that were made in a cycle, also where their item has gone on since.

    It is the first of the cycles in which the item stood that had not closed by then; where all
    had, the last.
    """
    rows = db.rows(
        f"""
        {_SELECT} where a.words <> '' and :cycle = coalesce((
            select s.cycle from item_states s where s.item = a.item and not exists (
                select 1 from phases p
                where p.cycle = s.cycle and p.phase = 'closed' and p.at < a.at
            ) order by s.id limit 1
        ), (select s.cycle from item_states s where s.item = a.item order by s.id desc limit 1))
        order by a.id
        """,
        {"cycle": cycle},
    )
    return _appeals(rows)


def holding(db: PrivateDatabase) -> set[int]:
    """Return the items of which nothing is published, as an appeal on them waits."""
    return {row["item"] for row in db.rows(f"select a.item from appeals a where {_OPEN}")}
