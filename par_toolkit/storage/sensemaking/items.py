"""Claims, concerns and issues: where each comes from, how it stands, and its whole history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, phases
from par_toolkit.storage.sensemaking.circles import check_cycle
from par_toolkit.storage.sensemaking.seats import Seat

#: In the order in which a meeting collects them.
KINDS: Final = ("claim", "concern", "issue")
SOURCES: Final = ("stories", "theme", "circle", "meeting", "paper")
STATES: Final = (
    *("open", "resolved", "unresolved", "information_wanted", "reopened"),
    *("repeat", "taken_back"),
)
#: What the desk can say of an item that waits.
DECIDED: Final = ("resolved", "unresolved", "information_wanted")
#: What still waits for people: goes on into the next cycle (promise 14).
UNSETTLED: Final = ("open", "unresolved", "information_wanted", "reopened")
#: What is over until somebody opens it again.
SETTLED: Final = ("resolved", "repeat")


@dataclass(frozen=True)
class Item:
    """A claim, concern or issue as it stands: `state` in `cycle` since `since`, for a `reason`.

    `number` is the seat that said it in the circle, `by` the person who wrote it down; `carried`
    says that it came into `cycle` from the one before. `words` are empty where they were taken
    back: the number and the history stay.
    """

    id: int
    kind: str
    words: str
    group: str
    source: str
    theme: int | None
    circle: int | None
    seat: int | None
    number: int | None
    by: str | None
    at: str
    state: str
    cycle: str
    reason: str
    repeat_of: int | None
    carried: bool
    since: str

    @property
    def stands(self) -> bool:
        """Say whether it is held by its group: neither said already, nor taken back."""
        return self.state not in ("repeat", "taken_back")


@dataclass(frozen=True)
class State:
    """One step of an item's history; `by` is a person's name, or None for a member of a circle."""

    state: str
    cycle: str
    words: str
    repeat_of: int | None
    carried: bool
    role: str
    by: str | None
    at: str


_SELECT: Final = """
    select i.id, i.kind, i.words, i.group_code, i.source, i.theme, i.circle, i.seat, s.number,
        p.name as by, i.at, t.state, t.cycle, t.words as reason, t.repeat_of, exists (
            select 1 from item_states o where o.item = i.id and o.cycle = t.cycle and o.carried
        ) as carried, t.at as since
    from items i
    join item_states t on t.id = (select max(o.id) from item_states o where o.item = i.id)
    left join seats s on s.id = i.seat
    left join people p on p.id = i.person
"""


def _item(row: Row) -> Item:
    return Item(*(row | {"carried": bool(row["carried"])}).values())


def add(
    db: PrivateDatabase,
    *,
    kind: str,
    words: str,
    group: str,
    cycle: str,
    source: str,
    theme: int | None = None,
    circle: int | None = None,
    seat: Seat | None = None,
    by: Person | Seat,
) -> int:
    """Add an item, open in `cycle`, and return its id; `seat` said it, `by` writes it down.

    Raises Refused for empty words, an unknown kind or source, no group or theme where there must be
    one, and a cycle that has not begun or is closed.
    """
    words = acting.kept(words)
    if kind not in KINDS or source not in SOURCES:
        raise Refused("no_kind", "Choose whether it is a claim, a concern or an issue.")
    if not group or not cycle:
        raise Refused("no_group", "Choose the group and the cycle it belongs to.")
    if isinstance(by, Seat):
        seat = by
    with db.writing():
        phases.must_run(db, cycle)
        if theme is not None and not db.value("select 1 from themes where id = :id", {"id": theme}):
            raise Refused("no_theme", "This theme is not here any more. Choose another.")
        added = db.add(
            """
            insert into items (
                kind, words, group_code, source, theme, circle, seat, person, at
            ) values (:kind, :words, :group, :source, :theme, :circle, :seat, :person, :at)
            """,
            {
                "kind": kind,
                "words": words,
                "group": group,
                "source": source,
                "theme": theme,
                "circle": circle,
                "seat": seat.id if seat else None,
                "person": acting.who(by)["person"],
                "at": now(),
            },
        )
        step(db, added, "open", "", cycle, by)
        acting.record(db, "add_item", by=by, subject=f"item {added}")
    return added


def step(
    db: PrivateDatabase,
    item: int,
    state: str,
    words: str,
    cycle: str,
    by: Person | Seat,
    *,
    repeat_of: int | None = None,
) -> None:
    """Add how an item stands now to its history; call inside `db.writing()`."""
    db.add(
        """
        insert into item_states (
            item, cycle, state, words, repeat_of, seat, person, role, at
        ) values (
            :item, :cycle, :state, :words, :repeat_of, :seat, :person, :role, :at
        )
        """,
        {
            "item": item,
            "cycle": cycle,
            "state": state,
            "words": words,
            "repeat_of": repeat_of,
            "at": now(),
        }
        | acting.who(by),
    )


def get(db: PrivateDatabase, item_id: int) -> Item | None:
    """Return an item as it stands, or None."""
    row = db.row(f"{_SELECT} where i.id = :id", {"id": item_id})
    return _item(row) if row else None


def listing(
    db: PrivateDatabase,
    *,
    cycle: str | None = None,
    group: str | None = None,
    kind: str | None = None,
    circle: int | None = None,
    states: Sequence[str] = STATES,
) -> list[Item]:
    """List items as they stand, as far as they are what is wanted, by kind and in order of age."""
    rows = db.rows(
        f"""
        {_SELECT} where (:cycle is null or t.cycle = :cycle)
          and (:group is null or i.group_code = :group) and (:kind is null or i.kind = :kind)
          and (:circle is null or i.circle = :circle)
        order by i.kind, i.id
        """,
        {"cycle": cycle, "group": group, "kind": kind, "circle": circle},
    )
    return [item for item in map(_item, rows) if item.state in states]


def of_cycle(db: PrivateDatabase, cycle: str, *, states: Sequence[str] = STATES) -> list[Item]:
    """List the items that stand in a cycle; with `UNSETTLED`, those that must go on from it."""
    return listing(db, cycle=cycle, states=states)


def history(db: PrivateDatabase, item_id: int) -> list[State]:
    """List how an item stood, from its beginning."""
    rows = db.rows(
        """
        select t.state, t.cycle, t.words, t.repeat_of, t.carried, t.role, p.name as by, t.at
        from item_states t left join people p on p.id = t.person
        where t.item = :item order by t.id
        """,
        {"item": item_id},
    )
    return [State(*(row | {"carried": bool(row["carried"])}).values()) for row in rows]


def set_state(
    db: PrivateDatabase, item_id: int, state: str, words: str, *, by: Person | Seat
) -> None:
    """Note how an item stands now, with a sentence on why.

    What was settled in a cycle that has closed is opened again in the one that followed; where the
    inquiry stopped there, in that one: an appeal that is upheld must be able to open it.
    Raises Refused for an item that is not there, a step that makes no sense, an empty sentence, and
    a cycle that is closed. What repeats another is said with `repeat`.
    """
    words = acting.kept(
        words, otherwise="Say in a sentence why it stands so now.", reason="why_state"
    )
    with db.writing():
        item = there(db, item_id)
        if state not in next_steps(item):
            raise Refused("bad_state", "It cannot go from how it stands now to that.")
        cycle = phases.lives_on(db, item.cycle)
        if state != "reopened":
            check_cycle(db, cycle)
        step(db, item_id, state, words, cycle, by)
        acting.record(db, f"item_{state}", by=by, subject=f"item {item_id}")


def next_steps(item: Item) -> tuple[str, ...]:
    """List the states that an item can go to from where it stands, by a decision at the desk."""
    if item.state == "taken_back":
        return ()
    return ("reopened",) if item.state in SETTLED else DECIDED


def there(db: PrivateDatabase, item_id: int) -> Item:
    """Return an item as it stands. Raises Refused where there is none."""
    item = get(db, item_id)
    if item is None:
        raise Refused("no_item", "There is no such item. Load the page again.")
    return item
