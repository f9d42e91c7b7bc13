"""Example quotes of a code: places in stories, never copies, so that they go with their story."""

from __future__ import annotations

import json
from dataclasses import dataclass

from par_toolkit.storage import audit, codings, redactions, reviewed
from par_toolkit.storage.clock import now
from par_toolkit.storage.codebook import used
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.consents import may_be_shared
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.stories import get


@dataclass(frozen=True)
class Example:
    """An example of a code: the teller's own `words`, and how they read after redaction.

    `may_leave` says that it may stand in a file that leaves the house: the teller agrees to be
    quoted today, and two people have released the words as they read.
    """

    id: int
    code: int
    passage: Passage
    words: str
    reads: str
    may_leave: bool


def listing(db: PrivateDatabase, *, code: int | None = None) -> list[Example]:
    """List the examples, oldest first, of stories that may be analysed today."""
    rows = db.rows(
        """
        select e.*, s.answers from code_examples e
        join stories s on s.id = e.story
        join consent_now c on c.story = e.story and c.use = 'analyse' and c.granted
        where :code is null or e.code = :code order by e.id
        """,
        {"code": code},
    )
    found = []
    for row in rows:
        passage = Passage(row["story"], row["question"], row["start_at"], row["end_at"])
        text = str(json.loads(row["answers"]).get(passage.question, ""))
        cuts = redactions.cuts(db, passage.story).get(passage.question, ())
        story = get(db, passage.story)
        assert story is not None
        found.append(
            Example(
                row["id"],
                row["code"],
                passage,
                text[passage.start : passage.end],
                reviewed.span(text, cuts, passage.start, passage.end),
                story.state == "released" and may_be_shared(story.consent),
            )
        )
    return found


def add(db: PrivateDatabase, code: int, passage: Passage, *, by: Person | None) -> bool:
    """Make a passage an example of a code; False where it is one already.

    Raises Refused for a passage that may not be analysed, and for a code not used.
    """
    with db.writing():
        codings.check(db, passage)
        used(db, code)
        added = db.change(
            """
            insert or ignore into code_examples
                (code, story, question, start_at, end_at, person, at)
            values (:code, :story, :question, :start, :end, :person, :now)
            """,
            {
                "code": code,
                "story": passage.story,
                "question": passage.question,
                "start": passage.start,
                "end": passage.end,
                "person": by.id if by else None,
                "now": now(),
            },
        )
        if added:
            audit.record(db, "add_example", by=by, subject=f"code {code}")
        return bool(added)


def remove(db: PrivateDatabase, example_id: int, *, by: Person | None) -> None:
    """Let a passage be an example no longer; one that is gone already is no fault."""
    with db.writing():
        code = db.value("select code from code_examples where id = :id", {"id": example_id})
        if code is not None:
            db.change("delete from code_examples where id = :id", {"id": example_id})
            audit.record(db, "remove_example", by=by, subject=f"code {code}")
