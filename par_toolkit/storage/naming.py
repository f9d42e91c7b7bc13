"""What can be a name: something to see, on one line, in whatever script."""

from __future__ import annotations

from typing import Final

#: Cannot be seen, but Persian, Urdu and Indian words are not written without them.
JOINERS: Final = dict.fromkeys(map(ord, "\u200c\u200d"))


def is_name(text: str, *, most: int) -> bool:
    """Say whether a tidied text of at most `most` characters can be the name of something."""
    seen = text.translate(JOINERS)
    return bool(seen.strip()) and len(text) <= most and seen.isprintable()


def looks_like(name: str) -> str:
    """Return what two names share that nobody can tell apart by looking."""
    return name.translate(JOINERS).casefold()
