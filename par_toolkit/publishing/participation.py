"""Count the people who took part, by stakeholder group and cycle, as the table to be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.attack import ALL, Key, exposed
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.suppress import hide, rounded, with_totals, without_cycles
from par_toolkit.storage import receipts
from par_toolkit.storage.database import PrivateDatabase

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

Names = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """One published figure; `people` is None where it is hidden."""

    group: str
    group_names: tuple[str, str]
    cycle: str
    cycle_names: tuple[str, str]
    people: int | None


@dataclass(frozen=True)
class Table:
    """True counts by (group, cycle), with the names of both. `least` is what a row gives away."""

    counts: dict[Key, int]
    least: dict[Key, int]
    groups: Names
    cycles: Names


def count(db: PrivateDatabase) -> dict[tuple[str | None, str | None], int]:
    """Count people by the group and cycle they named; None where they named none.

    People are counted, not answers (`receipts.PERSON`): each once, in the group and the cycle they
    first named, so that cells add up to totals.
    """
    rows = db.rows(
        f"select {receipts.PERSON} as person, group_code, cycle from stories order by id"
    )
    people: dict[str, tuple[str | None, str | None]] = {}
    for row in rows:
        group, cycle = people.get(row["person"], (None, None))
        people[row["person"]] = (group or row["group_code"] or None, cycle or row["cycle"] or None)
    result: dict[tuple[str | None, str | None], int] = {}
    for place in people.values():
        result[place] = result.get(place, 0) + 1
    return result


def table(
    inquiry: Inquiry, people: Mapping[tuple[str | None, str | None], int], *, today: date
) -> Table:
    """Arrange counts by the inquiry's own groups and by the cycles that have begun.

    Who named no group stands under 'none', a group the inquiry does not know under 'other'; these
    rows are there only when somebody is in them, which a reader then knows (`least`).
    """
    groups = {
        g.code: (inquiry.text(g.names, "en"), inquiry.text(g.names, "fr")) for g in inquiry.groups
    }
    cycles = {
        c.code: (inquiry.text(c.names, "en"), inquiry.text(c.names, "fr"))
        for c in inquiry.cycles
        if c.starts <= today
    }
    own = (set(groups), set(cycles))
    cells: dict[Key, int] = {}
    for (group, cycle), number in people.items():
        row = group if group in groups and group is not None else OTHER if group else NOT_SAID
        column = cycle if cycle in own[1] and cycle is not None else NOT_SAID
        cells[row, column] = cells.get((row, column), 0) + number
    for row, column in cells:
        groups.setdefault(row, GROUP_NAMES.get(row, (row, row)))
        cycles.setdefault(column, CYCLE_NAMES[NOT_SAID])
    counts = with_totals({(g, c): cells.get((g, c), 0) for g in groups for c in cycles})
    least = {(g, ALL): 1 for g in groups.keys() - own[0]}
    least |= {(ALL, c): 1 for c in cycles.keys() - own[1]}
    # each such row holds somebody, so the reader knows as many people in all
    in_all = max(len(groups.keys() - own[0]), len(cycles.keys() - own[1]))
    least |= {(ALL, ALL): in_all} if in_all else {}
    return Table(counts, least, groups | {ALL: GROUP_NAMES[ALL]}, cycles | {ALL: CYCLE_NAMES[ALL]})


def figures(table: Table, *, threshold: int) -> list[Line]:
    """Return the lines to publish: coarsened where too little would be shown, then suppressed.

    Cycles are joined where there is only one, or where fewer than half of the cells with anybody
    in them would be shown. Raises PublishError if a reader could still narrow a hidden figure.
    """
    counts, least = table.counts, table.least
    hidden = hide(counts, threshold=threshold, least=least)
    if len(table.cycles) <= 2 or _too_little_shown(counts, hidden):
        counts = without_cycles(counts)
        least = {key: fewest for key, fewest in least.items() if key in counts}
        hidden = hide(counts, threshold=threshold, least=least)
    check(counts, hidden, threshold=threshold, least=least)
    return [
        Line(
            group,
            table.groups[group],
            cycle,
            table.cycles[cycle],
            None if (group, cycle) in hidden else rounded(counts[group, cycle], threshold),
        )
        for group in table.groups
        for cycle in table.cycles
        if (group, cycle) in counts
    ]


def _too_little_shown(counts: Mapping[Key, int], hidden: frozenset[Key]) -> bool:
    filled = [key for key, people in counts.items() if people and ALL not in key]
    return 2 * sum(key not in hidden for key in filled) < len(filled)


def check(
    counts: Mapping[Key, int],
    hidden: frozenset[Key],
    *,
    threshold: int,
    least: Mapping[Key, int] | None = None,
) -> None:
    """Attack the table before it is published; raise PublishError if a hidden figure gives way."""
    found = exposed(counts, hidden, threshold=threshold, least=least)
    if found:
        group, cycle = found[0]
        raise PublishError(
            "exposed",
            "The table 'participation' would let a reader work out a hidden count (group "
            f"'{group}', cycle '{cycle}'). Nothing was published. Join small groups or cycles in "
            "inquiry.toml, then publish again.",
        )
