"""Reading of a cycle begins once: it waits until evaluators have sealed what they expect.

Not only opening a story is reading. A list shows how stories begin, a theme what people say.
"""

from __future__ import annotations

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import contracts, phases
from par_toolkit.storage.sensemaking.expectations import reading_begun, stories_told, unsealed


def held(
    db: PrivateDatabase, story: int | None = None, *, next_up: str | None = None
) -> str | None:
    """Return a cycle whose stories wait for a seal; None where reading may go on.

    With `story` it is the cycle of that story, else any of which a page of many stories may show
    words. Held are cycles that run; where none does and there is a contract, `next_up`, the one
    that will begin. A story that names no cycle belongs to the one at hand.
    """
    waiting = (one for one in _concerned(db, story, next_up) if unsealed(db, one))
    return next(waiting, None)


def begin(
    db: PrivateDatabase, story: int | None = None, *, next_up: str | None = None, by: Person
) -> None:
    """Note that from now on the stories of the cycles concerned have been in somebody's sight.

    Nobody can seal after that. Where an evaluator has not sealed, the trail says who read first.
    """
    if not _concerned(db, story, next_up):
        return
    with db.writing():
        for cycle in _concerned(db, story, next_up):
            db.add(
                "insert into first_readings values (:cycle, :person, :role, :at)",
                {"cycle": cycle, "person": by.id, "role": by.role, "at": now()},
            )
            if unsealed(db, cycle):
                audit.record(db, "read_before_seals", by=by, subject=f"cycle {cycle}")


def _concerned(db: PrivateDatabase, story: int | None, next_up: str | None) -> list[str]:
    """List the cycles at hand of which nobody has read yet, and of which something is shown."""
    running = phases.running(db)
    if not running and next_up and contracts.latest(db):
        running = [next_up]
    if story is not None and running:
        row = db.row("select cycle from stories where id = :id", {"id": story})
        running = [one for one in running if row and one == (row["cycle"] or running[0])]
    return [one for one in running if not reading_begun(db, one) and stories_told(db, one)]
