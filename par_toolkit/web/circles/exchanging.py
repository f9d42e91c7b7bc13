"""Statements at the table: answered alone; what all groups say is seen once they are closed."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import own, positions
from par_toolkit.storage.sensemaking import statements as put
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat, said
from par_toolkit.web.circles.exchange import result
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.circles.table import news
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, done, fingerprint
from par_toolkit.web.handling.fields import ID

MEMBER_ROOMS.append(Room("circles.my_statements", lambda: _("Statements"), "sit_in_circle"))


@blueprint.get("/table/statements")
@guarded("sit_in_circle")
def my_statements() -> ResponseReturnValue:
    """Show the statements that were put to this member's group."""
    return my_statements_page([])


def my_statements_page(problems: list[Problem], *, statement_id: int | None = None) -> Any:
    """Show what there is to answer, and of what is closed what every group said.

    While a statement is open, nobody is sent what others answer: they answer for themselves.
    """
    db, seat = get_db(), my_seat()
    seen = put.seen_by(db, seat)
    return render_template(
        "circles/my_statements.html",
        problems=problems,
        about=statement_id,
        spoken=own.latest(db, seat.id) is not None,
        open=[one for one in seen if one.open],
        closed=[result(one) for one in reversed(seen) if not one.open],
        mine=positions.of_seat(db, seat.id),
        stamp=stamp(db, seat),
    )


def stamp(db: PrivateDatabase, seat: Seat) -> str:
    """Return what changes when a statement comes or closes; nobody's answer changes it."""
    return fingerprint([(one.id, one.closed_at) for one in put.seen_by(db, seat)])


@blueprint.get("/table/statements/now")
@guarded("sit_in_circle")
def my_statements_now() -> ResponseReturnValue:
    """Tell a script whether a statement came or closed since it looked."""
    return news(stamp(get_db(), my_seat()))


@blueprint.post(f"/table/statements/<{ID}:statement_id>")
@guarded("sit_in_circle")
@shown_again_by(my_statements_page, fields={"no_position": "position", "too_long": "reason"})
def answer_statement(statement_id: int) -> ResponseReturnValue:
    """Keep what this member answers to a statement."""
    seat = my_seat()
    positions.give(
        get_db(),
        statement_id,
        request.form.get("position", ""),
        said("reason"),
        seat=seat,
        by=seat,
    )
    return done(_("Your answer is saved."), "circles.my_statements")


@blueprint.post(f"/table/statements/<{ID}:statement_id>/back")
@guarded("sit_in_circle")
@shown_again_by(my_statements_page)
def take_back_position(statement_id: int) -> ResponseReturnValue:
    """Take this member's answer back, and erase its reason."""
    seat = my_seat()
    positions.take_back(get_db(), statement_id, seat=seat, by=seat)
    return done(_("Your answer is taken back, and your words are erased."), "circles.my_statements")
