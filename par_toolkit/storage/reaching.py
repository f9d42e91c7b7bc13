"""Reaching a teller: the teller says how or takes it back; a person at the desk is told, and why.

Who looked, when and for which reason is on record, in the trail that stays in this house.
"""

from __future__ import annotations

from typing import Any, Final

from par_toolkit.storage import audit, contacts, takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.contacts import Contact
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person

#: Why somebody may be told how to reach a teller.
REASONS: Final = ("asked", "ask_back", "tell_outcome", "at_risk", "other")
#: Characters of the words that say why.
LONGEST_REASON: Final = 2_000


def note(db: PrivateDatabase, story_id: int, words: str, *, role: str = "participant") -> None:
    """Note how to reach the teller of a story, in place of what was there, which is erased.

    Raises Refused where the story is gone or its teller does not let us get in touch.
    """
    with db.writing():
        if not db.value("select 1 from stories where id = :id", {"id": story_id}):
            raise Refused("gone", "This story is not here any more.")
        if not _may_be_reached(db, story_id):
            raise Refused("no_consent", "The teller has not agreed that we get in touch.")
        if contacts.drop(db, story_id):
            takedowns.ask_erasure(db)
        contacts.keep(db, words, story=story_id)
        _record(db, "change_contact", story_id, role)


def forget(
    db: PrivateDatabase, story_id: int, *, by: Person | None = None, role: str = "participant"
) -> bool:
    """Erase how to reach the teller of a story; False where nothing was noted.

    `by` is who did it at the desk for a teller who asked.
    """
    with db.writing():
        if not contacts.drop(db, story_id):
            return False
        takedowns.ask_erasure(db)
        _record(db, "forget_contact", story_id, role, by=by)
    return True


def _record(
    db: PrivateDatabase, action: str, story_id: int, role: str, *, by: Person | None = None
) -> None:
    audit.record(db, action, by=by, role=role, subject=f"story {story_id}", of_one=True)


def _may_be_reached(db: PrivateDatabase, story_id: int) -> bool:
    return bool(
        db.value(
            "select granted from consent_now where story = :id and use = 'contact'",
            {"id": story_id},
        )
    )


def read(
    db: PrivateDatabase, story_id: int, *, by: Person, reason: str, words: str
) -> list[Contact]:
    """Return how to reach the teller of a story; that `by` was told, and why, is on disk then.

    `reason` is one of REASONS, `words` say more. Raises Refused without them, or where there is
    nothing to tell; CellDamaged where it does not open.
    """
    if reason not in REASONS:
        raise Refused("no_reason", "Choose why you need to reach them.")
    words = words.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Refused(
            "no_reason_words",
            f"Say in your words why, in at most {LONGEST_REASON:,} characters.",
        )
    with db.writing():
        found = contacts.of_story(db, story_id) if _may_be_reached(db, story_id) else []
        if not found:
            raise Refused("no_contact", "Nobody has told us how to reach them.")
        db.add(
            """
            insert into contact_readings (story, person, reason, words, at)
            values (:story, :person, :reason, :words, :now)
            """,
            {
                "story": story_id,
                "person": by.id,
                "reason": reason,
                "words": words,
                "now": now(),
            },
        )
        audit.record(db, "read_contact", by=by, subject=f"story {story_id}", of_one=True)
    return found


def count_readings(db: PrivateDatabase) -> int:
    """Count how often somebody was told how to reach a teller whose story is here."""
    return int(db.value("select count(*) from contact_readings"))


def readings(db: PrivateDatabase, *, limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
    """List who was told how to reach whose teller, and why, newest first.

    With a story that is withdrawn its lines go, as their words may be about its teller; the trail
    keeps that somebody looked.
    """
    return db.rows(
        """
        select r.story, p.name as person, p.role, r.reason, r.words, r.at
        from contact_readings r join people p on p.id = r.person
        order by r.id desc limit :limit offset :offset
        """,
        {"limit": limit, "offset": offset},
    )
