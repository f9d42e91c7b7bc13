"""The order in which a round looks at stories: fair, the same for everybody, hiding none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def at_random(stories: Iterable[int], *, seed: int) -> list[int]:
    """Shuffle stories by a lot drawn for each: one that comes later changes no other's place."""
    return sorted(stories, key=lambda story: (_lot(story, seed), story))


def _lot(story: int, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {story}".encode("ascii")).digest()


def next_after(ordered: Sequence[int], read: Iterable[int], story: int | None = None) -> int | None:
    """Return the first unread story after this one, going round to the start; None where all are.

    The story itself is given only where it is the last that is unread.
    """
    done = set(read)
    at = ordered.index(story) + 1 if story in ordered else 0
    turned = [*ordered[at:], *ordered[:at]]
    return next((one for one in turned if one not in done), None)
