"""Member checks: what tellers say of what was made of their words, and what they are told.

A teller sees each use of their words (`uses`): a theme that their story is under, the passage that
stands for it there, and a claim, concern or issue that came from it. What they say of a use is kept
as they said it and goes when they withdraw. Guba and Lincoln (Fourth Generation Evaluation, 1989)
call this check the one that matters most for credibility. A use of which a teller says 'change it'
or 'not that' is not published until somebody has replied (`holding`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit, receipts
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import word_uses
from par_toolkit.storage.sensemaking.word_uses import Use
from par_toolkit.storage.sensemaking.written import needed, not_too_long

KINDS: Final = ("theme", "quote", "construction")
ANSWERS: Final = ("thats_it", "change_it", "not_that")
#: Answers that hold the use until somebody has replied.
HOLDING: Final = ("change_it", "not_that")
LONGEST: Final = 5_000


@dataclass(frozen=True)
class Check:
    """What a teller said of a use, whose words were `shown` then; `reply` is what they are told."""

    id: int
    use: Use
    shown: str
    answer: str
    words: str
    at: str
    reply: str
    replied_at: str | None

    @property
    def waits(self) -> bool:
        """Say whether it waits for a reply: only what is not 'that's it' does."""
        return self.answer in HOLDING and self.replied_at is None


@dataclass(frozen=True)
class Shown:
    """A use as its teller is shown it: its words, the meaning people gave to a theme, and the words
    of their own that an item was made from."""

    use: Use
    words: str
    meaning: str
    made_from: tuple[str, ...]
    check: Check | None

    @property
    def changed(self) -> bool:
        """Say whether the use reads otherwise than when the teller last spoke of it."""
        return self.check is not None and self.check.shown != self.words


@dataclass(frozen=True)
class Held:
    """Uses that are not published now: stories under a theme, their quotes there, and items."""

    themes: frozenset[tuple[int, int]]
    quotes: frozenset[tuple[int, int]]
    items: frozenset[int]


_LAST: Final = """
    select c.* from member_checks c where c.id = (
        select max(o.id) from member_checks o
        where (o.story, o.kind, o.reference) = (c.story, c.kind, c.reference)
    )
"""


def _check(row: Row) -> Check:
    return Check(
        row["id"],
        Use(row["story"], row["kind"], row["reference"]),
        row["shown"],
        row["answer"],
        row["words"],
        row["at"],
        row["reply"],
        row["replied_at"],
    )


def uses(db: PrivateDatabase, story_id: int, *, live_build: int | None = None) -> list[Shown]:
    """List the uses of a story's words (`word_uses`), each with what its teller said of it last."""
    said = {one.use: one for one in of_story(db, story_id)}
    found = word_uses.of_story(db, story_id, live_build=live_build)
    return [
        Shown(one.use, one.words, one.meaning, one.made_from, said.get(one.use)) for one in found
    ]


def say(
    db: PrivateDatabase,
    use: Use,
    answer: str,
    words: str = "",
    *,
    live_build: int | None = None,
) -> Check:
    """Keep what the teller says of a use of their words; what they said before stays beside it.

    Raises Refused for another answer than the three, a use that there is not (any more), words that
    are too long, and 'change it' without words that say how.
    """
    if answer not in ANSWERS:
        raise Refused("no_check_answer", "Choose one of the answers first.")
    words = not_too_long(words, most=LONGEST)
    if answer == "change_it":
        words = needed(words, "Say in your words what to change.", reason="say_what_to_change")
    with db.writing():
        shown = {one.use: one.words for one in uses(db, use.story, live_build=live_build)}
        if use not in shown:
            raise Refused("no_use", "Your words are not used in this way any more.")
        added = db.add(
            """
            insert into member_checks (story, kind, reference, shown, answer, words, at)
            values (:story, :kind, :reference, :shown, :answer, :words, :at)
            """,
            {
                "story": use.story,
                "kind": use.kind,
                "reference": use.reference,
                "shown": shown[use],
                "answer": answer,
                "words": words,
                "at": now(),
            },
        )
        audit.record(db, "member_check", role="participant", subject=f"story {use.story}")
        return there(db, added)


def reply(db: PrivateDatabase, check_id: int, words: str, *, by: Person) -> Check:
    """Tell the teller what became of what they said; from then on the use is not held any more.

    Raises Refused for empty words, one that does not wait, and one that the teller has said anew.
    """
    words = needed(words, "Write what you tell the teller.", reason="no_reply_words", most=LONGEST)
    with db.writing():
        found = there(db, check_id)
        last = next((one for one in of_story(db, found.use.story) if one.use == found.use), found)
        if not found.waits or last.id != check_id:
            raise Refused("answered_check", "This has its answer, or the teller has spoken since.")
        db.change(
            """
            update member_checks set reply = :reply, replied_by = :by, replied_at = :at
            where id = :id
            """,
            {"reply": words, "by": by.id, "at": now(), "id": check_id},
        )
        story = f"story {found.use.story}"
        audit.record(db, "reply_to_teller", by=by, subject=story, of_one=True)
        return there(db, check_id)


def there(db: PrivateDatabase, check_id: int) -> Check:
    """Return what a teller said. Raises Refused where it is gone, as after a withdrawal."""
    row = db.row("select * from member_checks where id = :id", {"id": check_id})
    if row is None:
        raise Refused("no_check", "This is not here any more. Its teller may have withdrawn.")
    return _check(row)


def of_story(db: PrivateDatabase, story_id: int) -> list[Check]:
    """List what a teller said last of each use of one story."""
    return _checks(db.rows(f"{_LAST} and c.story = :story order by c.id", {"story": story_id}))


def history(db: PrivateDatabase, use: Use) -> list[Check]:
    """List all that a teller ever said of a use, oldest first."""
    rows = db.rows(
        """
        select * from member_checks
        where story = :story and kind = :kind and reference = :reference order by id
        """,
        {"story": use.story, "kind": use.kind, "reference": use.reference},
    )
    return _checks(rows)


def of_theme(db: PrivateDatabase, theme: int) -> list[Check]:
    """List what tellers said of a theme and of their quotes under it; what waits comes first."""
    rows = db.rows(
        f"{_LAST} and c.kind in ('theme', 'quote') and c.reference = :theme order by c.id",
        {"theme": theme},
    )
    return sorted(_checks(rows), key=lambda one: not one.waits)


def of_item(db: PrivateDatabase, item: int) -> list[Check]:
    """List what tellers said of a claim, concern or issue; what waits comes first."""
    rows = db.rows(
        f"{_LAST} and c.kind = 'construction' and c.reference = :item order by c.id",
        {"item": item},
    )
    return sorted(_checks(rows), key=lambda one: not one.waits)


def listing(db: PrivateDatabase) -> list[Check]:
    """List what tellers said last of every use: what waits comes first, the oldest before."""
    return sorted(_checks(db.rows(f"{_LAST} order by c.id")), key=lambda one: not one.waits)


def tellers(db: PrivateDatabase) -> dict[int, str]:
    """Return whose each story is of which a teller has spoken: one person may have told several."""
    rows = db.rows(
        f"""
        select id, {receipts.PERSON} as person from stories
        where id in (select story from member_checks)
        """
    )
    return {row["id"]: row["person"] for row in rows}


def _checks(rows: Iterable[Row]) -> list[Check]:
    return [_check(row) for row in rows]


def holding(db: PrivateDatabase) -> Held:
    """Return the uses that wait for a reply, so that they are not published."""
    waiting = [one.use for one in _checks(db.rows(_LAST)) if one.waits]
    return Held(
        frozenset((one.story, one.reference) for one in waiting if one.kind == "theme"),
        frozenset((one.story, one.reference) for one in waiting if one.kind == "quote"),
        frozenset(one.reference for one in waiting if one.kind == "construction"),
    )
