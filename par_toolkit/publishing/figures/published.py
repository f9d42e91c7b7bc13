"""Attack published figures with nothing but these: what do the rounded ones say of the hidden?

`attack` defends a table whose true counts are known here. Whoever has only the file knows less, and
checks with this that no figure in it lets another be worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from par_toolkit.publishing.figures.attack import ALL, OPEN, Node, Residual, ends, flow, is_flat
from par_toolkit.publishing.figures.suppress import STEP
from par_toolkit.storage.kept_figures import Key

#: People by key as they stand in a file: rounded, or None where they are hidden.
Published = Mapping[Key, int | None]

_SOURCE: Final[Node] = ("", "source")
_SINK: Final[Node] = ("", "sink")


@dataclass(frozen=True)
class Range:
    """The fewest and the most people that a figure can stand for."""

    fewest: int
    most: int


def before_rounding(people: int, threshold: int) -> Range:
    """Return which counts are published as `people`: see `suppress.rounded`."""
    lowest = -(-threshold // STEP) * STEP
    fewest = threshold if people <= lowest else people - STEP // 2
    return Range(min(fewest, people), people + STEP // 2)


def narrowed(published: Published, *, threshold: int) -> list[Key] | None:
    """List the hidden figures that the others give away; None where the figures do not add up.

    A hidden figure is safe when it could be k people or more, and its range is as wide as that of a
    figure of which a reader knows no more than that there is somebody.
    """
    ranges = of_hidden(published, threshold=threshold)
    if ranges is None:
        return None
    lines = [len({key[at] for key in published if key[at] != ALL}) for at in (0, 1)]
    return [
        key
        for key, could in ranges.items()
        if could.most < threshold
        # each line may hold somebody, and then so many are there in all
        or could.most - could.fewest < threshold - (max(lines) if key == (ALL, ALL) else 1)
    ]


def of_hidden(published: Published, *, threshold: int) -> dict[Key, Range] | None:
    """Return what each hidden figure can be, as far as twice the threshold above and below.

    None where no counts at all would be published so: the figures do not add up.
    """
    ranges = _ranges(published, threshold)
    flat = is_flat(ranges)
    graph = _fitted(ranges, flat=flat)
    if graph is None:
        return None
    return {
        key: _could_be(graph, key, flat=flat, enough=2 * threshold)
        for key, people in sorted(published.items())
        if people is None
    }


def _ranges(published: Published, threshold: int) -> dict[Key, Range]:
    """Return what each figure can stand for, those without a place in the file included."""
    anything = Range(0, OPEN)
    columns = dict.fromkeys([column for _, column in published] + [ALL])
    rows = dict.fromkeys([row for row, _ in published] + [ALL])
    shown = {
        key: before_rounding(people, threshold)
        for key, people in published.items()
        if people is not None
    }
    if is_flat(published):  # one column only, which is all there is
        return {(row, ALL): shown.get((row, ALL), anything) for row in rows}
    return {(row, column): shown.get((row, column), anything) for row in rows for column in columns}


def _fitted(ranges: Mapping[Key, Range], *, flat: bool) -> Residual | None:
    """Return what can move from one set of counts that adds up, or None where there is none.

    A circulation with bounds is a flow: each figure brings its fewest to its head and takes them
    from its tail, and what is too much or too little must balance (Ford & Fulkerson 1962).
    """
    graph: Residual = {_SOURCE: {}, _SINK: {}}
    excess: dict[Node, int] = {}
    for key in sorted(ranges):
        tail, head = ends(key, flat=flat)
        own = _own(key)
        graph.setdefault(tail, {})[own] = ranges[key].most - ranges[key].fewest
        graph[own] = {tail: 0, head: OPEN}
        graph.setdefault(head, {})[own] = 0
        excess[head] = excess.get(head, 0) + ranges[key].fewest
        excess[tail] = excess.get(tail, 0) - ranges[key].fewest
    for node, people in sorted(excess.items()):
        if people > 0:
            graph[_SOURCE][node] = people
        elif people < 0:
            graph[node][_SINK] = -people
    asked = sum(graph[_SOURCE].values())
    return graph if flow(graph, _SOURCE, _SINK) == asked else None


def _own(key: Key) -> Node:
    """Return the node of a figure itself: in a table of one column all join the same two lines."""
    return f"figure {key[0]}", key[1]


def _could_be(graph: Residual, key: Key, *, flat: bool, enough: int) -> Range:
    """Return how small and how large a hidden figure can be; looks no further than `enough`."""
    (tail, head), own = ends(key, flat=flat), _own(key)
    now = graph[own][tail]
    moving = []
    for source, sink, most in ((head, tail, enough), (tail, head, min(now, enough))):
        others = {node: dict(ways) for node, ways in graph.items()}
        others[tail][own] = others[own][tail] = 0
        moving.append(flow(others, source, sink, enough=most))
    up, down = moving
    return Range(now - down, now + up)


def tables(
    lines: Iterable[tuple[str, Key, int | None]],
) -> dict[str, dict[Key, int | None]]:
    """Sort figures, given as (what the table is about, key, people), into tables of their own."""
    found: dict[str, dict[Key, int | None]] = {}
    for about, key, people in lines:
        found.setdefault(about, {})[key] = people
    return found
