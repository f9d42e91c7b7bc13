"""What people write in a meeting: never empty where words are needed, kept whole up to a limit."""

from __future__ import annotations

from datetime import date
from typing import Final

from par_toolkit.storage.errors import Refused

#: Characters that are kept of one answer, whole; nobody says more in a meeting.
MOST: Final = 100_000
#: Characters of a name: of an owner, or of who is meant.
MOST_OF_A_NAME: Final = 300


def needed(words: str, sentence: str, *, reason: str, most: int = MOST) -> str:
    """Return `words` without the space around them.

    Raises Refused with `reason` and `sentence` where nothing is left, and 'too_long' beyond `most`.
    """
    words = words.strip()
    if not words:
        raise Refused(reason, sentence)
    return not_too_long(words, most=most)


def not_too_long(words: str, *, most: int = MOST) -> str:
    """Return `words` without the space around them; raises Refused beyond `most` characters."""
    words = words.strip()
    if len(words) > most:
        raise Refused("too_long", f"That is too long. Use at most {most:,} characters.")
    return words


def day(text: str) -> str:
    """Return a day as 'YYYY-MM-DD'. Raises Refused for anything that is no day of the calendar."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise Refused(
            "bad_date", "Give a day with year, month and day, such as 2026-11-30."
        ) from error
