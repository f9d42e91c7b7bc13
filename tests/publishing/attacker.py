"""An attacker on published tables of people who shares nothing with the product: integer programs.

He has every build that was ever made. He knows each shown figure before it was rounded, that people
are whole and not fewer than none, and of each number whether it changed since the build before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Key = tuple[str, str]
ALL = "all"
#: More people than any test has.
MANY = 10_000


@dataclass(frozen=True)
class Release:
    """A published table: the true number of people in each cell, and which figures he reads.

    `read` are cells or totals with their numbers known, also from other tables; `secret` are the
    figures that he must not narrow, `least` what he knows of a figure beforehand.
    """

    cells: Mapping[Key, int]
    read: frozenset[Key]
    secret: frozenset[Key]
    least: Mapping[Key, int]
    threshold: int

    def parts(self, key: Key) -> list[Key]:
        """Return the cells that a figure adds up."""
        return [
            cell for cell in self.cells
            if key[0] in (cell[0], ALL) and key[1] in (cell[1], ALL)
        ]  # fmt: skip

    def number(self, key: Key) -> int:
        """Return the true number behind a figure."""
        return sum(self.cells[cell] for cell in self.parts(key))

    def figures(self) -> set[Key]:
        """Return every cell and every total."""
        rows, columns = {row for row, _ in self.cells}, {column for _, column in self.cells}
        return {(row, column) for row in rows | {ALL} for column in columns | {ALL}}


def narrowed(releases: Sequence[Release], *, knows_changes: bool = True) -> list[tuple[int, Key]]:
    """List (release, figure) that he narrows: it is under the threshold and he can tell so, or he
    can tell that it is not nobody, or it covers others and he knows it to less than the threshold.

    A release is held to its own threshold, or to the last one where that is lower.
    """
    if not any(release.read for release in releases):
        return []  # what he knew beforehand is all that he knows
    places = {
        (at, cell): place
        for place, (at, cell) in enumerate(
            (at, cell) for at, release in enumerate(releases) for cell in release.cells
        )
    }
    sums: list[np.ndarray] = []
    low: list[float] = []
    high: list[float] = []

    def line(at: int, key: Key) -> np.ndarray:
        row = np.zeros(len(places))
        for cell in releases[at].parts(key):
            row[places[at, cell]] = 1
        return row

    def know(row: np.ndarray, least: float, most: float) -> None:
        sums.append(row)
        low.append(least)
        high.append(most)

    for at, release in enumerate(releases):
        for key in release.read:
            know(line(at, key), release.number(key), release.number(key))
        for key, least in release.least.items():
            know(line(at, key), least, MANY)
        if at and knows_changes:
            for key in release.figures() & releases[at - 1].figures():
                if release.number(key) == releases[at - 1].number(key):
                    know(line(at, key) - line(at - 1, key), 0, 0)
    known = LinearConstraint(np.array(sums), np.array(low), np.array(high))
    found = []
    for at, release in enumerate(releases):
        threshold = min(release.threshold, releases[-1].threshold)
        for key in release.secret:
            if _is_read(releases, at, key, -1):
                continue  # shown before a threshold rose, and nobody can take that back
            if release.number(key) >= threshold and _is_read(releases, at, key, 1):
                continue  # so many people that a later release may show them
            aim = line(at, key)
            least, most = (_extreme(sign * aim, known) * sign for sign in (1, -1))
            count, floor = release.number(key), release.least.get(key, 0)
            covered = least <= floor and most >= threshold
            if not (covered if count < threshold else most - least >= threshold):
                found.append((at, key))
    return found


def _is_read(releases: Sequence[Release], at: int, key: Key, step: int) -> bool:
    """Say whether a later (1) or an earlier (-1) release shows a figure of the same number."""
    number, now = releases[at].number(key), at
    while 0 <= now < len(releases) and releases[now].number(key) == number:
        if key in releases[now].read:
            return True
        now += step
    return False


def bounds(cells: Mapping[Key, int], read: Collection[Key], key: Key) -> tuple[int, int]:
    """Return the least and the most that a figure can be for somebody who reads others."""
    release = Release(cells, frozenset(read), frozenset(), {}, 0)
    places = {cell: place for place, cell in enumerate(cells)}

    def line(of: Key) -> np.ndarray:
        row = np.zeros(len(places))
        row[[places[cell] for cell in release.parts(of)]] = 1
        return row

    lines = [line(one) for one in read] or [np.zeros(len(places))]
    numbers = [release.number(one) for one in read] or [0]
    known = LinearConstraint(np.array(lines), numbers, numbers)
    return _extreme(line(key), known), -_extreme(-line(key), known)


def _extreme(aim: np.ndarray, known: LinearConstraint) -> int:
    answer = milp(aim, constraints=known, integrality=np.ones(len(aim)), bounds=Bounds(0, MANY))
    assert answer.status == 0, answer.message
    return round(answer.fun)


def small_changes(
    before: Mapping[str, Key], after: Mapping[str, Key], threshold: int
) -> list[frozenset[Key]]:
    """List sums of up to three cells to which fewer people than the threshold came, or went."""
    cells = sorted({*before.values(), *after.values()})
    found = []
    groups = [frozenset(cells)]
    for first in range(len(cells)):
        for second in range(first, len(cells)):
            for third in range(second, len(cells)):
                groups.append(frozenset((cells[first], cells[second], cells[third])))
    for group in groups:
        was = {person for person, cell in before.items() if cell in group}
        now = {person for person, cell in after.items() if cell in group}
        if any(0 < len(moved) < threshold for moved in (was - now, now - was)):
            found.append(group)
    return found
