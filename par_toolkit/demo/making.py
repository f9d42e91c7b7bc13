"""What the steps share while the demo is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from par_toolkit.demo.content import DemoContent
from par_toolkit.demo.settings import in_year
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking.seats import Seat


@dataclass
class Making:
    """The demo as far as it is made: `ids` are those of what is told, the rest by key as well."""

    db: PrivateDatabase
    inquiry: Inquiry
    content: DemoContent
    today: datetime
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    circles: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    actions: dict[str, int] = field(default_factory=dict)

    def somebody(self, role: str) -> Person:
        """Return the first example person of a role."""
        return next(person for person in self.people.values() if person.role == role)

    def voice(self, key: str) -> Person | Seat:
        """Return who keeps the words of somebody at a table: themselves, or who keys in paper."""
        seat = self.seats[key]
        return self.somebody("facilitator") if seat.paper else seat

    def telling(self, key: str) -> str:
        """Return the telling of a story."""
        return next(one.telling for one in self.content.stories if one.key == key)

    def day(self, written: date) -> str:
        """Return a day of the files as it falls in the cycles of this demo, as 'YYYY-MM-DD'."""
        years = self.inquiry.cycles[0].starts.year - self.content.place.cycles[0].starts.year
        return in_year(written, written.year + years).isoformat()
