"""What is hidden in a row of figures cannot be worked out: an attacker who knows all sums tries."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.hiding import bounds, hidden, rounded


def test_rounding_by_hand() -> None:
    assert [rounded(count, 10) for count in (10, 12, 13, 17, 18)] == [10, 10, 15, 15, 20]
    assert rounded(11, 11) == 15, "ten would tell that it is under eleven"
    assert rounded(28, 5, most=29) == 29 and rounded(13, 0) == 13


def test_a_lone_small_figure_is_covered_by_the_next_smallest() -> None:
    counts, sizes = {"a": 2, "b": 20, "c": 30}, {"a": 40, "b": 40, "c": 60}
    assert hidden(counts, sizes, frozenset("a"), fewest=10) == {"a", "b"}
    assert bounds("a", {"a", "b"}, counts, sizes) == (0, 22)
    assert bounds("a", {"a"}, counts, sizes) == (2, 2), "alone it would be told by the sum"
    assert hidden(counts, sizes, frozenset(), fewest=10) == frozenset()


def test_all_but_a_few_are_covered_as_well() -> None:
    counts, sizes = {"a": 38, "b": 20, "c": 30}, {"a": 40, "b": 40, "c": 60}
    gone = hidden(counts, sizes, frozenset("a"), fewest=10)
    low, high = bounds("a", gone, counts, sizes)
    assert "a" in gone and high == 40 and low <= 31


rows = st.lists(
    st.integers(0, 14).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=4,
)


@given(rows, st.integers(2, 5))
def test_promise_11_an_attacker_learns_no_small_figure_of_a_row(
    row: list[tuple[int, int]], fewest: int
) -> None:
    """Every way of filling the hidden figures is tried; a small one can be anything small."""
    counts = {place: count for place, (count, _) in enumerate(row)}
    sizes = {place: size for place, (_, size) in enumerate(row)}
    few = frozenset(
        place for place, (count, size) in enumerate(row) if min(count, size - count) < fewest
    )
    gone = hidden(counts, sizes, few, fewest=fewest)
    assert few <= gone
    assume(len(gone) < len(row))  # all hidden: nothing but the sum, which was known before
    total = sum(counts[place] for place in gone)
    ways = product(*(range(sizes[place] + 1) for place in sorted(gone)))
    possible = [way for way in ways if sum(way) == total]
    for at, place in enumerate(sorted(gone)):
        seen = {way[at] for way in possible}
        assert (min(seen), max(seen)) == bounds(place, gone, counts, sizes)
        if place in few:
            small = counts[place] <= sizes[place] - counts[place]
            edge = range(min(fewest, sizes[place] + 1))
            must = set(edge) if small else {sizes[place] - one for one in edge}
            assert must <= seen


def test_the_naive_rule_is_broken() -> None:
    """Hiding small figures only: the sum gives a lone one away."""
    counts, sizes = {"a": 2, "b": 20, "c": 30}, {"a": 40, "b": 40, "c": 60}
    naive = frozenset(place for place in counts if counts[place] < 10)
    assert bounds("a", naive, counts, sizes) == (counts["a"], counts["a"])
    with pytest.raises(AssertionError):
        assert bounds("a", hidden(counts, sizes, naive, fewest=10), counts, sizes) == (2, 2)
