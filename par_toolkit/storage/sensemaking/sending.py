"""Sending an agenda to all groups at the same moment, and what it still lacks for that."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import (
    acting,
    agenda_items,
    agendas,
    information,
    items,
    rankings,
    views,
)
from par_toolkit.storage.sensemaking.agendas import Agenda


@dataclass(frozen=True)
class Lack:
    """What an agenda lacks before it can be sent.

    `what` is 'items', 'first_choice' (a group put the item first), 'order' (nothing says how it was
    found), 'information' (a task waits), 'settled' (the item is settled by now), 'view' (a group
    has none), or 'confirmation' (its people do not stand behind it yet).
    """

    what: str
    item: int | None = None
    group: str | None = None


class NotReady(Refused):
    """An agenda that cannot be sent yet; `lacks` says all that it waits for."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__(
            "not_ready", "This agenda cannot be sent yet. See below what it still waits for."
        )
        self.lacks = lacks


def lacks(db: PrivateDatabase, agenda_id: int) -> list[Lack]:
    """List everything that an agenda still waits for before it can be sent."""
    agenda = agendas.there(db, agenda_id)
    entries = agenda_items.of_agenda(db, agenda_id)
    there = {one.item.id for one in entries}
    found = [] if entries else [Lack("items")]
    for group, chosen in rankings.first_choices(db, agenda.cycle).items():
        found += [Lack("first_choice", item, group) for item in chosen if item not in there]
    if len(entries) > 1 and not agenda.method:
        found.append(Lack("order"))
    written = views.of_agenda(db, agenda_id)
    for entry in entries:
        item = entry.item.id
        if entry.item.state not in items.UNSETTLED:
            found.append(Lack("settled", item))
        if any(task.holds_up(entry.groups) for task in information.of_item(db, item)):
            found.append(Lack("information", item))
        for group in entry.groups:
            view = written.get(item, {}).get(group)
            if view is None or not view.confirmed:
                found.append(Lack("view" if view is None else "confirmation", item, group))
    return found


def send(db: PrivateDatabase, agenda_id: int, *, by: Person) -> Agenda:
    """Let all groups read an agenda from this moment on; it stays as it is then.

    Raises NotReady, which lists what is lacking, and Refused where it was sent before.
    """
    with db.writing():
        agendas.still_written(db, agenda_id)
        if lacking := lacks(db, agenda_id):
            raise NotReady(lacking)
        agendas.mark(db, agenda_id, "sent_at")
        acting.record(db, "send_agenda", by=by, subject=f"agenda {agenda_id}")
        return agendas.there(db, agenda_id)
