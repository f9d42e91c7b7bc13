"""A meeting for tests: an agenda with one item that two groups negotiate."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import (
    items,
    outcomes,
    sending,
    turns,
    views,
)
from par_toolkit.storage.sensemaking.outcomes import Planned
from par_toolkit.storage.sensemaking.seats import Seat
from tests.storage.sensemaking import tables

BOTH = ("carers", "residents")
PLAN = [Planned("Ask for a bus.", "Ana", "2026-05-01")]


@dataclass
class Meeting:
    """An agenda with one item, a person who leads, and a member of each of two groups."""

    db: PrivateDatabase
    mara: Person
    agenda: int
    item: int
    resident: Seat
    carer: Seat

    def view(self, seat: Seat, words: str = "The bus matters.") -> views.View:
        last = views.of_group(self.db, self.agenda, self.item, seat.group)
        return views.write(
            self.db, self.agenda, self.item, seat.group, words,
            after=last.id if last else None, by=seat,
        )  # fmt: skip

    def send(self) -> None:
        for seat in (self.resident, self.carer):
            views.confirm(self.db, self.view(seat).id, states_it=True, by=seat)
        sending.send(self.db, self.agenda, by=self.mara)

    def hold(self) -> None:
        self.send()
        turns.begin(self.db, self.agenda, by=self.mara)

    def speak(self, seat: Seat, words: str = "We need it.") -> None:
        seen = len(turns.of_item(self.db, self.agenda, self.item))
        turns.take(self.db, self.agenda, self.item, seat.group, words, seen=seen, by=seat)

    def decide(self, outcome: str = "full", **more: object) -> outcomes.Outcome:
        more = more or {"planned": PLAN}
        last = outcomes.of_agenda(self.db, self.agenda).get(self.item)
        more.setdefault("after", last.id if last else None)
        return outcomes.decide(
            self.db, self.agenda, self.item, outcome, "So it is.", by=self.mara, **more
        )

    def state(self) -> str:
        held = items.get(self.db, self.item)
        assert held is not None
        return held.state


def add_item(db: PrivateDatabase, words: str) -> int:
    return items.add(
        db, kind="concern", words=words, group="residents", cycle="cycle_1", source="meeting",
        by=tables.person(db),
    )  # fmt: skip
