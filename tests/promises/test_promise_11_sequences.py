"""Promise 11 over time: all builds together narrow no hidden figure and tell of no small change.

The attacker is `tests.publishing.attacker`, an integer program over every build there ever was.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

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
        return erased

    def _born(self, cell: Key) -> None:
        self.born += 1
        self.people[f"p{self.born}"] = cell
        if self.of:
            self.of[cell[0]].add(f"p{self.born}")

    def table(self, **more: object) -> Table:
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
            joins=(Join("time", columns=dict.fromkeys(self.columns, ALL)),) if self.columns else (),
            **more,
        )

    def heard(self) -> frozenset[str]:
        """Return the rows of which the table of who took part says how many people they have."""
        everybody = {(row, ALL): frozenset(all_) for row, all_ in self.of.items()}
        took_part = decide(Table("participation", self.threshold, everybody, self.rows))
        return frozenset(line.row for line in took_part.lines if line.shown == "shown")

    def release(self, figures: Figures, people: Mapping[str, Key]) -> Release:
        """Return what an attacker has of figures made of these people."""
        cells = dict.fromkeys(self.cells(), 0)
        for cell in people.values():
            cells[cell] += 1
        read = {(line.row, line.column) for line in figures.lines if line.shown == "shown"}
        secret = {(line.row, line.column) for line in figures.lines if line.shown == "hidden"}
        if self.of:
            inside = {row: cells[row, ALL] for row in self.rows}
            cells = {(row, IN): number for row, number in inside.items()}
            cells |= {(row, OUT): len(self.of[row]) - n for row, n in inside.items()}
            read, secret = ({(row, IN) for row, _ in keys} for keys in (read, secret))
            read |= {(row, ALL) for row in self.heard()}
        return Release(cells, frozenset(read), frozenset(secret), {}, self.threshold)


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
            yield figures, town.release(figures, dict(town.people)), dict(town.people)
        else:
            assert kept is not None
            before = {(line.row, line.column): line.people for line in kept.lines}
            for line in figures.lines:
                covered = figures.state == "covered" and line.people is None
                assert covered or line.people == before[line.row, line.column]
            kept = figures.kept


TOWNS = st.builds(
    lambda seed, rows, columns, said, threshold: Town(
        random.Random(seed),
        threshold,
        tuple(f"g{n}" for n in range(rows)),
        tuple(f"c{n}" for n in range(columns)),
        frozenset(said),
    ),
    st.integers(0, 10**6),
    st.integers(2, 4),
    st.sampled_from([0, 2, 3]),
    st.sampled_from([("rows", "columns", "all"), ("rows", "all"), ("columns",)]),
    st.sampled_from([5, 10]),
)


def check_sequence(town: Town, builds: int) -> int:
    """Attack all that a town publishes; return how many builds showed new figures."""
    made = list(publish(town, builds))
    assert narrowed([release for _, release, _ in made]) == []
    for (_, _, before), (figures, _, after) in pairwise(made):
        assert small_changes(before, after, figures.threshold) == []
    return len(made)


@given(TOWNS)
@settings(max_examples=35, deadline=None)
def test_promise_11_all_builds_together_narrow_no_hidden_figure(town: Town) -> None:
    check_sequence(town, 6)


@pytest.mark.long
@given(TOWNS)
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
    for seed in range(20):
        town = Town(random.Random(seed), rows=("g0", "g1", "g2", "g3"))
        releases, people = [], []
        for build in range(5):
            town.live(often=0.9 if build == 0 else 0.4)
            whole = town.release(decide(town.table()), town.people)
            small = {key for key in whole.figures() if whole.number(key) < town.threshold}
            read = frozenset(whole.figures() - small)
            releases.append(replace(whole, read=read, secret=frozenset(small)))
            people.append(dict(town.people))
        narrow += bool(narrowed(releases))
        change += any(
            small_changes(before, after, town.threshold) for before, after in pairwise(people)
        )
    assert narrow >= 15 and change >= 15


def test_promise_11_control_covering_each_build_by_itself_is_broken_too() -> None:
    """Each build is safe alone; two that cover a small count with different ones tell it."""
    broken = 0
    for seed in range(30):
        town = Town(random.Random(seed), columns=(), rows=("g0", "g1", "g2", "g3", "g4"))
        releases = []
        for build in range(4):
            town.live(often=0.9 if build == 0 else 0.4)
            releases.append(town.release(decide(town.table()), dict(town.people)))
            assert narrowed(releases[-1:]) == []
        broken += bool(narrowed(releases))
    assert broken >= 10


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=40, deadline=None)
def test_promise_11_no_figure_tells_that_all_or_nobody_of_a_group_are_in_it(
    seed: int, sensitive: bool
) -> None:
    chance = random.Random(seed)
    town = Town(chance, chance.choice((5, 10)), columns=(), said=frozenset({"all"}))
    town.of = {row: set() for row in town.rows}
    town.live(often=0.9)
    for row in town.rows:
        more = chance.choice((0, 0, 1, 2, town.threshold, 30))
        town.of[row] |= {f"{row} {n}" for n in range(more)}
    figures = decide(town.table(sensitive=sensitive))
    release = town.release(figures, town.people)
    if sensitive:
        few = {
            (row, OUT) for row in (*town.rows, ALL)
            if release.number((row, OUT)) < town.threshold and (row, ALL) in release.read
        }  # fmt: skip
        assert all((row, IN) in release.secret for row, _ in few)
        release = replace(release, secret=release.secret | few)
    assert narrowed([release]) == []
