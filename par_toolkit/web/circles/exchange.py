"""Statements put to every group, as those who lead see them: exact figures, for the desk alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analysis.agreement import in_order
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import circles, items, positions, seats
from par_toolkit.storage.sensemaking import statements as put
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.statements import Statement
from par_toolkit.web import errors
from par_toolkit.web.circles import clock, figures, wording
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.figures import Result
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, chosen, whole_number

FIELDS = {
    "no_statement_words": "statement",
    "put_already": "statement",
    "too_long": "statement",
    "nobody_asked": "group-0",
    "no_item": "item",
}


def result(statement: Statement) -> Result:
    """Gather what was said to a statement."""
    return figures.result(
        get_db(),
        statement,
        groups=group_codes(),
        fewest=inquiry().threshold,
    )


def group_codes() -> list[str]:
    """List the groups of the inquiry in its own order."""
    return [one.code for one in inquiry().groups]


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Let the pages of the exchange use its words."""
    return {"wording": wording, "group_codes": group_codes, "in_our_order": in_our_order}


def in_our_order(codes: Iterable[str]) -> list[str]:
    """Return groups in the order of the inquiry; those that it no longer names stand last."""
    ours = group_codes()
    return sorted(codes, key=lambda one: (ours.index(one) if one in ours else len(ours), one))


@blueprint.get("/statements")
@guarded("see_exchange")
def statements() -> ResponseReturnValue:
    """List the statements of a cycle, those first on which groups agree most."""
    return statements_page([])


def statements_page(problems: list[Problem]) -> Any:
    """List the statements of the cycle at hand, and offer the form for another."""
    cycle = clock.at_hand()
    found = {one.id: result(one) for one in put.of_cycle(get_db(), cycle)}
    order = in_order(one.figures for one in found.values())
    by_words = {one.statement.words: one for one in found.values()}
    return render_template(
        "circles/statements.html",
        problems=problems,
        cycle=cycle,
        cycles=clock.cycles(),
        results=[by_words[one.statement] for one in order],
        items=items.of_cycle(get_db(), cycle, states=items.UNSETTLED),
    )


@blueprint.post("/statements")
@guarded("see_exchange", post="lead_exchange")
@shown_again_by(statements_page, fields=FIELDS)
def put_statement() -> ResponseReturnValue:
    """Put a statement to groups."""
    cycle, item = clock.posted(), request.form.get("item", "")
    asked = [one for one in request.form.getlist("group") if one in group_codes()]
    found = put.put(
        get_db(),
        cycle,
        said("statement"),
        groups=asked,
        item=chosen("item") if item else None,
        by=me(),
    )
    return done(
        _("The statement is put to the groups."), "circles.statement", statement_id=found.id
    )


@blueprint.get(f"/statements/<{ID}:statement_id>")
@guarded("see_exchange")
def statement(statement_id: int) -> ResponseReturnValue:
    """Show one statement with its exact figures."""
    return statement_page([], statement_id=statement_id)


def statement_page(problems: list[Problem], *, statement_id: int) -> Any:
    """Show one statement: figures for the desk, reasons, and what was on paper to key in."""
    db = get_db()
    found = put.get(db, statement_id)
    if found is None:
        return errors.page(404)
    return render_template(
        "circles/statement.html",
        problems=problems,
        result=result(found),
        item=items.get(db, found.item) if found.item else None,
        others=[one for one in group_codes() if one not in found.groups],
        paper=[
            (seat, positions.of_seat(db, seat.id).get(found.id))
            for seat in paper_seats(db, found.cycle)
            if seat.group in found.groups
        ],
    )


def paper_seats(db: PrivateDatabase, cycle: str) -> list[Seat]:
    """List the seats of a cycle's open circles that people at the desk key in from paper."""
    return [
        seat
        for circle in circles.listing(db, cycle=cycle)
        if circle.closed_at is None
        for seat in seats.of_circle(db, circle.id)
        if seat.paper
    ]


def paper_seat(cycle: str) -> Seat:
    """Return the paper seat that was chosen. Raises Refused where it is none of this cycle."""
    number = whole_number(request.form.get("seat"))
    found = next((one for one in paper_seats(get_db(), cycle) if one.id == number), None)
    if found is None:
        raise Refused("no_seat", _("Choose the seat of whoever wrote on paper."))
    return found


@blueprint.get(f"/statements/<{ID}:statement_id>/shown")
@guarded("see_exchange")
def shown_statement(statement_id: int) -> ResponseReturnValue:
    """Show a statement as everybody sees it once it is closed, for a projector."""
    found = put.get(get_db(), statement_id)
    if found is None:
        return errors.page(404)
    return render_template("circles/statement_shown.html", result=result(found))


@blueprint.get("/statements/paper")
@guarded("see_exchange")
def statements_paper() -> ResponseReturnValue:
    """Show the open statements as a form to print and fill in by hand."""
    cycle = clock.at_hand()
    listed = [one for one in put.of_cycle(get_db(), cycle) if one.open]
    return render_template("circles/statements_paper.html", cycle=cycle, statements=listed)


@blueprint.post(f"/statements/<{ID}:statement_id>/ask")
@guarded("lead_exchange")
@shown_again_by(statement_page, fields={"asked_already": "group"})
def ask_group(statement_id: int) -> ResponseReturnValue:
    """Put a statement to one more group."""
    group = request.form.get("group", "")
    if group not in group_codes():
        raise Refused("asked_already", "Choose a group that was not asked yet.")
    put.ask_too(get_db(), statement_id, group, by=me())
    return done(
        _("It is put to this group as well."), "circles.statement", statement_id=statement_id
    )


@blueprint.post(f"/statements/<{ID}:statement_id>/close")
@guarded("lead_exchange")
@shown_again_by(statement_page)
def close_statement(statement_id: int) -> ResponseReturnValue:
    """End the answering; all groups see at once what each said."""
    put.close(get_db(), statement_id, by=me())
    sentence = _("It is closed. All groups see now what each of them said.")
    return done(sentence, "circles.statement", statement_id=statement_id)


@blueprint.post(f"/statements/<{ID}:statement_id>/paper")
@guarded("lead_exchange")
@shown_again_by(
    statement_page,
    fields={"no_seat": "seat", "no_position": "position-agree", "too_long": "reason"},
)
def key_in_position(statement_id: int) -> ResponseReturnValue:
    """Key in what somebody answered on paper."""
    db = get_db()
    found = put.there(db, statement_id)
    positions.give(
        db,
        statement_id,
        request.form.get("position", ""),
        said("reason"),
        seat=paper_seat(found.cycle),
        by=me(),
    )
    return done(_("The answer is keyed in."), "circles.statement", statement_id=statement_id)
