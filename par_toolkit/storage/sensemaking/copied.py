"""Words of a story that somebody copies into an item, or what hangs on it: they stay the teller's.

Only who lets a story be quoted lets its sentences be copied, as members read them at tables; where
a teller takes that back, [brackets] stand in their place. What people say in their own words after
reading a story is theirs and stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from par_toolkit.storage import redactions, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused

#: What stands where words were taken back.
GONE: Final = "[…]"
#: So many words in a row are not said alike by chance; fewer could be anybody's.
WORDS: Final = 4
_SENTENCE: Final = re.compile(r"(?<=[.!?…。！？؟।])\s+|\n+")

#: Where words may have been copied to, for the items that a story is a source of: table, columns,
#: and which rows. What is append-only holds what people said in a meeting, and is theirs.
_PLACES: Final = (
    ("items", ("words",), "id in (select value from json_each(:items))"),
    ("item_states", ("words",), "item in (select value from json_each(:items))"),
    ("written_alone", ("words",), "item in (select value from json_each(:items))"),
    ("statements", ("words",), "item in (select value from json_each(:items))"),
    ("agenda_items", ("evidence",), "item in (select value from json_each(:items))"),
    ("information_tasks", ("question", "answer"), "item in (select value from json_each(:items))"),
    (
        "actions",
        ("what",),
        """
        item in (select value from json_each(:items))
        or id in (select action from action_stories where story = :story)
        """,
    ),
)


def check(
    db: PrivateDatabase,
    words: Iterable[str],
    *,
    item: int | None = None,
    action: int | None = None,
) -> None:
    """Raise Refused where `words` hold what is copied from a story that nobody may quote today.

    Asked are the stories that `item` and `action` were made of.
    """
    asked = db.rows(
        """
        select distinct s.id from stories s where not exists (
            select 1 from consent_now c where c.story = s.id and c.use = 'quote' and c.granted
        ) and s.id in (
            select story from item_passages where item = :item union
            select story from action_stories where action = :action
        )
        """,
        {"item": item, "action": action},
    )
    told = [text for one in asked for text in _told(db, one["id"])]
    if any(without(text, told) != text for text in words):
        raise Refused(
            "not_to_quote",
            "Some of these words are copied from a story that its teller lets nobody quote. Say "
            "it in other words.",
        )


def forget(db: PrivateDatabase, story_id: int) -> None:
    """Take out of what was made of a story all that is copied from it; call before it is deleted.

    Call inside `db.writing()`. Two people read what is left before it is shown again.
    """
    named = db.rows("select distinct item from item_passages where story = :id", {"id": story_id})
    told = _told(db, story_id)
    about = {"items": json.dumps([one["item"] for one in named]), "story": story_id}
    for table, columns, which in _PLACES:
        for column in columns:
            for kept in db.rows(
                f"select rowid as at, {column} as words from {table} where {which}", about
            ):
                left = without(kept["words"], told)
                if left != kept["words"]:
                    db.change(
                        f"update {table} set {column} = :left where rowid = :at",
                        {"left": left, "at": kept["at"]},
                    )


def _told(db: PrivateDatabase, story_id: int) -> list[str]:
    """Return what a story tells: each answer, as it reads after redaction, and each passage."""
    row = db.row("select answers, words from stories where id = :id", {"id": story_id})
    if row is None:
        return []
    answers = stories.open_texts(json.loads(row["answers"]), json.loads(row["words"]))
    named = db.rows(
        "select question, start_at, end_at from item_passages where story = :id", {"id": story_id}
    )
    return [
        *answers.values(),
        *redactions.reviewed_texts(db, story_id).values(),
        *(answers.get(one["question"], "")[one["start_at"] : one["end_at"]] for one in named),
    ]


def without(text: str, told: Iterable[str]) -> str:
    """Return `text` with [brackets] for what is copied from what was `told`: it in whole, or whole
    answers and sentences of it, of at least WORDS words each."""
    pieces = set()
    for answer in told:
        if _long(text) and text.strip() in answer:
            return GONE
        pieces |= {answer.strip(), *(one.strip() for one in _SENTENCE.split(answer))}
    for piece in sorted(filter(_long, pieces), key=len, reverse=True):
        text = text.replace(piece, GONE).replace(piece.rstrip(".!?…"), GONE)
    return text


def _long(words: str) -> bool:
    return len(words.split()) >= WORDS
