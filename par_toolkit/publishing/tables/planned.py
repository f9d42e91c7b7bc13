"""A table of the fixed list before anything is decided about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from par_toolkit.publishing.figures import Shape, Table, half_is_shown


@dataclass(frozen=True)
class Planned:
    """A table of people. `title` is what people call the theme or the statement that it is about.

    `topics` are the sensitive ones that raised its threshold, by their codes. `choose` says which
    of its shapes, from the finest to the coarsest, is published.
    """

    table: Table
    title: str = ""
    topics: frozenset[str] = frozenset()
    choose: Callable[[Sequence[Shape]], Shape] = half_is_shown
