"""The table and the charts of who took part, against figures worked out by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins import bars
from datasette_plugins.participation import Cell, chart, compare, comparison, read
from datasette_plugins.words import Words

CYCLES: list[dict[str, Any]] = [{"id": "c1", "name_en": "First", "name_fr": "Premier"}]
ENGLISH = Words("en")


def row(group: str, cycle: str, people: int | None) -> dict[str, Any]:
    shown = "hidden" if people is None else "shown"
    names = {"group_en": group.title(), "group_fr": group.upper()}
    names |= {"cycle_en": f"Cycle {cycle}", "cycle_fr": f"Tour {cycle}"}
    return {"stakeholder_group": group, "cycle": cycle, "people": people, "shown": shown, **names}


def group(code: str, population: int | None) -> dict[str, Any]:
    source = {"population_source": "made-up census", "population_year": 2021}
    return {"code": code, "joins": None, "population": population, **source}


ROWS = [
    row("all", "all", 70), row("nurses", "all", 20), row("zoo", "all", None),
    row("residents", "all", 40), row("artists", "all", None), row("residents", "c1", 40),
]  # fmt: skip


def test_groups_come_largest_first_hidden_ones_by_name_and_everybody_last() -> None:
    lines = read(ROWS, CYCLES, "en").lines
    assert [line.name for line in lines] == ["Residents", "Nurses", "Artists", "Zoo", "All"]
    assert [line.name for line in read(ROWS, CYCLES, "en").unseen] == ["Artists", "Zoo"]


def test_what_was_not_asked_is_neither_hidden_nor_nought() -> None:
    table = read(ROWS, CYCLES, "fr")
    nurses = next(line for line in table.lines if line.code == "nurses")
    assert nurses.cells == (Cell(people=None, hidden=False),)
    assert nurses.name == "NURSES" and table.cycles == ("Tour c1",)
    assert table.total == Cell(70, hidden=False) and table.any_hidden


def test_every_cycle_that_figures_are_of_has_a_column_the_unlisted_ones_last() -> None:
    """Who told between two cycles stands under a cycle that the build does not list."""
    rows = [row("all", "none", 10), row("all", "c1", 60), row("all", "all", 70)]
    table = read(rows, CYCLES, "en")
    assert table.cycles == ("Cycle c1", "Cycle none")
    assert [cell.people for cell in table.lines[0].cells] == [60, 10]


def test_bars_are_in_proportion_and_hidden_ones_all_alike() -> None:
    drawn = chart(read(ROWS, CYCLES, "en"), ENGLISH)
    assert drawn is not None
    lengths = [part.length for bar in drawn.bars for part in bar.parts]
    assert abs(lengths[0] - 2 * lengths[1]) <= 1 and lengths[2:] == [bars.STUB, bars.STUB]
    assert [bar.said for bar in drawn.bars] == ["40", "20", "hidden", "hidden"]
    ends = [bar.said_x + 8 * len(bar.said) for bar in drawn.bars]
    assert max(ends) <= bars.WIDTH, "what is said beside a bar would be cut off"


def test_nothing_to_draw_draws_nothing() -> None:
    assert chart(read([], [], "en"), ENGLISH) is None
    assert chart(read([row("zoo", "all", None)], CYCLES, "en"), ENGLISH) is None
    assert comparison([], ENGLISH) is None


def test_groups_are_set_against_those_who_live_here() -> None:
    """Of 70 heard 40 are residents and 20 nurses; of 1,000 who live here 300 and 300 are."""
    groups = [group("residents", 300), group("nurses", 300), group("zoo", 5)]
    compared = {one.name: one for one in compare(read(ROWS, CYCLES, "en"), groups, 1000)}
    residents, nurses, zoo = (compared[name] for name in ("Residents", "Nurses", "Zoo"))
    assert residents.heard == 40 / 70 and residents.living == 0.3 and residents.verdict == "more"
    assert nurses.verdict == "alike"  # 20 may be 16 of 72, or 22 of 66: between 22 and 33 in 100
    assert (zoo.heard, zoo.verdict) == (None, None) and zoo.living == 0.005
    assert residents.source == "made-up census, 2021"
    artists = compared["Artists"]
    assert (artists.population, artists.living, artists.source) == (None, None, "")
    drawn = comparison(list(compared.values()), ENGLISH)
    assert drawn is not None
    assert [bar.said for bar in drawn.bars][:2] == ["57 in 100 heard", "30 in 100 living here"]
    assert [bool(bar.name) for bar in drawn.bars] == [True, False] * 3


def test_without_a_population_nothing_is_compared() -> None:
    compared = compare(read(ROWS, CYCLES, "en"), [group("nurses", 300)], None)
    assert {one.verdict for one in compared} == {None} and comparison(compared, ENGLISH) is None


@given(st.integers(10, 500), st.integers(0, 5000), st.floats(0.001, 0.999), st.integers(5, 30))
def test_more_or_fewer_is_said_only_where_it_is_so(
    people: int, others: int, living: float, threshold: int
) -> None:
    """Whatever the true counts behind the rounded ones are, the verdict holds of them."""

    def rounded(count: int) -> int:
        return max((count + 2) // 5 * 5, -(-threshold // 5) * 5)

    people = max(people, threshold)
    rows = [row("nurses", "all", rounded(people)), row("all", "all", rounded(people + others))]
    population = 1_000_000
    groups = [group("nurses", round(living * population))]
    (found,) = compare(read(rows, CYCLES, "en"), groups, population)
    share = people / (people + others)
    if found.verdict == "more":
        assert share > groups[0]["population"] / population
    elif found.verdict == "less":
        assert share < groups[0]["population"] / population
