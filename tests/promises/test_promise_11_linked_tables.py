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
from tests.publishing.attacker import Key, Release, narrowed

K: Final = 5
IN, OUT = "under the theme", "not under it"
#: A group's people: under the theme, and not under it.
Counts = Sequence[tuple[int, int]]


def decided(counts: Counts, *, carefully: bool) -> tuple[Figures, Figures]:
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
        spoken.THEME_PEOPLE, K, _cells(inside), tuple(rows), part="1", said=said,  # type: ignore[arg-type]
        of=of, known=linked.known([who], groups) if carefully else None,
    )  # fmt: skip
    if not carefully:
        return who, decide(Table(theme.name, K, theme.cells, theme.rows, said=theme.said))
    first, second = linked.hidden_alike([who, decide(theme)], groups)
    return first, second


def _cells(people: Mapping[str, frozenset[str]]) -> dict[Key, frozenset[str]]:
    return {(row, ALL): here for row, here in people.items()}


def given_away(counts: Counts, *, carefully: bool) -> list[tuple[int, Key]]:
    """List the figures that an attacker narrows who reads both tables."""
    who, theme = decided(counts, carefully=carefully)
    cells = {
        (f"group {n}", column): people
        for n, pair in enumerate(counts)
        for column, people in zip((IN, OUT), pair, strict=True)
    }
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
