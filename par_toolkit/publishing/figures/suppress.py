"""Suppress small counts in a table of people, so that nothing hidden can be worked out again.

Pure: counts in, figures out. A count is a number of different people in one group and one cycle;
totals stand under ALL. The order is primary suppression, complementary suppression, rounding.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping
from itertools import count
from typing import Final

from par_toolkit.publishing.figures.attack import (
    ALL,
    OPEN,
    Node,
    Slack,
    ends,
    flow,
    is_flat,
    residual,
)
from par_toolkit.publishing.figures.attack import shortage as lacking
from par_toolkit.storage.kept_figures import Key

#: Every shown figure is a multiple of this.
STEP: Final = 5


def with_totals(cells: Mapping[Key, int]) -> dict[Key, int]:
    """Return the table of `cells` with the total of each row, of each column, and of all.

    Cells in the column ALL are those of a table of one dimension.
    """
    table = dict(cells)
    for (row, column), people in cells.items():
        for key in {(row, ALL), (ALL, column), (ALL, ALL)} - {(row, column)}:
            table[key] = table.get(key, 0) + people
    return table


def rounded(people: int, threshold: int) -> int:
    """Round a count to the nearest multiple of 5, but never below the threshold."""
    nearest = (people + STEP // 2) // STEP * STEP
    lowest = -(-threshold // STEP) * STEP
    return max(nearest, lowest)


def hide(
    counts: Mapping[Key, int],
    *,
    threshold: int,
    least: Mapping[Key, int] | None = None,
    unsaid: Collection[Key] = (),
    known: Collection[Key] = (),
    start: Collection[Key] = (),
) -> frozenset[Key]:
    """Choose which figures to hide: every count under the threshold, and what must cover it.

    Zeros are hidden with the small counts, as a zero tells something about everybody in a group.
    Totals are figures like any other, but for the `unsaid` ones: nobody publishes these, so they
    are hidden from the start and need no cover of their own. `known` are figures that readers know
    from elsewhere, so that hiding them would cover nothing; `start` are hidden in any case. Ends
    because each round hides more; what cannot be covered is left to `exposed` to find. The same
    table is always hidden alike: two builds that cover a small count with different ones would tell
    it together.
    """
    hidden = {key for key, people in counts.items() if people < threshold}
    hidden = (hidden | set(start)) - set(unsaid) - set(known)
    floor = least or {}
    waiting = sorted(hidden)
    hidden |= set(unsaid)
    while waiting:
        key = waiting[0]
        lack = lacking(counts, hidden, key, threshold=threshold, least=floor)
        if lack == Slack(0, 0):
            waiting.pop(0)
            continue
        tail, head = ends(key, flat=is_flat(counts))
        # to grow, as much must flow back from its head; to shrink, the others take over
        source, sink, amount = (head, tail, lack.up) if lack.up else (tail, head, lack.down)
        shown = counts.keys() - hidden - set(known)
        covers = _cheapest_cover(counts, hidden, shown, key, (source, sink), amount, floor)
        if not covers:  # everything is hidden already; what is known beforehand stays known
            waiting.pop(0)
        hidden |= covers
        waiting += sorted(covers)
    return frozenset(hidden)


def _cheapest_cover(
    counts: Mapping[Key, int],
    hidden: Collection[Key],
    may_hide: Collection[Key],
    key: Key,
    ends_of_way: tuple[Node, Node],
    amount: int,
    least: Mapping[Key, int],
) -> set[Key]:
    """Return the shown figures on the cheapest way by which `amount` more people could move."""
    source, sink = ends_of_way
    graph = residual(counts, hidden, without=key, least=least)
    flow(graph, source, sink)
    ways: dict[Node, list[tuple[Node, int, int, Key | None]]] = {}
    for node, others in graph.items():
        for other, capacity in others.items():
            ways.setdefault(node, []).append((other, capacity, 0, None))
    flat = is_flat(counts)
    for shown in sorted(may_hide):
        tail, head = ends(shown, flat=flat)
        cost = _cost(counts, shown)
        ways.setdefault(tail, []).append((head, OPEN, cost, shown))
        ways.setdefault(head, []).append((tail, counts[shown] - least.get(shown, 0), cost, shown))
    for capacity in (amount, 1):
        found = _cheapest_way(ways, source, sink, capacity)
        if found:
            return found
    return set(may_hide)


def _cheapest_way(
    ways: Mapping[Node, list[tuple[Node, int, int, Key | None]]],
    source: Node,
    sink: Node,
    amount: int,
) -> set[Key]:
    """Return the shown figures on the cheapest path of this capacity (Dijkstra 1959)."""
    order = count()
    queue: list[tuple[int, int, Node, frozenset[Key]]] = [(0, next(order), source, frozenset())]
    seen: set[Node] = set()
    while queue:
        cost, _, node, used = heapq.heappop(queue)
        if node == sink:
            return set(used)
        if node in seen:
            continue
        seen.add(node)
        for other, capacity, more, shown in ways.get(node, []):
            if capacity >= amount and other not in seen:
                opened = used | {shown} if shown else used
                heapq.heappush(queue, (cost + more, next(order), other, opened))
    return set()


def _cost(counts: Mapping[Key, int], key: Key) -> int:
    """Return what hiding a figure costs readers: its people, and more for a total."""
    everybody = counts[(ALL, ALL)]
    totals = (key[0] == ALL) + (key[1] == ALL)
    inside = 0 if is_flat(counts) else 1
    return 1 + counts[key] + everybody * totals**2 * (1 + inside)
