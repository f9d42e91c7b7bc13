"""Release: two different people approve the same words before any of them is published."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage import audit, consents, redactions
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import RELEASED_BY, Person


@dataclass(frozen=True)
class ReleaseState:
    """Who approved the words as they read now, and whether that is enough."""

    approved_by: tuple[str, ...]
    released: bool


def state(db: PrivateDatabase, story_id: int) -> ReleaseState:
    """Say who has approved a story's words as they read now."""
    rows = db.rows(
        """
        select p.name from approvals a
        join stories s on s.id = a.story and s.reviewed = a.reviewed
        join people p on p.id = a.person
        where a.story = :id order by a.id
        """,
        {"id": story_id},
    )
    names = tuple(row["name"] for row in rows)
    return ReleaseState(names, len(set(names)) >= RELEASED_BY)


def approve(
    db: PrivateDatabase, story_id: int, *, by: Person, action: str = "approve_release"
) -> ReleaseState:
    """Record one person's approval of a story's words as they read now.

    Raises Refused while suggestions wait for a decision or a voice to be typed up, without today's
    consent to share any of it, or where the story is gone. The same person approving twice counts
    once.
    """
    with db.writing():
        digest = db.value("select reviewed from stories where id = :id", {"id": story_id})
        if digest is None:
            raise Refused("gone", "This story is not here any more.")
        if not consents.may_be_shared(consents.today(db, story_id)):
            raise Refused("no_consent", "The teller has not agreed to share any of this story.")
        if db.value(
            "select 1 from voices where story = :id and typed_up_at is null", {"id": story_id}
        ):
            raise Refused("spoken", "Something was said that nobody has typed up yet.")
        if redactions.undecided(db, story_id):
            raise Refused(
                "undecided", "Decide on each suggested redaction first: accept it or reject it."
            )
        db.add(
            """
            insert or ignore into approvals (story, person, reviewed, at)
            values (:story, :person, :reviewed, :now)
            """,
            {"story": story_id, "person": by.id, "reviewed": digest, "now": now()},
        )
        audit.record(db, action, by=by, subject=f"story {story_id}")
        return state(db, story_id)


def take_back(db: PrivateDatabase, story_id: int, *, by: Person) -> ReleaseState:
    """Take back every approval of a story; it is not in the next build."""
    with db.writing():
        db.change("delete from approvals where story = :id", {"id": story_id})
        audit.record(db, "take_back_release", by=by, subject=f"story {story_id}")
        return state(db, story_id)
