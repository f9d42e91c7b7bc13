"""Verify the figures of a build: small ones hidden, and none that gives another away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from par_toolkit.publishing import agreement
from par_toolkit.publishing.figures import ALL, published
from par_toolkit.publishing.figures.suppress import STEP
from par_toolkit.storage.kept_figures import Line

#: The tables of counts of people, with the columns that say of whom, and what an empty one means.
FIGURES: Final = {
    "participation": (("stakeholder_group", "cycle"), ("hidden",)),
    "agreement": (
        ("stakeholder_group", "position"),
        ("hidden", "nobody_answered", "not_asked"),
    ),
    "theme_people": (("stakeholder_group",), ("hidden",)),
    "member_checks": (("answer",), ("hidden",)),
    "action_people": (("stakeholder_group", "state"), ("hidden",)),
}
#: What the figures of a table are about, each with a threshold of its own.
ABOUT: Final = {
    "theme_people": ("theme", "select id from themes"),
    "agreement": ("statement", "select id from statements"),
    "member_checks": ("theme", "select id from themes"),
    "action_people": ("state", "select state from action_people"),
}


def _thresholds(conn: sqlite3.Connection) -> Callable[[str, str], int]:
    """Return what says the threshold of a table, and of what it is about.

    A build of before there were topics, less what was taken back, says nothing of single tables.
    """
    (fewest,) = conn.execute("select threshold from inquiry").fetchone()
    rows = conn.execute("select name, about, threshold from figures")
    asked = {(name, about): threshold for name, about, threshold in rows}
    return lambda table, about: asked.get((table, about), fewest)


def _small_ones(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    thresholds = _thresholds(conn)
    for table, (of_whom, empty) in FIGURES.items():
        about = ABOUT.get(table, ("", ""))[0]
        for row in conn.execute(f"select * from {table}"):
            threshold = thresholds(table, row[about] if about else "")
            people = row["people"]
            large = isinstance(people, int) and people >= threshold and people % STEP == 0
            if not (large if row["shown"] == "shown" else people is None and row["shown"] in empty):
                whom = ", ".join(f"'{row[name]}'" for name in of_whom)
                yield (
                    f"{path}: the figure for {whom} in {table} is neither hidden nor rounded and "
                    "large enough."
                )


def _given_away(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    """Attack each table with nothing but the figures in it."""
    thresholds = _thresholds(conn)
    for table, (of_whom, _) in FIGURES.items():
        about = ABOUT.get(table, ("", ""))[0]
        row_name, column = of_whom[0], next((one for one in of_whom[1:] if one != about), None)
        lines = conn.execute(f"select * from {table} where shown in ('shown', 'hidden')")
        found = published.tables(
            (
                row[about] if about else "",
                (row[row_name], row[column] if column else ALL),
                row["people"],
            )
            for row in lines
        )
        for part, figures in found.items():
            told = published.narrowed(figures, threshold=thresholds(table, part))
            if told is None:
                yield f"{path}: the figures of {table} do not add up."
            for row, col in (told or [])[:1]:
                yield f"{path}: a hidden figure of {table} can be worked out ('{row}', '{col}')."


def _how_made(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    """Check what is said of how tables came about: of what is there, and careful enough."""
    build_number, fewest = conn.execute("select build, threshold from inquiry").fetchone()
    for row in conn.execute("select * from figures"):
        known = ABOUT.get(row["name"], ("", "select ''"))[1]
        if row["about"] not in {cell for (cell,) in conn.execute(known)}:
            yield f"{path}: figures says something of '{row['about']}', which is not here."
        if not (fewest <= row["threshold"] and 0 < row["since"] <= build_number):
            yield f"{path}: what figures says of '{row['name']}' cannot be so."


def _scores(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    """Work each score out again from the published figures: it tells nothing more than these."""
    for row in conn.execute("select id, minimum, agreement from statements"):
        lines = conn.execute(
            """
            select stakeholder_group, position, people, shown from agreement
            where statement = :statement
            """,
            {"statement": row["id"]},
        )
        found = agreement.scores(Line(*line) for line in lines)
        if (row["minimum"], row["agreement"]) != (found.minimum, found.agreement):
            yield f"{path}: a statement's scores are not those of its published figures."


CHECKS: Final = (_small_ones, _given_away, _how_made, _scores)
