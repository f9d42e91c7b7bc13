"""Words that many people are given and type: a join code, the word that opens the findings."""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded

from par_toolkit.web.attempts import CODES, limiter


def plain(typed: str) -> str:
    """Write a word the way it is compared: capitals and spaces make no difference."""
    text = unicodedata.normalize("NFKC", typed[:1000].encode("utf-8", "replace").decode())
    return "".join(text.casefold().split())


def wrong(sentence: str) -> str:
    """Count a wrong try and return what to say. The right word is never held up by others' tries.

    A whole hall may come from one address.
    """
    try:
        with limiter.limit(CODES):
            return sentence
    except RateLimitExceeded:
        return _("That was many tries in a short time. Wait a minute and try again.")
