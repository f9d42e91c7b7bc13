"""What waits in a cycle, how much of it and since when: for the page of where it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import RELEASED_BY
from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    carrying,
    contracts,
    expectations,
    phases,
    stakes,
    views,
    word_releases,
)


@dataclass(frozen=True)
class Waits:
    """So many of `what` wait since a day or time; `names` are those it waits for, where known.

    What a name is depends on `what`: people, owners of actions and tasks, or codes of groups.
    """

    what: str
    number: int
    since: str | None
    names: tuple[str, ...] = ()


#: what -> (how many, since when, whom); each query takes :cycle and :needed. Stories that name no
#: cycle wait in whichever is looked at.
_COUNTED: Final = {
    "unread": """
        select count(*) as number, min(told_at) as since from stories
        where read_at is null and (cycle = :cycle or cycle is null)
    """,
    "second_yes": """
        select count(*) as number, min(first) as since from (
            select min(a.at) as first from stories s
            join approvals a on a.story = s.id and a.reviewed = s.reviewed
            where s.cycle = :cycle or s.cycle is null
            group by s.id having count(distinct a.person) < :needed
        )
    """,
    "themes": """
        select count(*) as number, min(at) as since from themes where state = 'proposed'
    """,
    "circles": """
        select count(*) as number, min(opened_at) as since,
            group_concat(distinct group_code) as whom
        from circles where closed_at is null and cycle = :cycle
    """,
    "statements": """
        select count(*) as number, min(at) as since, (
            select group_concat(distinct g.group_code) from statement_groups g
            join statements o on o.id = g.statement where o.closed_at is null and o.cycle = :cycle
        ) as whom from statements where closed_at is null and cycle = :cycle
    """,
    "information": """
        select count(*) as number, min(t.at) as since, json_group_array(distinct t.owner) as owners
        from information_tasks t where t.answered_at is null and :cycle = (
            select s.cycle from item_states s where s.item = t.item order by s.id desc limit 1
        )
    """,
    "agendas_to_send": """
        select count(*) as number, min(at) as since from agendas
        where sent_at is null and cycle = :cycle
    """,
    "agendas_to_hold": """
        select count(*) as number, min(sent_at) as since from agendas
        where sent_at is not null and held_at is null and cycle = :cycle
    """,
    "member_checks": """
        select count(*) as number, min(at) as since from member_checks c
        where c.replied_at is null and c.answer <> 'thats_it' and c.id = (
            select max(o.id) from member_checks o
            where (o.story, o.kind, o.reference) = (c.story, c.kind, c.reference)
        )
    """,
}

#: kind of words -> the table that keeps them, and its column for when they came to stand so.
_SINCE: Final = {
    "item": ("items", "at"),
    "view": ("views", "at"),
    "outcome": ("outcomes", "at"),
    "action": ("actions", "at"),
    "information": ("information_tasks", "at"),
    "statement": ("statements", "closed_at"),
    "reason": ("positions", "at"),
    "construction": ("joint_constructions", "at"),
    "alternative": ("alternatives", "at"),
    "heard": ("heard_from_others", "at"),
    "reflection": ("phases", "at"),
    "expectation": ("expectations", "opened_at"),
}


def of_cycle(db: PrivateDatabase, cycle: str, *, today: str) -> list[Waits]:
    """List what waits in a cycle as of `today` (a date), in the order in which it is dealt with.

    In a cycle that is closed only words to release, appeals and actions can wait.
    """
    stood = phases.of_cycle(db, cycle)
    begun = stood[0].at if stood else None
    found: list[Waits] = []
    if not stood or stood[-1].phase != phases.CLOSED:
        found += [*_before_reading(db, cycle, begun), *_counted(db, cycle), _views(db, cycle)]
    found.append(_words(db, cycle))
    appeals = carrying.open_appeals(db, cycle)
    late = actions.overdue(db, today=today, cycle=cycle)
    owners = tuple(dict.fromkeys(one.owner for one in late))
    found += [
        Waits("appeals", len(appeals), min((one.at for one in appeals), default=None)),
        Waits("overdue", len(late), min((one.due for one in late), default=None), owners),
    ]
    return [one for one in found if one.number]


def _before_reading(db: PrivateDatabase, cycle: str, begun: str | None) -> list[Waits]:
    found = [Waits("contract", int(contracts.latest(db) is None), None)]
    found.append(Waits("stakes", len(stakes.missing(db)), begun))
    if not expectations.reading_begun(db, cycle):
        names = tuple(expectations.unsealed(db, cycle))
        found.append(Waits("seals", len(names), begun, names))
    return found


def _views(db: PrivateDatabase, cycle: str) -> Waits:
    """Count the views that hold up an agenda: not written yet, or not confirmed by their people."""
    lacking, since = [], []
    for agenda in agendas.of_cycle(db, cycle):
        if agenda.sent_at:
            continue
        written = views.of_agenda(db, agenda.id)
        for entry in agenda_items.of_agenda(db, agenda.id):
            for group in entry.groups:
                view = written.get(entry.item.id, {}).get(group)
                if view is None or not view.confirmed:
                    lacking.append(group)
                    since.append(view.at if view else agenda.at)
    return Waits("views", len(lacking), min(since, default=None), tuple(sorted(set(lacking))))


def _words(db: PrivateDatabase, cycle: str) -> Waits:
    """Count the words of circles and meetings to which two people have not said yes."""
    held: dict[str, list[int]] = {}
    for one in word_releases.of_cycle(db, cycle):
        if not one.released:
            held.setdefault(one.kind, []).append(one.reference)
    since = []
    for kind, references in held.items():
        table, column = _SINCE[kind]
        since.append(
            db.value(
                f"""
                select min({column}) from {table} where id in (select value from json_each(:ids))
                """,
                {"ids": json.dumps(references)},
            )
        )
    return Waits("words", sum(map(len, held.values())), min(since, default=None))


def _counted(db: PrivateDatabase, cycle: str) -> list[Waits]:
    values = {"cycle": cycle, "needed": RELEASED_BY}
    return [_waits(what, db.row(query, values) or {}) for what, query in _COUNTED.items()]


def _waits(what: str, row: dict[str, Any]) -> Waits:
    if "owners" in row:
        names = json.loads(row["owners"] or "[]")
    else:
        names = (row.get("whom") or "").split(",")
    whom = tuple(sorted(name for name in names if name))
    return Waits(what, int(row.get("number") or 0), row.get("since"), whom)
