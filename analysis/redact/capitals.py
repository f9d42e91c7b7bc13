"""Find words whose capital says that they are somebody's or some place's name."""

import re
from collections.abc import Iterator, Set
from typing import NamedTuple

from analysis.redact.patterns import WORD
from analysis.redact.vocabulary import (
    ALLOWED,
    FIRST_NAMES,
    JOINS,
    PLACE_BEFORE,
    PLACE_NOUNS,
    STARTS,
)

_ELISION = re.compile(r"(?:[ldjnsmtc]|qu|jusqu|lorsqu|puisqu)['’]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_BEFORE_SENTENCE = frozenset(".!?…:;•*\n\r\t")
_SKIPPED = frozenset(" \u00a0\"'“”«»‘’()[]-–—")
_INITIAL = re.compile(r"(?:^|[\s.(])?[^\W\d_a-zà-ÿ]\.$")
_SHOUTED = 0.5
"""Share of words in capitals above which capitals say nothing about a word."""


class _Seen(NamedTuple):
    """A word with what its capital may mean (a tuple: a long text makes 200,000 of them)."""

    start: int
    end: int
    word: str
    capital: bool
    starts: bool


def capitalised(text: str, *, known: Set[str] = frozenset()) -> Iterator[tuple[int, int, str]]:
    """Yield spans of names as (start, end, "name" or "place").

    Words in `known` (compared without capitals) and on the list of allowed words are no names. In
    the middle of a sentence every other word with a first capital is one; at its start only a
    common first name, a word that has a capital elsewhere in the text too, or the first of two.
    """
    if text == text.lower():
        return
    seen = list(_seen(text))
    loud = sum(one.word.isupper() and len(one.word) > 1 for one in seen)
    shouting = loud > _SHOUTED * len(seen)
    quiet = {one.word for one in seen if not one.capital}
    inside = {
        one.word.lower()
        for one in seen
        if one.capital and not one.starts and not one.word.isupper()
    }
    is_name = [_is_name(one, inside, quiet, known, shouting=shouting) for one in seen]
    place = 0
    while place < len(seen):
        first = place
        if not is_name[place] and not _leads(seen, is_name, place, text, known, quiet):
            place += 1
            continue
        last = _run_end(seen, is_name, first, text, known)
        words = {one.word.lower() for one in seen[first : last + 1]}
        before = seen[first - 1].word.lower() if first else ""
        kind = "place" if words & PLACE_NOUNS or before in PLACE_BEFORE else "name"
        yield seen[first].start, seen[last].end, kind
        place = last + 1


def _seen(text: str) -> Iterator[_Seen]:
    """Yield the words of a text, l' and 's left off."""
    for match in WORD.finditer(text):
        start, word = match.start(), match.group()
        elision = _ELISION.match(word)
        if elision is not None and elision.end() < len(word):
            start += elision.end()
            word = word[elision.end() :]
        word = _POSSESSIVE.sub("", word)
        if word:
            capital = word[0].isupper()
            yield _Seen(start, start + len(word), word, capital, capital and _starts(text, start))


def _starts(text: str, start: int) -> bool:
    """Say whether a sentence (or a line) begins at a place in a text."""
    at = start - 1
    while at >= 0 and start - at < 8 and text[at] in _SKIPPED:
        at -= 1
    if at < 0 or text[at] in "\n\r":
        return True
    if _INITIAL.match(text, max(at - 2, 0), at + 1):  # the initial in "J. Smith" ends no sentence
        return False
    return text[at] in _BEFORE_SENTENCE


def _is_name(
    one: _Seen, inside: Set[str], quiet: Set[str], known: Set[str], *, shouting: bool
) -> bool:
    """Say whether a word is by itself a name."""
    lowered = one.word.lower().replace("’", "'")
    if not one.capital or len(one.word) < 2 or lowered in known or lowered in ALLOWED:
        return False
    if lowered in FIRST_NAMES or any(part in FIRST_NAMES for part in lowered.split("-")):
        return True
    if one.word.isupper():  # short for something, or said loudly
        return not shouting and lowered in inside
    if shouting or lowered in PLACE_NOUNS:
        return False
    if one.starts:
        return lowered in inside and lowered not in STARTS and lowered not in quiet
    return True


def _leads(
    seen: list[_Seen],
    is_name: list[bool],
    place: int,
    text: str,
    known: Set[str],
    quiet: Set[str],
) -> bool:
    """Say whether a word that starts a sentence is the first of two names ("Amarjit Gill said")."""
    one = seen[place]
    lowered = one.word.lower().replace("’", "'")
    return (
        one.capital
        and one.starts
        and len(one.word) > 1
        and not one.word.isupper()
        and lowered not in known | ALLOWED | STARTS | PLACE_NOUNS | quiet
        and place + 1 < len(seen)
        and is_name[place + 1]
        and text[one.end : seen[place + 1].start] in (" ", "\u00a0")
    )


def _run_end(seen: list[_Seen], is_name: list[bool], first: int, text: str, known: Set[str]) -> int:
    """Return the last word of the name that begins at `first`, as in "Bingham Health Centre"."""
    last = first
    place = first + 1
    while place < len(seen) and place - last <= 3:
        if text[seen[place - 1].end : seen[place].start] not in (" ", "\u00a0", "-"):
            break
        word = seen[place].word
        lowered = word.lower()
        if is_name[place] or (word[0].isupper() and lowered in PLACE_NOUNS):
            last = place
        elif not (lowered in JOINS or (word[0].isupper() and lowered in ALLOWED - known)):
            break
        place += 1
    return last
