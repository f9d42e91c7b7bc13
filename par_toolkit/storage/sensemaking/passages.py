"""The stories an item comes from, as places in them; consent is asked each time they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage import redactions, reviewed, stories
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, copied


@dataclass(frozen=True)
class Shown:
    """A passage as it reads after redaction today; `may_quote` beyond the desk: the teller agrees,
    and two people have released the story."""

    passage: Passage
    language: str
    reads: str
    may_quote: bool


def add(db: PrivateDatabase, item: int, passage: Passage, *, by: Person) -> None:
    """Name a passage as a source of an item; naming it twice changes nothing.

    Raises Refused for a story or passage that is not there, without consent to analyse today, and
    where the item repeats words of a story that nobody may quote.
    """
    with db.writing():
        story = stories.get(db, passage.story)
        text = stories.open_texts(story.answers, story.words) if story else {}
        if story is None or not 0 <= passage.start < passage.end <= len(
            text.get(passage.question, "")
        ):
            raise Refused("no_passage", "Choose a passage of this story first.")
        if not story.consent["analyse"]:
            raise Refused("no_consent", "The teller has not agreed to this use of the story.")
        db.add(
            """
            insert or ignore into item_passages values (:item, :story, :question, :start, :end)
            """,
            {
                "item": item,
                "story": passage.story,
                "question": passage.question,
                "start": passage.start,
                "end": passage.end,
            },
        )
        words = db.value("select words from items where id = :item", {"item": item})
        copied.check(db, [words or ""], item=item)
        acting.record(db, "add_passage", by=by, subject=f"item {item}")


def of_item(db: PrivateDatabase, item: int) -> list[Shown]:
    """List the passages of an item whose tellers agree today that their story is looked at.

    Withdrawn stories have taken theirs with them.
    """
    rows = db.rows(
        """
        select story, question, start_at, end_at from item_passages where item = :item
        order by story, question, start_at
        """,
        {"item": item},
    )
    found = [_shown(db, Passage(*row.values())) for row in rows]
    return [shown for shown in found if shown]


def _shown(db: PrivateDatabase, passage: Passage) -> Shown | None:
    story = stories.get(db, passage.story)
    if story is None or not story.consent["analyse"]:
        return None
    text = stories.open_texts(story.answers, story.words).get(passage.question, "")
    cuts = redactions.cuts(db, story.id).get(passage.question, ())
    reads = reviewed.span(text, cuts, passage.start, passage.end)
    may_quote = story.consent["quote"] and story.state == "released"
    return Shown(passage, story.language, reads, may_quote) if reads else None
