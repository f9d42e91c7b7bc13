"""What is read for codes, which stories have been, and the order in which a round looks at them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.consents import check_analyse
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.stories import open_texts

SORTS = ("random", "least_sure")


@dataclass(frozen=True)
class Round:
    """A round of reading: everybody sees the stories in the order of `sort` and `seed`.

    `id` is 0 before the first was started: then the order is random with the seed 0.
    """

    id: int
    sort: str
    seed: int


@dataclass(frozen=True)
class Reading:
    """A story that was read to the end: by whom, in which role, when."""

    story: int
    person: str
    role: str
    at: str


@dataclass(frozen=True)
class Answers:
    """All that one story says in free words: (question, the teller's own words), as asked."""

    story: int
    language: str
    texts: tuple[tuple[str, str], ...]


def answers(db: PrivateDatabase, *, story: int | None = None) -> list[Answers]:
    """List what every story says that may be analysed today, or one story, oldest first.

    What was spoken is passed over until it is typed up, and so is a form that is not themed.
    """
    rows = db.rows(
        """
        select s.id, s.answers, s.words, s.language from stories s
        join consent_now c on c.story = s.id and c.use = 'analyse' and c.granted
        where s.themed and (:story is null or s.id = :story)
          and not exists (
              select 1 from voices v where v.story = s.id and v.typed_up_at is null
          )
        order by s.id
        """,
        {"story": story},
    )
    return [
        Answers(row["id"], row["language"], tuple(said.items()))
        for row in rows
        if (said := open_texts(json.loads(row["answers"]), json.loads(row["words"])))
    ]


def current_round(db: PrivateDatabase) -> Round:
    """Return the newest round."""
    row = db.row("select id, sort, seed from rounds order by id desc limit 1")
    return Round(**row) if row else Round(0, "random", 0)


def start_round(db: PrivateDatabase, *, sort: str, seed: int, by: Person) -> Round:
    """Begin a round for everybody; what was read stays read. Raises Refused for another order."""
    if sort not in SORTS:
        raise Refused("bad_order", f"Choose one of these orders: {', '.join(SORTS)}.")
    with db.writing():
        number = db.add(
            """
            insert into rounds (sort, seed, person, at) values (:sort, :seed, :person, :now)
            """,
            {"sort": sort, "seed": seed, "person": by.id, "now": now()},
        )
        audit.record(db, "start_round", by=by, subject=f"round {number}")
        return current_round(db)


def listing(db: PrivateDatabase) -> dict[int, Reading]:
    """Return story -> its reading, for stories read to the end that may be analysed today."""
    rows = db.rows(
        """
        select r.story, p.name, r.role, r.at from readings r
        join people p on p.id = r.person
        join consent_now c on c.story = r.story and c.use = 'analyse' and c.granted
        where r.done and not exists (
            select 1 from readings later where later.story = r.story and later.id > r.id
        )
        order by r.id
        """
    )
    return {row["story"]: Reading(*row.values()) for row in rows}


def finish(db: PrivateDatabase, story_id: int, *, by: Person) -> None:
    """Note that a story has been read to the end: whatever has no code now needs none.

    Raises Refused for a story that is gone or may not be analysed.
    """
    _note(db, story_id, done=True, by=by)


def open_again(db: PrivateDatabase, story_id: int, *, by: Person) -> None:
    """Put a story back among those to read; its codes stay. Raises Refused likewise."""
    _note(db, story_id, done=False, by=by)


def _note(db: PrivateDatabase, story_id: int, *, done: bool, by: Person) -> None:
    with db.writing():
        check_analyse(db, story_id)
        if (story_id in listing(db)) == done:
            return
        db.add(
            """
            insert into readings (story, done, round, person, role, at)
            values (:story, :done, :round, :person, :role, :now)
            """,
            {
                "story": story_id,
                "done": int(done),
                "round": current_round(db).id or None,
                "person": by.id,
                "role": by.role,
                "now": now(),
            },
        )
        audit.record(
            db, "read_for_codes" if done else "read_again", by=by, subject=f"story {story_id}"
        )
