"""A table for tests: people at the desk, a cycle that runs, a circle, and seats at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import circles, contracts, own, phases, seats
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.contracts import Terms
from par_toolkit.storage.sensemaking.seats import Seat


def person(db: PrivateDatabase, name: str = "Made-up Mara", role: str = "facilitator") -> Person:
    """Return somebody at the desk, added where they are not there yet."""
    if people.by_name(db, name) is None:
        people.add(db, name, role)
    found = people.by_name(db, name)
    assert found is not None
    return found


def begin_cycle(db: PrivateDatabase, cycle: str = "cycle_1") -> None:
    """Have a cycle run, under a contract."""
    mara = person(db)
    if contracts.latest(db) is None:
        terms = Terms(
            purpose="To see how people here come to the clinic.",
            stake="Everybody who goes there.",
            confidentiality="What is said here stays here.",
            promise="involve",
            promised="You hear what became of it.",
        )
        contracts.add(db, terms, after=None, by=mara)
    if phases.now(db, cycle) is None:
        phases.start(db, cycle, by=mara)


def circle(
    db: PrivateDatabase,
    *,
    group: str = "residents",
    topic: str = "The way to the clinic",
    cycle: str = "cycle_1",
) -> Circle:
    """Open a circle in a cycle that runs."""
    begin_cycle(db, cycle)
    return circles.open(db, group=group, cycle=cycle, topic=topic, by=person(db))


def seat(db: PrivateDatabase, circle: Circle, says: str = "") -> Seat:
    """Give somebody a seat; with `says` they have saved their own."""
    taken, _code = seats.join(db, circle.id)
    if says:
        own.save(db, taken, says, by=taken)
    return taken


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Expect a refusal for this reason."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.reason == reason, str(caught.value)
