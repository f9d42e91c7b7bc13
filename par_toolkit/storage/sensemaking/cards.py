"""The evaluator's card: how an evaluator sees it, labelled as theirs, one voice among others."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, own
from par_toolkit.storage.sensemaking.circles import still_open
from par_toolkit.storage.sensemaking.seats import Seat


@dataclass(frozen=True)
class Card:
    """What one evaluator holds in a circle."""

    person: int
    name: str
    words: str
    at: str


def write(db: PrivateDatabase, circle: int, words: str, *, by: Person) -> None:
    """Keep an evaluator's card; their last one holds, and empty words take it back.

    Raises Refused for a closed circle, and for whoever is no evaluator: others have a seat.
    """
    words = acting.kept(words) if words.strip() else ""
    with db.writing():
        still_open(db, circle)
        if by.role != "evaluator":
            raise Refused("no_evaluator", "Only an evaluator has a card. Take a seat to speak.")
        db.add(
            """
            insert into evaluator_cards (circle, person, words, at)
            values (:circle, :person, :words, :at)
            """,
            {"circle": circle, "person": by.id, "words": words, "at": now()},
        )
        acting.record(db, "write_card", by=by, subject=f"circle {circle}")


def of_circle(db: PrivateDatabase, circle: int) -> list[Card]:
    """List the cards that hold in a circle, for those who lead it."""
    rows = db.rows(
        """
        select c.person, p.name, c.words, c.at from evaluator_cards c
        join people p on p.id = c.person
        where c.circle = :circle and c.words <> '' and c.id = (
            select max(o.id) from evaluator_cards o
            where o.circle = c.circle and o.person = c.person
        )
        order by c.id
        """,
        {"circle": circle},
    )
    return [Card(*row.values()) for row in rows]


def seen_by(db: PrivateDatabase, seat: Seat) -> list[Card]:
    """List what a member may be sent of them: nothing before their own is saved."""
    return of_circle(db, seat.circle) if own.latest(db, seat.id) else []
