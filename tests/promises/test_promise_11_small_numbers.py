"""Promise 11: small numbers stay hidden everywhere at once.

The attacker here is another program than the product's: linear programming over all that is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from par_toolkit.publishing import publish
from par_toolkit.publishing.figures.attack import ALL, Key, slack
from par_toolkit.publishing.figures.suppress import hide, rounded, with_totals
from tests.publishing.inquiries import Place


def ranges(
    counts: Mapping[Key, int], shown: Mapping[Key, tuple[float, float]]
) -> dict[Key, tuple[float, float]]:
    """Return the lowest and highest value of each hidden figure, by linear programming.

    `shown` holds what is known of the other figures: (at least, at most).
    """
    keys = list(counts)
    cycles = {cycle for _, cycle in keys}
    groups = {group for group, _ in keys}
    sums = []
    for cycle in cycles:
        sums.append({(group, cycle): -1 if group == ALL else 1 for group in groups})
    if len(cycles) > 1:
        for group in groups:
            sums.append({(group, cycle): -1 if cycle == ALL else 1 for cycle in cycles})
    equal = np.array([[one.get(key, 0) for key in keys] for one in sums])
    bounds = [shown.get(key, (0, None)) for key in keys]
    found = {}
    for at, key in enumerate(keys):
        if key in shown:
            continue
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(keys))
            aim[at] = sign
            answer = linprog(aim, A_eq=equal, b_eq=np.zeros(len(sums)), bounds=bounds)
            if answer.status == 3:
                ends.append(float("inf"))
            else:
                assert answer.status == 0, answer.message
                ends.append(sign * answer.fun)
        found[key] = (ends[0], ends[1])
    return found


def without_cycles(counts: Mapping[Key, int]) -> dict[Key, int]:
    """Return the totals of groups and of everybody alone."""
    return {key: people for key, people in counts.items() if key[1] == ALL}


def narrowed(
    counts: Mapping[Key, int], hidden: Collection[Key], threshold: int, *, after_rounding: bool
) -> list[Key]:
    """List the hidden figures of which the attacker learns what must not be known."""
    shown: dict[Key, tuple[float, float]] = {}
    for key, people in counts.items():
        if key in hidden:
            continue
        if after_rounding:
            said = rounded(people, threshold)
            could = [n for n in range(threshold, said + 6) if rounded(n, threshold) == said]
            shown[key] = (could[0], could[-1])
        else:
            shown[key] = (people, people)
    broken = []
    for key, (low, high) in ranges(counts, shown).items():
        small = counts[key] < threshold
        covered = low <= 1e-6 and high >= threshold - 1e-6
        wide = high - low >= threshold - 1e-6
        if not (covered if small else wide):
            broken.append(key)
    return broken


TABLES = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(
            st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=columns, max_size=columns
        ),
        min_size=1,
        max_size=6,
    )
)


def as_counts(rows: list[list[int]]) -> dict[Key, int]:
    cells = {(f"g{r}", f"c{c}"): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    counts = with_totals(cells)
    return counts if len(rows[0]) > 1 else without_cycles(counts)


@given(TABLES, st.sampled_from([5, 7, 10, 20]))
@example([[20], [3], [8]], 5)
@example([[20, 14], [3, 18], [12, 33]], 5)
@example([[0, 0], [0, 30]], 5)
@settings(max_examples=60)
def test_promise_11_no_hidden_figure_can_be_narrowed(rows: list[list[int]], threshold: int) -> None:
    counts = as_counts(rows)
    hidden = hide(counts, threshold=threshold)
    assert all(counts[key] >= threshold for key in counts.keys() - hidden)
    assert narrowed(counts, hidden, threshold, after_rounding=False) == []


@given(TABLES, st.sampled_from([5, 12]))
@settings(max_examples=20)
def test_promise_11_rounding_gives_nothing_back(rows: list[list[int]], threshold: int) -> None:
    counts = as_counts(rows)
    hidden = hide(counts, threshold=threshold)
    assert narrowed(counts, hidden, threshold, after_rounding=True) == []


@given(TABLES, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_promise_11_the_products_own_attacker_finds_exactly_what_the_other_finds(
    rows: list[list[int]], random: object
) -> None:
    counts = as_counts(rows)
    hidden = {key for key in counts if random.random() < 0.5}  # type: ignore[attr-defined]
    found = ranges(counts, {k: (n, n) for k, n in counts.items() if k not in hidden})
    for key, (low, high) in found.items():
        own = slack(counts, hidden, key)
        assert counts[key] - own.down == pytest.approx(low, abs=1e-6)
        if high == float("inf"):
            assert own.up > 10**9
        else:
            assert counts[key] + own.up == pytest.approx(high, abs=1e-6)


def test_promise_11_control_hiding_only_small_cells_is_broken_nearly_always() -> None:
    """The attacker must be able to win: it does against a table without covers."""
    random = np.random.default_rng(11)
    broken = tables = 0
    for _ in range(60):
        counts = as_counts(random.poisson(12, size=(5, 3)).tolist())
        small = {key for key, people in counts.items() if people < 10}
        if small:
            tables += 1
            broken += bool(narrowed(counts, small, 10, after_rounding=False))
    assert tables > 40
    assert broken > 0.8 * tables


def test_promise_11_in_the_published_file(tmp_path: Path) -> None:
    """Every figure in the build is rounded and large enough, or hidden; none is beside words."""
    place = Place(tmp_path / "inquiry", threshold=5)
    people = {"residents": 23, "carers": 3, "health_workers": 9, "community_groups": 12}
    for group, number in people.items():
        for _ in range(number):
            place.tell(group=group, release=False)
    publish(place.folder)
    rows = place.rows("select stakeholder_group, cycle, people, shown from participation")
    shown = {row["stakeholder_group"]: row["people"] for row in rows}
    assert {row["cycle"] for row in rows} == {"all"}  # one cycle is no second dimension
    assert shown == {
        "residents": 25,
        "carers": None,
        "health_workers": None,  # covers the carers: 3 + 9 leaves 0 … 12 open
        "community_groups": 10,
        "all": 45,  # 47
    }
    assert {row["shown"] for row in rows if row["people"] is None} == {"hidden"}
    for table in ("quotes", "stories", "themes"):
        columns = {
            row["name"] for row in place.rows(f"select name from pragma_table_info('{table}')")
        }
        assert not columns & {"cycle", "group", "people"}
    place.db.close()


def test_promise_11_people_are_counted_not_answers(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry", threshold=5)
    for _ in range(4):
        place.tell(receipt="1111222233334444", release=False)
    for _ in range(6):
        place.tell(receipt=None, source="import", release=False)
    publish(place.folder)
    # one person told four stories, six came without a receipt: seven people, rounded to five
    rows = place.rows("select people from participation where stakeholder_group = 'all'")
    assert [row["people"] for row in rows] == [5]
    place.db.close()
