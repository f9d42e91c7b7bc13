"""Show the figures of before once more, with more of them hidden where they would tell more now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from par_toolkit.publishing.figures.attack import ALL
from par_toolkit.publishing.figures.counted import WITHIN, WITHOUT, count
from par_toolkit.publishing.figures.suppress import hide, rounded, with_totals
from par_toolkit.publishing.figures.table import Figures, Join, State, Table
from par_toolkit.storage.kept_figures import Kept, Key, Line


@dataclass(frozen=True)
class _Basis:
    """The numbers of before with what is to be known of them today."""

    counts: Mapping[Key, int]
    unsaid: frozenset[Key]
    known: frozenset[Key]


def show_again(table: Table, before: Kept, state: State) -> Figures:
    """Return the figures of before, or 'covered' ones where some must not be shown any more.

    That is where the threshold rose, and in a sensitive table where all of a row, or all but a few,
    would be in a cell by now because others of the row have left. No number is a new one.
    """
    rose = table.threshold > before.threshold
    if not rose and not (table.of and table.sensitive):
        return figures_of(before, state, table)
    last = before.past[-1]
    basis = _today(table, before) if table.of else _Basis(last.counts, last.unsaid, last.known)
    threshold = max(table.threshold, before.threshold)
    hidden = hide(
        basis.counts,
        threshold=threshold,
        least=last.least,
        unsaid=basis.unsaid,
        known=basis.known,
        start=last.hidden & basis.counts.keys(),
    )
    lines = tuple(
        line_of(
            line.row,
            line.column,
            None if line.people is None or key in hidden else last.counts[key],
            threshold,
        )
        for line in before.lines
        for key in (_key_of(line, last.counts),)
    )
    if not rose and lines == before.lines:
        return figures_of(before, state, table)
    kept = replace(before, threshold=threshold, lines=lines, since=None)
    return figures_of(kept, "covered", table)


def _today(table: Table, before: Kept) -> _Basis:
    """Return the numbers of before in rows that have as many people as they have today."""
    counted, last = count(table, joins_of(table, before.joined)), before.past[-1]
    cells: dict[Key, int] = {}
    for (row, column), people in last.counts.items():
        if column == WITHIN and row != ALL:
            everybody = counted.counts.get((row, ALL), people)
            cells |= {(row, WITHIN): people, (row, WITHOUT): max(0, everybody - people)}
    counts = with_totals(cells) if cells else dict(last.counts)
    return _Basis(counts, counted.unsaid & counts.keys(), counted.known & counts.keys())


def _key_of(line: Line, counts: Mapping[Key, int]) -> Key:
    within = line.row, WITHIN
    return within if within in counts else (line.row, line.column)


def joins_of(table: Table, joined: tuple[str, ...]) -> tuple[Join, ...]:
    """Return the joins of a table that are about these."""
    return tuple(one for one in table.allowed_joins() if one.about in joined)


def line_of(row: str, column: str, people: int | None, threshold: int) -> Line:
    """Return a line as it is published; `people` is None where it is hidden."""
    if people is None:
        return Line(row, column, None, "hidden")
    return Line(row, column, rounded(people, threshold), "shown")


def figures_of(kept: Kept, state: State, table: Table) -> Figures:
    """Return figures with what is kept of them, and what was joined that readers would look for."""
    joins = joins_of(table, kept.joined)
    told = tuple(join.about for join in joins if not join.drops_columns or len(table.columns) > 1)
    return Figures(table.name, table.part, kept.threshold, state, told, kept.lines, kept)
