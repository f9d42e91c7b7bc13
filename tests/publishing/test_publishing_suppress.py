"""Suppression and the attack on it, with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.figures import Table
from par_toolkit.publishing.figures.attack import ALL, Slack, exposed, slack
from par_toolkit.publishing.figures.counted import count
from par_toolkit.publishing.figures.release import check
from par_toolkit.publishing.figures.suppress import hide, rounded, with_totals


def without_cycles(counts: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Return the totals of groups and of everybody alone."""
    return {key: people for key, people in counts.items() if key[1] == ALL}


def one_column(**groups: int) -> dict[tuple[str, str], int]:
    return without_cycles(with_totals({(group, "c"): n for group, n in groups.items()}))


def suppress(counts: dict[tuple[str, str], int]) -> dict[tuple[str, str], int | None]:
    hidden = hide(counts, threshold=5)
    return {key: None if key in hidden else rounded(n, 5) for key, n in counts.items()}


def grid(rows: list[list[int]]) -> dict[tuple[str, str], int]:
    cells = {(f"g{r}", f"c{c}"): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    return with_totals(cells)


def test_totals_of_groups_cycles_and_all() -> None:
    counts = grid([[1, 2], [3, 4]])
    assert counts["g0", ALL] == 3
    assert counts[ALL, "c1"] == 6
    assert counts[ALL, ALL] == 10
    assert without_cycles(counts) == {("g0", ALL): 3, ("g1", ALL): 7, (ALL, ALL): 10}


@pytest.mark.parametrize(
    ("people", "threshold", "shown"),
    [(5, 5, 5), (7, 5, 5), (8, 5, 10), (12, 10, 10), (13, 10, 15), (12, 12, 15), (17, 12, 15),
     (18, 12, 20), (21, 20, 20), (6, 6, 10), (10_302, 5, 10_300)],
)  # fmt: skip
def test_figures_are_multiples_of_five_and_never_under_the_threshold(
    people: int, threshold: int, shown: int
) -> None:
    assert rounded(people, threshold) == shown


def test_one_hidden_cell_alone_is_the_total_less_the_others() -> None:
    counts = one_column(residents=20, carers=3, workers=8)
    assert slack(counts, {("carers", ALL)}, ("carers", ALL)) == Slack(0, 0)


def test_two_hidden_cells_share_their_sum() -> None:
    # 3 + 8 = 11 is known: the first can be anything from 0 to 11, the second too
    counts = one_column(residents=20, carers=3, workers=8)
    hidden = {("carers", ALL), ("workers", ALL)}
    assert slack(counts, hidden, ("carers", ALL)) == Slack(3, 8)
    assert slack(counts, hidden, ("workers", ALL)) == Slack(8, 3)


def test_four_hidden_cells_in_a_square_move_together() -> None:
    # what leaves one cell leaves the opposite one too: by 3 at most, as (g0, c0) holds 3; what
    # comes comes out of the other two: by 7 at most, as (g0, c1) holds 7
    counts = grid([[3, 7], [8, 4]])
    hidden = {(g, c) for g in ("g0", "g1") for c in ("c0", "c1")}
    assert slack(counts, hidden, ("g0", "c0")) == Slack(3, 7)
    assert slack(counts, hidden, ("g1", "c1")) == Slack(3, 7)


def test_what_is_known_of_a_row_narrows_the_others() -> None:
    # a row that is shown only when somebody is in it holds at least one person
    counts = one_column(residents=20, carers=3, none=2)
    hidden = {("carers", ALL), ("none", ALL)}
    assert slack(counts, hidden, ("carers", ALL)) == Slack(3, 2)
    assert slack(counts, hidden, ("carers", ALL), least={("none", ALL): 1}) == Slack(3, 1)
    assert exposed(counts, hidden, threshold=5) == []
    assert ("carers", ALL) in exposed(counts, hidden, threshold=5, least={("none", ALL): 1})


def test_the_cheapest_cover_is_hidden_with_a_small_count() -> None:
    counts = one_column(residents=20, workers=14, carers=3, drivers=8)
    assert suppress(counts) == {
        ("residents", ALL): 20,
        ("workers", ALL): 15,
        ("carers", ALL): None,
        ("drivers", ALL): None,  # the smallest that covers: 3 + 8 leaves 0 … 11 open
        (ALL, ALL): 45,
    }


def test_small_counts_may_cover_each_other() -> None:
    counts = one_column(residents=20, carers=3, drivers=4)
    assert hide(counts, threshold=5) == {("carers", ALL), ("drivers", ALL)}


def test_two_small_counts_that_are_few_together_need_a_third() -> None:
    # 1 + 2 = 3: everybody would know that both are under 5
    counts = one_column(residents=20, carers=1, drivers=2, workers=30)
    assert hide(counts, threshold=5) == {("carers", ALL), ("drivers", ALL), ("residents", ALL)}


def test_a_zero_is_hidden_as_it_tells_of_everybody_in_a_group() -> None:
    counts = one_column(residents=20, carers=0, workers=9)
    assert hide(counts, threshold=5) == {("carers", ALL), ("workers", ALL)}


def test_a_cell_of_a_table_by_cycle_needs_a_square() -> None:
    counts = grid([[20, 14], [3, 18], [12, 33]])
    hidden = hide(counts, threshold=5)
    assert ("g1", "c0") in hidden
    assert len(hidden) == 4
    assert not any(ALL in key for key in hidden)


def test_everything_is_hidden_where_everybody_is_fewer_than_the_threshold() -> None:
    counts = grid([[1, 0], [0, 2]])
    assert set(suppress(counts).values()) == {None}
    assert exposed(counts, hide(counts, threshold=5), threshold=5) == []


def test_nobody_at_all() -> None:
    counts = one_column(residents=0, carers=0)
    assert set(suppress(counts).values()) == {None}


def test_a_table_that_gives_way_is_refused_by_name() -> None:
    people = [f"p{n}" for n in range(31)]
    cells = {("residents", ALL): people[:20], ("carers", ALL): people[20:23],
             ("workers", ALL): people[23:]}  # fmt: skip
    table = Table("participation", 5, {key: frozenset(here) for key, here in cells.items()},
                  ("residents", "carers", "workers"))  # fmt: skip
    counted = count(table)
    check(table, counted, frozenset({("carers", ALL), ("workers", ALL)}))
    with pytest.raises(PublishError, match=r"'participation'.*'carers'.*inquiry\.toml"):
        check(table, counted, frozenset({("carers", ALL)}))
    with pytest.raises(PublishError):  # a small count left to see
        check(table, counted, frozenset())


def test_a_large_table_is_done_in_seconds() -> None:
    counts = grid([[(r * 37 + c * 11) % 23 for c in range(8)] for r in range(40)])
    assert exposed(counts, hide(counts, threshold=5), threshold=5) == []


class Scattered(str):
    """A name that sets and dicts keep in another order for each `salt`, as each run of Python."""

    salt = 0

    def __hash__(self) -> int:
        return hash((str(self), self.salt))


def test_promise_11_the_same_table_is_hidden_alike_in_every_build() -> None:
    """Two builds that cover a small count with different ones would tell it together."""
    random = np.random.default_rng(5)
    for _ in range(12):
        numbers = random.choice([0, 2, 3, 7, 12, 15, 20], size=(4, 3)).tolist()
        found = set()
        for Scattered.salt in range(6):
            cells = {
                (Scattered(f"g{group}"), Scattered(f"c{cycle}")): number
                for group, row in enumerate(numbers)
                for cycle, number in enumerate(row)
            }
            hidden = hide(with_totals(cells), threshold=10)
            found.add(frozenset((str(group), str(cycle)) for group, cycle in hidden))
        assert len(found) == 1
