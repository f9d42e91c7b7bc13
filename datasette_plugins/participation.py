"""Who took part: the published figures as a table, and the groups set against who lives here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from . import bars
from .words import Words, _

ALL: Final = "all"
#: A published figure is at most so many people more, or fewer, than there are: it is rounded to the
#: nearest multiple of 5, and up to 4 where that would lie below the threshold.
TOO_MANY: Final = 4
TOO_FEW: Final = 2
HIDDEN: Final = _("hidden")
SHARE_HEARD: Final = _("{share} heard")
SHARE_LIVING: Final = _("{share} living here")


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

    @property
    def unseen(self) -> tuple[Line, ...]:
        """The groups without a number for all cycles: few or none of them were heard."""
        return tuple(line for line in self.groups if line.total.people is None)


_ABSENT = Cell(people=None, hidden=False)


def read(rows: list[dict[str, Any]], cycles: list[dict[str, Any]], language: str) -> Participation:
    """Arrange rows of the table `participation` by group and cycle, names in `language`.

    Groups come largest first; hidden ones last, by name, so that their order says nothing of
    their size. A cycle that the build does not list comes last ('between cycles').
    """
    cells = {
        (row["stakeholder_group"], row["cycle"]): Cell(row["people"], row["shown"] == "hidden")
        for row in rows
    }
    names = {row["stakeholder_group"]: row[f"group_{language}"] for row in rows}
    columns = {row["cycle"]: row[f"cycle_{language}"] for row in rows if row["cycle"] != ALL}
    order = {cycle["id"]: place for place, cycle in enumerate(cycles)}
    known = sorted(columns, key=lambda cycle: order.get(cycle, len(order)))
    lines = [
        Line(
            code,
            name,
            tuple(cells.get((code, cycle), _ABSENT) for cycle in known),
            cells.get((code, ALL), _ABSENT),
        )
        for code, name in names.items()
    ]
    lines.sort(key=lambda line: (line.code == ALL, -(line.total.people or 0), line.name.casefold()))
    return Participation(tuple(columns[cycle] for cycle in known), tuple(lines))


def chart(participation: Participation, words: Words) -> bars.Chart | None:
    """Draw the groups' totals over all cycles, or None where there is nothing to draw."""
    drawn = [line for line in participation.groups if line.total != _ABSENT]
    most = max((line.total.people or 0 for line in drawn), default=0)
    return bars.chart((_bar(line, most, words) for line in drawn), beside=True) if most else None


def _bar(line: Line, most: int, words: Words) -> bars.Shown:
    people = line.total.people
    if people is None:
        return bars.Shown(line.name, words(HIDDEN), hidden=True)
    return bars.Shown(line.name, words.number(people), (("known", people),), whole=most)


@dataclass(frozen=True)
class Compared:
    """A group among the people heard and among those who live here; shares are between 0 and 1.

    `verdict` is 'more', 'less' or 'alike'; None where a number is hidden or not known. `source`
    says where the population comes from.
    """

    name: str
    people: Cell
    population: int | None
    source: str
    heard: float | None
    living: float | None
    verdict: str | None


def compare(
    participation: Participation, groups: list[dict[str, Any]], population: int | None
) -> list[Compared]:
    """Set each group's share of the people heard against its share of those who live here.

    All is worked out from the published figures, so it tells nothing more than they do. `groups`
    are rows of the table `groups`; without a population of a group or of the place there is no
    share of it.
    """
    known = {group["code"]: group for group in groups}
    everybody = participation.total.people if participation.total else None
    return [
        _compared(line, known.get(line.code, {}), everybody, population)
        for line in participation.groups
    ]


def _compared(
    line: Line, group: dict[str, Any], everybody: int | None, population: int | None
) -> Compared:
    people, living_here = line.total.people, group.get("population")
    heard = people / everybody if people is not None and everybody else None
    living = living_here / population if living_here is not None and population else None
    source = ", ".join(
        str(group[part])
        for part in ("population_source", "population_year")
        if living_here is not None and group.get(part)
    )
    return Compared(
        line.name,
        line.total,
        living_here,
        source,
        heard,
        living,
        _verdict(people, everybody, living),
    )


def _verdict(people: int | None, everybody: int | None, living: float | None) -> str | None:
    """Say 'more' or 'less' only where rounding cannot have made the difference."""
    if people is None or not everybody or living is None:
        return None
    least = (people - TOO_MANY) / (everybody + TOO_FEW)
    most = (people + TOO_FEW) / max(everybody - TOO_MANY, 1)
    return "more" if least > living else "less" if most < living else "alike"


def comparison(compared: list[Compared], words: Words) -> bars.Chart | None:
    """Draw two bars for each group with both shares: of those heard, and of those who live here."""
    drawn = [one for one in compared if one.living is not None]
    if not drawn:
        return None
    whole = max(max(one.heard or 0, one.living or 0) for one in drawn)
    return bars.chart((bar for one in drawn for bar in _pair(one, whole, words)), beside=True)


def _pair(one: Compared, whole: float, words: Words) -> tuple[bars.Shown, bars.Shown]:
    assert one.living is not None
    living = bars.Shown(
        "",
        words(SHARE_LIVING, share=words.share(one.living)),
        (("living", one.living),),
        whole,
    )
    if one.heard is None:
        return bars.Shown(one.name, words(HIDDEN), hidden=True), living
    heard = words(SHARE_HEARD, share=words.share(one.heard))
    return bars.Shown(one.name, heard, (("known", one.heard),), whole), living
