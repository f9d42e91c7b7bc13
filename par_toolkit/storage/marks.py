"""Marks of words that people released, and how they are made anew under another key.

A yes is bound to the words as they read, by a keyed digest. Where an inquiry goes on without its
key, what held before holds on, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from par_toolkit.storage import redactions, reviewed, voices
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import word_releases

#: A kind of words ('story', or as in `word_releases`), which of them, and their mark as they read.
Mark = tuple[str, int, str]
STORY: Final = "story"
#: The columns whose marks are made anew where the key stays away.
RENEWED: Final = (
    ("voices", "digest"),
    ("stories", "reviewed"),
    ("approvals", "reviewed"),
    ("word_releases", "digest"),
    ("build_words", "digest"),
)


def now(db: PrivateDatabase) -> Iterator[Mark]:
    """Give the mark of every text that people may release, as it reads now, under this key."""
    for row in db.rows("select id from stories order by id"):
        yield STORY, row["id"], reviewed.digest(db, redactions.reviewed_texts(db, row["id"]))
    for words in word_releases.every(db):
        yield words.kind, words.reference, words.digest


def renew(db: PrivateDatabase, before: Iterable[Mark]) -> None:
    """Put marks under the key that is here now in place of those `before`.

    A yes that was given to other words than these stays bound to them, and so releases nothing.
    """
    old = {(kind, reference): mark for kind, reference, mark in before}
    with db.writing():
        voices.mark_anew(db)
        for kind, reference, mark in now(db):
            known = {"kind": kind, "id": reference, "old": old.get((kind, reference)), "new": mark}
            for statement in _OF_STORIES if kind == STORY else _OF_WORDS:
                db.change(statement, known)


_OF_STORIES = (
    "update approvals set reviewed = :new where story = :id and reviewed = :old",
    "update stories set reviewed = :new where id = :id and reviewed = :old",
)
_OF_WORDS = tuple(
    f"""
    update {table} set digest = :new
    where kind = :kind and reference = :id and digest = :old
    """
    for table in ("word_releases", "build_words")
)
