"""The cycle: where it stands, what waits for whom and since when; its phases and its close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import (
    actions,
    agendas,
    carrying,
    contracts,
    expectations,
    phases,
    statements,
    waiting,
)
from par_toolkit.storage.sensemaking.carrying import Carried
from par_toolkit.storage.sensemaking.written import MOST
from par_toolkit.web.circles import clock, naming
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by, written
from par_toolkit.web.circles.rooms import rooms
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import action_of, allowed, guarded, me, person
from par_toolkit.web.handling.answers import Problem, done

FIELDS: Final = {
    "why_move": "why",
    "no_phase": "phase",
    "no_reflection": "reflection",
    "no_next": "next-words",
    "next_closed": "next-cycle",
}


@dataclass(frozen=True)
class Handed:
    """What went from one cycle to another: by the records of the one, and by those of the other."""

    source: str
    target: str
    out: Carried
    came: Carried

    @property
    def whole(self) -> bool:
        return self.out == self.came


@dataclass(frozen=True)
class Stand:
    """Where a cycle stands: its phases, what it was given, hands on, and still has open.

    `contract` is the version that holds.
    """

    cycle: str
    contract: int | None
    stood: list[phases.Phase]
    given: list[Handed]
    handed: Handed | None
    open: Carried

    @property
    def phase(self) -> phases.Phase | None:
        return self.stood[-1] if self.stood else None

    @property
    def days(self) -> int:
        """Count the days since the cycle came to its phase."""
        if self.phase is None:
            return 0
        passed = datetime.fromisoformat(now()) - datetime.fromisoformat(self.phase.at)
        return max(0, passed.days)  # a clock that was put right may stand before that

    @property
    def onward(self) -> str | None:
        """Return the phase that comes next in the usual order; None from the last one on."""
        if self.phase is None or self.phase.phase not in phases.PHASES[:-1]:
            return None
        return phases.PHASES[phases.PHASES.index(self.phase.phase) + 1]


def stand_of(db: PrivateDatabase, cycle: str) -> Stand:
    """Collect where a cycle stands."""
    stood = phases.of_cycle(db, cycle)
    latest = contracts.latest(db)
    following = phases.followed_by(db, cycle)
    return Stand(
        cycle=cycle,
        contract=latest.version if latest else None,
        stood=stood,
        given=[
            _handed(db, one, cycle)
            for one in clock.cycles()
            if phases.followed_by(db, one) == cycle
        ],
        handed=_handed(db, cycle, following) if following else None,
        open=carrying.still_open(db, cycle),
    )


def _handed(db: PrivateDatabase, source: str, target: str) -> Handed:
    out, came = carrying.went_out(db, source), carrying.came_in(db, source, target)
    return Handed(source, target, out, came)


#: what waits -> where it is dealt with, as far as there is such a page for whoever asks
PLACES: Final = {
    "contract": "circles.contract",
    "stakes": "circles.stakeholders",
    "seals": "circles.expectations",
    "unread": "desk.queue",
    "second_yes": "desk.queue",
    "themes": "desk.all_themes",
    "circles": "circles.run",
    "statements": "circles.statements",
    "information": "circles.information",
    "agendas_to_send": "circles.agendas",
    "agendas_to_hold": "circles.agendas",
    "views": "circles.agendas",
    "words": "circles.releases",
    "member_checks": "circles.member_checks",
    "appeals": "circles.appeals",
    "overdue": "circles.actions",
}


def room_of(what: str) -> str | None:
    """Return the address where something that waits is dealt with; None where there is none."""
    endpoint = PLACES.get(what, "")
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint) if allowed(action_of(current_app, endpoint, "GET")) else None


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Give facilitators' pages the rooms, the cycles and the words for them."""
    listed = clock.cycles() if person() else []
    return {"all_cycles": listed, "named": naming, "room_of": room_of, "rooms": rooms}


def overview() -> ResponseReturnValue:
    """Lead whoever leads circles to every room of them, and say where the cycle stands."""
    db = get_db()
    cycle = clock.at_hand() if clock.cycles() else None
    return render_template(
        "circles/overview.html",
        stand=stand_of(db, cycle) if cycle else None,
        waits=waiting.of_cycle(db, cycle, today=clock.today()) if cycle else [],
    )


@blueprint.get("/cycle")
@guarded("see_cycle")
def cycle() -> ResponseReturnValue:
    """Show where a cycle stands."""
    return cycle_page([])


def cycle_page(problems: list[Problem]) -> Any:
    """Show where the cycle at hand stands, with what was wrong."""
    db, at_hand = get_db(), clock.at_hand()
    return render_template(
        "circles/cycle.html",
        problems=problems,
        stand=stand_of(db, at_hand),
        waits=waiting.of_cycle(db, at_hand, today=clock.today()),
        sealed=expectations.of_cycle(db, at_hand),
        listed=actions.of_cycle(db, at_hand),
        phases=phases.PHASES,
    )


@blueprint.post("/cycle/start")
@guarded("lead_cycle")
@shown_again_by(cycle_page, fields=FIELDS)
def start_cycle() -> ResponseReturnValue:
    """Begin a cycle under the contract as it stands."""
    found = clock.posted()
    phases.start(get_db(), found, by=me())
    return done(_("The cycle has begun."), "circles.cycle", cycle=found)


@blueprint.post("/cycle/move")
@guarded("lead_cycle")
@shown_again_by(cycle_page, fields=FIELDS)
def move_cycle() -> ResponseReturnValue:
    """Move a cycle on, or back with a reason."""
    found, phase = clock.posted(), request.form.get("phase", "")
    phases.move(get_db(), found, phase, words=written("why", most=MOST), by=me())
    sentence = _("The cycle is in this phase now: %(phase)s", phase=naming.phase(phase))
    return done(sentence, "circles.cycle", cycle=found)


@blueprint.get("/cycle/close")
@guarded("lead_cycle")
def ask_close_cycle() -> ResponseReturnValue:
    """Show what closing a cycle does, and ask for what it needs."""
    return close_page([])


def close_page(problems: list[Problem]) -> Any:
    """Show what would go on, what is in the way, and the form of the close."""
    db, at_hand = get_db(), clock.at_hand()
    return render_template(
        "circles/close.html",
        problems=problems,
        stand=stand_of(db, at_hand),
        appeals=carrying.open_appeals(db, at_hand),
        onward=clock.to_go_on(at_hand),
        sealed=expectations.of_cycle(db, at_hand),
        answered=[one for one in statements.of_cycle(db, at_hand) if one.open],
        sessions=[one for one in agendas.of_cycle(db, at_hand) if one.state == "held"],
    )


@blueprint.post("/cycle/close")
@guarded("lead_cycle")
@shown_again_by(close_page, fields=FIELDS)
def close_cycle() -> ResponseReturnValue:
    """Close a cycle, for good; what is open goes on to the next."""
    found = clock.posted()
    try:
        phase = phases.close(
            get_db(),
            found,
            reflection=written("reflection", most=MOST),
            next_words=written("next_words", most=MOST),
            next_cycle=_next_cycle(found),
            by=me(),
        )
    except phases.AppealsOpen as refused:
        raise Refused(refused.reason, appeals_open(refused.appeals)) from refused
    return done(_("The cycle is closed."), "circles.cycle", cycle=phase.next_cycle or found)


def _next_cycle(closing: str) -> str | None:
    """Return the cycle that was chosen to follow; None for a decision to stop."""
    then, following = request.form.get("then"), request.form.get("next_cycle", "")
    if then == "stop":
        return None
    if then != "cycle" or following not in clock.to_go_on(closing):
        raise Refused("next_closed", _("Choose what comes next: another cycle, or to stop."))
    return following


def appeals_open(appeals: list[carrying.Appeal]) -> str:
    """Name the appeals that hold a cycle, with how the item begins that each is about."""
    named = "; ".join(
        _("no. %(appeal)s on “%(item)s”", appeal=one.id, item=beginning(one.about))
        for one in appeals
    )
    return _(
        "The cycle cannot close while these appeals wait for their answer: %(appeals)s.",
        appeals=named,
    )


def beginning(text: str, most: int = 80) -> str:
    """Return how a text begins, on one line."""
    line = " ".join(text[: most * 4].split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"
