"""Attack a table as a reader could: what do all its shown figures say about each hidden one?"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.kept_figures import Key

#: The code of a total, as a group or as a cycle.
ALL: Final = "all"
#: More people than any inquiry counts: how far a figure may grow where nothing holds it.
OPEN: Final = 10**12

Node = tuple[str, str]
#: From one node to another: how many people can be moved.
Residual = dict[Node, dict[Node, int]]


@dataclass(frozen=True)
class Slack:
    """How far a hidden figure can be below and above its true value, for all a reader can tell."""

    down: int
    up: int


def ends(key: Key, *, flat: bool) -> tuple[Node, Node]:
    """Return the two nodes that a figure joins, so that a table that adds up is a circulation.

    Every line (the cells of one group or one cycle, with their total) is a node. What flows in
    equals what flows out exactly where cells add up to their total. A `flat` table has totals over
    the cycles only, so all its groups are one line.
    """
    group, cycle = ("group", "" if flat else key[0]), ("cycle", key[1])
    return (cycle, group) if (key[0] == ALL) != (key[1] == ALL) else (group, cycle)


def is_flat(keys: Iterable[Key]) -> bool:
    """Say whether a table has one column only, the totals over all cycles."""
    return all(cycle == ALL for _, cycle in keys)


def residual(
    counts: Mapping[Key, int],
    hidden: Collection[Key],
    *,
    without: Key,
    least: Mapping[Key, int],
) -> Residual:
    """Return how far each hidden figure but one can move: up without end, down to its least.

    Only what hidden figures have above their least is looked at, so `counts` need not add up.
    """
    flat = is_flat(counts)
    result: Residual = {}
    for key in sorted(hidden):  # in one order always, so that the same table is hidden alike
        if key != without:
            tail, head = ends(key, flat=flat)
            result.setdefault(tail, {}).setdefault(head, 0)
            result.setdefault(head, {}).setdefault(tail, 0)
            result[tail][head] += OPEN
            result[head][tail] += counts[key] - least.get(key, 0)
    return result


def flow(graph: Residual, source: Node, sink: Node, *, enough: int = OPEN) -> int:
    """Move up to `enough` people from source to sink; `graph` is left with what remains.

    Shortest augmenting paths (Edmonds & Karp 1972).
    """
    moved = 0
    while moved < enough:
        before: dict[Node, Node] = {source: source}
        queue = deque([source])
        while queue and sink not in before:
            node = queue.popleft()
            for following, capacity in graph.get(node, {}).items():
                if capacity > 0 and following not in before:
                    before[following] = node
                    queue.append(following)
        if sink not in before:
            break
        path = [sink]
        while path[-1] != source:
            path.append(before[path[-1]])
        steps = [(path[i + 1], path[i]) for i in range(len(path) - 1)]
        by = min(enough - moved, *(graph[a][b] for a, b in steps))
        for a, b in steps:
            graph[a][b] -= by
            graph[b][a] = graph[b].get(a, 0) + by
        moved += by
    return moved


def slack(
    counts: Mapping[Key, int],
    hidden: Collection[Key],
    key: Key,
    *,
    least: Mapping[Key, int] | None = None,
) -> Slack:
    """Return exactly how far one hidden figure can move when every shown one stays as it is.

    `counts` holds the true figures with their totals under ALL. The reader is taken to know each
    shown figure before it was rounded, that no count is below 0, and `least` for some; who knows
    only the rounded ones knows less. A figure can grow by as much as can flow back through the
    others, and shrink by as much as they can take over (maximum flow = minimum cut).
    """
    known = least or {}
    tail, head = ends(key, flat=is_flat(counts))
    up = flow(residual(counts, hidden, without=key, least=known), head, tail)
    room = counts[key] - known.get(key, 0)
    down = flow(residual(counts, hidden, without=key, least=known), tail, head, enough=room)
    return Slack(down, up)


def shortage(
    counts: Mapping[Key, int],
    hidden: Collection[Key],
    key: Key,
    *,
    threshold: int,
    least: Mapping[Key, int] | None = None,
) -> Slack:
    """Return how much a hidden figure lacks, down and up, to be protected; (0, 0) when it is.

    A figure under the threshold k is protected when, for all a reader can tell, it could as well
    be nobody (or the least that is known) as k people or more. One that is hidden only to cover
    others is protected when its range is at least k wide.
    """
    found = slack(counts, hidden, key, least=least)
    count = counts[key]
    if count < threshold:
        room = count - (least or {}).get(key, 0)
        return Slack(max(0, room - found.down), max(0, threshold - count - found.up))
    return Slack(0, max(0, threshold - found.down - found.up))


def exposed(
    counts: Mapping[Key, int],
    hidden: Collection[Key],
    *,
    threshold: int,
    least: Mapping[Key, int] | None = None,
    unsaid: Collection[Key] = (),
    known: Collection[Key] = (),
) -> list[Key]:
    """List hidden figures that a reader can narrow too far, and shown ones under the threshold.

    `unsaid` are hidden ones that no table has a place for, as totals that nobody adds up: they are
    no secret, so they may be worked out. `known` are shown ones that readers know from elsewhere.
    """
    narrowed = [
        key
        for key in sorted(set(hidden) - set(unsaid))
        if shortage(counts, hidden, key, threshold=threshold, least=least) != Slack(0, 0)
    ]
    bare = [
        key
        for key, count in counts.items()
        if count < threshold and key not in hidden and key not in known
    ]
    return narrowed + bare
