"""Agendas at the table: a member confirms the own group's view, reads all views, takes turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import agenda_items, agendas, outcomes, own, turns, views
from par_toolkit.storage.sensemaking.agenda_items import Entry
from par_toolkit.storage.sensemaking.agendas import Agenda
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.views import View
from par_toolkit.web.circles.agendas import whole
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat, said
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.circles.table import news
from par_toolkit.web.circles.viewing import confirm
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, done, fingerprint
from par_toolkit.web.handling.fields import ID, whole_number

MEMBER_ROOMS.append(Room("circles.my_agendas", lambda: _("Agenda"), "sit_in_circle"))
FIELDS = {
    "no_view_words": "view",
    "view_changed": "view",
    "unchanged": "view",
    "no_missing": "missing",
    "no_turn_words": "turn",
    "turn_taken": "turn",
    "turn_of_others": "turn",
    "too_long": "view",
}


@dataclass(frozen=True)
class Ours:
    """The view of a member's own group on an item of an agenda that is still being written.

    `answered` is what this member said of it: True, False, or None for nothing yet.
    """

    agenda: Agenda
    entry: Entry
    view: View | None
    answered: bool | None


@blueprint.get("/table/agenda")
@guarded("sit_in_circle")
def my_agendas() -> ResponseReturnValue:
    """Show a member the agendas that are sent, and the own group's views before that."""
    return my_agendas_page([])


def my_agendas_page(problems: list[Problem], **_more: Any) -> Any:
    """Show what this member may read and do now."""
    db, seat = get_db(), my_seat()
    spoken = own.latest(db, seat.id) is not None
    return render_template(
        "circles/my_agendas.html",
        problems=problems,
        spoken=spoken,
        ours=_ours(db, seat) if spoken else [],
        sent=[whole(one) for one in agendas.sent_in(db, seat.cycle)] if spoken else [],
        next_up=turns.next_up,
        stamp=stamp(db, seat),
    )


def _ours(db: PrivateDatabase, seat: Seat) -> list[Ours]:
    found = []
    for agenda in agendas.of_cycle(db, seat.cycle):
        if agenda.sent_at:
            continue
        seen = views.seen_by(db, seat, agenda.id)
        for entry in agenda_items.of_agenda(db, agenda.id):
            if seat.group in entry.groups:
                view = seen.get(entry.item.id, {}).get(seat.group)
                answered = views.answer_of(db, view.id, seat) if view else None
                found.append(Ours(agenda, entry, view, answered))
    return found


def stamp(db: PrivateDatabase, seat: Seat) -> str:
    """Return what changes with this page, and says nothing before the own words are saved."""
    if own.latest(db, seat.id) is None:
        return fingerprint("own first")
    ours = [(one.entry.item.id, one.view.id if one.view else 0) for one in _ours(db, seat)]
    sent = [
        (
            agenda.id,
            agenda.state,
            [
                (one.item.id, len(turns.of_item(db, agenda.id, one.item.id)))
                for one in agenda_items.of_agenda(db, agenda.id)
            ],
            [one.id for one in outcomes.of_agenda(db, agenda.id).values()],
        )
        for agenda in agendas.sent_in(db, seat.cycle)
    ]
    return fingerprint(ours, sent)


@blueprint.get("/table/agenda/now")
@guarded("sit_in_circle")
def my_agendas_now() -> ResponseReturnValue:
    """Tell a script whether anything came since it looked."""
    return news(stamp(get_db(), my_seat()))


@blueprint.post(f"/table/agenda/<{ID}:agenda_id>/<{ID}:item_id>/view")
@guarded("sit_in_circle")
@shown_again_by(my_agendas_page, fields=FIELDS)
def write_our_view(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Keep how this member's group sees an item, in a new version."""
    seat = my_seat()
    views.write(
        get_db(),
        agenda_id,
        item_id,
        seat.group,
        said("view"),
        after=whole_number(request.form.get("after")),
        by=seat,
    )
    return done(_("The view of your group is saved. Its people confirm it."), "circles.my_agendas")


@blueprint.post("/table/agenda/confirm")
@guarded("sit_in_circle")
@shown_again_by(my_agendas_page, fields=FIELDS)
def confirm_our_view() -> ResponseReturnValue:
    """Keep whether a view states what this member's group holds."""
    confirm(seat=None, by=my_seat())
    return done(_("Your answer is saved."), "circles.my_agendas")


@blueprint.post(f"/table/agenda/<{ID}:agenda_id>/<{ID}:item_id>/turn")
@guarded("sit_in_circle")
@shown_again_by(my_agendas_page, fields=FIELDS | {"too_long": "turn"})
def take_turn(agenda_id: int, item_id: int) -> ResponseReturnValue:
    """Keep what this member says in the turn of their group."""
    seat = my_seat()
    turns.take(
        get_db(),
        agenda_id,
        item_id,
        seat.group,
        said("turn"),
        seen=whole_number(request.form.get("seen")) or 0,
        by=seat,
    )
    return done(_("The turn of your group is saved."), "circles.my_agendas")
