"""Compare releases: who came and went, and what all that was ever shown says together.

A reader keeps old builds. So a table is counted anew only where every move of people is a move of
nobody or of many, and where the figures of all releases together narrow no hidden one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from par_toolkit.publishing.figures.attack import slack
from par_toolkit.storage.kept_figures import Kept, Key, Past, Person

#: From the cells in which people were counted to those in which they are now; empty: not at all.
Move = tuple[frozenset[Key], frozenset[Key]]
NOWHERE: frozenset[Key] = frozenset()


def moves(kept: Kept, now: Mapping[Person, frozenset[Key]]) -> dict[Move, int]:
    """Count the people who came, went or stand elsewhere since a release, by their move.

    Who was erased since is counted among those who went.
    """
    found: Counter[Move] = Counter()
    for person in kept.people.keys() | now.keys():
        move = kept.people.get(person, NOWHERE), now.get(person, NOWHERE)
        if move[0] != move[1]:
            found[move] += 1
    for cells, number in kept.gone.items():
        if number:
            found[cells, NOWHERE] += number
    return dict(found)


def enough(kept: Kept, found: Mapping[Move, int], threshold: int) -> bool:
    """Say whether every move is one of at least `threshold` people.

    Then no cell, no total and no sum of any cells has changed by fewer. That is more than each cell
    changed by nobody or by so many people: nine who come and one who goes are ten, and would tell
    that somebody left. Nor may a whole hidden cell stand under another name: it would be the
    difference.
    """
    if any(number < threshold for number in found.values()):
        return False
    stood = Counter(kept.people.values())
    secret = kept.past[-1].hidden - kept.past[-1].unsaid
    return not any(
        before & secret and after and number >= stood[before] + kept.gone.get(before, 0)
        for (before, after), number in found.items()
    )


def differs_by_few(kept: Kept, now: Mapping[Person, frozenset[Key]], threshold: int) -> bool:
    """Say whether a new table would tell of few people beside one that is shown no more.

    It does where one of them holds all people of the other but for fewer than the threshold, so
    that their difference is known to be somebody: what a theme was before it was merged or split.
    """
    if not kept.people.keys() & now.keys():
        return False
    came = len(now.keys() - kept.people.keys())
    went = len(kept.people.keys() - now.keys()) + sum(kept.gone.values())
    alike = came < threshold or went < threshold
    return alike and not enough(kept, moves(kept, now), threshold)


def told_together(past: Sequence[Past]) -> Iterator[tuple[int, Key]]:
    """Yield (release, figure) where all releases together narrow a hidden figure too far.

    `past` are the releases in their order, the one to be made last. The attacker is taken to know
    every shown figure before it was rounded, and of each figure whether it is the same number as in
    the release before. A hidden figure is safe where it could be otherwise, down and up, with
    everything that he knows as it is: where figures can move with it that were hidden in each
    release from one to another, and are other numbers before the first of these and after the last.
    How far such a move can go is a maximum flow; the smallest number in these releases bounds it.
    Each release is held to its own threshold, or to the last one where that is lower. A figure of
    so many people is no secret where another release may show the same number.
    """
    if all(release.counts.keys() == release.hidden for release in past):
        return  # nothing was ever shown
    together = _Together(past)
    for at, release in enumerate(past):
        for key in sorted(release.hidden - release.unsaid):
            if not together.safe(at, key):
                yield at, key


def changed(before: Past, after: Past) -> frozenset[Key]:
    """Return the figures that are other numbers than in the release before, or were not there."""
    keys = before.counts.keys() | after.counts.keys()
    return frozenset(key for key in keys if before.counts.get(key) != after.counts.get(key))


@dataclass(frozen=True)
class _Window:
    """Releases one after another: what could be other numbers in these and in no other release.

    `movable` are those figures, `room` how far each could be below what it is, in all of them.
    """

    movable: frozenset[Key]
    room: Mapping[Key, int]


class _Together:
    """All releases of a table; what holds for some of them one after another is found once."""

    def __init__(self, past: Sequence[Past]) -> None:
        self.past = past
        # before the first release and after the last nothing holds a figure
        anything = frozenset(key for release in past for key in release.counts)
        between = [changed(before, after) for before, after in pairwise(past)]
        self.changed = [anything, *between, anything]
        self.windows: dict[tuple[int, int], _Window] = {}

    def window(self, first: int, last: int) -> _Window:
        """Return what can move from the release `first` to the release `last`."""
        if (first, last) not in self.windows:
            here = self.past[first : last + 1]
            movable = frozenset.intersection(
                *(release.hidden for release in here), self.changed[first], self.changed[last + 1]
            )
            room = {
                key: min(one.counts[key] - one.least.get(key, 0) for one in here) for key in movable
            }
            self.windows[first, last] = _Window(movable, room)
        return self.windows[first, last]

    def safe(self, at: int, key: Key) -> bool:
        """Say whether a hidden figure of a release cannot be narrowed too far."""
        threshold = min(self.past[at].threshold, self.past[-1].threshold)
        if self.past[at].counts[key] >= threshold and self.is_read(at, key):
            return True
        return any(
            self.covers(self.window(first, last), at, key, threshold)
            for first in range(at, -1, -1)
            for last in range(at, len(self.past))
        )

    def is_read(self, at: int, key: Key) -> bool:
        """Say whether a release shows a figure while it is the same number as in this one."""
        number = self.past[at].counts[key]
        for run in (self.past[at:], self.past[at::-1]):
            for release in run:
                if release.counts.get(key) != number:
                    break
                if key not in release.hidden:
                    return True
        return False

    def covers(self, window: _Window, at: int, key: Key, threshold: int) -> bool:
        """Say whether a figure is protected by what can move in all releases of a window alike."""
        if key not in window.movable:
            return False
        floor, count = self.past[at].least.get(key, 0), self.past[at].counts[key]
        # what others could be at least is in their room already
        counts = {**self.past[at].counts, **window.room, key: window.room[key] + floor}
        found = slack(counts, window.movable, key, least={key: floor})
        if count < threshold:
            return found.down >= count - floor and found.up >= threshold - count
        return found.down + found.up >= threshold
