"""Public ids and order: random, of no meaning, and new in each build (promise 12)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final, TypeVar

RANDOM: Final = secrets.SystemRandom()

T = TypeVar("T")


def new_id() -> str:
    """Make a public id: random, of no meaning, new in each build."""
    return secrets.token_hex(8)


def shuffled(rows: Sequence[T]) -> list[T]:
    """Return rows in an order that tells nothing, not even in their rowids."""
    return RANDOM.sample(rows, len(rows))
