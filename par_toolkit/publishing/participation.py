"""The people who took part, by stakeholder group and cycle, as a table to be published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.figures import ALL, Join, Key, Person, Table
from par_toolkit.storage import receipts
from par_toolkit.storage.database import PrivateDatabase

NAME: Final = "participation"
NOT_SAID: Final = "none"
OTHER: Final = "other"
#: code -> (English, French)
GROUP_NAMES: Final = {
    NOT_SAID: ("Not said", "Non précisé"),
    OTHER: ("Other", "Autre"),
    ALL: ("Everybody", "Tout le monde"),
}
CYCLE_NAMES: Final = {
    NOT_SAID: ("Between cycles", "Entre deux cycles"),
    ALL: ("All cycles", "Tous les cycles"),
}

#: code -> (English, French)
Names = dict[str, tuple[str, str]]
#: The group and the cycle that somebody named; None where they named none.
Place = tuple[str | None, str | None]


def people(db: PrivateDatabase) -> dict[Person, Place]:
    """Return each person with the group and the cycle they named first, so that each counts once.

    People are counted, not answers (`receipts.PERSON`).
    """
    rows = db.rows(
        f"select {receipts.PERSON} as person, group_code, cycle from stories order by id"
    )
    found: dict[Person, Place] = {}
    for row in rows:
        group, cycle = found.get(row["person"], (None, None))
        found[row["person"]] = (group or row["group_code"] or None, cycle or row["cycle"] or None)
    return found


def group_of(inquiry: Inquiry, group: str | None) -> str:
    """Return the row for a group: its code, 'other' for one the inquiry does not know, 'none'."""
    known = {one.code for one in inquiry.groups}
    return group if group in known and group is not None else OTHER if group else NOT_SAID


def table(inquiry: Inquiry, told: Mapping[Person, Place], *, today: date) -> Table:
    """Arrange people by the inquiry's own groups and by the cycles that have begun.

    Who named no group stands under 'none', a group the inquiry does not know under 'other'; these
    rows are there only when somebody is in them.
    """
    begun = [cycle.code for cycle in inquiry.cycles if cycle.starts <= today]
    cells: dict[Key, set[Person]] = {}
    for person, (group, cycle) in told.items():
        column = cycle if cycle in begun and cycle is not None else NOT_SAID
        cells.setdefault((group_of(inquiry, group), column), set()).add(person)
    rows = dict.fromkeys([*(group.code for group in inquiry.groups), *(row for row, _ in cells)])
    columns = dict.fromkeys([*begun, *(column for _, column in cells)])
    return Table(
        NAME,
        inquiry.threshold,
        {key: frozenset(here) for key, here in cells.items()},
        tuple(rows),
        tuple(columns),
        joins=(Join("time", columns=dict.fromkeys(columns, ALL)),),
        only_if_any=frozenset({NOT_SAID, OTHER}),
    )


def group_names(inquiry: Inquiry) -> Names:
    """Return the names of every row that there can be."""
    return {
        group.code: (inquiry.text(group.names, "en"), inquiry.text(group.names, "fr"))
        for group in inquiry.groups
    } | GROUP_NAMES


def cycle_names(inquiry: Inquiry) -> Names:
    """Return the names of every column that there can be."""
    return {
        cycle.code: (inquiry.text(cycle.names, "en"), inquiry.text(cycle.names, "fr"))
        for cycle in inquiry.cycles
    } | CYCLE_NAMES
