"""The words of a build: which there are, which are forms of one another, and which are spelt alike.

They come from the full-text indexes that the build holds, read once; a build never changes.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import OSA

from . import word_forms
from .word_forms import fold

INDEXES: Final = ("quotes_fts", "stories_fts")

#: A word with fewer letters has no other forms; with fewer than `_SPELT`, no near spellings.
_FORMED: Final = 3
_SPELT: Final = 4
#: From so many letters on, two slips make a near spelling; below that one.
_LONG: Final = 7
#: Forms of a word are at most this much longer than its stem.
_ENDING: Final = 8
#: Most words whose stem is worked out for one that was typed: it takes some 0.1 ms each, once.
_MOST_STEMMED: Final = 500
#: Most near spellings of a word.
_MOST_NEAR: Final = 3

_KEPT: WeakKeyDictionary[Any, Vocabulary] = WeakKeyDictionary()


@dataclass(frozen=True)
class Vocabulary:
    """Words without case and accents, in how many texts each stands, and how the index has them."""

    texts: dict[str, int]
    terms: dict[str, tuple[str, ...]]
    size: int

    @cached_property
    def ordered(self) -> list[str]:
        """All words, in alphabetical order."""
        return sorted(self.texts)

    def begins(self, folded: str) -> bool:
        """Say whether some word begins so."""
        place = bisect_left(self.ordered, folded)
        return place < len(self.ordered) and self.ordered[place].startswith(folded)

    def forms(self, folded: str) -> set[tuple[str, str]]:
        """Return the words that are forms of this one, each with the language by whose rules."""
        if len(folded) < _FORMED:
            return set()
        return {
            (word, language)
            for language in word_forms.STEMMERS
            for word in self._forms(folded, language)
            if word != folded
        }

    def _forms(self, folded: str, language: str) -> Iterable[str]:
        yield from (word for word in word_forms.listed(folded, language) if word in self.texts)
        stem = word_forms.stem(folded, language)
        # an ending may change the last letter of a stem, as in `happy` and `happiness`
        start = stem[: max(_FORMED, len(stem) - 1)]
        if folded.startswith(start):
            first = bisect_left(self.ordered, start)
            for word in self.ordered[first : first + _MOST_STEMMED]:
                if not word.startswith(start):
                    break
                if len(word) <= len(stem) + _ENDING and word_forms.stem(word, language) == stem:
                    yield word

    def near(self, folded: str) -> list[str]:
        """Return the words that are spelt nearest to this one, those in most texts first.

        Letters left out, put in, exchanged or swapped with their neighbour are one slip each
        (optimal string alignment). A word of 4 to 6 letters may have one, a longer one two.
        """
        if len(folded) < _SPELT:
            return []
        slips = 2 if len(folded) >= _LONG else 1
        found = process.extract(
            folded, self.ordered, scorer=OSA.distance, score_cutoff=slips, limit=50
        )
        least = min((distance for _, distance, _ in found), default=0)
        nearest = [word for word, distance, _ in found if distance == least and word != folded]
        # people get the first letter right more often than any other
        nearest.sort(key=lambda word: (word[0] != folded[0], -self.texts[word], word))
        return nearest[:_MOST_NEAR]


def read(conn: sqlite3.Connection) -> Vocabulary:
    """Read the words of the build that `conn` has open; the tables for it are temporary."""
    texts: dict[str, int] = {}
    terms: dict[str, list[str]] = {}
    there = {row[0] for row in conn.execute("select name from main.sqlite_master")}
    for index in (index for index in INDEXES if index in there):
        table = f"words_of_{index}"
        conn.execute(f"create virtual table temp.{table} using fts5vocab(main, {index}, row)")
        for term, number in conn.execute(f"select term, doc from temp.{table}"):
            folded = fold(term)
            if not folded:
                continue
            texts[folded] = texts.get(folded, 0) + number
            if term not in terms.setdefault(folded, []):
                terms[folded].append(term)
        conn.execute(f"drop table temp.{table}")
    size = conn.execute(
        "select (select count(*) from quotes) + (select count(*) from stories)"
    ).fetchone()[0]
    return Vocabulary(texts, {word: tuple(found) for word, found in terms.items()}, size)


async def of(build: Any) -> Vocabulary:
    """Return the words of a build, from what is kept where it was read before."""
    if build not in _KEPT:
        _KEPT[build] = await build.execute_fn(read)
    return _KEPT[build]
