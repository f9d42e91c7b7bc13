"""Comparing: figures worked by hand, uncertainty beside them, small groups not counted out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import compare


def test_wilson_by_hand() -> None:
    """8 of 10, z = 1.96: (.8 + .192 ± 1.96·√(.016 + .0096)) / 1.384 = .490 to .943."""
    found = compare.wilson(8, 10)
    assert (found.low, found.high) == (
        pytest.approx(0.4902, abs=1e-4),
        pytest.approx(0.9433, abs=1e-4),
    )
    assert compare.wilson(0, 10).low == 0 and compare.wilson(10, 10).high == 1


@given(st.integers(1, 500), st.integers(0, 500))
def test_a_share_lies_in_its_interval(total: int, count: int) -> None:
    count = min(count, total)
    found = compare.wilson(count, total)
    assert 0 <= found.low <= found.share + 1e-6 and found.share - 1e-6 <= found.high <= 1


@pytest.mark.parametrize(("count", "total"), [(1, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        compare.wilson(count, total)


def test_small_groups_are_named_and_not_counted_out() -> None:
    themes = [{"bus"}] * 6 + [{"bus", "nurse"}] * 6 + [{"nurse"}] * 3 + [set()]
    groups = ["carers"] * 12 + ["few"] * 3 + [None]
    cells = {(one.theme, one.group): one.share for one in compare.by_group(themes, groups)}
    bus, nurse = cells["bus", "carers"], cells["nurse", "carers"]
    assert bus is not None and (bus.count, bus.total) == (12, 12)
    assert nurse is not None and (nurse.count, nurse.total, nurse.share) == (6, 12, 0.5)
    assert cells["bus", "few"] is None and cells["nurse", "few"] is None
    assert len(cells) == 4
    with pytest.raises(ValueError, match="give one each"):
        compare.by_group([{"bus"}], [])


def test_newcombe_by_hand() -> None:
    """56 of 70 after 48 of 80: .2, and .0524 to .3339 (Newcombe 1998, table II, example a)."""
    before, after = {"x": compare.wilson(48, 80)}, {"x": compare.wilson(56, 70)}
    (one,) = compare.changed(before, after)
    assert one.difference == pytest.approx(0.2)
    assert (one.low, one.high) == (
        pytest.approx(0.0524, abs=1e-4),
        pytest.approx(0.3339, abs=1e-4),
    )
    assert one.clear


def test_with_many_themes_a_change_must_be_larger_to_be_clear() -> None:
    before = {f"t{place}": compare.wilson(48, 80) for place in range(20)}
    after = {f"t{place}": compare.wilson(56, 70) for place in range(20)}
    assert not any(one.clear for one in compare.changed(before, after))


def test_marking_words_by_hand() -> None:
    """Bus in 20 of 20 inside and 0 of 20 outside, ward the other way round, clinic in all.

    n = m = 40 words, 80 in all; the prior of bus is 500 · 20/80 = 125. So its odds are
    ln(145/395) inside and ln(125/415) outside, and z = .1977 / √(1/145 + 1/125) = 1.620.
    """
    words = [{"bus", "clinic"}] * 20 + [{"ward", "clinic"}] * 20
    inside = [True] * 20 + [False] * 20
    z = (math.log(145 / 395) - math.log(125 / 415)) / math.sqrt(1 / 145 + 1 / 125)
    assert z == pytest.approx(1.62, abs=0.01)
    assert compare.marking_words(words, inside) == [], "below 1.96 nothing is clear"
    more = compare.marking_words(words * 5, inside * 5)
    assert [one.word for one in more] == ["bus"]
    assert (more[0].inside, more[0].outside) == (100, 0) and more[0].where == (0, 1, 2, 3, 4)


def test_marking_words_of_few_stories_are_not_told() -> None:
    words = [{"bus"}] * 9 + [{"ward"}] * 500
    assert compare.marking_words(words, [True] * 9 + [False] * 500) == []
    with pytest.raises(ValueError, match="give one each"):
        compare.marking_words(words, [])


def test_themes_together_by_hand() -> None:
    """A in 5 of 10, b in 4: by chance 2 together; they are in 4."""
    themes: list[set[str]] = [{"a", "b"}] * 4 + [{"a"}] + [set()] * 5
    (one,) = compare.together(themes)
    assert (one.first, one.second, one.both, one.expected, one.lift) == ("a", "b", 4, 2.0, 2.0)
    assert compare.together(themes, least=5) == []
