"""How people read the tone of a story: append-only, beside the teller's mark, never over it.

Nothing of it is published: what a build says of a story's kind is its teller's own word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.consents import check_analyse
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person

MARKS: Final = ("success", "challenge", "both")
SOURCES: Final = ("person", "suggestion")


@dataclass(frozen=True)
class ToneReading:
    """How a person read a story; `source` is 'suggestion' where they said yes to the machine's."""

    mark: str
    source: str
    person: str
    role: str
    at: str


def listing(db: PrivateDatabase) -> dict[int, ToneReading]:
    """Return story -> the reading that holds today, for stories that may be analysed."""
    rows = db.rows(
        """
        select r.story, r.mark, r.source, p.name, r.role, r.at from tone_readings r
        join people p on p.id = r.person
        join consent_now c on c.story = r.story and c.use = 'analyse' and c.granted
        where r.mark is not null and not exists (
            select 1 from tone_readings later where later.story = r.story and later.id > r.id
        )
        order by r.story
        """
    )
    return {row["story"]: ToneReading(*list(row.values())[1:]) for row in rows}


def marks(db: PrivateDatabase) -> dict[int, tuple[str | None, bool]]:
    """Return story -> (its mark or None, whether its teller gave it), for all that have themes.

    The teller's word comes first; where they did not say, the reading of a person counts. Only
    stories that may be analysed are here.
    """
    rows = db.rows(
        """
        select s.id, s.kind from stories s
        join consent_now c on c.story = s.id and c.use = 'analyse' and c.granted
        where s.themed order by s.id
        """
    )
    readings = {story: one.mark for story, one in listing(db).items()}
    return {row["id"]: (row["kind"] or readings.get(row["id"]), bool(row["kind"])) for row in rows}


def read(
    db: PrivateDatabase, story_id: int, mark: str | None, *, by: Person, source: str = "person"
) -> None:
    """Keep how a person reads a story's tone; None takes back what was said before.

    Raises Refused for an unknown mark, a story that is gone or may not be analysed, and one whose
    teller marked it: their word stands.
    """
    if mark is not None and mark not in MARKS:
        raise Refused("bad_mark", f"Choose one of these: {', '.join(MARKS)}.")
    if source not in SOURCES:
        raise ValueError(f"{source!r} is no source: use one of {', '.join(SOURCES)}.")
    with db.writing():
        check_analyse(db, story_id)
        if db.value("select kind from stories where id = :story", {"story": story_id}):
            raise Refused("told", "The teller said what it is. Their word stands.")
        db.add(
            """
            insert into tone_readings (story, mark, source, person, role, at)
            values (:story, :mark, :source, :person, :role, :now)
            """,
            {
                "story": story_id,
                "mark": mark,
                "source": source,
                "person": by.id,
                "role": by.role,
                "now": now(),
            },
        )
        audit.record(db, "read_tone", by=by, subject=f"story {story_id}")
