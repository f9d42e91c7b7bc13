"""What evaluators expect to hear: sealed before the first story is read, opened at the close.

Guba and Lincoln (Fourth Generation Evaluation, 1989) call the check progressive subjectivity:
whoever found only what they had expected has not listened. The seal is SHA-256 over a random salt,
a line break and the words in UTF-8. It is shown from the first day, so that nobody can say later
that they expected something else; the salt keeps it from being guessed.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking.written import needed


@dataclass(frozen=True)
class Expectation:
    """What one person sealed for a cycle; `words` and `salt` are empty until it is opened.

    `stories_read` counts the stories of all cycles that had been read at the desk by then.
    """

    id: int
    cycle: str
    person: int
    name: str
    role: str
    digest: str
    stories_read: int
    sealed_at: str
    opened_at: str | None
    words: str
    salt: str

    @property
    def holds(self) -> bool:
        """Say whether the words that were opened are those that were sealed."""
        return bool(self.opened_at) and seal_of(self.salt, self.words) == self.digest


def seal_of(salt: str, words: str) -> str:
    """Return the seal of some words: SHA-256 of salt, line break and words, 64 hex digits."""
    return hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()


def _expectation(row: Row) -> Expectation:
    opened = row["opened_at"] is not None
    return Expectation(
        row["id"],
        row["cycle"],
        row["person"],
        row["name"],
        row["role"],
        row["digest"],
        row["stories_read"],
        row["sealed_at"],
        row["opened_at"],
        row["words"] if opened else "",
        row["salt"] if opened else "",
    )


def seal(db: PrivateDatabase, cycle: str, words: str, *, by: Person) -> Expectation:
    """Seal what a person expects of a cycle, once, and return it without the words.

    Raises Refused where nothing is said, where they have sealed theirs, where the cycle is closed,
    and where its stories could be read already: nobody can expect what they know.
    """
    words = needed(words, "Write what you expect to hear first.", reason="no_words")
    with db.writing():
        known = {"cycle": cycle, "person": by.id}
        if db.value("select 1 from phases where cycle = :cycle and phase = 'closed'", known):
            raise Refused("cycle_closed", "This cycle is closed. Work in the one that follows it.")
        if db.value("select 1 from expectations where cycle = :cycle and person = :person", known):
            raise Refused(
                "sealed_before", "You have sealed what you expect. It opens at the close."
            )
        if reading_begun(db, cycle):
            raise Refused(
                "read_before",
                "Stories of this cycle could be read already, so it is too late to seal what you "
                "expect.",
            )
        salt = secrets.token_hex(16)
        digest = seal_of(salt, words)
        added = db.add(
            """
            insert into expectations (cycle, person, words, salt, digest, stories_read, sealed_at)
            values (:cycle, :person, :words, :salt, :digest, :read, :at)
            """,
            known
            | {
                "words": words,
                "salt": salt,
                "digest": digest,
                "read": stories_read(db),
                "at": now(),
            },
        )
        # the trail's own hash covers the seal, so that it cannot be exchanged later
        audit.record(db, "seal_expectations", by=by, subject=f"seal {digest}")
        return next(one for one in of_cycle(db, cycle) if one.id == added)


def unsealed(db: PrivateDatabase, cycle: str) -> list[str]:
    """List by name the evaluators who have not sealed what they expect of a cycle."""
    rows = db.rows(
        """
        select p.name from people p where p.role = 'evaluator' and p.disabled_at is null
          and not exists (
            select 1 from expectations e where e.person = p.id and e.cycle = :cycle
          ) order by p.name
        """,
        {"cycle": cycle},
    )
    return [row["name"] for row in rows]


#: The stories of a cycle. One that names none belongs to those that were not closed when it came.
_OF_CYCLE: Final = """
    (s.cycle = :cycle or (s.cycle is null and s.told_at >= coalesce(
        (select max(p.at) from phases p where p.phase = 'closed' and p.cycle <> :cycle), ''
    )))
"""
#: The stories that somebody has read: at the desk, for codes, or to approve them, which may also
#: have been by the command line.
_READ: Final = """
    (s.read_at is not null
        or exists (select 1 from readings r where r.story = s.id)
        or exists (select 1 from codings c where c.story = s.id)
        or exists (select 1 from approvals a where a.story = s.id))
"""


def stories_read(db: PrivateDatabase, cycle: str | None = None) -> int:
    """Count the stories of a cycle, or of all, that somebody has read."""
    query = f"select count(*) from stories s where {_READ} and (:cycle is null or {_OF_CYCLE})"
    return int(db.value(query, {"cycle": cycle}))


def stories_told(db: PrivateDatabase, cycle: str) -> bool:
    """Say whether a cycle has a story at all."""
    there = db.value(f"select 1 from stories s where {_OF_CYCLE} limit 1", {"cycle": cycle})
    return there is not None


def reading_begun(db: PrivateDatabase, cycle: str) -> bool:
    """Say whether somebody could read words of a cycle's stories: too late to expect anything."""
    found = db.value(
        f"""
        select 1 from first_readings where cycle = :cycle
        union all
        select 1 from (select 1 from stories s where {_READ} and {_OF_CYCLE} limit 1)
        limit 1
        """,
        {"cycle": cycle},
    )
    return found is not None


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Expectation]:
    """List what was sealed for a cycle, oldest first; what is not open shows only its seal."""
    rows = db.rows(
        """
        select e.*, p.name, p.role from expectations e join people p on p.id = e.person
        where e.cycle = :cycle order by e.id
        """,
        {"cycle": cycle},
    )
    return [_expectation(row) for row in rows]


def open_all(db: PrivateDatabase, cycle: str, *, by: Person) -> int:
    """Open what was sealed for a cycle, as its close does; return how many were opened."""
    with db.writing():
        opened = db.change(
            "update expectations set opened_at = :at where cycle = :cycle and opened_at is null",
            {"at": now(), "cycle": cycle},
        )
        if opened:
            audit.record(db, "open_expectations", by=by, subject=f"cycle {cycle}")
        return opened
