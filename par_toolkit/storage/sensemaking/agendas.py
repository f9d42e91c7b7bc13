"""Agendas: what is negotiated, written in quiet, then sent to all groups at the same moment.

What was sent does not change. A session is then held on it, and it is over when every item has an
outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting
from par_toolkit.storage.sensemaking.phases import must_run
from par_toolkit.storage.sensemaking.written import needed

LONGEST_TITLE: Final = 300


@dataclass(frozen=True)
class Agenda:
    """An agenda of a cycle; `method` says how the order of its items was found.

    It is written until `sent_at`, may be read by all from then on, is negotiated from `held_at`
    and over at `ended_at`.
    """

    id: int
    cycle: str
    title: str
    method: str
    sent_at: str | None
    held_at: str | None
    ended_at: str | None
    at: str

    @property
    def state(self) -> str:
        """Say how far it is: 'written', 'sent', 'held' (the session is on) or 'over'."""
        if self.ended_at:
            return "over"
        return "held" if self.held_at else "sent" if self.sent_at else "written"


def _agenda(row: Row) -> Agenda:
    return Agenda(**{name: row[name] for name in Agenda.__dataclass_fields__})


def add(db: PrivateDatabase, cycle: str, title: str, *, by: Person) -> Agenda:
    """Begin an agenda in a cycle that runs, and return it. Raises Refused without a title."""
    title = needed(title, "Give the agenda a title.", reason="no_title", most=LONGEST_TITLE)
    with db.writing():
        must_run(db, cycle)
        added = db.add(
            "insert into agendas (cycle, title, person, at) values (:cycle, :title, :person, :at)",
            {"cycle": cycle, "title": title, "person": by.id, "at": now()},
        )
        acting.record(db, "begin_agenda", by=by, subject=f"agenda {added}")
        return there(db, added)


def get(db: PrivateDatabase, agenda_id: int) -> Agenda | None:
    """Return an agenda, or None; for those who write it. Members are sent it from `sent_at` on."""
    row = db.row("select * from agendas where id = :id", {"id": agenda_id})
    return _agenda(row) if row else None


def there(db: PrivateDatabase, agenda_id: int) -> Agenda:
    """Return an agenda that is there. Raises Refused for one that is not."""
    found = get(db, agenda_id)
    if found is None:
        raise Refused("no_agenda", "There is no such agenda. Load the page again.")
    return found


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Agenda]:
    """List the agendas of a cycle, the newest first."""
    rows = db.rows("select * from agendas where cycle = :cycle order by id desc", {"cycle": cycle})
    return [_agenda(row) for row in rows]


def sent_in(db: PrivateDatabase, cycle: str) -> list[Agenda]:
    """List the agendas of a cycle that all groups may read, the newest first."""
    return [one for one in of_cycle(db, cycle) if one.sent_at]


def still_written(db: PrivateDatabase, agenda_id: int) -> Agenda:
    """Return an agenda that is still being written. Raises Refused once it was sent."""
    found = there(db, agenda_id)
    if found.sent_at:
        raise Refused("sent", "This agenda was sent to all groups. It stays as they have read it.")
    must_run(db, found.cycle)
    return found


def in_session(db: PrivateDatabase, agenda_id: int) -> Agenda:
    """Return an agenda that is being negotiated. Raises Refused before and after its session."""
    found = there(db, agenda_id)
    if found.state != "held":
        raise Refused("no_session", "This is said in the session. It has not begun, or it is over.")
    must_run(db, found.cycle)
    return found


def mark(db: PrivateDatabase, agenda_id: int, moment: str) -> None:
    """Note that an agenda is sent, held or over from now on (`moment`: the name of the column)."""
    db.change(
        """
        update agendas set
            sent_at = case when :moment = 'sent_at' then :at else sent_at end,
            held_at = case when :moment = 'held_at' then :at else held_at end,
            ended_at = case when :moment = 'ended_at' then :at else ended_at end
        where id = :id
        """,
        {"moment": moment, "at": now(), "id": agenda_id},
    )


def set_method(db: PrivateDatabase, agenda_id: int, method: str) -> None:
    """Keep how the order of an agenda was found, in words."""
    db.change(
        "update agendas set method = :method where id = :id", {"method": method, "id": agenda_id}
    )
