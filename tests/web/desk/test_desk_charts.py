"""Charts: one scale for all figures, and nothing of what is hidden."""

from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.web.desk.charts import REACH, STEP, Figure, chart

shares = st.floats(-1, 1, allow_nan=False)


def test_a_chart_by_hand() -> None:
    """From 0 to 1 on 8 to 242: a half stands at 125, and what is hidden stands nowhere."""
    made = chart([Figure("a", "50%", 0.5, 0.25, 1.0), Figure("b", "hidden")], most=1.0)
    first, second = made.lines
    assert (first.x, first.left, first.right, made.base) == (125, 66.5, 242, 8)
    assert (second.x, second.top, made.height) == (None, STEP, 2 * STEP)
    assert made.shows and not chart([Figure("b", "hidden")]).shows
    assert chart([]).height == 0


@given(st.lists(st.tuples(shares, shares, shares).map(sorted), max_size=9), st.sampled_from((0, 1)))
def test_every_figure_lies_within_its_range_and_the_chart(
    figures: list[list[float]], base: float
) -> None:
    made = chart([Figure("", "", mid, low, high) for low, mid, high in figures], base=base)
    assert 8 <= made.base <= REACH - 8
    for line in made.lines:
        assert line.x is not None
        assert 8 <= line.left <= line.x <= line.right <= REACH - 8
