"""Information tasks: what somebody finds out before an item is negotiated, by when, and the answer.

An item with a task that waits goes to no negotiation, unless every side that it affects goes on
without the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, copied, items
from par_toolkit.storage.sensemaking.phases import must_run
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import MOST_OF_A_NAME, day, needed


@dataclass(frozen=True)
class Task:
    """A question about an item that `owner` answers until `due` (a date).

    `goes_on` are the groups that go on without the answer; it waits while `answered_at` is None.
    """

    id: int
    item: int
    question: str
    owner: str
    due: str
    answer: str
    answered_at: str | None
    at: str
    goes_on: frozenset[str]

    @property
    def waits(self) -> bool:
        """Say whether the answer is still to come."""
        return self.answered_at is None

    def overdue(self, today: str) -> bool:
        """Say whether it still waits and its date has passed by `today` (a date)."""
        return self.waits and self.due < today

    def holds_up(self, groups: Iterable[str]) -> bool:
        """Say whether it holds up a negotiation between `groups`."""
        return self.waits and not set(groups) <= self.goes_on


_SELECT: Final = "select * from information_tasks t"
_WAIVED: Final = """
    select w.task, w.group_code from waivers w
    where w.goes_on and w.id = (
        select max(o.id) from waivers o where o.task = w.task and o.group_code = w.group_code
    )
"""


def _tasks(db: PrivateDatabase, rows: Iterable[Row]) -> list[Task]:
    waived: dict[int, set[str]] = {}
    for row in db.rows(_WAIVED):
        waived.setdefault(row["task"], set()).add(row["group_code"])
    return [
        Task(
            row["id"],
            row["item"],
            row["question"],
            row["owner"],
            row["due"],
            row["answer"],
            row["answered_at"],
            row["at"],
            frozenset(waived.get(row["id"], ())),
        )
        for row in rows
    ]


def add(
    db: PrivateDatabase, item_id: int, *, question: str, owner: str, due: str, by: Person
) -> Task:
    """Ask somebody to find something out about an item, which waits for it; return the task.

    Raises Refused where something is missing, for a date that is none, an item that is settled or
    not there, and a cycle that is closed.
    """
    values = {
        "item": item_id,
        "question": needed(question, "Write what is to be found out.", reason="no_question"),
        "owner": needed(owner, "Say who finds it out.", reason="no_finder", most=MOST_OF_A_NAME),
        "due": day(due),
        "person": by.id,
        "at": now(),
    }
    with db.writing():
        found = items.get(db, item_id)
        if found is None or found.state not in items.UNSETTLED:
            raise Refused("settled", "This item is settled or gone. Open it again first.")
        must_run(db, found.cycle)
        copied.check(db, [question], item=item_id)
        added = db.add(
            """
            insert into information_tasks (item, question, owner, due, person, at)
            values (:item, :question, :owner, :due, :person, :at)
            """,
            values,
        )
        if found.state != "information_wanted":
            items.set_state(db, item_id, "information_wanted", question, by=by)
        acting.record(db, "want_information", by=by, subject=f"item {item_id}")
        return there(db, added)


def change(db: PrivateDatabase, task_id: int, *, owner: str, due: str, by: Person) -> Task:
    """Give a task that waits to somebody else, or until another day. Raises Refused as `add`."""
    owner = needed(owner, "Say who finds it out.", reason="no_finder", most=MOST_OF_A_NAME)
    with db.writing():
        found = _waiting(db, task_id)
        db.change(
            "update information_tasks set owner = :owner, due = :due where id = :id",
            {"owner": owner, "due": day(due), "id": task_id},
        )
        acting.record(db, "change_information", by=by, subject=f"item {found.item}")
        return there(db, task_id)


def answer(db: PrivateDatabase, task_id: int, words: str, *, by: Person) -> Task:
    """Keep the answer to a task; with the last one its item is ready to be negotiated.

    That nothing could be found out, and why, is an answer as well. Raises Refused for empty words
    and where it is answered already.
    """
    words = needed(words, "Write the answer, or why there is none.", reason="no_answer_words")
    with db.writing():
        found = _waiting(db, task_id)
        copied.check(db, [words], item=found.item)
        db.change(
            """
            update information_tasks set answer = :words, answered_at = :at, answered_by = :by
            where id = :id
            """,
            {"words": words, "at": now(), "by": by.id, "id": task_id},
        )
        item = items.get(db, found.item)
        ready = item is not None and item.state == "information_wanted"
        if ready and not any(one.waits for one in of_item(db, found.item)):
            items.set_state(db, found.item, "unresolved", words, by=by)
        acting.record(db, "answer_information", by=by, subject=f"item {found.item}")
        return there(db, task_id)


def go_on(
    db: PrivateDatabase, task_id: int, group: str, *, without: bool = True, by: Person | Seat
) -> Task:
    """Note that a group goes on without the answer, or (`without` False) no longer does.

    A member says so for their own group only. Raises Refused for another group's, no group, a task
    that is answered, and a closed circle.
    """
    if not group:
        raise Refused("no_group", "Choose the group that goes on without the answer.")
    with db.writing():
        found = _waiting(db, task_id)
        if (group in found.goes_on) == without:
            return found
        if isinstance(by, Seat):
            if by.group != group:
                raise Refused("other_group", "You can say this for your own group only.")
            acting.for_seat(db, by, by=by)
        db.add(
            """
            insert into waivers (task, group_code, goes_on, seat, person, at)
            values (:task, :group, :goes_on, :seat, :person, :at)
            """,
            acting.who(by)
            | {"task": task_id, "group": group, "goes_on": int(without), "at": now()},
        )
        act = "go_on_without_information" if without else "wait_for_information"
        acting.record(db, act, by=by, subject=f"item {found.item}")
        return there(db, task_id)


def _waiting(db: PrivateDatabase, task_id: int) -> Task:
    found = there(db, task_id)
    if not found.waits:
        raise Refused("answered_already", "This is answered already. Load the page again.")
    return found


def get(db: PrivateDatabase, task_id: int) -> Task | None:
    """Return a task, or None."""
    found = _tasks(db, db.rows(f"{_SELECT} where t.id = :id", {"id": task_id}))
    return found[0] if found else None


def there(db: PrivateDatabase, task_id: int) -> Task:
    """Return a task that is there. Raises Refused for one that is not."""
    found = get(db, task_id)
    if found is None:
        raise Refused("no_task", "There is no such task. Load the page again.")
    return found


def of_item(db: PrivateDatabase, item: int) -> list[Task]:
    """List the tasks of an item, oldest first."""
    return _tasks(db, db.rows(f"{_SELECT} where t.item = :item order by t.id", {"item": item}))


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Task]:
    """List the tasks on items that stand in a cycle: those that wait by date, then the answered."""
    rows = db.rows(
        f"""
        {_SELECT} where :cycle = (
            select s.cycle from item_states s where s.item = t.item order by s.id desc limit 1
        )
        order by t.answered_at is not null, t.due, t.id
        """,
        {"cycle": cycle},
    )
    return _tasks(db, rows)


def overdue(db: PrivateDatabase, *, today: str, cycle: str) -> list[Task]:
    """List what should have been found out by `today` (a date), the longest overdue first."""
    return [one for one in of_cycle(db, cycle) if one.overdue(today)]
