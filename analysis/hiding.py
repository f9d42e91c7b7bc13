"""Choose which figures of a row to hide, so that none of few people can be worked out again.

A row says of several groups how many stories of each hold something (a theme). Whoever reads it may
know the sum of the row and the size of each group. A figure is hidden where few people are behind
it or where all but a few are: either says something of persons. Then others are hidden with it
until the sum tells no more of it than that it is small (or all but the whole). What is shown is
rounded. Why a figure is hidden is not said, as that would narrow it.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)

STEP = 5
"""What is shown is a multiple of this."""


def rounded(count: int, fewest: int, *, most: int | None = None) -> int:
    """Return `count` as the nearest multiple of 5, not below `fewest` and not above `most`.

    With `fewest` 0 nothing is protected, and the count comes back as it is; nothing stays nothing.
    """
    if not fewest or not count:
        return count
    nearest = max((count + STEP // 2) // STEP, -(-fewest // STEP)) * STEP
    return nearest if most is None else min(nearest, most)


def hidden(
    counts: Mapping[Group, int],
    sizes: Mapping[Group, int],
    few: frozenset[Group],
    *,
    fewest: int,
) -> frozenset[Group]:
    """Return the groups of which the count is hidden: those in `few`, and what covers them.

    `counts` are stories with it, `sizes` all stories of each group. A small count among `few` can
    afterwards be anything from 0 to `fewest` - 1 or more, a large one anything from that much
    under the size to all of it, as far as their sums tell. Ends because with all hidden no sum is
    left that is not known anyway.
    """
    gone = set(few)
    shown = sorted(counts.keys() - gone, key=lambda group: (counts[group], str(group)))
    while shown and any(_narrowed(group, gone, counts, sizes, fewest) for group in few):
        gone.add(shown.pop(0))
    return frozenset(gone)


def bounds(
    group: Group,
    gone: frozenset[Group] | set[Group],
    counts: Mapping[Group, int],
    sizes: Mapping[Group, int],
) -> tuple[int, int]:
    """Return the least and the most that a hidden count can be, by the sums of the row."""
    together = sum(counts[one] for one in gone)
    others = sum(sizes[one] for one in gone if one != group)
    return max(0, together - others), min(sizes[group], together)


def _narrowed(
    group: Group,
    gone: set[Group],
    counts: Mapping[Group, int],
    sizes: Mapping[Group, int],
    fewest: int,
) -> bool:
    """Say whether the sums tell more of a hidden count than that it is small, or nearly all."""
    low, high = bounds(group, gone, counts, sizes)
    whole, reach = sizes[group], min(fewest - 1, sizes[group])
    small = counts[group] <= whole - counts[group]
    return (low > 0 or high < reach) if small else (high < whole or low > whole - reach)
