"""Compare releases: who came and went, and what all that was ever shown says together.

A reader keeps old builds. So a table is counted anew only where every move of people is a move of
nobody or of many, and where the figures of all releases together narrow no hidden one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

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


def told_together(past: Sequence[Past]) -> list[tuple[int, Key]]:
    """List (release, figure) where all releases together narrow a hidden figure too far.

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
        return []  # nothing was ever shown
    found = []
    for at, release in enumerate(past):
        for key in sorted(release.hidden - release.unsaid):
            if not _safe(past, at, key):
                found.append((at, key))
    return found


def _safe(past: Sequence[Past], at: int, key: Key) -> bool:
    threshold = min(past[at].threshold, past[-1].threshold)
    if past[at].counts[key] >= threshold and _is_read(past, at, key):
        return True
    for first in range(at, -1, -1):
        for last in range(at, len(past)):
            movable = _movable(past, first, last)
            if key in movable and _covers(past, first, last, at, key, movable, threshold):
                return True
    return False


def _is_read(past: Sequence[Past], at: int, key: Key) -> bool:
    """Say whether a release shows a figure while it is the same number as in this one."""
    number = past[at].counts[key]
    for run in (past[at:], past[at::-1]):
        for release in run:
            if release.counts.get(key) != number:
                break
            if key not in release.hidden:
                return True
    return False


def _movable(past: Sequence[Past], first: int, last: int) -> frozenset[Key]:
    """Return the figures that could be other numbers in these releases and in no other."""
    movable = frozenset.intersection(*(past[at].hidden for at in range(first, last + 1)))
    if first > 0:
        movable = movable & changed(past[first - 1], past[first])
    if last + 1 < len(past):
        movable = movable & changed(past[last], past[last + 1])
    return movable


def changed(before: Past, after: Past) -> frozenset[Key]:
    """Return the figures that are other numbers than in the release before, or were not there."""
    keys = before.counts.keys() | after.counts.keys()
    return frozenset(key for key in keys if before.counts.get(key) != after.counts.get(key))


def _covers(
    past: Sequence[Past],
    first: int,
    last: int,
    at: int,
    key: Key,
    movable: frozenset[Key],
    threshold: int,
) -> bool:
    """Say whether a hidden figure is protected by what can move in all these releases alike."""
    window = past[first : last + 1]
    room = {one: min(p.counts[one] - p.least.get(one, 0) for p in window) for one in movable}
    floor, count = past[at].least.get(key, 0), past[at].counts[key]
    # what others could be at least is in their room already
    counts = {**past[at].counts, **room, key: room[key] + floor}
    found = slack(counts, movable, key, least={key: floor})
    if count < threshold:
        return found.down >= count - floor and found.up >= threshold - count
    return found.down + found.up >= threshold
