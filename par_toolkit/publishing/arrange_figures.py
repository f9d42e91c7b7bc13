"""Arrange the figures of people as the rows of a build, and how each table came about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.figures import Figures, Line
from par_toolkit.publishing.tables import took_part
from par_toolkit.publishing.tables.groups import Groups
from par_toolkit.publishing.tables.spoken import ACTION_PEOPLE, MEMBER_CHECKS, THEME_PEOPLE

Row = dict[str, Any]
#: The tables whose rows are made here, with the column that says what their figures are about.
ABOUT: Final = {THEME_PEOPLE: "theme", MEMBER_CHECKS: "theme", ACTION_PEOPLE: "state"}


def rows_of(
    figures: Sequence[Figures],
    inquiry: Inquiry,
    groups: Groups,
    *,
    themes: Mapping[int, str],
    statements: Mapping[int, str],
    number: int,
) -> dict[str, list[Row]]:
    """Return the rows of figures, but those on statements, and of how every table came about.

    `themes` and `statements` map our ids to public ones, `number` is that of the build. Rows are
    in the order of their public ids, which is random.
    """
    public = {("agreement", str(id)): one for id, one in statements.items()}
    for table in (THEME_PEOPLE, MEMBER_CHECKS):
        public |= {(table, str(id)): one for id, one in themes.items()}
    cycles = took_part.cycle_names(inquiry)
    rows: dict[str, list[Row]] = {table: [] for table in (took_part.NAME, *ABOUT, "figures")}
    named = [(one.name, public.get((one.name, one.part), one.part), one) for one in figures]
    for table, part, one in sorted(named, key=lambda found: found[:2]):
        rows["figures"].append(
            {
                "name": table,
                "about": part,
                "threshold": one.threshold,
                "since": number if one.since is None else one.since,
                "joined": json.dumps(list(one.joined)),
            }
        )
        if table in rows:
            about = {ABOUT[table]: part} if table in ABOUT else {}
            rows[table] += [
                about
                | _whose(table, line, groups, cycles)
                | {"people": line.people, "shown": line.shown}
                for line in one.lines
            ]
    return rows


def _whose(table: str, line: Line, groups: Groups, cycles: Mapping[str, tuple[str, str]]) -> Row:
    """Return the columns that say whom a figure counts."""
    if table == MEMBER_CHECKS:
        return {"answer": line.row}
    if table != took_part.NAME:
        return by_group(line.row, groups)
    english, french = cycles.get(line.column, (line.column, line.column))
    cycle = {"cycle": line.column, "cycle_en": english, "cycle_fr": french}
    return by_group(line.row, groups) | cycle


def by_group(row: str, groups: Groups) -> Row:
    """Return the columns that say of which group a figure is; one that is gone keeps its code."""
    english, french = groups.names.get(row, (row, row))
    return {"stakeholder_group": row, "group_en": english, "group_fr": french}
