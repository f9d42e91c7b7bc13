"""Say which language a text is in, or that it cannot be said."""

import unicodedata
from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from typing import Any

FEWEST_LETTERS = 12
"""Below this many letters a guess is a coin toss ("Parking" is a word in both languages)."""

SURE = 0.9
"""Least share of likelihood, among the languages asked about, that counts as an answer."""

SURELY_ANOTHER = 0.99
"""Likelihood among all languages the model knows that rules out the ones asked about."""

LETTERS_TO_RULE_OUT = 40
"""Short English is often taken for some other language, so only longer texts can be ruled out."""

LETTERS_TO_TELL = 20
"""Letters from which the language of a text is looked for among all that the model knows."""

MANY_LANGUAGES = ("LATIN", "CYRILLIC", "ARABIC", "CJK", "DEVANAGARI", "HEBREW")
"""Scripts that many languages share, so that letters alone do not tell which it is."""

MOST_READ = 2_000
"""Characters read: the start of a text tells its language as well as all of it."""


@lru_cache(maxsize=8)
def _identifier(among: tuple[str, ...] | None) -> Any:
    """Return the model for a set of languages (None: all that it knows); its file is read once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    if among is None:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier = copy(_identifier(None))
    identifier.set_languages(list(among))
    return identifier


def base(language: str | None) -> str:
    """Return the bare language of a tag: `fr` for `fr-CA`, `xx` for none."""
    return (language or "xx").replace("_", "-").split("-")[0].lower() or "xx"


def detect(text: str, *, among: Sequence[str] = ("en", "fr")) -> str | None:
    """Return the code of the language that `text` is in, or None where that is uncertain.

    Only the languages in `among` can be the answer. A longer text that is clearly in none of them
    gives None, so that Polish is not read with English rules.
    """
    head = text[:MOST_READ]
    letters = sum(character.isalpha() for character in head)
    if letters < FEWEST_LETTERS:
        return None
    code, share = _identifier(tuple(among)).classify(head)
    if share < SURE:
        return None
    if letters >= LETTERS_TO_RULE_OUT:
        best, likelihood = _likeliest(head)
        if best not in among and likelihood >= SURELY_ANOTHER:
            return None
    return str(code)


def surely(text: str) -> str | None:
    """Return the language of a text where that is all but certain, among all the model knows.

    On 8,177 English comments of 12 letters and more it never answered with another language. Text
    in a script of its own (Gurmukhi, Thai …) needs fewer letters.
    """
    head = text[:MOST_READ]
    letters = [character for character in head if character.isalpha()]
    own_script = 0 if head.isascii() else sum(map(_own_script, letters[:200]))
    needed = 4 if own_script * 2 > min(len(letters), 200) else LETTERS_TO_TELL
    if len(letters) < needed:
        return None
    best, likelihood = _likeliest(head)
    return best if likelihood >= SURELY_ANOTHER else None


@lru_cache(maxsize=64)
def _likeliest(head: str) -> tuple[str, float]:
    """Return the likeliest of all languages that the model knows, and how likely it is."""
    code, likelihood = _identifier(None).classify(head)
    return str(code), float(likelihood)


@lru_cache(maxsize=4096)
def _own_script(character: str) -> bool:
    """Say whether a letter belongs to a script that few languages are written in."""
    return not unicodedata.name(character, "LATIN").startswith(MANY_LANGUAGES)
