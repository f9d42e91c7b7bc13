"""Agendas: what is negotiated, written by those who lead, then sent to all at the same moment."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    glossary,
    information,
    outcomes,
    rankings,
    sending,
    statements,
    turns,
    views,
)
from par_toolkit.storage.sensemaking import agendas as written
from par_toolkit.storage.sensemaking.agendas import Agenda
from par_toolkit.web import errors
from par_toolkit.web.circles import clock, wording
from par_toolkit.web.circles.cycle import beginning
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.exchange import group_codes, result
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, chosen, words

FIELDS = {
    "no_title": "title",
    "nothing_chosen": "item",
    "not_unresolved": "item",
    "on_agenda": "item",
    "waits_for_information": "item",
    "nobody_affected": "affected-0",
    "said_by_group": "affected-0",
    "no_word": "word",
    "no_meaning": "meaning",
}


def agenda_at(agenda_id: int) -> Agenda:
    """Return an agenda. Stops the request with 404 where there is none."""
    return written.get(get_db(), agenda_id) or abort(HTTPStatus.NOT_FOUND)


def ticked_groups() -> list[str]:
    """Return the groups of the inquiry that were ticked."""
    return [one for one in request.form.getlist("affected") if one in group_codes()]


@blueprint.get("/agendas")
@guarded("see_exchange")
def agendas() -> ResponseReturnValue:
    """List the agendas of a cycle."""
    return agendas_page([])


def agendas_page(problems: list[Problem]) -> Any:
    """List the agendas of the cycle at hand, and offer the form for another."""
    cycle = clock.at_hand()
    return render_template(
        "circles/agendas.html",
        problems=problems,
        cycle=cycle,
        cycles=clock.cycles(),
        agendas=written.of_cycle(get_db(), cycle),
    )


@blueprint.post("/agendas")
@guarded("see_exchange", post="lead_exchange")
@shown_again_by(agendas_page, fields=FIELDS)
def begin_agenda() -> ResponseReturnValue:
    """Begin an agenda."""
    found = written.add(get_db(), clock.posted(), words("title"), by=me())
    return done(_("The agenda is begun."), "circles.agenda", agenda_id=found.id)


@blueprint.get(f"/agendas/<{ID}:agenda_id>")
@guarded("see_exchange")
def agenda(agenda_id: int) -> ResponseReturnValue:
    """Show one agenda, with what it still lacks."""
    return agenda_page([], agenda_id=agenda_id)


def agenda_page(problems: list[Problem], *, agenda_id: int, **_more: Any) -> Any:
    """Show an agenda as those who lead see it: items, glossary, what it lacks, how to send it."""
    db, found = get_db(), agenda_at(agenda_id)
    entries = agenda_items.of_agenda(db, agenda_id)
    there = {one.item.id for one in entries}
    unresolved = rankings.unresolved(db, found.cycle)
    titles = {one.id: beginning(one.words) for one in (*unresolved, *(e.item for e in entries))}
    lacks = sending.lacks(db, agenda_id) if found.state == "written" else []
    return render_template(
        "circles/agenda.html",
        problems=problems,
        agenda=found,
        entries=entries,
        views=views.of_agenda(db, agenda_id),
        glossary=glossary.of_agenda(db, agenda_id),
        lacks=[wording.lacking(one, titles.get(one.item or 0, "")) for one in lacks],
        choices=[one for one in unresolved if one.id not in there],
        decided=outcomes.of_agenda(db, agenda_id),
        beginning=beginning,
    )


@blueprint.get(f"/agendas/<{ID}:agenda_id>/sheet")
@guarded("see_exchange")
def agenda_sheet(agenda_id: int) -> ResponseReturnValue:
    """Show an agenda as it is handed out: to print, with room to write, or on a projector.

    With a `group` it is the paper for its people alone: their own view, to say whether it is so.
    """
    gathered, group = whole(agenda_at(agenda_id)), request.args.get("group")
    if group is None:
        return render_template("circles/agenda_sheet.html", **gathered)
    if group not in group_codes():
        return errors.page(404)
    return render_template("circles/agenda_paper.html", group=group, **gathered)


def whole(found: Agenda) -> dict[str, Any]:
    """Gather an agenda as all groups read it once it is sent."""
    db = get_db()
    entries = agenda_items.of_agenda(db, found.id)
    return {
        "agenda": found,
        "entries": entries,
        "views": views.of_agenda(db, found.id),
        "glossary": glossary.of_agenda(db, found.id),
        "turns": {one.item.id: turns.of_item(db, found.id, one.item.id) for one in entries},
        "tasks": {one.item.id: information.of_item(db, one.item.id) for one in entries},
        "results": {
            one.item.id: [result(put) for put in statements.of_item(db, one.item.id)]
            for one in entries
        },
        "decided": outcomes.of_agenda(db, found.id),
        "planned": {one.item.id: actions.of_item(db, one.item.id) for one in entries},
    }


@blueprint.post(f"/agendas/<{ID}:agenda_id>/items")
@guarded("lead_exchange")
@shown_again_by(agenda_page, fields=FIELDS)
def add_to_agenda(agenda_id: int) -> ResponseReturnValue:
    """Put an item on an agenda, with the groups that it affects."""
    agenda_items.add(
        get_db(),
        agenda_id,
        chosen("item"),
        groups=ticked_groups(),
        evidence=said("evidence"),
        by=me(),
    )
    return done(_("It is on the agenda."), "circles.agenda", agenda_id=agenda_id)


@blueprint.post(f"/agendas/<{ID}:agenda_id>/order")
@guarded("lead_exchange")
@shown_again_by(agenda_page)
def order_agenda(agenda_id: int) -> ResponseReturnValue:
    """Put the items in the order that those affected gave them."""
    agenda_items.order(get_db(), agenda_id, method=wording.ranked_method(), by=me())
    sentence = _("The items stand in the order of those affected.")
    return done(sentence, "circles.agenda", agenda_id=agenda_id)


@blueprint.post(f"/agendas/<{ID}:agenda_id>/glossary")
@guarded("lead_exchange")
@shown_again_by(agenda_page, fields=FIELDS)
def explain_word(agenda_id: int) -> ResponseReturnValue:
    """Say what a hard word means."""
    glossary.put(get_db(), agenda_id, words("word"), words("meaning"), by=me())
    return done(_("The word is explained."), "circles.agenda", agenda_id=agenda_id)


@blueprint.post(f"/agendas/<{ID}:agenda_id>/glossary/remove")
@guarded("lead_exchange")
@shown_again_by(agenda_page)
def remove_word(agenda_id: int) -> ResponseReturnValue:
    """Take a word out of the glossary."""
    glossary.remove(get_db(), agenda_id, chosen("term"), by=me())
    return done(_("The word is taken out."), "circles.agenda", agenda_id=agenda_id)


@blueprint.post(f"/agendas/<{ID}:agenda_id>/send")
@guarded("lead_exchange")
@shown_again_by(agenda_page, fields={"not_ready": "lacking"})
def send_agenda(agenda_id: int) -> ResponseReturnValue:
    """Let all groups read an agenda from this moment on."""
    sending.send(get_db(), agenda_id, by=me())
    sentence = _("It is sent: all groups can read it from this moment on.")
    return done(sentence, "circles.agenda", agenda_id=agenda_id)
