"""One item of an agenda: how each group that it affects sees it, and whether its people say so."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import (
    agenda_items,
    circles,
    information,
    joint,
    statements,
    views,
)
from par_toolkit.storage.sensemaking.agendas import Agenda
from par_toolkit.storage.sensemaking.joint import Construction
from par_toolkit.web.circles.agendas import agenda_at, ticked_groups
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.exchange import paper_seats, result
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, whole_number

PLACE = f"/agendas/<{ID}:agenda_id>/items/<{ID}:item_id>"
FIELDS = {
    "nobody_affected": "affected-0",
    "said_by_group": "affected-0",
    "has_views": "affected-0",
    "entry_changed": "evidence",
    "waits_for_information": "affected-0",
    "no_why": "why",
    "at_the_end": "why",
    "no_view_words": "view",
    "view_changed": "view",
    "unchanged": "view",
    "no_missing": "missing",
}


@blueprint.get(PLACE)
@guarded("see_exchange")
def agenda_item(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Show one item of an agenda."""
    return agenda_item_page([], agenda_id=agenda_id, item_id=item_id)


def agenda_item_page(problems: list[Problem], *, agenda_id: int, item_id: int) -> Any:
    """Show one item with its views, and the forms to write and to confirm them."""
    db, agenda = get_db(), agenda_at(agenda_id)
    entries = agenda_items.of_agenda(db, agenda_id)
    entry = next((one for one in entries if one.item.id == item_id), None)
    if entry is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template(
        "circles/agenda_item.html",
        problems=problems,
        agenda=agenda,
        entry=entry,
        views=views.of_agenda(db, agenda_id).get(item_id, {}),
        before={
            group: views.versions(db, agenda_id, item_id, group)[:-1] for group in entry.groups
        },
        constructions=_constructions(db, agenda),
        tasks=information.of_item(db, item_id),
        results=[result(one) for one in statements.of_item(db, item_id)],
        paper=paper_seats(db, agenda.cycle),
        last=entry.place == len(entries),
    )


def _constructions(db: PrivateDatabase, agenda: Agenda) -> dict[str, list[Construction]]:
    """Return what the circles of each group say now, to take a view from."""
    found: dict[str, list[Construction]] = {}
    for one in circles.listing(db, cycle=agenda.cycle):
        found.setdefault(one.group, []).extend(joint.current(joint.versions(db, one.id)))
    return found


@blueprint.post(PLACE)
@guarded("see_exchange", post="lead_exchange")
@shown_again_by(agenda_item_page, fields=FIELDS)
def change_agenda_item(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Give an item other groups that it affects, or other evidence."""
    agenda_items.change(
        get_db(),
        agenda_id,
        item_id,
        groups=ticked_groups(),
        evidence=said("evidence"),
        seen=request.form.get("seen", ""),
        by=me(),
    )
    return _saved(agenda_id, item_id)


@blueprint.post(f"{PLACE}/remove")
@guarded("lead_exchange")
@shown_again_by(agenda_item_page)
def take_off_agenda(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Take an item off an agenda."""
    agenda_items.remove(get_db(), agenda_id, item_id, by=me())
    return done(_("It is off the agenda."), "circles.agenda", agenda_id=agenda_id)


@blueprint.post(f"{PLACE}/move")
@guarded("lead_exchange")
@shown_again_by(agenda_item_page, fields=FIELDS)
def move_on_agenda(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Move an item one place, with the reason why."""
    up = request.form.get("to") != "down"
    agenda_items.move(get_db(), agenda_id, item_id, up=up, why=said("why"), by=me())
    return done(_("It is moved."), "circles.agenda", agenda_id=agenda_id)


@blueprint.post(f"{PLACE}/view")
@guarded("lead_exchange")
@shown_again_by(agenda_item_page, fields=FIELDS)
def write_view(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Keep how a group sees the item, for its people to confirm."""
    views.write(
        get_db(),
        agenda_id,
        item_id,
        request.form.get("group", ""),
        said("view"),
        construction=whole_number(request.form.get("construction")),
        after=whole_number(request.form.get("after")),
        by=me(),
    )
    return _saved(agenda_id, item_id)


@blueprint.post(f"{PLACE}/confirm")
@guarded("lead_exchange")
@shown_again_by(agenda_item_page, fields=FIELDS)
def key_in_confirmation(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Key in what somebody of a group said, by voice or on paper, to its view."""
    db, number = get_db(), whole_number(request.form.get("seat"))
    paper = {one.id: one for one in paper_seats(db, agenda_at(agenda_id).cycle)}
    if number is not None and number not in paper:
        raise Refused("no_seat", "There is no such seat in this circle.")
    confirm(seat=paper[number] if number else None, by=me())
    return _saved(agenda_id, item_id)


def confirm(*, seat: Any, by: Any) -> None:
    """Keep the yes or no that was posted to a view."""
    answer = request.form.get("states_it")
    if answer not in ("yes", "no"):
        raise Refused("no_position", "Choose one of the answers first.")
    views.confirm(
        get_db(),
        whole_number(request.form.get("view_id")) or 0,
        states_it=answer == "yes",
        words=said("missing"),
        seat=seat,
        by=by,
    )


def _saved(agenda_id: int, item_id: int) -> ResponseReturnValue:
    return done(_("Saved."), "circles.agenda_item", agenda_id=agenda_id, item_id=item_id)
