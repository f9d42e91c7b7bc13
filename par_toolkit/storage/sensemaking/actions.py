"""Actions: who does what by when, on which issue and stories, and what became of it.

An action names its owner in words: a person, a group, a council. Its history is append-only; the
last row holds, with the cycle that the action stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit, consents
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import copied, phases
from par_toolkit.storage.sensemaking.carrying import OPEN_ACTIONS
from par_toolkit.storage.sensemaking.written import MOST_OF_A_NAME, day, needed, not_too_long

STATES: Final = ("open", "done", "changed", "dropped")
LONGEST: Final = 5_000


@dataclass(frozen=True)
class Action:
    """An action as it stands. `cycle` is where it stands, `decided_in` where it was decided.

    `step` is the id of the last row of its history, `words` the sentence that goes with it,
    `due` a date, `stories` the stories that led there, also those of its item.
    """

    id: int
    what: str
    owner: str
    due: str
    item: int | None
    decided_in: str
    cycle: str
    state: str
    words: str
    step: int
    carried: bool
    since: str
    at: str
    stories: tuple[int, ...]

    @property
    def open(self) -> bool:
        return self.state in OPEN_ACTIONS

    def overdue(self, today: str) -> bool:
        """Say whether it is still to be done and its date has passed by `today` (a date)."""
        return self.open and self.due < today


@dataclass(frozen=True)
class Step:
    """One row of an action's history; `owner` and `due` are set where they changed."""

    id: int
    cycle: str
    state: str
    words: str
    owner: str | None
    due: str | None
    carried: bool
    role: str
    at: str


_SELECT: Final = """
    select a.id, a.what, a.item, a.cycle as decided_in, a.at, s.id as step, s.cycle, s.state,
        s.words, s.at as since,
        coalesce((select o.owner from action_states o where o.action = a.id and o.owner <> ''
            order by o.id desc limit 1), a.owner) as owner,
        coalesce((select o.due from action_states o where o.action = a.id and o.due <> ''
            order by o.id desc limit 1), a.due) as due,
        exists (select 1 from action_states o where o.action = a.id and o.carried) as carried
    from actions a join action_states s on s.id =
        (select max(o.id) from action_states o where o.action = a.id)
"""
_STORIES: Final = """
    select action, story from action_stories
    union
    select a.id, p.story from actions a join item_passages p on p.item = a.item
    join consent_now c on c.story = p.story and c.use = 'analyse' and c.granted
"""


def _actions(db: PrivateDatabase, rows: Sequence[Row]) -> list[Action]:
    led: dict[int, list[int]] = {}
    for row in db.rows(f"{_STORIES} order by 1, 2"):
        led.setdefault(row["action"], []).append(row["story"])
    return [
        Action(
            **{name: row[name] for name in row if name != "carried"},
            carried=bool(row["carried"]),
            stories=tuple(led.get(row["id"], ())),
        )
        for row in rows
    ]


def add(
    db: PrivateDatabase,
    cycle: str,
    *,
    what: str,
    owner: str,
    due: str,
    item: int | None = None,
    stories: Iterable[int] = (),
    by: Person,
) -> Action:
    """Keep what was decided in a cycle that runs, and return it.

    Raises Refused where something is missing, for a date that is none, an item that is not there,
    and a story that is gone or whose teller does not agree that it is worked with.
    """
    values = {
        "cycle": cycle,
        "what": needed(what, "Say what will be done.", reason="no_what", most=LONGEST),
        "owner": needed(owner, "Say who does it.", reason="no_owner", most=MOST_OF_A_NAME),
        "due": day(due),
        "item": item,
        "person": by.id,
        "role": by.role,
        "at": now(),
    }
    with db.writing():
        phases.must_run(db, cycle)
        if item is not None and not db.value("select 1 from items where id = :item", values):
            raise Refused("no_item", "This item is not here. Choose another.")
        added = db.add(
            """
            insert into actions (cycle, what, owner, due, item, person, at)
            values (:cycle, :what, :owner, :due, :item, :person, :at)
            """,
            values,
        )
        for story in sorted(set(stories)):
            _link(db, added, story)
        copied.check(db, [what], item=item, action=added)
        db.add(
            """
            insert into action_states (action, cycle, state, person, role, at)
            values (:action, :cycle, 'open', :person, :role, :at)
            """,
            values | {"action": added},
        )
        audit.record(db, "add_action", by=by, subject=f"action {added}")
        return _there(db, added)


def _link(db: PrivateDatabase, action: int, story: int) -> None:
    there = db.value("select 1 from stories where id = :story", {"story": story})
    if not there or not consents.today(db, story).get("analyse"):
        raise Refused(
            "no_story",
            f"Story {story} is not here, or its teller has not agreed that it is worked with.",
        )
    db.add(
        "insert into action_stories values (:action, :story)", {"action": action, "story": story}
    )


def set_state(
    db: PrivateDatabase,
    action_id: int,
    state: str,
    *,
    words: str,
    owner: str = "",
    due: str = "",
    after: int,
    by: Person,
) -> Action:
    """Say what became of an action, with a sentence; a change may name a new owner or date.

    `after` is the step of its history that was seen. What ended in a cycle that has closed is
    opened again in the one that followed: a closed cycle keeps nothing open. Raises Refused without
    a sentence, for a state that is none or does not follow, and where somebody else has said
    something since.
    """
    words = needed(words, "Say in a sentence what happened.", reason="no_sentence", most=LONGEST)
    with db.writing():
        found = _there(db, action_id)
        if found.step != after:
            raise Refused(
                "action_changed",
                "Somebody has said something of this action since. Read it, then save yours again.",
            )
        follows = ("done", "changed", "dropped") if found.open else ("open",)
        if state not in follows:
            raise Refused("no_state", "Choose what became of it.")
        db.add(
            """
            insert into action_states (action, cycle, state, words, owner, due, person, role, at)
            values (:action, :cycle, :state, :words, :owner, :due, :person, :role, :at)
            """,
            {
                "action": action_id,
                "cycle": phases.lives_on(db, found.cycle),
                "state": state,
                "words": words,
                "owner": not_too_long(owner, most=MOST_OF_A_NAME) or None,
                "due": day(due) if due.strip() else None,
                "person": by.id,
                "role": by.role,
                "at": now(),
            },
        )
        audit.record(db, "change_action", by=by, subject=f"action {action_id}")
        return _there(db, action_id)


def _there(db: PrivateDatabase, action_id: int) -> Action:
    found = get(db, action_id)
    if found is None:
        raise Refused("gone", "This action is not here.")
    return found


def get(db: PrivateDatabase, action_id: int) -> Action | None:
    """Return one action as it stands, or None."""
    found = _actions(db, db.rows(f"{_SELECT} where a.id = :id", {"id": action_id}))
    return found[0] if found else None


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Action]:
    """List the actions that stand in a cycle: open ones by date, then those that have ended."""
    rows = db.rows(
        f"""
        select * from ({_SELECT}) where cycle = :cycle
        order by state not in ('open', 'changed'), due, id
        """,
        {"cycle": cycle},
    )
    return _actions(db, rows)


def overdue(db: PrivateDatabase, *, today: str, cycle: str | None = None) -> list[Action]:
    """List what should have been done by `today` (a date), the longest overdue first.

    Without a `cycle` they come from every cycle: nothing falls off the agenda.
    """
    rows = db.rows(
        f"""
        select * from ({_SELECT})
        where state in ('open', 'changed') and due < :today
          and (:cycle is null or cycle = :cycle) order by due, id
        """,
        {"today": today, "cycle": cycle},
    )
    return _actions(db, rows)


def of_item(db: PrivateDatabase, item: int) -> list[Action]:
    """List the actions that an item led to, oldest first."""
    return _actions(db, db.rows(f"{_SELECT} where a.item = :item order by a.id", {"item": item}))


def of_story(db: PrivateDatabase, story: int) -> list[Action]:
    """List the actions that the words of a story led to, oldest first: 'you said, we did'."""
    rows = db.rows(
        f"""
        {_SELECT} where a.id in (select action from ({_STORIES}) where story = :story) order by a.id
        """,
        {"story": story},
    )
    return _actions(db, rows)


def history(db: PrivateDatabase, action_id: int) -> list[Step]:
    """List all that was said of an action, oldest first."""
    rows = db.rows("select * from action_states where action = :id order by id", {"id": action_id})
    return [
        Step(
            **{name: row[name] for name in Step.__dataclass_fields__ if name != "carried"},
            carried=bool(row["carried"]),
        )
        for row in rows
    ]
