"""The attacker who has nothing but the file: right about what he can tell, and told nothing."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from par_toolkit.publishing.figures import ALL
from par_toolkit.publishing.figures.published import (
    Published,
    Range,
    before_rounding,
    narrowed,
    of_hidden,
)
from par_toolkit.publishing.figures.suppress import hide, rounded, with_totals

Cells = dict[tuple[str, str], int]

cells = st.builds(
    lambda numbers, columns: {
        (f"g{n // columns}", f"c{n % columns}"): number for n, number in enumerate(numbers)
    },
    st.lists(st.integers(0, 40), min_size=2, max_size=12),
    st.integers(1, 3),
)


def whole(cells: Cells) -> Cells:
    """Fill the gaps, and add totals; a table of one column has no others."""
    rows, columns = ({key[at] for key in cells} for at in (0, 1))
    if len(columns) == 1:
        return with_totals({(row, ALL): sum(n for (r, _), n in cells.items() if r == row)
                            for row in rows})  # fmt: skip
    return with_totals({(row, col): cells.get((row, col), 0) for row in rows for col in columns})


def publish(counts: Cells, hidden: Any, threshold: int) -> dict[tuple[str, str], int | None]:
    return {key: None if key in hidden else rounded(n, threshold) for key, n in counts.items()}


def by_solver(published: Published, threshold: int) -> dict[tuple[str, str], Range] | None:
    """Solve for the range of each hidden figure, written anew: each line adds up to its total."""
    keys = sorted(published)
    at = {key: n for n, key in enumerate(keys)}
    sums = []
    flat = all(column == ALL for _, column in keys)
    for line in (0,) if flat else (0, 1):
        for code in {key[1 - line] for key in keys}:
            row = np.zeros(len(keys))
            for key in keys:
                if key[1 - line] == code:
                    row[at[key]] = -1 if key[line] == ALL else 1
            sums.append(row)
    known = [
        (0, None)
        if (people := published[key]) is None
        else (before_rounding(people, threshold).fewest, before_rounding(people, threshold).most)
        for key in keys
    ]
    found = {}
    for key in keys:
        if published[key] is None:
            ends = []
            for sign in (1, -1):
                aim = np.zeros(len(keys))
                aim[at[key]] = sign
                solved = linprog(aim, A_eq=np.array(sums), b_eq=np.zeros(len(sums)), bounds=known)
                if solved.status == 2:
                    return None
                ends.append(math.inf if solved.status == 3 else round(sign * solved.fun))
            found[key] = Range(*ends)  # type: ignore[arg-type]
    return found


@settings(max_examples=60)
@given(cells, st.sampled_from((5, 7, 10)), st.integers(0, 2**32), st.booleans())
def test_it_finds_what_a_solver_finds(cells: Cells, k: int, seed: int, wrong: bool) -> None:
    """On any figures, well hidden or not, and also on such as cannot be."""
    counts, drawn = whole(cells), random.Random(seed)
    hidden = {key for key in sorted(counts) if counts[key] < k or drawn.random() < 0.3}
    told = publish(counts, hidden, k)
    assume(any(people is None for people in told.values()))
    if wrong and (shown := [key for key in sorted(told) if told[key] is not None]):
        told[drawn.choice(shown)] = 5 * drawn.randint(2, 40)
    found, solved = of_hidden(told, threshold=k), by_solver(told, k)
    if solved is None or found is None:
        assert found is None and solved is None
        return
    for key, could in found.items():
        exact = solved[key]
        # it looks no further than it must
        assert could.fewest == exact.fewest or exact.fewest < could.fewest <= could.most - 2 * k
        assert could.most == exact.most or could.fewest + 2 * k <= could.most < exact.most


@given(cells, st.sampled_from((5, 7, 10, 20)))
def test_promise_11_what_is_covered_is_not_given_away_by_the_file(cells: Cells, k: int) -> None:
    counts = whole(cells)
    assert narrowed(publish(counts, hide(counts, threshold=k), k), threshold=k) == []


def test_promise_11_hiding_only_small_cells_is_broken_from_the_file_alone() -> None:
    """The naive way is the control that the attacker must break in most tables."""
    drawn, broken, tried = random.Random(6), 0, 0
    while tried < 200:
        counts = whole({(f"g{g}", f"c{c}"): drawn.randint(0, 40) for g in range(3)
                        for c in range(3)})  # fmt: skip
        small = {key for key, people in counts.items() if people < 10}
        if small:
            tried += 1
            broken += narrowed(publish(counts, small, 10), threshold=10) != []
    assert broken > 100


def test_three_by_hand() -> None:
    """With k = 10: one cell missing, two that cover each other, and a total that cannot be."""
    alone = {("a", ALL): 30, ("b", ALL): 20, ("c", ALL): None, (ALL, ALL): 55}
    # 53 to 57 in all, less 28 to 32, less 18 to 22: from nobody to eleven, all figures as rounded
    assert of_hidden(alone, threshold=10) == {("c", ALL): Range(0, 11)}
    assert narrowed(alone, threshold=10) == []
    alone[ALL, ALL] = 50
    assert of_hidden(alone, threshold=10) == {("c", ALL): Range(0, 6)}
    assert narrowed(alone, threshold=10) == [("c", ALL)]
    alone["b", ALL] = None
    both = of_hidden(alone, threshold=10) or {}
    # each up to 24, but it looks no further than it must
    assert {(one.fewest, 20 <= one.most <= 24) for one in both.values()} == {(0, True)}
    assert narrowed(alone, threshold=10) == []
    alone[ALL, ALL] = 15
    assert narrowed(alone, threshold=10) is None


def test_what_a_rounded_figure_can_be() -> None:
    for k in range(5, 25):
        for people in range(k, 60):
            could = before_rounding(rounded(people, k), k)
            assert could.fewest <= people <= could.most <= could.fewest + 7
