"""Coming to a table: the code on the projector, a seat, and leaving it for the next person."""

from __future__ import annotations

import re
import secrets
import unicodedata
from http import HTTPStatus
from typing import Final

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import circles, seats
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web import guards, qr, sessions, slips
from par_toolkit.web.circles import refusing, unsaved
from par_toolkit.web.circles.cycle import overview
from par_toolkit.web.circles.door import blueprint, my_seat, said, sit_down, stand_up
from par_toolkit.web.circles.guessing import held_up, scanned, wrong
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import allowed, guarded, refused_by, words_kept_by

#: Hex digits that tell one page of the door from every other.
VISIT: Final = 32


@blueprint.get("")
@guarded("join_circle")
def start() -> ResponseReturnValue:
    """Ask for the code of the table, or lead whoever leads circles to every room of them."""
    if allowed("see_cycle") and "table" not in request.args:
        return overview()
    return _page([])


def _page(problems: list[tuple[str | None, str]]) -> str:
    sessions.begin_anew()
    return _shown(problems)


def _shown(problems: list[tuple[str | None, str]]) -> str:
    visit = secrets.token_hex(VISIT // 2)
    return render_template("circles/start.html", problems=problems, visit=visit)


def again(sentence: str) -> ResponseReturnValue:
    """Show the codes again when the session ran out."""
    return _page([(None, sentence)]), HTTPStatus.BAD_REQUEST


@refused_by("member")
def ask_for_table() -> ResponseReturnValue:
    """Ask whoever has no seat for the code of the table."""
    if request.method == "POST":
        if unsaved.of_this_device() and not session.get("shared"):
            g.unsaved = unsaved.words()
        sessions.begin_anew()  # a script that asks must not do so: words may still be on their way
    sentence = _("Type the code of your table first.")
    return _shown([("table-code", sentence)]), HTTPStatus.UNAUTHORIZED


@blueprint.post("/join")
@guarded("join_circle")
@words_kept_by(again)
def join() -> ResponseReturnValue:
    """Give a seat to whoever types the code of an open table."""
    found = circles.by_table_code(get_db(), digits("table_code"))
    if not scanned(found) and held_up():
        return _wait("table-code")
    if found is None:
        return _wrong("table-code", _("No table has this code now. Look at the screen again."))
    try:
        with get_db().writing():
            seat, name = _seat_of_this_visit(found) or _new_seat(found)
    except Refused as refused:
        field = "called" if refused.reason == "long_name" else "table-code"
        return _page([(field, refusing.sentence(refused))]), HTTPStatus.UNPROCESSABLE_ENTITY
    _take(seat)
    session["seat_code"] = name
    return redirect(url_for("circles.your_seat"), HTTPStatus.SEE_OTHER)


def _visit() -> str | None:
    """Return under which name the slip of this page is held; None where the page named none."""
    visit = request.form.get("visit", "")
    return f"visit {visit}" if re.fullmatch(f"[0-9a-f]{{{VISIT}}}", visit) else None


def _new_seat(circle: Circle) -> tuple[Seat, str]:
    """Give out a seat; return it with the name of the slip that holds its code."""
    seat, code = seats.join(get_db(), circle.id, called=said("called"))
    return seat, slips.held().put(slips.Slip(code, f"seat {seat.id}"), name=_visit())


def _seat_of_this_visit(circle: Circle) -> tuple[Seat, str] | None:
    """Return the seat that this very page was given: on a slow line people press twice.

    Otherwise the others would wait for somebody who is not there.
    """
    name = _visit()
    slip = slips.held().get(name)
    seat = seats.get(get_db(), int(slip.status.removeprefix("seat "))) if slip else None
    return (seat, name) if name and seat and seat.circle == circle.id else None


def _take(seat: Seat) -> None:
    """Give this browser a seat; whoever sat there before has left, and nobody waits for them."""
    before = guards.seat()
    if before and before.id != seat.id:
        seats.leave(get_db(), before.id)
    sit_down(seat, shared="shared" in request.form)


@blueprint.get("/seat")
@guarded("sit_in_circle")
def your_seat() -> ResponseReturnValue:
    """Show the code of the seat, for ten minutes after sitting down."""
    slip = slips.held().get(session.get("seat_code"))
    if slip is None or slip.status != f"seat {my_seat().id}":
        return redirect(url_for("circles.table"), HTTPStatus.SEE_OTHER)
    address = url_for("circles.start", _external=True)
    square = qr.draw(f"{address}#seat-{slip.code}")
    return render_template("circles/seat.html", code=slip.code, square=square)


@blueprint.post("/come-back")
@guarded("join_circle")
@words_kept_by(again)
def come_back() -> ResponseReturnValue:
    """Open a seat again with its own code, as on another telephone."""
    if held_up():
        return _wait("seat-code")
    db = get_db()
    seat = seats.by_code(db, digits("seat_code"))
    if seat is None:
        return _wrong("seat-code", _("No seat has this code. Look at your slip again."))
    _take(seats.sit_again(db, seat.id))
    return redirect(url_for("circles.table"), HTTPStatus.SEE_OTHER)


@blueprint.post("/leave")
@guarded("sit_in_circle")
def leave() -> ResponseReturnValue:
    """Leave the seat, and nothing of it in this browser."""
    seats.leave(get_db(), my_seat().id)
    stand_up()
    return redirect(url_for("circles.start"), HTTPStatus.SEE_OTHER)


def digits(name: str) -> str:
    """Return the digits that were typed; spaces, dashes and any script's digits are understood."""
    found = (unicodedata.digit(char, None) for char in request.form.get(name, "")[:100])
    return "".join(str(digit) for digit in found if digit is not None)


def _wrong(field: str, sentence: str) -> ResponseReturnValue:
    """Say that a code is wrong, and count it."""
    wrong()
    return _page([(field, sentence)]), HTTPStatus.UNPROCESSABLE_ENTITY


def _wait(field: str) -> ResponseReturnValue:
    """Say that this browser tried too many codes; nobody else has to wait for it."""
    sentence = _("That was many tries in a short time. Wait a minute and try again.")
    return _page([(field, sentence)]), HTTPStatus.TOO_MANY_REQUESTS
