"""How sure a figure is: worked by hand and taken from published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.uncertainty import difference, for_all_of, wilson

counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_by_hand() -> None:
    """8 of 10, z = 1.96: (.8 + .192 ± 1.96·√(.016 + .0096)) / 1.384 = .490 to .943."""
    found = wilson(8, 10)
    assert (found.low, found.high) == (
        pytest.approx(0.4902, abs=1e-4),
        pytest.approx(0.9433, abs=1e-4),
    )
    assert wilson(0, 10).low == 0 and wilson(10, 10).high == 1


@given(counts)
def test_a_share_lies_in_its_interval_and_its_mirror_mirrors_it(pair: tuple[int, int]) -> None:
    count, total = pair
    found, mirror = wilson(count, total), wilson(total - count, total)
    assert 0 <= found.low <= found.share + 1e-6 and found.share - 1e-6 <= found.high <= 1
    assert found.low == pytest.approx(1 - mirror.high, abs=2e-6)


@given(counts)
def test_more_stories_of_the_same_share_are_surer(pair: tuple[int, int]) -> None:
    few, many = wilson(*pair), wilson(pair[0] * 4, pair[1] * 4)
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(("count", "total"), [(1, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(count, total)


def test_newcombe_by_hand() -> None:
    """56 of 70 less 48 of 80: .2, and .0524 to .3339 (Newcombe 1998, table II, example a)."""
    found = difference(wilson(48, 80), wilson(56, 70))
    assert found.difference == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=1e-4)
    assert found.high == pytest.approx(0.3339, abs=1e-4)
    assert found.clear


def test_nothing_of_ten_after_nothing_of_twenty_tells_nothing() -> None:
    """0/10 less 0/20: .0000, and -.1611 to .2775 (Newcombe 1998, table II, example g)."""
    found = difference(wilson(0, 20), wilson(0, 10))
    assert (found.difference, found.low) == (0, pytest.approx(-0.1611, abs=1e-4))
    assert found.high == pytest.approx(0.2775, abs=1e-4)
    assert not found.clear


@given(counts, counts)
def test_a_difference_lies_in_its_interval_and_turns_round(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    there, back = difference(wilson(*one), wilson(*two)), difference(wilson(*two), wilson(*one))
    assert -1 <= there.low <= there.difference <= there.high <= 1
    assert (there.low, there.high) == (
        pytest.approx(-back.high, abs=3e-6),
        pytest.approx(-back.low, abs=3e-6),
    )


def test_many_figures_must_each_be_surer() -> None:
    assert for_all_of(1) == pytest.approx(0.95) and for_all_of(20) == pytest.approx(0.9975)
    assert for_all_of(0) == pytest.approx(0.95)
