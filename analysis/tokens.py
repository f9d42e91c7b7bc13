"""Turn texts into the words they are about: tokens, lemmas, stop words left out."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from analysis.chunks import pieces
from analysis.language import base

MEANINGFUL = {
    "en": frozenset(
        "amount bottom call empty front full move name serious side together alone".split()
    ),
    "fr": frozenset(
        "attendu debout gens longtemps ouvert ouverte ouverts parler retour seul seule seuls "
        "stop suivre".split()
    ),
}
"""Words on spaCy's stop lists that carry a story: waiting, being alone, being called."""

NOISE = {
    "en": frozenset(
        "cant couldnt didnt doesnt dont get go got im isnt ive like lot thing think want wasnt "
        "yes".split()
    ),
    "fr": frozenset("aller chose faire".split()),
}
"""Words (as lemmas too) that spaCy keeps and that say nothing about a subject."""

STRETCHES = 200_000
"""Different stretches without spaces whose words are remembered: about 60 MB."""

_HAS_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: `form` as the person wrote it and `lemma`, lower-case."""

    form: str
    lemma: str


@dataclass(frozen=True)
class _Reader:
    """What is needed to read one language."""

    tokenizer: Any
    vocabulary: Any
    table: Any | None
    stop_words: frozenset[str]
    noise: frozenset[str]


@cache
def _reader(language: str) -> _Reader:
    """Load the tokenizer, the stop words and, where there is one, the table of lemmas."""
    import spacy

    try:
        nlp = spacy.blank(language)
    except (ImportError, ValueError):  # unknown to spaCy, or it needs a package that is not here
        nlp = spacy.blank("xx")
    table = None
    try:
        lemmatizer: Any = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
        nlp.initialize()
        table = lemmatizer.lookups.get_table("lemma_lookup")
    except (KeyError, ValueError):  # a language without a table of lemmas
        pass
    return _Reader(
        tokenizer=nlp.tokenizer,
        vocabulary=nlp.vocab,
        table=table,
        stop_words=frozenset(nlp.Defaults.stop_words) - MEANINGFUL.get(language, frozenset()),
        noise=NOISE.get(language, frozenset()),
    )


def has_lemmas(language: str | None) -> bool:
    """Say whether words of this language can be brought to a common form."""
    return _reader(base(language)).table is not None


def words(text: str, language: str | None = "en") -> Iterator[Word]:
    """Yield the words that carry meaning, in order; numbers, signs and stop words are left out."""
    code = base(language)
    for stretch in stretches(text):
        yield from words_of(stretch, code)


def stretches(text: str) -> Iterator[str]:
    """Yield what stands between spaces, in order; each is read by itself."""
    for piece in pieces(text):
        # Curly apostrophes are what phones write; spaCy's stop words have the straight one.
        yield from piece.replace("’", "'").split()


@lru_cache(maxsize=STRETCHES)
def words_of(stretch: str, language: str) -> tuple[Word, ...]:
    """Read a stretch without spaces. spaCy splits each by itself, and most come again and again.

    spaCy remembers each string it meets; a memory zone lets those of the stretch be forgotten.
    """
    reader = _reader(language)
    with reader.vocabulary.memory_zone():
        forms = [token.text for token in reader.tokenizer(stretch)]
    found = []
    for form in forms:
        lowered = form.lower()
        # one letter over and over ("XXXX") is how names are masked by hand
        if len(set(lowered)) < 2 or lowered in reader.stop_words or not _HAS_LETTER.search(form):
            continue
        # The table of lemmas has no capitals but in names, so "Nurses" is looked up in lower.
        lemma = _lemma(reader.table, lowered)
        if lemma not in reader.stop_words and not {lemma, lowered} & reader.noise:
            found.append(Word(sys.intern(form), sys.intern(lemma)))
    return tuple(found)


def _lemma(table: Any | None, lowered: str) -> str:
    """Look one lower-case form up; of several lemmas (French has lists) take the first."""
    found = table.get(lowered) if table is not None else None
    if isinstance(found, list):
        found = found[0] if found else None
    return found.lower() if isinstance(found, str) and found else lowered


def lemmas(texts: Sequence[str], languages: Sequence[str | None]) -> list[list[str]]:
    """Return the lemmas of each text, in order, stop words left out.

    `languages` has one code a text; a language without lemmas gives lower-cased tokens.
    """
    return [
        [word.lemma for word in words(text, language)]
        for text, language in zip(texts, languages, strict=True)
    ]
