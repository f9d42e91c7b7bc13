"""Say which language a text is in, or that it cannot be said."""

from collections.abc import Sequence
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

MOST_READ = 2_000
"""Characters read: the start of a text tells its language as well as all of it."""


@lru_cache(maxsize=8)
def _identifier(among: tuple[str, ...] | None) -> Any:
    """Load the model once for each set of languages (None: all that it knows)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if among:
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
    code, share = _identifier(tuple(among)).rank(head)[0]
    if share < SURE:
        return None
    if letters >= LETTERS_TO_RULE_OUT:
        best, likelihood = _identifier(None).rank(head)[0]
        if best not in among and likelihood >= SURELY_ANOTHER:
            return None
    return str(code)
