"""The figures by group that builds show of a statement, and the counts that they were made from.

Figures stay as they were shown first while few people take an answer back: two builds that differ
by one person would tell what that person had answered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking.positions import Count


@dataclass(frozen=True)
class Line:
    """A published figure: people of a group with a position; None where it is not shown.

    `group` and `position` may be 'all'. `shown` is 'shown', 'hidden', or why there is no figure:
    'nobody_answered' or 'not_asked'.
    """

    group: str
    position: str
    people: int | None
    shown: str


@dataclass(frozen=True)
class Shown:
    """What is shown of a statement under a threshold, and the exact counts behind it."""

    statement: int
    threshold: int
    counts: tuple[Count, ...]
    lines: tuple[Line, ...]


def by_statement(db: PrivateDatabase) -> dict[int, Shown]:
    """Return what was shown last of each statement that a build has shown."""
    return {
        row["statement"]: from_list(
            [
                row["statement"],
                row["threshold"],
                json.loads(row["counts"]),
                json.loads(row["lines"]),
            ]
        )
        for row in db.rows("select * from shown_figures")
    }


def as_list(one: Shown) -> list[Any]:
    """Return what is shown of a statement as JSON can hold it."""
    counts = [list(vars(count).values()) for count in one.counts]
    return [one.statement, one.threshold, counts, [list(vars(line).values()) for line in one.lines]]


def from_list(kept: Sequence[Any]) -> Shown:
    """Return what `as_list` was made from."""
    statement, threshold, counts, lines = kept
    return Shown(
        statement,
        threshold,
        tuple(Count(*one) for one in counts),
        tuple(Line(*one) for one in lines),
    )


def keep(db: PrivateDatabase, shown: Iterable[Shown]) -> None:
    """Remember what a build shows; call where its record is kept."""
    with db.writing():
        for one in shown:
            statement, threshold, counts, lines = as_list(one)
            db.change(
                """
                insert or replace into shown_figures
                values (:statement, :threshold, :counts, :lines)
                """,
                {
                    "statement": statement,
                    "threshold": threshold,
                    "counts": json.dumps(counts),
                    "lines": json.dumps(lines),
                },
            )
