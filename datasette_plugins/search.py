"""Turn what a person typed into a safe full-text search, and show where it was found."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: More words than this find nothing more, and would only make a search slow.
MOST_WORDS: Final = 20
LONGEST_WORD: Final = 60

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_WORD = re.compile(r"\w+")


def words(typed: str) -> list[str]:
    """Split what was typed into the words to look for, not too many and none too long.

    Pieces without a letter or a number are left out: the index holds no such thing.
    """
    pieces = _CONTROLS.sub(" ", typed).split()[: MOST_WORDS * 2]
    worthy = [piece[:LONGEST_WORD] for piece in pieces if any(map(str.isalnum, piece))]
    return worthy[:MOST_WORDS]


def match(typed: str) -> str:
    """Write an FTS5 query that finds all the words, the last one also as a beginning; '' for none.

    Each word is a quoted string, so nothing in it is an operator: `NOT`, `*`, `:` and `"`
    are looked for as they stand.
    """
    quoted = ['"' + word.replace('"', '""') + '"' for word in words(typed)]
    return " ".join(quoted) + "*" if quoted else ""


def marked(text: str, typed: str) -> list[tuple[str, bool]]:
    """Cut `text` into pieces, each with whether it is one of the words that were looked for."""
    wanted = [fold(part) for word in words(typed) for part in _WORD.findall(word)]
    if not wanted:
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _WORD.finditer(text):
        word = fold(found[0])
        if word in wanted or word.startswith(wanted[-1]):
            pieces += [(text[end : found.start()], False), (found[0], True)]
            end = found.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def fold(word: str) -> str:
    """Take case and accents off a word, as the index does."""
    apart = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
