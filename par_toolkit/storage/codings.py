"""Codes on passages: what people said, who said it and when; undone, but never overwritten.

Each touch is an act of one or two rows. What holds for a passage and a code is the last row whose
act was not undone, so that two people who work at once lose nothing. Every reading asks whether the
teller still agrees to `analyse`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.codebook import used
from par_toolkit.storage.consents import check_analyse
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.stories import open_texts


@dataclass(frozen=True, order=True)
class Passage:
    """A stretch of one answer of a story, in code points of the teller's own words."""

    story: int
    question: str
    start: int
    end: int


@dataclass(frozen=True)
class Coding:
    """What holds for a code on a passage: `yes` or no, who says so, and what it came from.

    `by` names everybody who said the same since anybody last said otherwise, with their roles;
    `source` is person or suggestion.
    """

    passage: Passage
    code: int
    yes: bool
    source: str
    by: tuple[tuple[str, str], ...]
    at: str


@dataclass(frozen=True)
class Act:
    """One touch, to say what undoing it would undo: 'yes', 'no' or 'move', and to which code."""

    act: int
    kind: str
    code: int


#: Every row that was not undone, of stories that may be analysed, under the code it counts as.
_HOLDING = """
    select g.*, coalesce(k.merged_into, k.id) as counts_as, p.name as person_name
    from codings g
    join consent_now c on c.story = g.story and c.use = 'analyse' and c.granted
    join codes k on k.id = g.code
    join people p on p.id = g.person
    where g.act not in (select act from coding_undos)
"""


def _passage(row: Row) -> Passage:
    return Passage(row["story"], row["question"], row["start_at"], row["end_at"])


def stamp(db: PrivateDatabase) -> tuple[int, ...]:
    """Return numbers that change with whatever the machine learns from, and are cheap to ask for.

    Stories and consents are counted; all else that people do writes a row of the trail.
    """
    row = db.row(
        """
        select (select count(*) from stories) as stories,
            (select coalesce(max(id), 0) from stories) as newest,
            (select coalesce(max(id), 0) from consents) as consents,
            (select coalesce(max(seq), 0) from audit) as acts
        """
    )
    assert row is not None
    return tuple(row.values())


def of_story(db: PrivateDatabase, story_id: int) -> list[Coding]:
    """List what holds in one story, in the order of the text; nothing without consent."""
    rows = db.rows(f"{_HOLDING} and g.story = :story order by g.id", {"story": story_id})
    return _standing(rows)


def everywhere(db: PrivateDatabase) -> list[Coding]:
    """List what holds in all stories that may be analysed today."""
    return _standing(db.rows(f"{_HOLDING} order by g.id"))


def _standing(rows: list[Row]) -> list[Coding]:
    found: dict[tuple[Passage, int], Coding] = {}
    for row in rows:
        key = (_passage(row), row["counts_as"])
        who, before = (row["person_name"], row["role"]), found.get(key)
        same = before is not None and before.yes == bool(row["yes"])
        by = before.by if same and before else ()
        found[key] = Coding(
            *key,
            bool(row["yes"]),
            before.source if same and before else row["source"],
            by if who in by else (*by, who),
            row["at"],
        )
    return sorted(found.values(), key=lambda one: (one.passage, one.code))


def say(
    db: PrivateDatabase,
    passage: Passage,
    code: int,
    *,
    yes: bool,
    by: Person,
    source: str = "person",
) -> int | None:
    """Say that a code is, or is not, for a passage; return the act, None where by said so before.

    Raises Refused for a story that is gone or may not be analysed, and for a code not used.
    """
    with db.writing():
        check(db, passage)
        used(db, code)
        last = _last(db, passage, code)
        if last and bool(last["yes"]) == yes and last["person"] == by.id:
            return None
        act = _new_act(db)
        _add(db, act, passage, code, yes=yes, by=by, source=source)
        _record(db, "code_passage", passage.story, by)
        return act


def move(db: PrivateDatabase, passage: Passage, code: int, *, into: int, by: Person) -> int:
    """Give a passage another code instead of this one, as one act.

    Raises Refused as `say` does, and where the passage does not have the code any more.
    """
    if code == into:
        raise Refused("same_code", "Choose another code to move to.")
    with db.writing():
        check(db, passage)
        used(db, into)
        here = [one for one in of_story(db, passage.story) if one.passage == passage and one.yes]
        if code not in {one.code for one in here}:
            raise Refused("code_gone", "Somebody took this code off meanwhile. Look once more.")
        act = _new_act(db)
        _add(db, act, passage, code, yes=False, by=by, source="person")
        _add(db, act, passage, into, yes=True, by=by, source="person")
        _record(db, "code_passage", passage.story, by)
        return act


def last_act(db: PrivateDatabase, story_id: int, *, by: Person) -> Act | None:
    """Return what `undo` would undo: the newest act of this person in a story, or None."""
    rows = db.rows(
        f"{_HOLDING} and g.story = :story and g.person = :person order by g.id desc limit 2",
        {"story": story_id, "person": by.id},
    )
    if not rows:
        return None
    same = [row for row in rows if row["act"] == rows[0]["act"]]
    kind = "move" if len(same) == 2 else "yes" if rows[0]["yes"] else "no"
    return Act(rows[0]["act"], kind, rows[0]["counts_as"])


def undo(db: PrivateDatabase, story_id: int, *, by: Person, act: int | None = None) -> Act:
    """Undo the newest act of this person in a story: all is as it was before it.

    `act` is the one they were shown. Raises Refused where there is none, where it is another by
    now, or where somebody said something about the same passage and code since.
    """
    with db.writing():
        found = last_act(db, story_id, by=by)
        if found is None or (act is not None and act != found.act):
            raise Refused("nothing_to_undo", "There is nothing left to undo here.")
        since = db.value(
            """
            select 1 from codings mine
            join codes k on k.id = mine.code
            join codings later on later.id > mine.id and later.act <> mine.act
                and later.story = mine.story and later.question = mine.question
                and later.start_at = mine.start_at and later.end_at = mine.end_at
            join codes l on l.id = later.code
                and coalesce(l.merged_into, l.id) = coalesce(k.merged_into, k.id)
            where mine.act = :act and later.act not in (select act from coding_undos)
            """,
            {"act": found.act},
        )
        if since:
            raise Refused(
                "changed_since",
                "Somebody else has decided on this passage since. Talk, then change it there.",
            )
        db.change(
            "insert into coding_undos values (:act, :story, :person, :role, :now)",
            {
                "act": found.act,
                "story": story_id,
                "person": by.id,
                "role": by.role,
                "now": now(),
            },
        )
        _record(db, "undo_coding", story_id, by)
        return found


def check(db: PrivateDatabase, passage: Passage) -> None:
    """Refuse a passage that may not be analysed today, or that is not in its story's answer."""
    check_analyse(db, passage.story)
    row = db.row("select answers, words from stories where id = :story", {"story": passage.story})
    assert row is not None
    text = open_texts(json.loads(row["answers"]), json.loads(row["words"])).get(passage.question)
    if text is None or not 0 <= passage.start < passage.end <= len(text):
        raise Refused("no_passage", "Choose a passage of this story first.")


def forget_passages(db: PrivateDatabase, story_id: int, question: str, *, after: int) -> None:
    """Let go of codes and examples on words that were typed up and have changed.

    They were said of other words. The story is to be read once more. Call inside `db.writing()`.
    """
    where = {"story": story_id, "question": question, "after": after}
    stretch = "story = :story and question = :question and end_at > :after"
    for table in ("codings", "code_examples"):
        db.change(f"delete from {table} where {stretch}", where)
    db.change(
        "delete from coding_undos where story = :story and act not in (select act from codings)",
        where,
    )
    db.change("delete from readings where story = :story", where)


def _last(db: PrivateDatabase, passage: Passage, code: int) -> Row | None:
    return db.row(
        f"""
        {_HOLDING} and g.story = :story and g.question = :question and g.start_at = :start
            and g.end_at = :end and coalesce(k.merged_into, k.id) = :code
        order by g.id desc limit 1
        """,
        {
            "story": passage.story,
            "question": passage.question,
            "start": passage.start,
            "end": passage.end,
            "code": code,
        },
    )


def _new_act(db: PrivateDatabase) -> int:
    """Return a number for a new act.

    Acts on words that were withdrawn or corrected are gone, rows and undoings alike, so that a
    number that comes again undoes nothing.
    """
    return int(db.value("select coalesce(max(act), 0) + 1 from codings"))


def _add(
    db: PrivateDatabase,
    act: int,
    passage: Passage,
    code: int,
    *,
    yes: bool,
    by: Person,
    source: str,
) -> None:
    db.add(
        """
        insert into codings (
            act, story, question, start_at, end_at, code, yes, source, person, role, at
        ) values (
            :act, :story, :question, :start, :end, :code, :yes, :source, :person, :role, :now
        )
        """,
        {
            "act": act,
            "story": passage.story,
            "question": passage.question,
            "start": passage.start,
            "end": passage.end,
            "code": code,
            "yes": int(yes),
            "source": source,
            "person": by.id,
            "role": by.role,
            "now": now(),
        },
    )


def _record(db: PrivateDatabase, action: str, story_id: int, by: Person) -> None:
    audit.record(db, action, by=by, subject=f"story {story_id}")
