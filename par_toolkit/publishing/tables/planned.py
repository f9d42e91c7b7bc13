"""A table of the fixed list before anything is decided about it."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.publishing.figures import Table


@dataclass(frozen=True)
class Planned:
    """A table of people. `title` is what people call the theme or the statement that it is about.

    `topics` are the sensitive ones that raised its threshold, by their codes.
    """

    table: Table
    title: str = ""
    topics: frozenset[str] = frozenset()
