"""Priorities: each person ranks what is unresolved, and each group counts alike.

The method is fixed and told with every agenda (`METHOD`): points by place (Borda 1781) within a
group, the mean of the groups between them, and what a group puts first stays on the agenda however
few its people are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, items
from par_toolkit.storage.sensemaking.items import UNSETTLED, Item
from par_toolkit.storage.sensemaking.phases import must_run
from par_toolkit.storage.sensemaking.seats import Seat

#: How the order is found, as kept with an agenda.
METHOD: Final = (
    "Each person puts the unresolved items in order. Within a group an item gets points by its "
    "place; the mean of all groups makes the order, each group counting alike. What most people of "
    "a group put first stays on the agenda."
)


@dataclass(frozen=True)
class Ranking:
    """What one person of a group puts in order, the most pressing first; the rest is left open."""

    group: str
    items: tuple[int, ...]


@dataclass(frozen=True)
class Ranked:
    """An item with its points from 0 to 1, over all groups and for each group that ranked.

    `first_of` are the groups that put it first. `points` is None where nobody ranked.
    """

    item: int
    points: float | None
    by_group: Mapping[str, float]
    first_of: tuple[str, ...]


def in_order(rankings: Sequence[Ranking], unresolved: Sequence[int]) -> list[Ranked]:
    """Put the unresolved items in the order in which those affected want them talked about.

    A person who ranks m of n items gives the first n-1 points, the next n-2, and so on; the items
    they left open share what is left alike, so that leaving some open gains nothing. Points are
    divided by n-1. Items of equal points stay in the order given.
    """
    by_group: dict[str, list[tuple[int, ...]]] = {}
    for one in rankings:
        held = tuple(item for item in one.items if item in unresolved)
        if held:
            by_group.setdefault(one.group, []).append(held)
    points = {group: _points(held, unresolved) for group, held in sorted(by_group.items())}
    first = {group: _first(held, points[group]) for group, held in by_group.items()}
    found = [
        Ranked(
            item,
            sum(of[item] for of in points.values()) / len(points) if points else None,
            {group: of[item] for group, of in points.items()},
            tuple(group for group in points if item in first[group]),
        )
        for item in unresolved
    ]
    return sorted(found, key=lambda one: -(one.points or 0.0))


def _points(held: Sequence[tuple[int, ...]], unresolved: Sequence[int]) -> dict[int, float]:
    """Return the mean points of each item within a group, from 0 to 1."""
    number = len(unresolved)
    most = max(1, number - 1)
    total = dict.fromkeys(unresolved, 0.0)
    for ranking in held:
        # the places left open are shared: the mean of number-m-1 … 0
        shared = (number - len(ranking) - 1) / 2
        for item in unresolved:
            ranked = item in ranking
            total[item] += (number - 1 - ranking.index(item)) if ranked else shared
    if number == 1:
        return dict.fromkeys(unresolved, 1.0)
    return {item: sum_ / len(held) / most for item, sum_ in total.items()}


def _first(held: Sequence[tuple[int, ...]], points: Mapping[int, float]) -> frozenset[int]:
    """Return what most of a group put first; of equals the one with more points, or both."""
    votes = Counter(ranking[0] for ranking in held)
    best = max((number, points[item]) for item, number in votes.items())
    return frozenset(item for item, number in votes.items() if (number, points[item]) == best)


def give(db: PrivateDatabase, ranked: Sequence[int], *, seat: Seat, by: Person | Seat) -> None:
    """Keep what `seat` puts in order; their last order holds, an empty one takes it back.

    Raises Refused for an item twice, one that is not unresolved in this cycle, a closed circle or
    cycle, and the order of somebody else.
    """
    with db.writing():
        must_run(db, seat.cycle)
        _circle, person = acting.for_seat(db, seat, by=by)
        if len(set(ranked)) != len(ranked):
            raise Refused("same_place", "Give each place to one item only.")
        if not set(ranked) <= {one.id for one in unresolved(db, seat.cycle)}:
            raise Refused("not_unresolved", "One of these is settled by now. Load the page again.")
        db.add(
            """
            insert into rankings (cycle, seat, items, person, at)
            values (:cycle, :seat, :items, :person, :at)
            """,
            {
                "cycle": seat.cycle,
                "seat": seat.id,
                "items": json.dumps(list(ranked)),
                "person": person,
                "at": now(),
            },
        )
        acting.record(db, "rank_items", by=by, subject=f"circle {seat.circle}")


def unresolved(db: PrivateDatabase, cycle: str) -> list[Item]:
    """List what is to be ranked: all that is unsettled in a cycle, in order of age."""
    return sorted(items.of_cycle(db, cycle, states=UNSETTLED), key=lambda one: one.id)


def of_seat(db: PrivateDatabase, seat: Seat) -> tuple[int, ...]:
    """Return the order that one person gave last, for that person and whoever keys it in."""
    found = db.value(
        """
        select items from rankings where cycle = :cycle and seat = :seat order by id desc limit 1
        """,
        {"cycle": seat.cycle, "seat": seat.id},
    )
    return tuple(json.loads(found)) if found else ()


def held(db: PrivateDatabase, cycle: str) -> list[Ranking]:
    """List the orders that hold in a cycle, by group; not whose each is."""
    rows = db.rows(
        """
        select c.group_code, r.items from rankings r
        join seats s on s.id = r.seat join circles c on c.id = s.circle
        where r.cycle = :cycle and r.id = (
            select max(o.id) from rankings o where o.cycle = r.cycle and o.seat = r.seat
        )
        order by c.group_code, r.items
        """,
        {"cycle": cycle},
    )
    found = [Ranking(row["group_code"], tuple(json.loads(row["items"]))) for row in rows]
    return [one for one in found if one.items]


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Ranked]:
    """Return the unresolved items of a cycle in the order of those affected."""
    return in_order(held(db, cycle), [one.id for one in unresolved(db, cycle)])


def first_choices(db: PrivateDatabase, cycle: str) -> dict[str, list[int]]:
    """Return what each group puts first: it stays on the agenda, however few its people are."""
    found: dict[str, list[int]] = {}
    for one in of_cycle(db, cycle):
        for group in one.first_of:
            found.setdefault(group, []).append(one.item)
    return found
