"""Leads a meeting through the equal-voice routine, one step after another."""

from __future__ import annotations

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, alone, rounds
from par_toolkit.storage.sensemaking.circles import still_open
from par_toolkit.storage.sensemaking.items import KINDS
from par_toolkit.storage.sensemaking.rounds import Round


def move(db: PrivateDatabase, circle: int, *, seen: Round | None, by: Person) -> Round:
    """Go on from the step that was `seen` on the page to the one after it.

    Raises Refused for a closed circle, where somebody else went on meanwhile, at the end, and while
    anybody at the table still has something to share: it goes round until none are left.
    """
    with db.writing():
        still_open(db, circle)
        present = rounds.at(db, circle)
        if present != seen:
            raise Refused("moved_on", "Somebody has gone on meanwhile. This is where it stands.")
        step = rounds.following(present)
        if step is None:
            raise Refused("rounds_over", "Everything has been collected in this circle.")
        if present and present.stage == "share":
            waits = alone.turn(db, circle, present.kind)
            if waits:
                raise Refused("turns_left", f"Seat {waits.number} still has something to share.")
        _go(db, circle, step, by)
    return step


def go_round_again(
    db: PrivateDatabase, circle: int, kind: str, *, seen: Round | None, by: Person
) -> Round:
    """Go back to writing a kind alone, for whoever came late or has come back with something left.

    What was shared stays. Raises Refused for a closed circle, where somebody else went on
    meanwhile, and for a kind that was not shared to its end yet.
    """
    with db.writing():
        still_open(db, circle)
        present = rounds.at(db, circle)
        if present != seen:
            raise Refused("moved_on", "Somebody has gone on meanwhile. This is where it stands.")
        if kind not in KINDS or not rounds.is_over(present, kind):
            raise Refused("not_over", "This has not been shared to its end yet. Go on with it.")
        _go(db, circle, Round(kind, "write"), by)
    return Round(kind, "write")


def _go(db: PrivateDatabase, circle: int, step: Round, by: Person) -> None:
    db.add(
        """
        insert into circle_rounds (circle, kind, stage, person, at)
        values (:circle, :kind, :stage, :person, :at)
        """,
        {"circle": circle, "person": by.id, "at": now()} | vars(step),
    )
    acting.record(db, "move_round", by=by, subject=f"circle {circle}")
