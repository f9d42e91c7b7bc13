"""Promise 11 over time: all builds together narrow no hidden figure and tell of no small change.

The attacker is `tests.publishing.attacker`, an integer program over every build there ever was.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import dropwhile, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from par_toolkit.publishing.figures import ALL, Figures, Join, Kept, Key, Table, decide
from par_toolkit.publishing.figures.table import Said
from tests.publishing.attacker import Release, narrowed, small_changes

IN, OUT = "in", "not in it"


@dataclass
class Town:
    """People by cell, who come, go and move at random, and what is published of them."""

    chance: random.Random
    threshold: int = 5
    rows: tuple[str, ...] = ("g0", "g1", "g2")
    columns: tuple[str, ...] = ("c0", "c1")
    said: frozenset[Said] = frozenset({"rows", "columns", "all"})
    #: Rows that are counted together where too little would be shown.
    wider: Mapping[str, str] = field(default_factory=dict)
    sensitive: bool = False
    #: All people of each row, in the table or not; empty: nobody knows.
    of: dict[str, set[str]] = field(default_factory=dict)
    people: dict[str, Key] = field(default_factory=dict)
    born: int = 0

    def cells(self) -> list[Key]:
        return [(row, column) for row in self.rows for column in self.columns or (ALL,)]

    def live(self, *, often: float = 0.5) -> set[str]:
        """Let people come, move and go, mostly many at once; return who was erased."""
        erased = set()
        many = (self.threshold, self.threshold + 4, 3 * self.threshold)
        sizes = (1, 3, *many) if self.chance.random() < 0.2 or not self.born else many
        for cell in self.cells():
            if self.chance.random() < often:
                for _ in range(self.chance.choice((0, *sizes))):
                    self._born(cell)
            here = sorted(p for p, at in self.people.items() if at == cell)
            if self.chance.random() < often / 4:
                for person in here[: self.chance.choice(sizes)]:
                    del self.people[person]
                    erased.add(person)
            elif self.chance.random() < often / 6:
                to = self.chance.choice(self.cells())
                for person in here[: self.chance.choice(sizes)]:
                    if not self.of:
                        self.people[person] = to
        for row, everybody in self.of.items():
            everybody -= erased
            if self.chance.random() < often:
                more = range(self.chance.choice((1, *many)))
                everybody |= {f"{row} {self.born} {n}" for n in more}
        return erased

    def _born(self, cell: Key) -> None:
        self.born += 1
        self.people[f"p{self.born}"] = cell
        if self.of:
            self.of[cell[0]].add(f"p{self.born}")

    def table(self) -> Table:
        cells: dict[Key, set[str]] = {}
        for person, cell in self.people.items():
            cells.setdefault(cell, set()).add(person)
        return Table(
            "participation",
            self.threshold,
            {key: frozenset(here) for key, here in cells.items()},
            self.rows,
            self.columns,
            said=self.said,
            of={row: frozenset(all_) for row, all_ in self.of.items()},
            known=self.heard() if self.of else None,
            joins=(
                *([Join("time", columns=dict.fromkeys(self.columns, ALL))] if self.columns else []),
                *([Join("place", rows=self.wider)] if self.wider else []),
            ),
            sensitive=self.sensitive,
        )

    def counted(self, figures: Figures) -> dict[str, Key]:
        """Return the people with the cells in which figures count them."""
        wider = self.wider if "place" in figures.joined else {}
        return {
            person: (wider.get(row, row), column) for person, (row, column) in self.people.items()
        }

    def heard(self) -> frozenset[str]:
        """Return the rows of which the table of who took part says how many people they have."""
        everybody = {(row, ALL): frozenset(all_) for row, all_ in self.of.items()}
        took_part = decide(Table("participation", self.threshold, everybody, self.rows))
        return frozenset(line.row for line in took_part.lines if line.shown == "shown")

    def release(self, figures: Figures) -> Release:
        """Return what an attacker has of figures made of the people who are here now."""
        wider = self.wider if "place" in figures.joined else {}
        cells = {(wider.get(row, row), column): 0 for row, column in self.cells()}
        for cell in self.counted(figures).values():
            cells[cell] += 1
        read = {(line.row, line.column) for line in figures.lines if line.shown == "shown"}
        secret = {(line.row, line.column) for line in figures.lines if line.shown == "hidden"}
        if self.of:
            inside = {row: cells[row, ALL] for row in self.rows}
            cells = {(row, IN): number for row, number in inside.items()}
            cells |= {(row, OUT): len(self.of[row]) - n for row, n in inside.items()}
            read, secret = ({(row, IN) for row, _ in keys} for keys in (read, secret))
            read |= {(row, ALL) for row in self.heard()}
            read |= {(row, OUT) for row, _ in read if {(row, IN), (row, ALL)} <= read}
            if self.sensitive:
                few = {row for row in (*self.rows, ALL) if (row, ALL) in read}
                secret |= {(row, OUT) for row in few if self.few_are_left(row)}
        return Release(cells, frozenset(read), frozenset(secret), {}, self.threshold)

    def few_are_left(self, row: str) -> bool:
        """Say whether fewer people of a row than the threshold are not in the table."""
        rows = self.rows if row == ALL else (row,)
        inside = sum(at[0] in rows for at in self.people.values())
        return sum(len(self.of[one]) for one in rows) - inside < self.threshold


def erased_from(kept: Kept, erased: set[str]) -> Kept:
    """Do what the database does when people withdraw: their names go, their number stays."""
    gone = dict(kept.gone)
    for person in erased & kept.people.keys():
        gone[kept.people[person]] = gone.get(kept.people[person], 0) + 1
    left = {person: at for person, at in kept.people.items() if person not in erased}
    return replace(kept, people=left, gone=gone)


def publish(town: Town, builds: int) -> Iterator[tuple[Figures, Release, Mapping[str, Key]]]:
    """Publish build after build; yield those that show figures of that day."""
    kept: Kept | None = None
    for build in range(builds):
        erased = town.live(often=0.9 if build == 0 else 0.4)
        if town.chance.random() < 0.1:
            town.threshold = 15 - town.threshold  # 5 becomes 10, and 10 becomes 5
        figures = decide(town.table(), erased_from(kept, erased) if kept else None)
        if figures.state == "new":
            kept = replace(figures.kept, since=build)
            yield figures, town.release(figures), town.counted(figures)
        else:
            assert kept is not None
            before = {(line.row, line.column): line.people for line in kept.lines}
            for line in figures.lines:
                covered = figures.state == "covered" and line.people is None
                assert covered or line.people == before[line.row, line.column]
            kept = figures.kept


TOWNS = st.builds(
    lambda seed, rows, columns, said, threshold, wider: Town(
        random.Random(seed),
        threshold,
        tuple(f"g{n}" for n in range(rows)),
        tuple(f"c{n}" for n in range(columns)),
        frozenset(said),
        dict.fromkeys(wider, "together"),
    ),
    st.integers(0, 10**6),
    st.integers(2, 4),
    st.sampled_from([0, 2, 3]),
    st.sampled_from([("rows", "columns", "all"), ("rows", "all"), ("columns",)]),
    st.sampled_from([5, 10]),
    st.sampled_from([(), ("g0", "g1")]),
)
#: Towns in which it is known how many people each row has at all, as of those who took part.
KNOWN_TOWNS = st.builds(
    lambda seed, rows, sensitive, threshold: Town(
        random.Random(seed),
        threshold,
        tuple(f"g{n}" for n in range(rows)),
        (),
        frozenset({"all"}),
        sensitive=sensitive,
        of={f"g{n}": set() for n in range(rows)},
    ),
    st.integers(0, 10**6),
    st.integers(2, 4),
    st.booleans(),
    st.sampled_from([5, 10]),
)


def check_sequence(town: Town, builds: int) -> int:
    """Attack all that a town publishes; return how many builds showed new figures."""
    made = list(publish(town, builds))
    told = made
    if town.of:  # until the table shows something there is only what another one says
        told = list(dropwhile(lambda one: one[0].hidden == len(one[0].lines), made))
    assert narrowed([release for _, release, _ in told]) == []
    for (_, _, before), (figures, _, after) in pairwise(made):
        assert small_changes(before, after, figures.threshold) == []
    return len(made)


@given(TOWNS)
@settings(max_examples=35, deadline=None)
def test_promise_11_all_builds_together_narrow_no_hidden_figure(town: Town) -> None:
    check_sequence(town, 6)


@given(KNOWN_TOWNS)
@settings(max_examples=25, deadline=None)
def test_promise_11_no_figure_tells_that_all_or_nobody_of_a_group_are_in_it(town: Town) -> None:
    """Nor do many builds, of themes of which everybody knows how many might have spoken."""
    check_sequence(town, 4)


@pytest.mark.long
@given(st.one_of(TOWNS, KNOWN_TOWNS))
@settings(max_examples=3000, deadline=None)
def test_promise_11_many_more_towns_over_many_builds(town: Town) -> None:
    check_sequence(town, 12)


def test_promise_11_figures_do_get_out_again() -> None:
    """To show nothing new for ever would be safe, and of no use."""
    made = [check_sequence(Town(random.Random(seed)), 8) for seed in range(12)]
    assert sum(made) > 20


def test_promise_11_control_the_naive_method_is_broken_in_most_towns() -> None:
    """The attacker must be able to win: against hiding small cells and counting each time anew."""
    narrow = change = 0
    for seed in range(12):
        town = Town(random.Random(seed), rows=("g0", "g1", "g2", "g3"))
        releases, people = [], []
        for build in range(5):
            town.live(often=0.9 if build == 0 else 0.4)
            whole = town.release(decide(town.table()))
            small = {key for key in whole.figures() if whole.number(key) < town.threshold}
            read = frozenset(whole.figures() - small)
            releases.append(replace(whole, read=read, secret=frozenset(small)))
            people.append(dict(town.people))
        narrow += bool(narrowed(releases))
        change += any(
            small_changes(before, after, town.threshold) for before, after in pairwise(people)
        )
    assert narrow >= 9 and change >= 9


def test_promise_11_control_covering_each_build_by_itself_is_broken_too() -> None:
    """Each build is safe alone; two that cover a small count with different ones tell it."""
    broken = 0
    for seed in range(15):
        town = Town(random.Random(seed), columns=(), rows=("g0", "g1", "g2", "g3", "g4"))
        releases = []
        for build in range(4):
            town.live(often=0.9 if build == 0 else 0.4)
            releases.append(town.release(decide(town.table())))
            assert narrowed(releases[-1:]) == []
        broken += bool(narrowed(releases))
    assert broken >= 5
