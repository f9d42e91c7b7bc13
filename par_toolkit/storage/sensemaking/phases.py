"""Where each cycle stands: plan, act, observe, reflect, closed. Each locality is its own clock.

A cycle begins only under a contract. It closes once, with a reflection and either a next plan or a
decision to stop; what is open then goes on to the next cycle in the same transaction (promise 14).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now as the_time
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import carrying, contracts, expectations
from par_toolkit.storage.sensemaking.written import needed, not_too_long

#: Participatory action research goes round in these; from the last one a cycle can close.
PHASES: Final = ("plan", "act", "observe", "reflect")
CLOSED: Final = "closed"


@dataclass(frozen=True)
class Phase:
    """A phase that a cycle came to at a time, under a version of the contract.

    `words` say why it moved, or at the close the reflection. `next` is 'cycle' or 'stop' then,
    `next_cycle` where what is open went, `next_words` the next plan or why it stops.
    """

    id: int
    cycle: str
    phase: str
    contract: int
    words: str
    next: str | None
    next_cycle: str | None
    next_words: str
    role: str
    at: str


class AppealsOpen(Refused):
    """A cycle cannot close; `appeals` are those that wait for an answer."""

    def __init__(self, appeals: list[carrying.Appeal]) -> None:
        named = "; ".join(f"no. {one.id} on item {one.item}" for one in appeals)
        super().__init__(
            "appeals_open",
            f"The cycle cannot close while an appeal waits for its answer: {named}.",
        )
        self.appeals = appeals


def _phase(row: Row) -> Phase:
    return Phase(**{name: row[name] for name in Phase.__dataclass_fields__})


def now(db: PrivateDatabase, cycle: str) -> Phase | None:
    """Return where a cycle stands; None where it has not begun."""
    row = db.row(
        "select * from phases where cycle = :cycle order by id desc limit 1", {"cycle": cycle}
    )
    return _phase(row) if row else None


def of_cycle(db: PrivateDatabase, cycle: str) -> list[Phase]:
    """List every phase that a cycle came to, oldest first."""
    rows = db.rows("select * from phases where cycle = :cycle order by id", {"cycle": cycle})
    return [_phase(row) for row in rows]


def closed(db: PrivateDatabase, cycle: str) -> bool:
    """Say whether a cycle is closed."""
    phase = now(db, cycle)
    return phase is not None and phase.phase == CLOSED


def running(db: PrivateDatabase) -> list[str]:
    """List the cycles that have begun and are not closed, the one that began last first."""
    rows = db.rows(
        """
        select cycle from phases group by cycle
        having sum(phase = 'closed') = 0 order by min(id) desc
        """
    )
    return [row["cycle"] for row in rows]


def followed_by(db: PrivateDatabase, cycle: str) -> str | None:
    """Return the cycle to which a closed one went on; None where it runs, or nothing came after.

    Where the inquiry had stopped, that is the first that began afterwards: it takes up the rest.
    """
    closing = now(db, cycle)
    if closing is None or closing.phase != CLOSED or closing.next_cycle is not None:
        return closing.next_cycle if closing else None
    row = db.row(
        """
        select cycle from phases group by cycle having min(id) > :closing order by min(id) limit 1
        """,
        {"closing": closing.id},
    )
    return row["cycle"] if row else None


def onward(db: PrivateDatabase, cycle: str) -> list[str]:
    """List a cycle and those to which what it left behind has gone since, in that order."""
    chain = [cycle]
    while (following := followed_by(db, chain[-1])) is not None:
        chain.append(following)
    return chain


def lives_on(db: PrivateDatabase, cycle: str) -> str:
    """Return where what a cycle left behind is dealt with now: itself, or what it went on to."""
    return onward(db, cycle)[-1]


def leading_to(db: PrivateDatabase, cycle: str) -> list[str]:
    """List a cycle that has begun and those that went on to it, the one that began last first."""
    rows = db.rows("select cycle from phases group by cycle order by min(id) desc")
    return [row["cycle"] for row in rows if cycle in onward(db, row["cycle"])]


def must_run(db: PrivateDatabase, cycle: str) -> Phase:
    """Return the phase of a cycle that runs. Raises Refused where it has not begun or is closed."""
    phase = now(db, cycle)
    if phase is None:
        raise Refused("cycle_not_begun", "This cycle has not begun. Begin it first.")
    if phase.phase == CLOSED:
        raise Refused("cycle_closed", "This cycle is closed. Work in the one that follows it.")
    return phase


def start(db: PrivateDatabase, cycle: str, *, by: Person) -> Phase:
    """Begin a cycle with its first phase, under the contract as it stands.

    What was left open where the inquiry had stopped is taken up by it, all or nothing. Raises
    Refused without a contract, and for a cycle that has begun.
    """
    with db.writing():
        if now(db, cycle):
            raise Refused("cycle_begun", "This cycle has begun already.")
        contract = contracts.latest(db)
        if contract is None:
            raise Refused(
                "no_contract",
                "Write the contract first: a cycle begins only when people know what is promised.",
            )
        phase = _come_to(db, cycle, PHASES[0], contract.version, by=by)
        for stopped in _stopped(db):
            if followed_by(db, stopped) == cycle and carrying.still_open(db, stopped):
                carrying.carry(db, stopped, cycle, by=by)
        return phase


def _stopped(db: PrivateDatabase) -> list[str]:
    rows = db.rows("select cycle from phases where next = 'stop' order by id")
    return [row["cycle"] for row in rows]


def move(db: PrivateDatabase, cycle: str, phase: str, *, words: str = "", by: Person) -> Phase:
    """Move a cycle to another phase; anything but the next one needs a sentence that says why.

    Raises Refused for a cycle that does not run, and for a phase that is none or where it stands.
    """
    words = not_too_long(words)
    with db.writing():
        at_present = must_run(db, cycle)
        if phase not in PHASES or phase == at_present.phase:
            raise Refused("no_phase", "Choose another phase.")
        onward = PHASES.index(phase) - PHASES.index(at_present.phase) == 1
        if not onward and not words:
            raise Refused("why_move", "Say why the cycle goes there: it is not the next phase.")
        contract = contracts.latest(db)
        assert contract is not None
        return _come_to(db, cycle, phase, contract.version, words=words, by=by)


def close(
    db: PrivateDatabase,
    cycle: str,
    *,
    reflection: str,
    next_words: str,
    next_cycle: str | None,
    by: Person,
) -> Phase:
    """Close a cycle: open what was sealed and hand what is open on to `next_cycle`, all or nothing.

    Statements that are still answered end with it, so that all groups see what was said. Without a
    `next_cycle` it is a decision to stop, and `next_words` say why. Raises Refused where the cycle
    is not in its last phase, words are missing, an appeal is open, a session is not over, or the
    next cycle is closed or the same.
    """
    with db.writing():
        if must_run(db, cycle).phase != PHASES[-1]:
            raise Refused(
                "reflect_first", "A cycle closes from ‘reflect’. Come to that phase first."
            )
        reflection = needed(
            reflection,
            "Write the reflection: what was learnt in this cycle.",
            reason="no_reflection",
        )
        next_words = needed(
            next_words, "Write the next plan, or why the inquiry stops here.", reason="no_next"
        )
        if next_cycle is not None and (next_cycle == cycle or closed(db, next_cycle)):
            raise Refused("next_closed", "Choose a cycle that is not closed, and not this one.")
        waiting = carrying.open_appeals(db, cycle)
        if waiting:
            raise AppealsOpen(waiting)
        values = {"cycle": cycle, "at": the_time()}
        if db.value(
            """
            select 1 from agendas
            where cycle = :cycle and held_at is not null and ended_at is null
            """,
            values,
        ):
            raise Refused(
                "session_open",
                "A session is not over: say of each of its items how it ended, then end it.",
            )
        contract = contracts.latest(db)
        assert contract is not None
        db.change(
            "update statements set closed_at = :at where cycle = :cycle and closed_at is null",
            values,
        )
        expectations.open_all(db, cycle, by=by)
        if next_cycle is not None:
            carrying.carry(db, cycle, next_cycle, by=by)
        return _come_to(
            db,
            cycle,
            CLOSED,
            contract.version,
            words=reflection,
            next="cycle" if next_cycle is not None else "stop",
            next_cycle=next_cycle,
            next_words=next_words,
            by=by,
        )


def _come_to(
    db: PrivateDatabase,
    cycle: str,
    phase: str,
    contract: int,
    *,
    words: str = "",
    next: str | None = None,
    next_cycle: str | None = None,
    next_words: str = "",
    by: Person,
) -> Phase:
    db.add(
        """
        insert into phases (
            cycle, phase, contract, words, next, next_cycle, next_words, person, role, at
        ) values (
            :cycle, :phase, :contract, :words, :next, :next_cycle, :next_words, :person, :role, :at
        )
        """,
        {
            "cycle": cycle,
            "phase": phase,
            "contract": contract,
            "words": words,
            "next": next,
            "next_cycle": next_cycle,
            "next_words": next_words,
            "person": by.id,
            "role": by.role,
            "at": the_time(),
        },
    )
    action = "close_cycle" if phase == CLOSED else "move_cycle"
    audit.record(db, action, by=by, subject=f"cycle {cycle}")
    found = now(db, cycle)
    assert found is not None
    return found
