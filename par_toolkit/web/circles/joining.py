"""Coming to a table: the code on the projector, a seat, and leaving it for the next person."""

from __future__ import annotations

import unicodedata
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded

from forms import clean_text
from forms.text import showable
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import circles, seats
from par_toolkit.web import sessions
from par_toolkit.web.attempts import CODES, limiter
from par_toolkit.web.circles.door import blueprint, my_seat, sit_down, stand_up
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, refused_by, words_kept_by


@blueprint.get("")
@guarded("join_circle")
def start() -> ResponseReturnValue:
    """Ask for the code of the table, or lead whoever sits at one to it."""
    return _page([])


def _page(problems: list[tuple[str | None, str]]) -> str:
    sessions.begin_anew()
    return render_template("circles/start.html", problems=problems)


def again(sentence: str) -> ResponseReturnValue:
    """Show the codes again when the session ran out."""
    return _page([(None, sentence)]), HTTPStatus.BAD_REQUEST


@refused_by("member")
def ask_for_table() -> ResponseReturnValue:
    """Ask whoever has no seat for the code of the table."""
    sentence = _("Type the code of your table first.")
    return _page([("table-code", sentence)]), HTTPStatus.UNAUTHORIZED


@blueprint.post("/join")
@guarded("join_circle")
@words_kept_by(again)
def join() -> ResponseReturnValue:
    """Give a seat to whoever types the code of an open table."""
    found = circles.by_table_code(get_db(), digits("table_code"))
    if found is None:
        return _wrong("table-code", _("No table has this code now. Look at the screen again."))
    try:
        called = clean_text(showable(request.form.get("called", ""))).strip()
        seat, code = seats.join(get_db(), found.id, called=called)
    except Refused:
        return _page([("called", _("Use a shorter name."))]), HTTPStatus.UNPROCESSABLE_ENTITY
    sit_down(seat)
    return render_template("circles/seat.html", seat=seat, code=code)


@blueprint.post("/come-back")
@guarded("join_circle")
@words_kept_by(again)
def come_back() -> ResponseReturnValue:
    """Open a seat again with its own code, as on another telephone."""
    db, seat = get_db(), seats.by_code(get_db(), digits("seat_code"))
    if seat is None:
        return _wrong("seat-code", _("No seat has this code. Look at your slip again."))
    seats.come_back(db, seat.id)
    sit_down(seat)
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
    """Count a wrong code and say so. A right one is never held up by what others try."""
    try:
        with limiter.limit(CODES):
            return _page([(field, sentence)]), HTTPStatus.UNPROCESSABLE_ENTITY
    except RateLimitExceeded:
        sentence = _("That was many tries in a short time. Wait a minute and try again.")
        return _page([(field, sentence)]), HTTPStatus.TOO_MANY_REQUESTS
