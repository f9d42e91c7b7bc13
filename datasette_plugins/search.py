"""Turn what a person typed into safe full-text searches, and show where they found it.

What was typed is looked for as it stands first, then with other forms of its words, then with words
spelt nearly so, and at last with some of the words only. Each of these finds what the one before it
finds, or comes when that found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .vocabulary import Vocabulary
from .word_forms import fold

#: More words than this find nothing more, and would only make a search slow.
MOST_WORDS: Final = 20
LONGEST_WORD: Final = 60
#: Most forms of a word, so that the address of a query stays an address.
MOST_FORMS: Final = 8
#: Words with near spellings in one search: looking for these takes milliseconds each.
MOST_NEAR: Final = 5
#: The last word may be the beginning of one when it has so many letters.
SHORTEST_BEGINNING: Final = 2
#: A word in more than this share of all texts finds too much to be looked for by itself.
COMMON: Final = 0.2
#: How much of a long text is shown around the first word that was found.
EXCERPT: Final = 300

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
#: The index takes `_` for a space and accents for a part of their letter.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Word:
    """A word that was typed, without case and accents, and the words that count as the same.

    `how` says why these do: 'written' as it stands, also as 'forms' of it, spelt 'near' it, or it
    is 'nowhere'. `begins` says that longer words which begin so count too.
    """

    typed: str
    same: tuple[str, ...]
    how: str = "written"
    begins: bool = False


@dataclass(frozen=True)
class Wanted:
    """A search: what FTS5 is asked, and by which words; `exact` asks for what was typed only.

    `stage` is 'exact', 'forms', 'near' or 'some', 'none' where none of these found anything, and
    empty where nothing was typed.
    """

    stage: str = ""
    match: str = ""
    exact: str = ""
    words: tuple[Word, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything is looked for."""
        return bool(self.match)

    def same(self, how: str) -> list[Word]:
        """Return the words that are looked for in this way."""
        return [word for word in self.words if word.how == how]


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
    quoted = [_quoted(word) for word in words(typed)]
    return " ".join(quoted) + _star(words(typed)[-1]) if quoted else ""


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _star(word: str) -> str:
    return "*" if len(word) >= SHORTEST_BEGINNING else ""


def typed_words(typed: str) -> tuple[Word, ...]:
    """Return the words of what was typed; a letter alone, as in `l'attente`, only without others.

    A word that comes twice is one. The last one may be a beginning.
    """
    parts = [fold(part) for word in words(typed) for part in _WORD.findall(word)]
    parts = [part for part in parts if part]
    longer = [part for part in parts if len(part) > 1] or parts
    found = dict.fromkeys(longer[:MOST_WORDS])
    last = longer[-1] if longer else ""
    return tuple(Word(part, (part,), begins=part == last and bool(_star(part))) for part in found)


def as_written(typed: str) -> Wanted:
    """Look for what was typed, as it stands."""
    wanted = match(typed)
    return Wanted("exact", wanted, wanted, typed_words(typed)) if wanted else Wanted()


def possible_forms(wanted: Wanted, vocabulary: Vocabulary) -> list[tuple[str, str, str, str]]:
    """Return each word that is looked for with its forms: (word, form, language, term).

    The language is that by whose rules it is a form, the term is the form as the index has it.
    """
    asked = dict.fromkeys(one for word in wanted.words for one in word.same)
    return [
        (one, form, language, term)
        for one in asked
        for form, language in sorted(vocabulary.forms(one))
        for term in vocabulary.terms[form]
    ]


def with_forms(wanted: Wanted, vocabulary: Vocabulary, forms: Collection[Sequence[str]]) -> Wanted:
    """Look for other forms of the words too; `forms` are pairs of a word and a form of it."""
    found = [_with_forms(word, vocabulary, forms) for word in wanted.words]
    stage = "forms" if wanted.stage == "exact" else wanted.stage
    return _all_of(replace(wanted, stage=stage), vocabulary, found)


def _with_forms(word: Word, vocabulary: Vocabulary, forms: Collection[Sequence[str]]) -> Word:
    others = {form for one, form in forms if one in word.same} - {*word.same}
    best = sorted(others, key=lambda form: (-vocabulary.texts.get(form, 0), form))[:MOST_FORMS]
    how = "forms" if best and word.how == "written" else word.how
    return replace(word, same=(*word.same, *best), how=how)


def with_near(wanted: Wanted, vocabulary: Vocabulary) -> Wanted:
    """Look for words spelt nearly as those that stand nowhere."""
    found = []
    left = MOST_NEAR
    for word in wanted.words:
        if word.how == "forms" or _stands(word, vocabulary):
            found.append(word)
            continue
        near = vocabulary.near(word.typed) if left else []
        left -= 1 if near else 0
        how = "near" if near else "nowhere"
        found.append(replace(word, same=tuple(near), how=how, begins=False))
    return _all_of(replace(wanted, stage="near"), vocabulary, found)


def _stands(word: Word, vocabulary: Vocabulary) -> bool:
    return word.typed in vocabulary.texts or (word.begins and vocabulary.begins(word.typed))


def with_some(wanted: Wanted, vocabulary: Vocabulary) -> Wanted:
    """Look for any of the words; very common ones only where there are no others."""
    there = [word for word in wanted.words if word.same]
    rare = [
        word
        for word in there
        if max(vocabulary.texts.get(one, 0) for one in word.same) <= COMMON * vocabulary.size
    ]
    asked = " OR ".join(_any_of(word, vocabulary) for word in rare or there)
    nowhere = [word for word in wanted.words if not word.same]
    said = (*(rare or there), *nowhere)
    return replace(wanted, stage="some", match=asked, exact="", words=said)


def _all_of(wanted: Wanted, vocabulary: Vocabulary, found: Iterable[Word]) -> Wanted:
    """Ask for every word in one of its forms, or else for what was typed."""
    found = tuple(found)
    asked = " AND ".join(f"({_any_of(word, vocabulary)})" for word in found if word.same)
    exact = [f"({wanted.exact})"] if wanted.stage == "forms" else []
    every = [f"({asked})"] if asked and all(word.same for word in found) else []
    return replace(
        wanted,
        match=" OR ".join(exact + every),
        exact=wanted.exact if exact else "",
        words=found,
    )


def _any_of(word: Word, vocabulary: Vocabulary) -> str:
    """Write the words that count as one in FTS5's way, as the index has them."""
    terms = [term for one in word.same for term in vocabulary.terms.get(one, (one,))]
    quoted = [_quoted(term) for term in dict.fromkeys(terms)]
    if word.begins:
        quoted.append(f"{_quoted(word.typed)}*")
    return " OR ".join(quoted)


def marked(text: str, wanted: Wanted) -> Pieces:
    """Cut `text` into pieces, each with whether it is one of the words that were looked for."""
    same = {one for word in wanted.words for one in word.same}
    beginnings = tuple(word.typed for word in wanted.words if word.begins)
    if not same:
        return [(text, False)]
    pieces: Pieces = []
    end = 0
    for found in _WORD.finditer(text):
        word = fold(found[0])
        if word in same or (beginnings and word.startswith(beginnings)):
            pieces += [(text[end : found.start()], False), (found[0], True)]
            end = found.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def excerpt(text: str, wanted: Wanted) -> Pieces:
    """Return the part of a text around the first word found, marked, with … where it is cut."""
    before = 0
    for piece, found in marked(text, wanted):
        if found:
            break
        before += len(piece)
    else:
        before = 0
    start = max(0, before - EXCERPT // 3)
    if start:  # begin with a whole word
        start = text.rfind(" ", 0, start) + 1
    end = start + EXCERPT
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + EXCERPT // 2)
    pieces = marked(text[start:end], wanted)
    return [
        *([("… ", False)] if start else []),
        *pieces,
        *([(" …", False)] if end < len(text) else []),
    ]


def spelling(text: str, folded: str) -> str:
    """Return a word as it is spelt in a text, by how it reads without case and accents."""
    return next((one for one in _WORD.findall(text) if fold(one) == folded), folded).lower()
