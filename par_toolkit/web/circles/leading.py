"""Leading circles: open one, see who has spoken, go on without whoever went away, close it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import (
    alone,
    changes,
    circles,
    hearings,
    own,
    phases,
    rounds,
    seats,
)
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.hearings import Hearing
from par_toolkit.storage.sensemaking.rounds import Round
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web import qr
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.guessing import square_of
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.circles.table import news
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling import once
from par_toolkit.web.handling.answers import Problem, done, fingerprint
from par_toolkit.web.handling.fields import ID
from par_toolkit.web.languages import chosen as language


@dataclass(frozen=True)
class Place:
    """A seat as those who lead see it: what is still waited for, and what it brought."""

    seat: Seat
    has_own: bool
    hearing: Hearing | None
    left_over: int | None


@dataclass(frozen=True)
class Overview:
    """A circle as those who lead see it; `open` says whether anything can still be added.

    `waiting` are those who have not written their own; `writing` those, and whoever keeps something
    that they have not shared.
    """

    circle: Circle
    places: list[Place]
    waiting: list[Seat]
    writing: list[Seat]
    nothing_new: bool
    round: Round | None
    turn: Seat | None
    open: bool
    seen: str


def circle_at(db: PrivateDatabase, circle_id: int) -> Circle:
    """Return a circle. Stops the request with 404 where there is none."""
    return circles.get(db, circle_id) or abort(HTTPStatus.NOT_FOUND)


def look(db: PrivateDatabase, circle_id: int) -> Overview:
    """Gather who sits in a circle and how far it has come. 404 where there is none."""
    circle, present = circle_at(db, circle_id), rounds.at(db, circle_id)
    written, heard = own.of_circle(db, circle_id), hearings.of_circle(db, circle_id)
    by_seat = {one.seat: one for one in heard}
    kept = alone.left(db, circle_id, present.kind) if present else {}
    places = [
        Place(seat, seat.id in written, by_seat.get(seat.id), kept.get(seat.id))
        for seat in seats.of_circle(db, circle_id)
    ]
    sharing = present is not None and present.stage == "share"
    waiting, keeping = own.waiting(db, circle_id), alone.keeping(db, circle_id)
    return Overview(
        circle=circle,
        places=places,
        waiting=waiting,
        writing=[one.seat for one in places if one.seat in waiting or one.seat.id in keeping],
        nothing_new=hearings.nothing_new(heard),
        round=present,
        turn=alone.turn(db, circle_id, present.kind) if sharing and present else None,
        open=circles.is_open(db, circle),
        seen=stamp(db, circle_id),
    )


def stamp(db: PrivateDatabase, circle_id: int) -> str:
    """Return what changes with any page about a circle, and is cheap to ask for."""
    return fingerprint(changes.of_circle(db, circle_id) or abort(HTTPStatus.NOT_FOUND))


@blueprint.get("/run")
@guarded("see_circles")
def run() -> ResponseReturnValue:
    """List the circles, and ask for a new one."""
    return run_page([])


def run_page(problems: list[Problem], **_more: Any) -> str:
    """Show every circle, those that are open first."""
    return render_template(
        "circles/run.html",
        problems=problems,
        circles=circles.listing(get_db()),
        options=inquiry().options(language()),
        running=next(iter(phases.running(get_db())), ""),
    )


@blueprint.post("/run")
@guarded("see_circles", post="lead_circles")
@shown_again_by(run_page, fields={"no_topic": "topic", "too_long": "topic", "no_group": "group"})
def open_circle() -> ResponseReturnValue:
    """Open a circle of one of the inquiry's groups, in one of its cycles."""
    options = inquiry().options("")
    group, cycle = request.form.get("group", ""), request.form.get("cycle", "")
    if group not in dict(options["groups"]) or cycle not in dict(options["cycles"]):
        raise Refused("no_group", "Choose the group and the cycle of this circle.")
    made = circles.open(get_db(), group=group, cycle=cycle, topic=said("topic"), by=me())
    return done(_("The circle is open."), "circles.lead", circle_id=made.id)


@blueprint.get(f"/run/<{ID}:circle_id>")
@guarded("see_circles")
def lead(circle_id: int) -> ResponseReturnValue:
    """Show one circle: its code, who sits there, and how far it has come."""
    return lead_page([], circle_id=circle_id)


def lead_page(problems: list[Problem], *, circle_id: int, **_more: Any) -> str:
    """Show a circle to whoever leads it."""
    overview = look(get_db(), circle_id)
    return render_template(
        "circles/lead.html",
        problems=problems,
        overview=overview,
        square=square(overview.circle),
    )


def square(circle: Circle) -> Markup:
    """Draw the address of the table; its code stands behind '#', which browsers never send."""
    behind = f"table-{circle.table_code}-{square_of(circle)}"
    return qr.draw(f"{url_for('circles.start', _external=True)}#{behind}")


@blueprint.get(f"/run/<{ID}:circle_id>/now")
@guarded("see_circles")
def lead_now(circle_id: int) -> ResponseReturnValue:
    """Tell a script whether the pages about a circle look otherwise than it has seen them."""
    return news(stamp(get_db(), circle_id))


def seat_of(db: PrivateDatabase, circle_id: int, seat_id: int) -> Seat:
    """Return a seat of a circle. Stops the request with 404 where there is none."""
    seat = seats.get(db, seat_id)
    return seat if seat and seat.circle == circle_id else abort(HTTPStatus.NOT_FOUND)


@blueprint.post(f"/run/<{ID}:circle_id>/seats/<{ID}:seat_id>/heard")
@guarded("lead_circles")
@shown_again_by(lead_page)
def note_hearing(circle_id: int, seat_id: int) -> ResponseReturnValue:
    """Note whether somebody brought something new."""
    seat, new = seat_of(get_db(), circle_id, seat_id), request.form.get("new")
    if new not in ("yes", "no"):
        raise Refused("no_answer", "Choose one of the answers first.")
    hearings.note(get_db(), seat.id, brought_new=new == "yes", by=me())
    return done(_("Noted."), "circles.lead", circle_id=circle_id)


@blueprint.post(f"/run/<{ID}:circle_id>/seats/<{ID}:seat_id>/away")
@guarded("lead_circles")
@shown_again_by(lead_page)
def go_on_without(circle_id: int, seat_id: int) -> ResponseReturnValue:
    """Have nobody wait for somebody who went away half-way."""
    seats.go_on_without(get_db(), seat_of(get_db(), circle_id, seat_id).id, by=me())
    return done(
        _("Nobody waits for them now. With their next act they are back."),
        "circles.lead",
        circle_id=circle_id,
    )


@blueprint.post(f"/run/<{ID}:circle_id>/seats/<{ID}:seat_id>/code")
@guarded("lead_circles")
@shown_again_by(lead_page)
def renew_code(circle_id: int, seat_id: int) -> ResponseReturnValue:
    """Give somebody who lost it a new code of their seat, shown once."""
    seat = seat_of(get_db(), circle_id, seat_id)
    return show_code(seat, seats.renew_code(get_db(), seat.id, by=me()))


def show_code(seat: Seat, code: str) -> ResponseReturnValue:
    """Lead to the page that shows the code of a seat, this once."""
    link = f"{url_for('circles.start', _external=True)}#seat-{code}"
    secret = once.Secret("seat", str(seat.number), link, f"{code[:4]} {code[4:]}")
    shown = once.keep(secret)
    address = url_for("circles.seat_code", circle_id=seat.circle, name=shown)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get(f"/run/<{ID}:circle_id>/code/<name>")
@guarded("lead_circles")
def seat_code(circle_id: int, name: str) -> ResponseReturnValue:
    """Show the code of a seat, to hand to its person."""
    secret = once.take(name, "seat")
    return render_template("circles/seat_code.html", secret=secret, circle_id=circle_id)


@blueprint.post(f"/run/<{ID}:circle_id>/close")
@guarded("lead_circles")
@shown_again_by(lead_page)
def close_circle(circle_id: int) -> ResponseReturnValue:
    """Close a circle; nothing is added any more, and all of it can be read."""
    circles.close(get_db(), circle_id, by=me())
    return done(_("The circle is closed."), "circles.lead", circle_id=circle_id)
