"""What one table says of people must not say what another one hides.

Whoever spoke of a theme took part: so many people of a group under a theme are at least as many who
took part. Where the table of who took part hides a group, no other table shows it. Tables that are
counted in one build are decided so from the start (`Table.known`); figures of before, which are
shown again beside newer ones, are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from par_toolkit.publishing.figures import ALL, Figures
from par_toolkit.publishing.tables import took_part
from par_toolkit.publishing.tables.groups import Groups
from par_toolkit.publishing.tables.spoken import ACTION_PEOPLE, MEMBER_CHECKS, THEME_PEOPLE


def hidden_alike(tables: Sequence[Figures], groups: Groups) -> list[Figures]:
    """Return the tables without what they say of people whom another one hides.

    A breakdown by group goes as a whole where one of its groups is hidden among those who took
    part, as the others and the total would tell it; the total stays. What tellers said of a theme
    goes where the number of people who spoke of it is hidden. Other tables are as they were.
    """
    counted_in_all = known([one for one in tables if one.name == took_part.NAME], groups)
    made = [
        _only(one, ALL if ALL in counted_in_all else None)
        if one.name in (THEME_PEOPLE, ACTION_PEOPLE) and not _shown(one) <= counted_in_all
        else one
        for one in tables
    ]
    counted = {one.part for one in made if one.name == THEME_PEOPLE and ALL in _shown(one)}
    return [
        _only(one, None) if one.name == MEMBER_CHECKS and one.part not in counted else one
        for one in made
    ]


def known(who: Sequence[Figures], groups: Groups) -> frozenset[str]:
    """Return the rows whose people in all are shown, and wider ones all of whose groups are."""
    shown = {
        line.row
        for one in who
        for line in one.lines
        if line.column == ALL and line.shown == "shown"
    }
    members: dict[str, set[str]] = {}
    for join in groups.joins:
        for row, wider in join.rows.items():
            members.setdefault(wider, set()).add(row)
    return frozenset(shown | {wider for wider, rows in members.items() if rows <= shown})


def _shown(one: Figures) -> set[str]:
    return {line.row for line in one.lines if line.shown == "shown"}


def _only(one: Figures, row: str | None) -> Figures:
    """Return figures of which no line but that of `row` is shown."""
    return replace(
        one,
        lines=tuple(
            line
            if line.row == row or line.shown != "shown"
            else replace(line, people=None, shown="hidden")
            for line in one.lines
        ),
    )
