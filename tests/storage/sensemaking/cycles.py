"""What tests of a cycle set up: people, a contract, a cycle in its last phase, and an item."""

from __future__ import annotations

from typing import Any

from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import contracts, phases
from par_toolkit.storage.sensemaking.contracts import Contract, Terms
from par_toolkit.storage.sensemaking.phases import Phase

TERMS = Terms(
    purpose="What it is like to be cared for in Exampleton.",
    stake="Residents, carers and those who work there.",
    confidentiality="Names stay in the room.",
    promise="involve",
    promised="What you say is in the plan, with an answer to each point.",
)


def someone(db: PrivateDatabase, role: str = "facilitator", name: str = "") -> Person:
    """Add a person with this role."""
    name = name or f"Made-up {role}"
    people.add(db, name, role)
    found = people.by_name(db, name)
    assert found is not None
    return found


def agreed(db: PrivateDatabase, by: Person) -> Contract:
    """Write the first version of the contract."""
    return contracts.add(db, TERMS, after=None, by=by)


def begun(db: PrivateDatabase, cycle: str, by: Person) -> Phase:
    """Begin a cycle, under the contract as it stands or a first one."""
    if contracts.latest(db) is None:
        agreed(db, by)
    return phases.start(db, cycle, by=by)


def to_reflect(db: PrivateDatabase, cycle: str, by: Person) -> None:
    """Take a cycle that has just begun to its last phase."""
    for phase in phases.PHASES[1:]:
        phases.move(db, cycle, phase, by=by)


def close(db: PrivateDatabase, cycle: str, next_cycle: str | None, by: Person) -> Phase:
    """Close a cycle that reflects."""
    return phases.close(
        db,
        cycle,
        reflection="We listened more than we acted.",
        next_words="Act sooner.",
        next_cycle=next_cycle,
        by=by,
    )


def item(db: PrivateDatabase, cycle: str, *states: str, by: Person) -> int:
    """Write an item past its module, with a history of these states in a cycle."""
    values: dict[str, Any] = {"at": "2026-01-05T10:00:00+00:00", "cycle": cycle, "person": by.id}
    added = db.add(
        """
        insert into items (kind, words, group_code, source, person, at)
        values ('concern', 'The bus stopped.', 'residents', 'meeting', :person, :at)
        """,
        values,
    )
    for state in states or ("open",):
        set_item(db, added, cycle, state, by=by)
    return added


def set_item(db: PrivateDatabase, item: int, cycle: str, state: str, *, by: Person) -> None:
    """Add a row to the history of an item, past its module."""
    db.add(
        """
        insert into item_states (item, cycle, state, person, role, at)
        values (:item, :cycle, :state, :person, :role, :at)
        """,
        {
            "item": item,
            "cycle": cycle,
            "state": state,
            "person": by.id,
            "role": by.role,
            "at": "2026-01-05T10:00:00+00:00",
        },
    )


def appeal(db: PrivateDatabase, item: int, words: str = "You left us out.", *, by: Person) -> int:
    """Write an appeal past its module; `by` wrote it down for whoever said it."""
    return db.add(
        "insert into appeals (item, words, person, at) values (:item, :words, :person, :at)",
        {"item": item, "words": words, "person": by.id, "at": "2026-01-06T10:00:00+00:00"},
    )
