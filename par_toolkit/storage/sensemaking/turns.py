"""Turns in a negotiation: each affected group speaks as often as every other.

Nobody takes a turn while another group has had fewer. The last words of a group are its position;
without one of every affected group there is no outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, agenda_items, agendas, own
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import not_too_long


@dataclass(frozen=True)
class Turn:
    """What a group said in one turn; empty words: it had nothing to add."""

    id: int
    group: str
    words: str
    at: str


def begin(db: PrivateDatabase, agenda_id: int, *, by: Person) -> None:
    """Begin the session on an agenda that was sent.

    Raises Refused for any other, and where a question about an item has come up since that not
    every affected group goes on without.
    """
    with db.writing():
        if agendas.there(db, agenda_id).state != "sent":
            raise Refused(
                "not_sent", "A session is held on an agenda that was sent to all groups, once."
            )
        for entry in agenda_items.of_agenda(db, agenda_id):
            agenda_items.check_information(db, entry.item.id, entry.groups)
        agendas.mark(db, agenda_id, "held_at")
        acting.record(db, "begin_session", by=by, subject=f"agenda {agenda_id}")


def take(
    db: PrivateDatabase,
    agenda_id: int,
    item_id: int,
    group: str,
    words: str = "",
    *,
    seen: int,
    by: Person | Seat,
) -> None:
    """Keep one turn of a group; `seen` is how many turns had been taken when this was written.

    Without words the group has nothing to add to the position that it gave before. Raises Refused
    where it is not this group's turn, for a first turn without words, where a turn was taken
    meanwhile, for the turn of another group, and outside the session.
    """
    words = not_too_long(words)
    with db.writing():
        agenda = agendas.in_session(db, agenda_id)
        entry = agenda_items.there(db, agenda_id, item_id)
        if isinstance(by, Seat):
            if by.group != group or by.cycle != agenda.cycle:
                raise Refused("other_group", "You can say this for your own group only.")
            acting.for_seat(db, by, by=by)
            own.first(db, by)
        if group not in entry.groups:
            raise Refused("not_affected", "This item does not affect that group.")
        taken = of_item(db, agenda_id, item_id)
        if len(taken) != seen:
            raise Refused("turn_taken", "Somebody took a turn meanwhile. Read it, then go on.")
        if group not in next_up(taken, entry.groups):
            raise Refused("turn_of_others", "It is the turn of a group that has spoken less often.")
        if not words and group not in positions(taken):
            raise Refused("no_turn_words", "Write the position of this group first.")
        db.add(
            """
            insert into turns (agenda, item, group_code, words, person, seat, at)
            values (:agenda, :item, :group, :words, :person, :seat, :at)
            """,
            acting.who(by)
            | {
                "agenda": agenda_id,
                "item": item_id,
                "group": group,
                "words": words,
                "at": now(),
            },
        )
        acting.record(db, "take_turn", by=by, subject=f"item {item_id}")


def of_item(db: PrivateDatabase, agenda_id: int, item_id: int) -> list[Turn]:
    """List the turns on an item in the order in which they were taken."""
    rows = db.rows(
        """
        select id, group_code, words, at from turns where agenda = :agenda and item = :item
        order by id
        """,
        {"agenda": agenda_id, "item": item_id},
    )
    return [Turn(*row.values()) for row in rows]


def next_up(taken: list[Turn], groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return the groups whose turn it is: those that have spoken least often."""
    number = {group: sum(one.group == group for one in taken) for group in groups}
    least = min(number.values(), default=0)
    return tuple(group for group in groups if number[group] == least)


def positions(taken: list[Turn]) -> dict[str, str]:
    """Return the position of each group: its last turn that had words."""
    return {one.group: one.words for one in taken if one.words}
