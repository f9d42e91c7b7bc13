"""Takedowns: what must leave the live findings after a withdrawal or a narrowed consent."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import reviewed, stories, vectors
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row, containing
from par_toolkit.storage.reviewed import Cut
from par_toolkit.storage.themes import parts

#: A use taken back -> what it lets stand in the findings. 'link' is a quote's place under a theme.
REACHES = {"quote": ("quote",), "publish": ("story",), "analyse": ("link",), "contact": ()}


@dataclass(frozen=True)
class Takedowns:
    """What must leave the live build: public ids of quotes, stories and links, and theme words."""

    quotes: frozenset[str]
    stories: frozenset[str]
    links: frozenset[str]
    words: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.quotes or self.stories or self.links or self.words)


#: Tables of what people said about a story; it goes with the consent to analyse.
BY_PEOPLE: Final = (
    "codings",
    "coding_undos",
    "code_examples",
    "readings",
    "says_something",
    "tone_readings",
    "action_stories",
)


#: Letters of Chinese, Japanese, Thai, Lao, Burmese and Khmer, which write no spaces between words.
NO_SPACES: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def queue_narrowed(db: PrivateDatabase, story_id: int, uses: Sequence[str]) -> None:
    """Queue what the uses taken back had let stand; call inside `db.writing()`."""
    if "analyse" in uses:
        forget_words(db, story_id)
        db.change("delete from theme_stories where story = :id", {"id": story_id})
        db.change("delete from shelf where story = :id", {"id": story_id})
        db.change("delete from run_texts where story = :id", {"id": story_id})
        for table in BY_PEOPLE:
            db.change(f"delete from {table} where story = :id", {"id": story_id})
    kinds = {kind for use in uses for kind in REACHES[use]}
    if kinds:
        queue_published(db, story_id, kinds)


def queue_published(db: PrivateDatabase, story_id: int, kinds: set[str]) -> None:
    """Queue a story's words to leave, doom every build that holds them, ask for erasure."""
    uses = db.rows(
        "select build, kind, public_id from build_uses where story = :id", {"id": story_id}
    )
    newest = db.value("select max(build) from builds where state <> 'deleted'")
    for kind in kinds:
        table = "quote" if kind == "link" else kind
        held = [use for use in uses if use["kind"] == table]
        for use in held:
            db.change(
                "update builds set state = 'doomed' where build = :build and state = 'kept'",
                {"build": use["build"]},
            )
            if use["build"] == newest:
                db.add(
                    "insert into takedowns (kind, public_id, at) values (:kind, :id, :now)",
                    {"kind": kind, "id": use["public_id"], "now": now()},
                )
    ask_erasure(db)


def ask_erasure(db: PrivateDatabase) -> None:
    """Note that erasure is due; `withdrawals.pending` lists it until it is done."""
    db.add("insert into erasures (asked_at) values (:now)", {"now": now()})


def forget_words(db: PrivateDatabase, story_id: int) -> None:
    """Drop from every theme the typical words that only this story used.

    A word that nobody else used would keep a piece of what was taken back, and so would a vector.
    Call before the story is deleted.
    """
    vectors.forget(db.folder)
    own = _text_of_answers(
        db.value("select answers from stories where id = :id", {"id": story_id}) or "{}"
    )
    for theme in db.rows("select id, words from themes"):
        words = json.loads(theme["words"])
        lost = [
            word
            for word in words
            if any(part in own for part in parts(word)) and not still_said(db, word, but=story_id)
        ]
        if lost:
            db.change(
                "update themes set words = :words where id = :id",
                {
                    "id": theme["id"],
                    "words": json.dumps([w for w in words if w not in lost], ensure_ascii=False),
                },
            )
            for word in lost:
                db.add(
                    "insert into takedowns (kind, word, at) values ('word', :word, :now)",
                    {"word": word, "now": now()},
                )


def _text_of_answers(answers: str) -> str:
    """Return answers kept as JSON, without its escapes, as one text in small letters."""
    return "\n".join(str(answer) for answer in json.loads(answers).values()).lower()


def still_said(db: PrivateDatabase, word: str, *, but: int | None = None) -> bool:
    """Say whether a story that may be analysed, `but` not this one, holds all parts of `word`.

    What is cut from a story, or suggested to be, is not said there: no build would show it.
    """
    pieces = sorted(parts(word), key=len, reverse=True)
    if not pieces:
        return True
    # one by one, since a word that is still said is mostly found in the first few stories
    found = db.query(
        """
        select s.id, s.answers, s.words from stories s
        join consent_now c on c.story = s.id and c.use = 'analyse' and c.granted
        where s.id is not :but and s.answers like :like escape '\\'
        """,
        {"but": but, "like": containing(pieces[0])},
    )
    with contextlib.closing(found):
        return any(
            _says(_text_of_answers(row["answers"]), pieces)
            and _says(_after_redaction(db, row), pieces)
            for row in found
        )


def _after_redaction(db: PrivateDatabase, row: Row) -> str:
    """Return the words of a story as one text in small letters, less all that may be cut."""
    cuts: dict[str, list[Cut]] = {}
    for cut in db.rows(
        """
        select question, start_at, end_at from redactions
        where story = :id and state <> 'rejected'
        """,
        {"id": row["id"]},
    ):
        cuts.setdefault(cut["question"], []).append(Cut(cut["start_at"], cut["end_at"], ""))
    texts = stories.open_texts(json.loads(row["answers"]), json.loads(row["words"]))
    return "\n".join(reviewed.texts(texts, cuts).values()).lower()


def _says(text: str, pieces: Sequence[str]) -> bool:
    """Say whether a text holds these as words; where no spaces are written, whatever is beside."""
    whole = parts(text)
    return all(one in whole or (NO_SPACES.search(one) and one in text) for one in pieces)


def waiting(db: PrivateDatabase) -> Takedowns:
    """Return what must still leave the live build."""
    rows = db.rows("select kind, public_id, word from takedowns")

    def ids(kind: str) -> frozenset[str]:
        return frozenset(row["public_id"] for row in rows if row["kind"] == kind)

    words = frozenset(row["word"] for row in rows if row["kind"] == "word")
    return Takedowns(ids("quote"), ids("story"), ids("link"), words)


def done(db: PrivateDatabase, taken: Takedowns) -> None:
    """Empty the list of what has left the live findings."""
    with db.writing():
        for column, gone in (
            ("public_id", taken.quotes | taken.stories | taken.links),
            ("word", taken.words),
        ):
            for one in gone:
                db.change(f"delete from takedowns where {column} = :one", {"one": one})
        if not waiting(db):
            db.change(
                "update erasures set unpublished_at = :now where unpublished_at is null",
                {"now": now()},
            )
