"""The session: equal turns, a position of every affected group, and how each item ended."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import outcomes, turns
from par_toolkit.storage.sensemaking.outcomes import Planned
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.agendas import agenda_at, agenda_page, whole
from par_toolkit.web.circles.cycle import beginning
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, whole_number

PLACE = f"/agendas/<{ID}:agenda_id>/session/<{ID}:item_id>"
FIELDS = {
    "no_turn_words": "turn",
    "turn_of_others": "turn-group",
    "turn_taken": "turn",
    "no_outcome": "outcome-full",
    "outcome_changed": "outcome-words",
    "no_outcome_words": "outcome-words",
    "action_or_reason": "what-0",
    "no_what": "what-0",
    "no_owner": "owner-0",
    "bad_date": "due-0",
}
#: Actions that one outcome may lead to, in the form; more are added on the page of actions.
ACTIONS: Final = 3


@blueprint.post(f"/agendas/<{ID}:agenda_id>/session")
@guarded("lead_exchange")
@shown_again_by(agenda_page)
def begin_session(agenda_id: int) -> ResponseReturnValue:
    """Begin the session on an agenda that was sent."""
    turns.begin(get_db(), agenda_id, by=me())
    return done(_("The session has begun."), "circles.agenda", agenda_id=agenda_id)


@blueprint.post(f"/agendas/<{ID}:agenda_id>/session/end")
@guarded("lead_exchange")
@shown_again_by(agenda_page)
def end_session(agenda_id: int) -> ResponseReturnValue:
    """End a session in which every item has an outcome."""
    outcomes.end(get_db(), agenda_id, by=me())
    return done(_("The session is over."), "circles.agenda", agenda_id=agenda_id)


@blueprint.get(PLACE)
@guarded("see_exchange")
def negotiation(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Show the negotiation of one item."""
    return negotiation_page([], agenda_id=agenda_id, item_id=item_id)


def negotiation_page(problems: list[Problem], *, agenda_id: int, item_id: int) -> Any:
    """Show the views side by side, the turns, whose turn it is, and the form for how it ended."""
    gathered = whole(agenda_at(agenda_id))
    entry = next((one for one in gathered["entries"] if one.item.id == item_id), None)
    if entry is None or gathered["agenda"].state == "written":
        abort(HTTPStatus.NOT_FOUND)
    taken = gathered["turns"][item_id]
    heard = turns.positions(taken)
    return render_template(
        "circles/negotiation.html",
        problems=problems,
        entry=entry,
        taken=taken,
        next_up=turns.next_up(taken, entry.groups),
        unheard=[one for one in entry.groups if one not in heard],
        today=clock.today(),
        beginning=beginning,
        number_of_actions=ACTIONS,
        **gathered,
    )


@blueprint.post(f"{PLACE}/turn")
@guarded("lead_exchange")
@shown_again_by(negotiation_page, fields=FIELDS)
def note_turn(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Note what a group said in its turn."""
    turns.take(
        get_db(),
        agenda_id,
        item_id,
        request.form.get("group", ""),
        said("turn"),
        seen=whole_number(request.form.get("seen")) or 0,
        by=me(),
    )
    return done(
        _("The turn is noted."), "circles.negotiation", agenda_id=agenda_id, item_id=item_id
    )


@blueprint.post(f"{PLACE}/outcome")
@guarded("lead_exchange")
@shown_again_by(negotiation_page, fields=FIELDS)
def decide(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Keep how the negotiation of an item ended, and what follows from it."""
    outcomes.decide(
        get_db(),
        agenda_id,
        item_id,
        request.form.get("outcome", ""),
        said("outcome_words"),
        planned=_planned(),
        no_action=said("no_action"),
        after=whole_number(request.form.get("after")),
        by=me(),
    )
    return done(
        _("The outcome is kept."), "circles.negotiation", agenda_id=agenda_id, item_id=item_id
    )


def _planned() -> list[Planned]:
    """Return the actions of which anything was typed."""
    rows = [
        Planned(said(f"what-{at}"), said(f"owner-{at}"), request.form.get(f"due-{at}", "").strip())
        for at in range(ACTIONS)
    ]
    return [one for one in rows if one.what or one.owner or one.due]
