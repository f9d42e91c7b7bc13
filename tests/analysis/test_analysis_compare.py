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
    (cell,) = compare.by_group([{"bus"}] * 20, ["carers"] * 20, fewest=0).cells
    assert (cell.share, cell.differs) == (wilson(20, 20), None)


def test_few_people_are_not_counted_out_however_much_they_told() -> None:
    """Thirty stories of three carers: three people. The other figures would give them away."""
    themes = [{"bus"}] * 30 + [{"bus"}] * 12 + [set()] * 12 + [{"bus"}] * 36 + [set()] * 18
    groups = ["carers"] * 30 + ["residents"] * 24 + ["staff"] * 54
    people = [place % 3 for place in range(30)] + list(range(100, 178))
    table = compare.by_group(themes, groups, people=people, fewest=10)
    assert [one.stories for one in table.columns] == [None, None, 55], "three, and their cover"
    cells = cells_of(table)
    assert cells["bus", "carers"].share is None and cells["bus", "residents"].share is None
    assert cells["bus", "staff"].share == wilson(35, 55), "36 of 54, rounded"


def test_all_but_a_few_is_as_telling_as_a_few() -> None:
    themes = [{"bus"}] * 28 + [set()] * 2 + [{"bus"}] * 20 + [set()] * 20
    groups = ["carers"] * 30 + ["residents"] * 40
    table = compare.by_group(themes, groups, fewest=10)
    assert [one.stories for one in table.columns] == [30, 40]
    assert [one.share for one in table.cells] == [None, None]


stories = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abc"), max_size=3),
        st.sampled_from(["x", "y", "z", None]),
        st.integers(0, 40),
    ),
    max_size=120,
)


@given(stories, st.integers(0, 6))
def test_promise_11_a_compared_figure_has_enough_people_on_both_sides(
    told: list[tuple[set[str], str | None, int]], fewest: int
) -> None:
    themes, groups, people = ([one[at] for one in told] for at in range(3))
    table = compare.by_group(themes, groups, people=people, fewest=fewest)
    for cell in table.cells:
        mine = [(theme, who) for theme, group, who in told if group == cell.group]
        inside = [who for theme, who in mine if cell.theme in theme]
        if cell.share is not None:
            assert len(set(inside)) >= fewest
            assert len({who for theme, who in mine if cell.theme not in theme}) >= fewest
            if fewest:
                assert cell.share.count % 5 == 0 and cell.share.total % 5 == 0
            else:
                assert (cell.share.count, cell.share.total) == (len(inside), len(mine))
        else:
            assert fewest


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
    themes: list[set[str]] = [{"a", "b"}] * 40 + [{"a"}] * 10 + [set()] * 50
    (one,), few = compare.together(themes, fewest=0)
    assert (one.first, one.second, one.both, one.expected, one.lift) == ("a", "b", 40, 20, 2)
    assert (one.low, one.high) == (pytest.approx(1.547, abs=1e-3), pytest.approx(2.490, abs=1e-3))
    assert one.more is True and few == 0
    assert compare.together(themes) == ([], 1), "nobody has b alone"
    alone = [*themes, *[{"b"}] * 10]
    ((pair,), _) = compare.together(alone)
    assert pair.both == 40
    assert compare.together(alone, people=[0] * 110) == ([], 1), "one person told it all"
    assert compare.together([]) == ([], 0)


def test_themes_that_avoid_each_other() -> None:
    themes = [{"a"}] * 45 + [{"b"}] * 45 + [{"a", "b"}] * 10
    (one,), _ = compare.together(themes)
    assert (one.expected, one.more) == (30.25, False), "55 · 55 / 100"
    (chance,), _ = compare.together([{"a", "b"}, {"a"}, {"b"}, set()] * 10)
    assert (chance.lift, chance.more) == (1, None)
