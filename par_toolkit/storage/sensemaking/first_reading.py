"""The first story of a cycle waits until evaluators have sealed what they expect."""

from __future__ import annotations

from par_toolkit.storage import audit, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import phases
from par_toolkit.storage.sensemaking.expectations import stories_read, unsealed


def held(db: PrivateDatabase, story: int) -> str | None:
    """Return the cycle whose first story this would be, while an evaluator has not sealed; or None.

    It holds only stories of a cycle that runs; one that names none belongs to the one at hand.
    """
    running = phases.running(db)
    row = db.row("select cycle from stories where id = :id", {"id": story})
    if row is None or not running:
        return None
    cycle = str(row["cycle"] or running[0])
    if cycle not in running or stories_read(db, cycle) or not unsealed(db, cycle):
        return None
    return cycle


def read_without(db: PrivateDatabase, story: int, *, by: Person) -> None:
    """Read the first story of a cycle though an evaluator has not sealed; the trail says who did.

    Nobody can seal after that. Does nothing for a story that is not held.
    """
    with db.writing():
        cycle = held(db, story)
        if cycle is not None:
            stories.mark_read(db, story)
            audit.record(db, "read_before_seals", by=by, subject=f"cycle {cycle}")
