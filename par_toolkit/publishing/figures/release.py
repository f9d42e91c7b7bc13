"""Decide what a build shows of a table: the figures of today, or those of before.

Coarsened in the table's own order where too little would be shown, small counts hidden and covered,
rounded, attacked, and compared with all that was shown before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.figures.again import figures_of, joins_of, line_of, show_again
from par_toolkit.publishing.figures.attack import ALL, exposed
from par_toolkit.publishing.figures.counted import Counted, count
from par_toolkit.publishing.figures.sequence import (
    changed,
    differs_by_few,
    enough,
    moves,
    told_together,
)
from par_toolkit.publishing.figures.suppress import hide
from par_toolkit.publishing.figures.table import Figures, Join, Table
from par_toolkit.storage.kept_figures import Kept, Key, Past

NOTHING: Final[frozenset[Key]] = frozenset()


@dataclass(frozen=True)
class Shape:
    """A table in one of its shapes, with the figures that would be hidden in it."""

    joins: tuple[Join, ...]
    counted: Counted
    hidden: frozenset[Key]

    @property
    def joined(self) -> tuple[str, ...]:
        """Return what its joins are about."""
        return tuple(join.about for join in self.joins)

    def shown(self, row: str, column: str) -> bool:
        """Say whether a line of the table is shown."""
        return any(
            (row, column) == (of, at) and key not in self.hidden
            for key, of, at in self.counted.lines
        )


#: Which of a table's shapes is published, from the finest to the coarsest.
Choice = Callable[[Sequence[Shape]], Shape]


def half_is_shown(shapes: Sequence[Shape]) -> Shape:
    """Choose the finest shape in which half of the cells with anybody in them are shown."""
    for shape in shapes:
        filled = [
            key
            for key, row, column in shape.counted.lines
            if row != ALL and shape.counted.counts[key] and not _is_total(shape, column)
        ]
        if 2 * sum(key not in shape.hidden for key in filled) >= len(filled):
            return shape
    return shapes[-1]


def _is_total(shape: Shape, column: str) -> bool:
    return column == ALL and any(at != ALL for _, _, at in shape.counted.lines)


def decide(
    table: Table,
    before: Kept | None = None,
    *,
    beside: Iterable[Kept] = (),
    choose: Choice = half_is_shown,
) -> Figures:
    """Return what a build shows of a table; `before` is what was kept of its last release.

    `beside` are tables of this name that are there no more: a new one may be what one of them was,
    but for a few people, as after themes were merged or split. Then all of it is hidden.

    It is counted anew where every move of people since then is one of nobody or of at least the
    threshold, and where all releases together narrow no hidden figure. Otherwise it shows what it
    showed before, with more hidden where the threshold rose. Raises PublishError, by name and with
    what to join, where a table that was never shown gives way to an attack.
    """
    if before is None:
        return _first(table, choose, beside)
    if _as_before(table, before):
        return show_again(table, before, "same")
    for shape in _shapes_after(table, before, choose):
        made = _anew(table, shape, before)
        if made:
            return made
    return show_again(table, before, "waits")


def _shapes(table: Table) -> list[Shape]:
    """Return the table as it is and after each join; one column alone is no second dimension."""
    joins = table.allowed_joins()
    every = [joins[:number] for number in range(len(joins) + 1)]
    if len(table.columns) == 1 and any(join.drops_columns for join in joins):
        every = [one for one in every if any(join.drops_columns for join in one)]
    return [_shape(table, one) for one in every]


def _shape(table: Table, joins: tuple[Join, ...]) -> Shape:
    counted = count(table, joins)
    return Shape(joins, counted, _hidden(table, counted))


def _hidden(
    table: Table,
    counted: Counted,
    *,
    start: frozenset[Key] = NOTHING,
    shown: frozenset[Key] = NOTHING,
) -> frozenset[Key]:
    return hide(
        counted.counts,
        threshold=table.threshold,
        least=counted.least,
        unsaid=counted.unsaid,
        known=counted.known | shown,
        start=start,
    )


def _gives_way(table: Table, counted: Counted, hidden: frozenset[Key]) -> list[Key]:
    """List the figures that a reader of this table alone could work out too well.

    Where the table shows nothing there is nothing to work with; what was known stays known.
    """
    if {key for key, _, _ in counted.lines} <= hidden:
        return []
    return exposed(
        counted.counts,
        hidden,
        threshold=table.threshold,
        least=counted.least,
        unsaid=counted.unsaid,
        known=counted.known,
    )


def _first(table: Table, choose: Choice, beside: Iterable[Kept]) -> Figures:
    """Return the first figures of a table, all of them hidden where any would tell too much.

    What is known of a row from another table may bound a small figure of it whatever is hidden
    here. No joining of groups would mend that, so that one table shows nothing, and the others do.
    """
    shape = choose(_shapes(table))
    few = any(differs_by_few(one, shape.counted.people, table.threshold) for one in beside)
    if not few and not table.of:
        check(table, shape.counted, shape.hidden)
    if few or (table.of and _gives_way(table, shape.counted, shape.hidden)):
        shape = replace(shape, hidden=frozenset(shape.counted.counts) - shape.counted.known)
    return _figures(table, shape, shape.hidden, (_past(table, shape.counted, shape.hidden),))


def check(table: Table, counted: Counted, hidden: frozenset[Key]) -> None:
    """Attack a table before it is published; raise PublishError if a hidden figure gives way."""
    found = _gives_way(table, counted, hidden)
    if found:
        row, column = found[0]
        part = f" (part '{table.part}')" if table.part else ""
        raise PublishError(
            "exposed",
            f"The table '{table.name}'{part} would let a reader work out a hidden count (row "
            f"'{row}', column '{column}'). Nothing was published. Join small groups or cycles in "
            "inquiry.toml, then publish again.",
        )


def _as_before(table: Table, before: Kept) -> bool:
    """Say whether nothing is new: nobody came or went, and the same is to be said of them."""
    shape = _shape(table, joins_of(table, before.joined))
    said = {(line.row, line.column) for line in before.lines}
    return (
        table.threshold == before.threshold
        and shape.joined == before.joined
        and {(row, column) for _, row, column in shape.counted.lines} == said
        and not moves(before, shape.counted.people)
    )


def _shapes_after(table: Table, before: Kept, choose: Choice) -> Iterator[Shape]:
    """Yield the shapes to try after a release: rows are joined as before, columns may be otherwise.

    With other rows two releases would add up to what each of them hides.
    """
    kept_rows = _row_joins(table, before.joined)
    alike = [shape for shape in _shapes(table) if _row_joins(table, shape.joined) == kept_rows]
    if alike:
        chosen = choose(alike)
        yield chosen
        yield from (shape for shape in alike if shape.joined == before.joined != chosen.joined)


def _row_joins(table: Table, joined: Sequence[str]) -> set[str]:
    drops = {join.about for join in table.joins if join.drops_columns}
    return set(joined) - drops


def _anew(table: Table, shape: Shape, before: Kept) -> Figures | None:
    """Return the figures of today in a shape, or None where they must wait.

    Figures that are the same number as before and were shown are public: they cover nothing. Where
    the threshold rose over them they are hidden from now on, but they are no secret any more.
    """
    counted = shape.counted
    if not enough(before, moves(before, counted.people), table.threshold):
        return None
    last = before.past[-1]
    alike = counted.counts.keys() - changed(last, _past(table, counted, frozenset()))
    public = frozenset((last.counts.keys() - last.hidden) & alike) - counted.unsaid
    stay = frozenset(key for key in public if counted.counts[key] >= table.threshold)
    for start, shown in (
        (NOTHING, NOTHING),
        (last.hidden & alike, stay),
        (last.hidden & counted.counts.keys(), stay),
    ):
        hidden = _hidden(table, counted, start=start, shown=shown)
        past = (*_told(table, before), _past(table, counted, hidden - public))
        if not _gives_way(table, counted, hidden) and not any(told_together(past)):
            return _figures(table, shape, hidden, past)
    return None


def _told(table: Table, before: Kept) -> tuple[Past, ...]:
    """Return the releases that told something.

    A table beside another one may begin with releases that showed nothing, as what is known of a
    row bounds a small figure of it. These bounds are no release's doing and must not hold up later
    ones for ever.
    """
    past = before.past
    while table.of and past and past[0].counts.keys() - past[0].hidden <= past[0].known:
        past = past[1:]
    return past


def _past(table: Table, counted: Counted, hidden: frozenset[Key]) -> Past:
    return Past(
        table.threshold,
        dict(counted.counts),
        hidden,
        counted.unsaid,
        counted.known,
        dict(counted.least),
    )


def _figures(
    table: Table,
    shape: Shape,
    hidden: frozenset[Key],
    past: tuple[Past, ...],
) -> Figures:
    counted = shape.counted
    lines = tuple(
        line_of(row, column, None if key in hidden else counted.counts[key], table.threshold)
        for key, row, column in counted.lines
    )
    kept = Kept(
        table.name, table.part, table.threshold, counted.people, {}, shape.joined, past, lines
    )
    return figures_of(kept, "new", table)
