"""Who took part: the published figures as a table, and the lengths of the bars of its chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

ALL: Final = "all"

# Measures of the chart in its own units; it is drawn about as wide as a phone, so that its
# letters are the size of the page's on a phone and only a little larger elsewhere.
WIDTH: Final = 340
LONGEST: Final = 285
STEP: Final = 52
BAR: Final = 20
STUB: Final = 26


@dataclass(frozen=True)
class Cell:
    """One published figure: people rounded to 5, or None where it is hidden or was not asked."""

    people: int | None
    hidden: bool


@dataclass(frozen=True)
class Line:
    """One stakeholder group, or everybody together, with a figure for each cycle and for all."""

    code: str
    name: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Participation:
    """The table of who took part; its last line is everybody, where that is published."""

    cycles: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def groups(self) -> tuple[Line, ...]:
        """The lines of stakeholder groups, without the total."""
        return tuple(line for line in self.lines if line.code != ALL)

    @property
    def total(self) -> Cell | None:
        """Everybody in all cycles, or None where no total was published."""
        return next((line.total for line in self.lines if line.code == ALL), None)

    @property
    def any_hidden(self) -> bool:
        """Whether any figure is hidden, so that the page must say why."""
        return any(cell.hidden for line in self.lines for cell in (*line.cells, line.total))


@dataclass(frozen=True)
class Bar:
    """One bar, in the units of the chart."""

    name: str
    cell: Cell
    top: int
    length: int


@dataclass(frozen=True)
class Chart:
    """A bar chart: one bar a group, height in its own units."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    thickness: int = BAR


_ABSENT = Cell(people=None, hidden=False)


def read(rows: list[dict[str, Any]], cycles: list[dict[str, Any]], language: str) -> Participation:
    """Arrange rows of the table `participation` by group and cycle, names in `language`.

    Groups come largest first; hidden ones last, by name, so that their order says nothing of
    their size.
    """
    cells = {
        (row["stakeholder_group"], row["cycle"]): Cell(row["people"], row["shown"] == "hidden")
        for row in rows
    }
    names = {row["stakeholder_group"]: row[f"group_{language}"] for row in rows}
    known = [cycle for cycle in cycles if any(key[1] == cycle["id"] for key in cells)]
    lines = [
        Line(
            code,
            name,
            tuple(cells.get((code, cycle["id"]), _ABSENT) for cycle in known),
            cells.get((code, ALL), _ABSENT),
        )
        for code, name in names.items()
    ]
    lines.sort(key=lambda line: (line.code == ALL, -(line.total.people or 0), line.name.casefold()))
    return Participation(tuple(cycle[f"name_{language}"] for cycle in known), tuple(lines))


def chart(participation: Participation) -> Chart | None:
    """Draw the groups' totals over all cycles, or None where there is nothing to draw."""
    drawn = [line for line in participation.groups if line.total != _ABSENT]
    most = max((line.total.people or 0 for line in drawn), default=0)
    if not drawn or most == 0:
        return None
    bars = tuple(
        Bar(line.name, line.total, index * STEP, _length(line.total, most))
        for index, line in enumerate(drawn)
    )
    return Chart(bars, height=len(bars) * STEP)


def _length(cell: Cell, most: int) -> int:
    if cell.hidden or cell.people is None:
        return STUB  # the same for every hidden figure: its length says nothing
    return max(1, round(LONGEST * cell.people / most))
