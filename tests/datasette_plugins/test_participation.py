"""The table and the chart of who took part, against figures worked out by hand."""

from __future__ import annotations

from typing import Any

from datasette_plugins.participation import LONGEST, STEP, STUB, Cell, chart, read

CYCLES: list[dict[str, Any]] = [{"id": "c1", "name_en": "First", "name_fr": "Premier"}]


def row(group: str, cycle: str, people: int | None) -> dict[str, Any]:
    shown = "hidden" if people is None else "shown"
    names = {"group_en": group.title(), "group_fr": group.upper(), "cycle_en": "", "cycle_fr": ""}
    return {"stakeholder_group": group, "cycle": cycle, "people": people, "shown": shown, **names}


ROWS = [
    row("all", "all", 70), row("nurses", "all", 20), row("zoo", "all", None),
    row("residents", "all", 40), row("artists", "all", None), row("residents", "c1", 40),
]  # fmt: skip


def test_groups_come_largest_first_hidden_ones_by_name_and_everybody_last() -> None:
    lines = read(ROWS, CYCLES, "en").lines
    assert [line.name for line in lines] == ["Residents", "Nurses", "Artists", "Zoo", "All"]


def test_what_was_not_asked_is_neither_hidden_nor_nought() -> None:
    table = read(ROWS, CYCLES, "fr")
    nurses = next(line for line in table.lines if line.code == "nurses")
    assert nurses.cells == (Cell(people=None, hidden=False),)
    assert nurses.name == "NURSES" and table.cycles == ("Premier",)
    assert table.total == Cell(70, hidden=False) and table.any_hidden


def test_bars_are_in_proportion_and_hidden_ones_all_alike() -> None:
    drawn = chart(read(ROWS, CYCLES, "en"))
    assert drawn is not None and drawn.height == 4 * STEP
    assert [bar.length for bar in drawn.bars] == [LONGEST, round(LONGEST / 2), STUB, STUB]


def test_nothing_to_draw_draws_nothing() -> None:
    assert chart(read([], [], "en")) is None
    assert chart(read([row("zoo", "all", None)], CYCLES, "en")) is None
