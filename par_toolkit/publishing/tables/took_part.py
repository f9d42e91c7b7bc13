"""The people who took part, by stakeholder group and cycle, as a table to be published."""

from __future__ import annotations

from datetime import date
from typing import Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.figures import ALL, Join, Key, Person, Table
from par_toolkit.publishing.tables.groups import NOT_SAID, OTHER, Groups
from par_toolkit.publishing.tables.planned import Planned
from par_toolkit.publishing.tables.tellers import Tellers

NAME: Final = "participation"
#: code -> (English, French)
CYCLE_NAMES: Final = {
    NOT_SAID: ("Between cycles", "Entre deux cycles"),
    ALL: ("All cycles", "Tous les cycles"),
}


def table(inquiry: Inquiry, groups: Groups, tellers: Tellers, *, today: date) -> Planned:
    """Arrange people by the inquiry's own groups and by the cycles that have begun.

    Who named no group stands under 'none', a group the inquiry does not know under 'other'; these
    rows are there only when somebody is in them.
    """
    begun = [cycle.code for cycle in inquiry.cycles if cycle.starts <= today]
    cells: dict[Key, set[Person]] = {}
    for person, (group, cycle) in tellers.named.items():
        column = cycle if cycle in begun and cycle is not None else NOT_SAID
        cells.setdefault((groups.row(group), column), set()).add(person)
    rows = dict.fromkeys([*groups.own, *(row for row, _ in cells)])
    columns = dict.fromkeys([*begun, *(column for _, column in cells)])
    return Planned(
        Table(
            NAME,
            inquiry.threshold_for(groups.topics),
            {key: frozenset(here) for key, here in cells.items()},
            tuple(rows),
            tuple(columns),
            joins=(Join("time", columns=dict.fromkeys(columns, ALL)), *groups.joins),
            only_if_any=frozenset({NOT_SAID, OTHER}),
        ),
        topics=groups.topics,
    )


def cycle_names(inquiry: Inquiry) -> dict[str, tuple[str, str]]:
    """Return the English and French names of every column that there can be."""
    return {
        cycle.code: (inquiry.text(cycle.names, "en"), inquiry.text(cycle.names, "fr"))
        for cycle in inquiry.cycles
    } | CYCLE_NAMES
