"""Promise 11: what one table says of people tells nothing that another one hides.

Whoever spoke of a theme took part. So the people of a group are those under the theme and those who
are not, and an attacker who reads both tables adds up what neither says alone.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from par_toolkit.publishing.figures import ALL, Figures, Table, decide
from par_toolkit.publishing.tables import linked, spoken, took_part
from par_toolkit.publishing.tables.groups import NAMES, Groups
from tests.publishing.attacker import Key, Release, bounds, narrowed

K: Final = 5
CAREFUL: Final = 20
IN, OUT = "under the theme", "not under it"
#: A group's people: under the theme, and not under it.
Counts = Sequence[tuple[int, int]]


def decided(counts: Counts, *, carefully: bool, sensitive: bool = False) -> tuple[Figures, Figures]:
    """Return the figures of who took part and of who spoke of a theme."""
    rows = [f"group {n}" for n in range(len(counts))]
    of = {
        row: frozenset(f"{row} {n}" for n in range(under + beside))
        for row, (under, beside) in zip(rows, counts, strict=True)
    }
    inside = {
        row: frozenset(f"{row} {n}" for n in range(under))
        for row, (under, _) in zip(rows, counts, strict=True)
    }
    groups = Groups(tuple(rows), NAMES, (), frozenset())
    said = frozenset({"all"})
    who = decide(Table(took_part.NAME, K, _cells(of), tuple(rows), said=said))  # type: ignore[arg-type]
    theme = Table(
        spoken.THEME_PEOPLE,
        CAREFUL if sensitive else K,
        _cells(inside),  # type: ignore[arg-type]
        tuple(rows),
        part="1",
        said=said,
        of=of,
        known=linked.known([who], groups) if carefully else None,
        sensitive=sensitive,
    )
    if not carefully:
        return who, decide(Table(theme.name, K, theme.cells, theme.rows, said=theme.said))
    first, second = linked.hidden_alike([who, decide(theme)], groups)
    return first, second


def _cells(people: Mapping[str, frozenset[str]]) -> dict[Key, frozenset[str]]:
    return {(row, ALL): here for row, here in people.items()}


def true_cells(counts: Counts) -> dict[Key, int]:
    return {
        (f"group {n}", column): people
        for n, pair in enumerate(counts)
        for column, people in zip((IN, OUT), pair, strict=True)
    }


def given_away(counts: Counts, *, carefully: bool) -> list[tuple[int, Key]]:
    """List the figures that an attacker narrows who reads both tables."""
    who, theme = decided(counts, carefully=carefully)
    cells = true_cells(counts)
    lines = [((line.row, ALL), line) for line in who.lines]
    lines += [((line.row, IN), line) for line in theme.lines]
    read = frozenset(key for key, line in lines if line.shown == "shown")
    secret = frozenset(key for key, line in lines if line.shown == "hidden")
    return narrowed([Release(cells, read, secret, {}, K)])


PEOPLE = st.tuples(st.integers(0, 12), st.integers(0, 12))


@settings(max_examples=40, deadline=None)
@example([(12, 3), (10, 0), (3, 0), (6, 20)])
@given(st.lists(PEOPLE, min_size=2, max_size=5))
def test_promise_11_two_tables_together_narrow_no_hidden_figure(
    counts: list[tuple[int, int]],
) -> None:
    assert given_away(counts, carefully=True) == []


@pytest.mark.long
@settings(max_examples=2_000, deadline=None)
@given(st.lists(PEOPLE, min_size=2, max_size=6))
def test_promise_11_many_more_pairs_of_tables(counts: list[tuple[int, int]]) -> None:
    assert given_away(counts, carefully=True) == []


def test_promise_11_control_each_table_protected_by_itself_is_broken() -> None:
    draw = random.Random(11)
    towns = [[(draw.randint(0, 12), draw.randint(0, 6)) for _ in range(4)] for _ in range(30)]
    broken = sum(bool(given_away(town, carefully=False)) for town in towns)
    assert broken >= 6, f"only {broken} of {len(towns)}: this attacker sees too little"


LARGER = st.tuples(st.just(0) | st.integers(0, 40), st.just(0) | st.integers(0, 40))


@settings(max_examples=30, deadline=None)
@example([(25, 9), (10, 0)])
@example([(0, 36), (0, 14), (0, 33)])
@given(st.lists(LARGER, min_size=2, max_size=4))
def test_promise_11_a_sensitive_theme_tells_no_more_than_who_took_part(
    counts: list[tuple[int, int]],
) -> None:
    """Its threshold is higher than that of who took part, which may bound a small figure by itself.
    That never stops publishing, and reading both says no more of a hidden figure, down or up to
    where it might be shown."""
    who, theme = decided(counts, carefully=True, sensitive=True)
    cells = true_cells(counts)
    of_all = frozenset((line.row, ALL) for line in who.lines if line.shown == "shown")
    both = of_all | {(line.row, IN) for line in theme.lines if line.shown == "shown"}
    for line in theme.lines:
        key = (line.row, IN)
        if line.shown == "hidden" and Release(cells, both, both, {}, K).number(key) < CAREFUL:
            (before, after) = (bounds(cells, read, key) for read in (of_all, both))
            assert after[0] == before[0] and after[1] >= min(CAREFUL, before[1]), key


def test_a_theme_of_which_nothing_could_be_shown_is_counted_once_many_spoke_of_it() -> None:
    few = decide(_sensitive([(0, 36), (0, 14), (0, 33)]))
    assert {line.shown for line in few.lines} == {"hidden"}
    many = decide(_sensitive([(30, 36), (30, 24), (40, 33)]), few.kept)
    assert [line.people for line in many.lines] == [30, 30, 40, 100]


def _sensitive(counts: Counts) -> Table:
    rows = tuple(f"group {n}" for n in range(len(counts)))
    of = {
        row: frozenset(f"{row} {n}" for n in range(sum(pair)))
        for row, pair in zip(rows, counts, strict=True)
    }
    cells = {
        (row, ALL): frozenset(f"{row} {n}" for n in range(pair[0]))
        for row, pair in zip(rows, counts, strict=True)
    }
    return Table(
        spoken.THEME_PEOPLE, CAREFUL, cells, rows, part="1", said=frozenset({"all"}), of=of,
        known=frozenset({*rows, ALL}), sensitive=True,
    )  # fmt: skip
