"""Outcomes of a negotiation: full, partial or none, and what follows from each.

Where groups do not come together their views stay side by side; that is a result, not a failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, actions, agenda_items, agendas, items, turns
from par_toolkit.storage.sensemaking.written import needed, not_too_long

OUTCOMES: Final = ("full", "partial", "none")


@dataclass(frozen=True)
class Planned:
    """An action that is decided with an outcome: what, by whom, until when (a date)."""

    what: str
    owner: str
    due: str


@dataclass(frozen=True)
class Outcome:
    """How the negotiation of an item ended; `actions` follow from it, or `no_action` says why none.

    `decided_by` is the person who wrote it down, who answers no appeal against it.
    """

    id: int
    agenda: int
    item: int
    outcome: str
    words: str
    no_action: str
    actions: tuple[int, ...]
    decided_by: int
    role: str
    at: str


_SELECT: Final = "select * from outcomes o"


def _outcomes(db: PrivateDatabase, rows: list[Row]) -> list[Outcome]:
    led: dict[int, list[int]] = {}
    for row in db.rows("select outcome, action from outcome_actions order by 1, 2"):
        led.setdefault(row["outcome"], []).append(row["action"])
    return [
        Outcome(
            row["id"],
            row["agenda"],
            row["item"],
            row["outcome"],
            row["words"],
            row["no_action"],
            tuple(led.get(row["id"], ())),
            row["person"],
            row["role"],
            row["at"],
        )
        for row in rows
    ]


def decide(
    db: PrivateDatabase,
    agenda_id: int,
    item_id: int,
    outcome: str,
    words: str,
    *,
    planned: Sequence[Planned] = (),
    no_action: str = "",
    after: int | None = None,
    by: Person,
) -> Outcome:
    """Keep how the negotiation of an item ended, with its actions or the reason why there is none.

    The item is resolved, or stays unresolved and goes on. `after` is the outcome that was seen on
    this agenda, None for none. Raises Refused outside the session, for an affected group without a
    position, without words, with neither actions nor a reason or both, and where somebody else has
    said meanwhile how it ended.
    """
    if outcome not in OUTCOMES:
        raise Refused("no_outcome", "Choose how it ended.")
    words = needed(
        words, "Say in words what was agreed, or what stays apart.", reason="no_outcome_words"
    )
    no_action = not_too_long(no_action)
    if bool(planned) == bool(no_action):
        raise Refused(
            "action_or_reason", "Plan an action, or say why none follows: one of the two."
        )
    with db.writing():
        agenda = agendas.in_session(db, agenda_id)
        _check_positions(db, agenda_id, item_id)
        last = of_agenda(db, agenda_id).get(item_id)
        if (last.id if last else None) != after:
            raise Refused(
                "outcome_changed",
                "Somebody has said meanwhile how it ended. Read it, then save yours if it is not "
                "so.",
            )
        added = db.add(
            """
            insert into outcomes (agenda, item, outcome, words, no_action, person, role, at)
            values (:agenda, :item, :outcome, :words, :no_action, :person, :role, :at)
            """,
            acting.who(by)
            | {
                "agenda": agenda_id,
                "item": item_id,
                "outcome": outcome,
                "words": words,
                "no_action": no_action,
                "at": now(),
            },
        )
        for one in planned:
            made = actions.add(
                db,
                agenda.cycle,
                what=one.what,
                owner=one.owner,
                due=one.due,
                item=item_id,
                by=by,
            )
            db.add(
                "insert into outcome_actions values (:outcome, :action)",
                {"outcome": added, "action": made.id},
            )
        _settle(db, item_id, outcome, words, by)
        acting.record(db, f"outcome_{outcome}", by=by, subject=f"item {item_id}")
        return _outcomes(db, db.rows(f"{_SELECT} where o.id = :id", {"id": added}))[0]


def _check_positions(db: PrivateDatabase, agenda_id: int, item_id: int) -> None:
    entry = agenda_items.there(db, agenda_id, item_id)
    heard = turns.positions(turns.of_item(db, agenda_id, item_id))
    if set(entry.groups) - set(heard):
        raise Refused(
            "position_missing", "Not every group that this affects has said its position yet."
        )


def _settle(db: PrivateDatabase, item_id: int, outcome: str, words: str, by: Person) -> None:
    """Let the item stand as its outcome says; a second outcome may open it again."""
    item = items.get(db, item_id)
    assert item is not None
    if item.state == "taken_back":  # by whoever said it: what was agreed stays in the outcome
        return
    settled = item.state in items.SETTLED
    if outcome == "full":
        if not settled:
            items.set_state(db, item_id, "resolved", words, by=by)
        return
    if settled:
        items.set_state(db, item_id, "reopened", words, by=by)
    items.set_state(db, item_id, "unresolved", words, by=by)


def end(db: PrivateDatabase, agenda_id: int, *, by: Person) -> None:
    """End a session. Raises Refused while an item has no outcome."""
    with db.writing():
        agendas.in_session(db, agenda_id)
        decided = of_agenda(db, agenda_id)
        if any(one.item.id not in decided for one in agenda_items.of_agenda(db, agenda_id)):
            raise Refused("undecided_items", "Say of every item how it ended. ‘None’ is one way.")
        agendas.mark(db, agenda_id, "ended_at")
        acting.record(db, "end_session", by=by, subject=f"agenda {agenda_id}")


def of_agenda(db: PrivateDatabase, agenda_id: int) -> dict[int, Outcome]:
    """Return the outcome that holds of each item of an agenda."""
    rows = db.rows(f"{_SELECT} where o.agenda = :agenda order by o.id", {"agenda": agenda_id})
    return {one.item: one for one in _outcomes(db, rows)}


def of_item(db: PrivateDatabase, item_id: int) -> list[Outcome]:
    """List the outcomes of an item in all its negotiations, oldest first; the last one holds."""
    rows = db.rows(f"{_SELECT} where o.item = :item order by o.id", {"item": item_id})
    return _outcomes(db, rows)
