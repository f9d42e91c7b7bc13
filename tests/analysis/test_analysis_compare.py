"""Comparing: figures worked by hand, uncertainty beside them, small groups not counted out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import compare
from analysis.uncertainty import wilson


def cells_of(table: compare.Table) -> dict[tuple[object, object], compare.Cell]:
    return {(one.theme, one.group): one for one in table.cells}


def test_shares_by_group_by_hand() -> None:
    themes = [{"bus"}] * 6 + [{"bus", "nurse"}] * 6 + [{"nurse"}] * 12 + [set()]
    groups = ["carers"] * 12 + ["residents"] * 12 + [None]
    table = compare.by_group(themes, groups, fewest=0)
    cells = cells_of(table)
    assert [(one.group, one.stories) for one in table.columns] == [
        ("carers", 12),
        ("residents", 12),
    ]
    bus, nurse = cells["bus", "carers"], cells["nurse", "carers"]
    assert bus.share == wilson(12, 12) and nurse.share == wilson(6, 12)
    assert cells["bus", "residents"].share == wilson(0, 12)
    assert (bus.differs, cells["bus", "residents"].differs) == ("more", "less")
    assert table.shares("residents") == {"bus": wilson(0, 12), "nurse": wilson(12, 12)}
    with pytest.raises(ValueError, match="one each"):
        compare.by_group([{"bus"}], [])
    with pytest.raises(ValueError, match="one each"):
        compare.by_group([{"bus"}], ["carers"], people=[])


def test_a_group_alone_differs_from_nobody() -> None:
    (cell,) = compare.by_group([{"bus"}] * 20, ["carers"] * 20).cells
    assert (cell.share, cell.differs) == (wilson(20, 20), None)


def test_few_people_are_not_counted_out_however_much_they_told() -> None:
    """Thirty stories of three carers: three people. The other figure would give them away."""
    themes = [{"bus"}] * 30 + [{"bus"}] * 12 + [{"bus"}] * 15
    groups = ["carers"] * 30 + ["residents"] * 12 + ["staff"] * 15
    people = [place % 3 for place in range(30)] + list(range(100, 127))
    table = compare.by_group(themes, groups, people=people, fewest=10)
    cells = cells_of(table)
    assert [one.stories for one in table.columns] == [None, 12, 15]
    assert (cells["bus", "carers"].hidden, cells["bus", "carers"].share) == ("few", None)
    assert (cells["bus", "residents"].hidden, cells["bus", "residents"].share) == ("cover", None)
    assert cells["bus", "staff"].share == wilson(15, 15)


stories = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abc"), max_size=3),
        st.sampled_from(["x", "y", "z", None]),
        st.integers(0, 12),
    ),
    max_size=60,
)


@given(stories, st.integers(0, 6))
def test_nothing_small_is_told_and_nothing_hidden_stands_alone(
    told: list[tuple[set[str], str | None, int]], fewest: int
) -> None:
    themes, groups, people = ([one[at] for one in told] for at in range(3))
    table = compare.by_group(themes, groups, people=people, fewest=fewest)
    by_theme: dict[object, list[compare.Cell]] = {}
    for cell in table.cells:
        by_theme.setdefault(cell.theme, []).append(cell)
        behind = {w for t, g, w in told if g == cell.group and cell.theme in t}
        if cell.share is not None:
            inside = [t for t, g, _ in told if g == cell.group]
            assert len(behind) >= fewest
            expected = (sum(cell.theme in t for t in inside), len(inside))
            assert (cell.share.count, cell.share.total) == expected
        else:
            assert cell.hidden
    for row in by_theme.values():
        hidden = sum(bool(cell.hidden) for cell in row)
        assert hidden != 1 or len(row) == 1
    if fewest == 0:
        assert not any(cell.hidden for cell in table.cells)


def test_what_changed_by_hand() -> None:
    """56 of 70 after 48 of 80 is clear by itself (Newcombe 1998), and not as one of twenty."""
    before = {f"t{place:02}": wilson(48, 80) for place in range(20)} | {"gone": wilson(1, 80)}
    after = {f"t{place:02}": wilson(56, 70) for place in range(20)}
    (one,) = compare.changed({"t00": before["t00"]}, after)
    assert one.change.clear and one.change.low == pytest.approx(0.0524, abs=1e-4)
    every = compare.changed(before, after)
    assert [one.theme for one in every] == sorted(after), "of equal changes, by name"
    assert not any(one.change.clear for one in every)


def test_themes_together_by_hand() -> None:
    """A in 50 of 100, b in 40: by chance 20 together; they are in 40, which is twice that.

    Wilson 40 of 100 is .3094 to .4980: times 100, over 20, a lift of 1.547 to 2.490.
    """
    themes: list[set[str]] = [{"a", "b"}] * 40 + [{"a"}] * 8 + [{"a", "c"}] * 2 + [set()] * 50
    (one,), few = compare.together(themes)
    assert (one.first, one.second, one.both, one.expected, one.lift) == ("a", "b", 40, 20, 2)
    assert (one.low, one.high) == (pytest.approx(1.547, abs=1e-3), pytest.approx(2.490, abs=1e-3))
    assert one.more is True and few == 1
    assert compare.together(themes, people=[0] * 100) == ([], 2), "one person told it all"
    assert compare.together([]) == ([], 0)


def test_themes_that_avoid_each_other() -> None:
    themes = [{"a"}] * 45 + [{"b"}] * 45 + [{"a", "b"}] * 10
    (one,), _ = compare.together(themes)
    assert (one.expected, one.more) == (30.25, False)
    (chance,), _ = compare.together([{"a", "b"}, {"a"}, {"b"}, set()] * 10)
    assert (chance.lift, chance.more) == (1, None)
