"""Which sensitive topics a theme or a statement is about, as people say.

Figures about these count more people. A mark says nothing of any one story. Which topics there
are, and how many people each asks for, is the inquiry's (`inquiry.toml`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person

Kind = Literal["theme", "statement"]
#: What of each kind there is to mark.
_THERE: Final = {
    "theme": "select 1 from themes where id = :id and state in ('proposed', 'endorsed')",
    "statement": "select 1 from statements where id = :id",
}
_HOLDS: Final = """
    select m.reference, m.topic from topic_marks m
    where m.kind = :kind and m.marked and m.id = (
        select max(o.id) from topic_marks o
        where (o.kind, o.reference, o.topic) = (m.kind, m.reference, m.topic)
    )
"""


def marks(db: PrivateDatabase, kind: Kind) -> dict[int, frozenset[str]]:
    """Return the topics of each theme or statement that is marked with any."""
    found: dict[int, set[str]] = {}
    for row in db.rows(_HOLDS, {"kind": kind}):
        found.setdefault(row["reference"], set()).add(row["topic"])
    return {reference: frozenset(topics) for reference, topics in found.items()}


def of_statements(db: PrivateDatabase) -> dict[int, frozenset[str]]:
    """Return the topics of each statement: its own, and those of the theme of its item."""
    own, themes = marks(db, "statement"), marks(db, "theme")
    nothing = frozenset[str]()
    return {
        row["id"]: own.get(row["id"], nothing) | themes.get(row["theme"], nothing)
        for row in db.rows(
            "select s.id, i.theme from statements s left join items i on i.id = s.item"
        )
    }


def of(db: PrivateDatabase, kind: Kind, reference: int) -> frozenset[str]:
    """Return the topics of one theme or statement."""
    rows = db.rows(f"{_HOLDS} and m.reference = :id", {"kind": kind, "id": reference})
    return frozenset(row["topic"] for row in rows)


def mark(
    db: PrivateDatabase,
    kind: Kind,
    reference: int,
    topics: Collection[str],
    *,
    known: Collection[str],
    by: Person,
) -> None:
    """Say that a theme or a statement is about these topics and about no other of the `known` ones.

    A mark of a topic that the inquiry knows no more stays, as it still asks for care.
    Raises Refused for a topic that is not known, and for what is not there any more.
    """
    if not set(topics) <= set(known):
        raise Refused("no_topic", "Choose from the topics on this page.")
    with db.writing():
        if not db.value(_THERE[kind], {"id": reference}):
            raise Refused("nothing_to_mark", "It is not there any more. Load the page again.")
        before = of(db, kind, reference) & set(known)
        changed = before ^ set(topics)
        for topic in sorted(changed):
            _add(db, kind, reference, topic, marked=topic in topics, by=by)
        if changed:
            audit.record(db, "mark_topics", by=by, subject=f"{kind} {reference}")


def follow(db: PrivateDatabase, theme: int, *, into: int, by: Person) -> None:
    """Give the topics of one theme to another that takes stories of it; call inside `writing()`."""
    for topic in sorted(of(db, "theme", theme) - of(db, "theme", into)):
        _add(db, "theme", into, topic, marked=True, by=by)


def _add(
    db: PrivateDatabase, kind: Kind, reference: int, topic: str, *, marked: bool, by: Person
) -> None:
    db.add(
        """
        insert into topic_marks (kind, reference, topic, marked, person, role, at)
        values (:kind, :reference, :topic, :marked, :person, :role, :at)
        """,
        {
            "kind": kind,
            "reference": reference,
            "topic": topic,
            "marked": int(marked),
            "person": by.id,
            "role": by.role,
            "at": now(),
        },
    )
