"""Evidence of quality: what was done for each of the five criteria of authenticity.

Guba and Lincoln (Fourth Generation Evaluation, 1989) ask of an evaluation that it was fair, that
people came to see it more richly (ontological) and came to understand the others (educative), that
something followed (catalytic), and that people were able to act (tactical). All of it is gathered
from what is kept as the work happens; nothing is filled in for the occasion. Counts here are exact
and for this machine alone: whatever shows them says no number of people under the threshold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import receipts
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import able_to_act, appeals, heard_from_others, stakes
from par_toolkit.storage.sensemaking.heard_from_others import Heard

#: Whose answers about acting come first: those who bear the cost, then those who should benefit.
LESS_POWER_FIRST: Final = ("bears", "benefits", "acts")


@dataclass(frozen=True)
class Group:
    """What is known of one stakeholder group in a cycle, as exact numbers of people.

    `stakes` are those it is named for in the register. `told` counts who told stories, `heard` who
    wrote their own construction in a circle, `again` who wrote it once more at the end. `able`
    counts answers by 'yes', 'partly' and 'no'; `why` are the words with them.
    """

    group: str
    stakes: tuple[str, ...]
    circles: int
    told: int
    heard: int
    again: int
    able: dict[str, int]
    why: tuple[str, ...]

    @property
    def sought(self) -> bool:
        """Say whether anything was done to hear this group."""
        return bool(self.stakes or self.circles or self.told)

    @property
    def was_heard(self) -> bool:
        """Say whether anybody of this group has said anything."""
        return bool(self.told or self.heard)

    @property
    def answered(self) -> int:
        """Count who said whether they were able to act."""
        return sum(self.able.values())


@dataclass(frozen=True)
class Appeals:
    """Appeals made in a cycle; an answer is always by somebody other than who decided."""

    made: int
    upheld: int
    waiting: int


@dataclass(frozen=True)
class Pair:
    """How one person of a group saw it at the start and at the end."""

    group: str
    start: str
    end: str


@dataclass(frozen=True)
class Led:
    """A negotiated item with its outcome, and whether an action or a reasoned 'none' follows."""

    item: int
    outcome: str
    actions: int
    no_action: bool

    @property
    def followed(self) -> bool:
        """Say whether something follows from it, or it says why not."""
        return bool(self.actions) or self.no_action


@dataclass(frozen=True)
class Evidence:
    """The evidence of one cycle; `groups` as in the inquiry, `by_power` those with less first."""

    cycle: str
    groups: tuple[Group, ...]
    by_power: tuple[Group, ...]
    appeals: Appeals
    pairs: tuple[Pair, ...]
    heard: tuple[Heard, ...]
    led: tuple[Led, ...]


def gather(db: PrivateDatabase, cycle: str, *, groups: Sequence[str]) -> Evidence:
    """Return the evidence of a cycle for the inquiry's `groups` and any other that took part."""
    named: dict[str, list[str]] = {}
    for stake in stakes.listing(db):
        if stake.group and stake.named:
            named.setdefault(stake.group, []).append(stake.stake)
    present = [row["group_code"] for row in db.rows(_CIRCLES, {"cycle": cycle})]
    every = dict.fromkeys([*groups, *named, *present])
    counted = _counted(db, cycle)
    able = able_to_act.of_cycle(db, cycle)
    found = tuple(
        Group(
            group,
            tuple(dict.fromkeys(named.get(group, ()))),
            counted["circles"][group],
            counted["told"][group],
            counted["heard"][group],
            counted["again"][group],
            dict(Counter(one.answer for one in able if one.group == group)),
            tuple(one.words for one in able if one.group == group and one.words),
        )
        for group in every
    )
    return Evidence(
        cycle,
        found,
        tuple(sorted(found, key=_power)),
        _appeals(db, cycle),
        tuple(_pairs(db, cycle)),
        tuple(heard_from_others.of_cycle(db, cycle)),
        tuple(_led(db, cycle)),
    )


def _power(group: Group) -> int:
    places = [LESS_POWER_FIRST.index(stake) for stake in group.stakes]
    return min(places, default=len(LESS_POWER_FIRST))


_CIRCLES: Final = """
    select group_code, count(*) as number from circles where cycle = :cycle
    group by group_code order by min(id)
"""
_OWN: Final = """
    select c.group_code, count(distinct o.seat) as number from own_constructions o
    join seats s on s.id = o.seat join circles c on c.id = s.circle
    where c.cycle = :cycle and o.moment = :moment and o.words <> '' group by c.group_code
"""
_TOLD: Final = f"""
    select group_code, count(distinct {receipts.PERSON}) as number from stories
    where cycle = :cycle and group_code is not null group by group_code
"""


def _counted(db: PrivateDatabase, cycle: str) -> dict[str, Counter[str]]:
    queries = {
        "circles": (_CIRCLES, ""),
        "told": (_TOLD, ""),
        "heard": (_OWN, "start"),
        "again": (_OWN, "end"),
    }
    return {
        what: Counter(
            {
                row["group_code"]: row["number"]
                for row in db.rows(query, {"cycle": cycle, "moment": moment})
            }
        )
        for what, (query, moment) in queries.items()
    }


def _appeals(db: PrivateDatabase, cycle: str) -> Appeals:
    found = appeals.made_in(db, cycle)
    return Appeals(
        len(found), sum(bool(one.upheld) for one in found), sum(one.open for one in found)
    )


def _pairs(db: PrivateDatabase, cycle: str) -> list[Pair]:
    """Lay each person's first start and last end side by side; their order tells no time."""
    rows = db.rows(
        """
        select c.group_code, a.words as start, z.words as end from seats s
        join circles c on c.id = s.circle
        join own_constructions a on a.id = (
            select min(o.id) from own_constructions o
            where o.seat = s.id and o.moment = 'start' and o.words <> ''
        )
        join own_constructions z on z.id = (
            select max(o.id) from own_constructions o
            where o.seat = s.id and o.moment = 'end' and o.words <> ''
        )
        where c.cycle = :cycle order by c.group_code, a.words, z.words
        """,
        {"cycle": cycle},
    )
    return [Pair(row["group_code"], row["start"], row["end"]) for row in rows]


def _led(db: PrivateDatabase, cycle: str) -> list[Led]:
    rows = db.rows(
        """
        select o.item, o.outcome, o.no_action <> '' as no_action, (
            select count(*) from outcome_actions x where x.outcome = o.id
        ) as actions
        from outcomes o join agendas a on a.id = o.agenda
        where a.cycle = :cycle and o.id = (
            select max(n.id) from outcomes n where n.agenda = o.agenda and n.item = o.item
        )
        order by o.item, o.id
        """,
        {"cycle": cycle},
    )
    return [
        Led(row["item"], row["outcome"], row["actions"], bool(row["no_action"])) for row in rows
    ]
