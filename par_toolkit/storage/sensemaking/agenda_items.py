"""The items of an agenda: their order, the groups each affects, and what is known about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, agendas, copied, information, items, rankings
from par_toolkit.storage.sensemaking.written import needed, not_too_long


@dataclass(frozen=True)
class Entry:
    """An item on an agenda at `place` (from 1), the groups it affects, and the evidence."""

    item: items.Item
    place: int
    groups: tuple[str, ...]
    evidence: str

    @property
    def mark(self) -> str:
        """Return what changes with the groups and the evidence, to see whether a page is stale."""
        return hashlib.sha256(json.dumps([self.groups, self.evidence]).encode()).hexdigest()[:32]


_SELECT: Final = """
    select a.*, (
        select json_group_array(p.group_code) from agenda_parties p
        where p.agenda = a.agenda and p.item = a.item
    ) as affected
    from agenda_items a
"""


def of_agenda(db: PrivateDatabase, agenda_id: int) -> list[Entry]:
    """List the items of an agenda in order."""
    rows = db.rows(f"{_SELECT} where a.agenda = :agenda order by a.place", {"agenda": agenda_id})
    found = []
    for place, row in enumerate(rows, 1):
        item = items.get(db, row["item"])
        assert item is not None
        groups = tuple(sorted(json.loads(row["affected"])))
        found.append(Entry(item, place, groups, row["evidence"]))
    return found


def there(db: PrivateDatabase, agenda_id: int, item_id: int) -> Entry:
    """Return one item of an agenda. Raises Refused where it is not on it."""
    found = next((one for one in of_agenda(db, agenda_id) if one.item.id == item_id), None)
    if found is None:
        raise Refused("not_on_agenda", "This item is not on the agenda. Load the page again.")
    return found


def add(
    db: PrivateDatabase,
    agenda_id: int,
    item_id: int,
    *,
    groups: Sequence[str],
    evidence: str = "",
    by: Person,
) -> None:
    """Put an item last on an agenda, with the groups that it affects.

    Raises Refused for an item that is settled, of another cycle or on the agenda already, without a
    group or without the one that said it, while a task on it waits that not every affected group
    goes on without, and once the agenda was sent.
    """
    affected = _affected(groups)
    with db.writing():
        agenda = agendas.still_written(db, agenda_id)
        item = items.get(db, item_id)
        if item is None or item.cycle != agenda.cycle or item.state not in items.UNSETTLED:
            raise Refused("not_unresolved", "This item is not unresolved in this cycle.")
        entries = of_agenda(db, agenda_id)
        if any(one.item.id == item_id for one in entries):
            raise Refused("on_agenda", "This item is on the agenda already.")
        _check_own_group(item, affected)
        check_information(db, item_id, affected)
        copied.check(db, [evidence], item=item_id)
        db.add(
            """
            insert into agenda_items (agenda, item, place, evidence)
            values (:agenda, :item, :place, :evidence)
            """,
            {
                "agenda": agenda_id,
                "item": item_id,
                "place": len(entries) + 1,
                "evidence": not_too_long(evidence),
            },
        )
        _set_groups(db, agenda_id, item_id, affected)
        agendas.set_method(db, agenda_id, "")  # its place was not found in that way
        acting.record(db, "add_to_agenda", by=by, subject=f"item {item_id}")


def change(
    db: PrivateDatabase,
    agenda_id: int,
    item_id: int,
    *,
    groups: Sequence[str],
    evidence: str,
    seen: str,
    by: Person,
) -> None:
    """Give an item on an agenda other groups or evidence; `seen` is the mark of what was changed.

    Raises Refused as `add` does, where somebody else has changed it since, and for leaving out a
    group that has written its view: no party is dropped.
    """
    affected = _affected(groups)
    with db.writing():
        agendas.still_written(db, agenda_id)
        entry = there(db, agenda_id, item_id)
        if entry.mark != seen:
            raise Refused(
                "entry_changed",
                "Somebody has changed this since you opened the page. Read it, then save yours "
                "again.",
            )
        _check_own_group(entry.item, affected)
        if set(_with_views(db, agenda_id, item_id)) - set(affected):
            raise Refused("has_views", "A group has written its view of this already, so it stays.")
        check_information(db, item_id, affected)
        copied.check(db, [evidence], item=item_id)
        db.change(
            """
            update agenda_items set evidence = :evidence where agenda = :agenda and item = :item
            """,
            {"evidence": not_too_long(evidence), "agenda": agenda_id, "item": item_id},
        )
        _set_groups(db, agenda_id, item_id, affected)
        acting.record(db, "change_agenda", by=by, subject=f"item {item_id}")


def remove(db: PrivateDatabase, agenda_id: int, item_id: int, *, by: Person) -> None:
    """Take an item off an agenda.

    Raises Refused for what a group put first, for what a group has written its view of while it is
    unsettled, and once it was sent.
    """
    with db.writing():
        agenda = agendas.still_written(db, agenda_id)
        entry = there(db, agenda_id, item_id)
        if any(item_id in chosen for chosen in rankings.first_choices(db, agenda.cycle).values()):
            raise Refused("first_choice", "A group put this first, so it stays on the agenda.")
        if entry.item.state in items.UNSETTLED and _with_views(db, agenda_id, item_id):
            raise Refused("has_views", "A group has written its view of this already, so it stays.")
        db.change(
            "delete from agenda_items where agenda = :agenda and item = :item",
            {"agenda": agenda_id, "item": item_id},
        )
        acting.record(db, "take_off_agenda", by=by, subject=f"item {item_id}")


def order(db: PrivateDatabase, agenda_id: int, *, method: str, by: Person) -> None:
    """Put the items in the order of those affected, and keep `method`, how it was found.

    Raises Refused where nobody has ranked any: the record would tell of an order that none gave.
    """
    with db.writing():
        agenda = agendas.still_written(db, agenda_id)
        if not rankings.held(db, agenda.cycle):
            raise Refused(
                "nobody_ranked",
                "Nobody has put items in order yet. Ask the groups, or move an item and say why.",
            )
        ranked = [one.item for one in rankings.of_cycle(db, agenda.cycle)]
        present = [one.item.id for one in of_agenda(db, agenda_id)]
        # what was settled meanwhile is ranked no more: it stands last until it is taken off
        place = {item: at for at, item in enumerate(ranked)}
        _place(db, agenda_id, sorted(present, key=lambda item: place.get(item, len(place))))
        agendas.set_method(db, agenda_id, method)
        acting.record(db, "order_agenda", by=by, subject=f"agenda {agenda_id}")


def move(
    db: PrivateDatabase, agenda_id: int, item_id: int, *, up: bool, why: str, by: Person
) -> None:
    """Move an item one place; `why` is kept as the method, as the order is no longer the ranked.

    Raises Refused without a reason, and where it stands at the end already.
    """
    why = needed(why, "Say why the order is not the one people ranked.", reason="no_why")
    with db.writing():
        agendas.still_written(db, agenda_id)
        listed = [one.item.id for one in of_agenda(db, agenda_id)]
        at = listed.index(there(db, agenda_id, item_id).item.id)
        to = at - 1 if up else at + 1
        if not 0 <= to < len(listed):
            raise Refused("at_the_end", "It stands there already.")
        listed[at], listed[to] = listed[to], listed[at]
        _place(db, agenda_id, listed)
        agendas.set_method(db, agenda_id, why)
        acting.record(db, "order_agenda", by=by, subject=f"agenda {agenda_id}")


def _place(db: PrivateDatabase, agenda_id: int, listed: Sequence[int]) -> None:
    for place, item in enumerate(listed, 1):
        db.change(
            "update agenda_items set place = :place where agenda = :agenda and item = :item",
            {"place": place, "agenda": agenda_id, "item": item},
        )


def _affected(groups: Sequence[str]) -> list[str]:
    affected = list(dict.fromkeys(group for group in groups if group))
    if not affected:
        raise Refused("nobody_affected", "Choose the groups that this item affects.")
    return affected


def _check_own_group(item: items.Item, affected: Sequence[str]) -> None:
    if item.group and item.group not in affected:
        raise Refused(
            "said_by_group", "This was said by a group that is not among those it affects."
        )


def _with_views(db: PrivateDatabase, agenda_id: int, item_id: int) -> list[str]:
    rows = db.rows(
        "select distinct group_code from views where agenda = :agenda and item = :item",
        {"agenda": agenda_id, "item": item_id},
    )
    return [row["group_code"] for row in rows]


def check_information(db: PrivateDatabase, item_id: int, groups: Sequence[str]) -> None:
    """Raise Refused while a question about an item waits that not all `groups` go on without."""
    if any(task.holds_up(groups) for task in information.of_item(db, item_id)):
        raise Refused(
            "waits_for_information",
            "A question about this item waits for its answer. Answer it, or let every affected "
            "group say that it goes on without.",
        )


def _set_groups(db: PrivateDatabase, agenda_id: int, item_id: int, groups: Sequence[str]) -> None:
    key = {"agenda": agenda_id, "item": item_id}
    db.change("delete from agenda_parties where agenda = :agenda and item = :item", key)
    for group in groups:
        db.add("insert into agenda_parties values (:agenda, :item, :group)", key | {"group": group})
