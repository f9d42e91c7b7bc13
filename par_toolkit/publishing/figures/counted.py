"""Count a table of people as a reader could see it: figures, totals, and what is known of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from par_toolkit.publishing.figures.attack import ALL
from par_toolkit.publishing.figures.suppress import with_totals
from par_toolkit.publishing.figures.table import Join, Table, joined
from par_toolkit.storage.kept_figures import Key, Person

#: The columns of a table of which all people of each row are known: in the cell, and not in it.
WITHIN: Final = "(within)"
WITHOUT: Final = "(without)"


@dataclass(frozen=True)
class Counted:
    """The figures of a table in one shape.

    `counts` add up to their totals. `least` is what a row or column gives away by being there.
    `unsaid` are figures that have no place in the table, `known` those that readers know from
    elsewhere, and `lines` the figures to publish as (key, row, column), in order.
    """

    counts: Mapping[Key, int]
    least: Mapping[Key, int]
    unsaid: frozenset[Key]
    known: frozenset[Key]
    lines: tuple[tuple[Key, str, str], ...]
    people: Mapping[Person, frozenset[Key]]


def count(table: Table, joins: Iterable[Join] = ()) -> Counted:
    """Count a table with `joins` made.

    Raises ValueError where a said total would count somebody twice, or where all people of a row
    are given for a table of two dimensions: then cells would not add up.
    """
    joins = tuple(joins)
    coarse = joined(table, joins)
    if coarse.of and coarse.columns:
        raise ValueError(f"'{table.name}' has two dimensions: all people of a row say too little.")
    columns = (WITHIN,) if coarse.of else coarse.columns or (ALL,)
    cells = {(row, column): frozenset[Person]() for row in coarse.rows for column in columns}
    for (row, column), people in coarse.cells.items():
        key = (row, WITHIN if coarse.of else column)
        if key not in cells:
            raise ValueError(f"'{table.name}' has people in '{row}', '{column}', which it has not.")
        cells[key] = people
    _check_once(coarse, cells)
    numbers = {key: len(people) for key, people in cells.items()}
    if coarse.of:
        for row in coarse.rows:
            everybody = coarse.of.get(row, frozenset())
            numbers[row, WITHOUT] = len(everybody - cells[row, WITHIN])
    counts = with_totals(numbers) if numbers else {(ALL, ALL): 0}
    drops = any(join.drops_columns for join in joins) and bool(coarse.columns)
    return Counted(
        counts,
        _least(coarse, drops=drops),
        frozenset(_unsaid(coarse, counts, drops=drops)),
        frozenset(_known(coarse, counts)),
        tuple(_lines(coarse, drops=drops)),
        _cells_of(cells),
    )


def _cells_of(cells: Mapping[Key, frozenset[Person]]) -> dict[Person, frozenset[Key]]:
    found: dict[Person, set[Key]] = {}
    for key, people in cells.items():
        for person in people:
            found.setdefault(person, set()).add(key)
    return {person: frozenset(keys) for person, keys in found.items()}


def _check_once(table: Table, cells: Mapping[Key, frozenset[Person]]) -> None:
    """Raise ValueError where a total that is said is not the number of different people."""
    for said in table.said if table.columns else table.said - {"rows", "columns"}:
        seen: set[tuple[str, Person]] = set()
        for (row, column), people in cells.items():
            line = {"rows": row, "columns": column, "all": ALL}[said]
            here = {(line, person) for person in people}
            if seen & here:
                raise ValueError(f"'{table.name}' counts somebody twice in its totals of {said}.")
            seen |= here


def _least(table: Table, *, drops: bool) -> dict[Key, int]:
    rows = [row for row in table.rows if row in table.only_if_any]
    columns = [] if drops else [one for one in table.columns if one in table.only_if_any]
    least = {(row, WITHIN if table.of else ALL): 1 for row in rows}
    least |= {(ALL, column): 1 for column in columns}
    # each such row holds somebody, so a reader knows as many people in all
    in_all = max(len(rows), len(columns))
    return least | ({(ALL, WITHIN if table.of else ALL): in_all} if in_all else {})


def _unsaid(table: Table, counts: Mapping[Key, int], *, drops: bool) -> Iterable[Key]:
    """Yield the figures that have no place in the table, and so are no secret of it."""
    for key in counts:
        row, column = key
        inner = row != ALL and column != ALL
        if not table.rows:
            yield key
        elif table.of:
            yield from [key] if _outside(table, counts, key) else []
        elif key == (ALL, ALL):
            yield from [] if "all" in table.said else [key]
        elif not table.columns:
            continue
        elif row == ALL:
            yield from [] if "columns" in table.said and not drops else [key]
        elif column == ALL:
            yield from [] if "rows" in table.said else [key]
        elif inner and drops:
            yield key


def _outside(table: Table, counts: Mapping[Key, int], key: Key) -> bool:
    """Say whether a figure of who is in a row at all, or not in its cell, needs no protection."""
    row, column = key
    if column == ALL:
        return not _is_known(table, counts, key)
    if column == WITHOUT:
        return not table.sensitive
    return row == ALL and "all" not in table.said


def _known(table: Table, counts: Mapping[Key, int]) -> Iterable[Key]:
    """Yield how many people each row has at all, which the table of who took part may say."""
    for key in counts:
        if table.of and key[1] == ALL and _is_known(table, counts, key):
            yield key


def _is_known(table: Table, counts: Mapping[Key, int], key: Key) -> bool:
    enough = counts[key] >= table.threshold
    return enough and (table.known is None or key[0] in table.known)


def _lines(table: Table, *, drops: bool) -> Iterable[tuple[Key, str, str]]:
    inner = WITHIN if table.of else ALL
    columns = () if drops else table.columns
    for row in (*table.rows, ALL) if table.rows else ():
        for column in columns:
            if row != ALL or "columns" in table.said:
                yield (row, column), row, column
        said = "all" if row == ALL else "rows"
        if said in table.said or (row != ALL and not table.columns):
            yield (row, inner), row, ALL
