"""Releases of words: what was said in circles and meetings leaves them only by two people's yes.

An approval binds the exact words, by a keyed digest. Words that change, or are taken back, are not
released any more; nobody has to remember to undo anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.keys import mark
from par_toolkit.storage.people import RELEASED_BY, Person
from par_toolkit.storage.sensemaking import acting, copied

#: kind -> every text of that kind as (reference, group, cycle, item, words: a list as JSON). What
#: was taken back or replaced is not among them.
_TEXTS: Final = {
    "item": """
        select i.id as reference, i.group_code, s.cycle, i.id as item,
            json_array(i.words) as words
        from items i join item_states s on s.id = (
            select max(o.id) from item_states o where o.item = i.id
        ) where s.state not in ('repeat', 'taken_back')
    """,
    "view": """
        select v.id as reference, v.group_code, a.cycle, v.item, json_array(v.words) as words
        from views v join agendas a on a.id = v.agenda
        where v.id = (
            select max(o.id) from views o
            where (o.agenda, o.item, o.group_code) = (v.agenda, v.item, v.group_code)
        )
    """,
    "outcome": """
        select o.id as reference, '' as group_code, a.cycle, o.item,
            json_array(o.words, o.no_action) as words
        from outcomes o join agendas a on a.id = o.agenda
        where o.id = (select max(n.id) from outcomes n where n.item = o.item)
    """,
    "action": """
        select a.id as reference, '' as group_code, s.cycle, a.item,
            json_array(a.what, coalesce((
                select o.owner from action_states o where o.action = a.id and o.owner <> ''
                order by o.id desc limit 1
            ), a.owner), s.words) as words
        from actions a join action_states s on s.id = (
            select max(o.id) from action_states o where o.action = a.id
        )
    """,
    "information": """
        select t.id as reference, '' as group_code, s.cycle, t.item,
            json_array(t.question, t.answer) as words
        from information_tasks t join item_states s on s.id = (
            select max(o.id) from item_states o where o.item = t.item
        )
    """,
    "statement": """
        select t.id as reference, '' as group_code, t.cycle, t.item, json_array(t.words) as words
        from statements t where t.closed_at is not null
    """,
    "reason": """
        select p.id as reference, c.group_code, t.cycle, t.item, json_array(p.reason) as words
        from positions p join statements t on t.id = p.statement and t.closed_at is not null
        join seats s on s.id = p.seat join circles c on c.id = s.circle
        where p.reason <> '' and p.position <> 'taken_back' and p.id = (
            select max(o.id) from positions o where (o.statement, o.seat) = (p.statement, p.seat)
        )
    """,
    "construction": """
        select j.id as reference, c.group_code, c.cycle, null as item, json_array(j.words) as words
        from joint_constructions j join circles c on c.id = j.circle
        where not exists (select 1 from joint_follows f where f.before = j.id)
    """,
    "alternative": """
        select a.id as reference, c.group_code, c.cycle, null as item,
            json_array(a.name, o.words) as words
        from alternatives a join circles c on c.id = a.circle
        join own_constructions o on o.id = a.own where o.words <> ''
    """,
    "heard": """
        select h.id as reference, c.group_code, c.cycle, null as item, json_array(h.words) as words
        from heard_from_others h join seats s on s.id = h.seat join circles c on c.id = s.circle
        where h.words <> '' and h.id = (
            select max(o.id) from heard_from_others o
            where (o.seat, o.about_group) = (h.seat, h.about_group)
        )
    """,
    "reflection": """
        select p.id as reference, '' as group_code, p.cycle, null as item,
            json_array(p.words, p.next_words) as words
        from phases p where p.phase = 'closed'
    """,
    "expectation": """
        select e.id as reference, '' as group_code, e.cycle, null as item,
            json_array(e.words) as words
        from expectations e where e.opened_at is not null
    """,
}
KINDS: Final = tuple(_TEXTS)
#: What the desk writes of stories, which may repeat their words; anything else people said.
OF_STORIES: Final = ("item", "statement", "information", "action")


@dataclass(frozen=True)
class Words:
    """A text as it reads now, in its parts; `approved_by` are those who said yes to exactly this.

    `group` is '' where no group said it, `item` the item that it is about, where there is one.
    """

    kind: str
    reference: int
    group: str
    cycle: str
    item: int | None
    parts: tuple[str, ...]
    digest: str
    approved_by: tuple[str, ...] = ()

    @property
    def released(self) -> bool:
        """Say whether two different people have said yes to these words."""
        return len(set(self.approved_by)) >= RELEASED_BY


@dataclass(frozen=True)
class State:
    """Who said yes to the words as they read now, and whether that is enough."""

    approved_by: tuple[str, ...]
    released: bool


def _words(db: PrivateDatabase, kind: str, row: Row) -> Words:
    parts = tuple(json.loads(row["words"]))
    return Words(
        kind,
        row["reference"],
        row["group_code"],
        row["cycle"],
        row["item"],
        parts,
        mark(db.folder, f"words {kind}", json.dumps([row["reference"], *parts])),
    )


def _with_approvals(db: PrivateDatabase, found: Iterable[Words]) -> list[Words]:
    given: dict[tuple[str, int, str], list[str]] = {}
    for row in db.rows(
        """
        select w.kind, w.reference, w.digest, p.name from word_releases w
        join people p on p.id = w.person order by w.id
        """
    ):
        given.setdefault((row["kind"], row["reference"], row["digest"]), []).append(row["name"])
    return [
        replace(one, approved_by=tuple(given.get((one.kind, one.reference, one.digest), ())))
        for one in found
    ]


def get(db: PrivateDatabase, kind: str, reference: int) -> Words | None:
    """Return one text as it reads now; None where there is none, or it was taken back."""
    if kind not in _TEXTS:
        return None
    row = db.row(
        f"select * from ({_TEXTS[kind]}) where reference = :reference", {"reference": reference}
    )
    return _with_approvals(db, [_words(db, kind, row)])[0] if row else None


def every(db: PrivateDatabase) -> list[Words]:
    """List every text there is as it reads now, without who said yes to it."""
    return [_words(db, kind, row) for kind, texts in _TEXTS.items() for row in db.rows(texts)]


def of_cycle(db: PrivateDatabase, cycle: str, *, kinds: Iterable[str] = KINDS) -> list[Words]:
    """List all that was said in a cycle and could leave it, in the order of `kinds`."""
    found = [
        _words(db, kind, row)
        for kind in kinds
        for row in db.rows(
            f"select * from ({_TEXTS[kind]}) where cycle = :cycle order by reference",
            {"cycle": cycle},
        )
    ]
    return _with_approvals(db, found)


def state(db: PrivateDatabase, kind: str, reference: int) -> State:
    """Say who has said yes to a text as it reads now."""
    found = get(db, kind, reference)
    return State(found.approved_by, found.released) if found else State((), False)


def released(db: PrivateDatabase, kind: str, reference: int) -> tuple[str, ...] | None:
    """Return the parts of a text that two people have released; None for any other."""
    found = get(db, kind, reference)
    return found.parts if found and found.released else None


def approve(db: PrivateDatabase, kind: str, reference: int, *, seen: str, by: Person) -> Words:
    """Record one person's yes to the words with the digest `seen`, as they read them.

    The same person saying yes twice counts once. Raises Refused where the text is gone, reads
    otherwise by now, or repeats words of a story that nobody may quote.
    """
    with db.writing():
        found = get(db, kind, reference)
        if found is None:
            raise Refused("gone", "This is not here any more. Load the page again.")
        if found.digest != seen:
            raise Refused("words_changed", "These words have changed since. Read them once more.")
        if kind in OF_STORIES:
            action = reference if kind == "action" else None
            copied.check(db, found.parts, item=found.item, action=action)
        db.add(
            """
            insert or ignore into word_releases (kind, reference, digest, person, role, at)
            values (:kind, :reference, :digest, :person, :role, :at)
            """,
            {
                "kind": kind,
                "reference": reference,
                "digest": found.digest,
                "person": by.id,
                "role": by.role,
                "at": now(),
            },
        )
        acting.record(db, "approve_words", by=by, subject=f"{kind} {reference}")
        after = get(db, kind, reference)
    assert after is not None
    return after


def take_back(db: PrivateDatabase, kind: str, reference: int, *, by: Person) -> None:
    """Take back every yes to a text; it is in no report or build made from now on.

    Raises Refused where nobody has said yes.
    """
    with db.writing():
        gone = db.change(
            "delete from word_releases where kind = :kind and reference = :reference",
            {"kind": kind, "reference": reference},
        )
        if not gone:
            raise Refused("nothing_there", "This is not here any more. Load the page again.")
        acting.record(db, "take_back_words", by=by, subject=f"{kind} {reference}")
