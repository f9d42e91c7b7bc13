"""What every room of the circles shares: the blueprint, the seat of a browser, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, request, session

from forms import clean_text
from forms.text import says_something, showable
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web import guards, slips
from par_toolkit.web.circles import saying
from par_toolkit.web.desk import door as desk

blueprint = Blueprint("circles", __name__, url_prefix="/circles")


@dataclass(frozen=True)
class MemberPage:
    """A page that the bar over a member's pages leads to: its endpoint and its words."""

    endpoint: str
    words: Callable[[], str]
    #: Where it stands in the bar: the steps of the method, from the left.
    place: int


#: Each module adds its own.
MEMBER_PAGES: Final[list[MemberPage]] = []


def my_seat() -> Seat:
    """Return the seat this browser holds; the guard has let nobody else in."""
    seat = guards.seat()
    assert seat is not None
    return seat


def sit_down(seat: Seat, *, shared: bool = False) -> None:
    """Give this browser a seat, with nothing of whoever sat there before.

    A `shared` device leaves the seat by itself when nobody touches it for a while.
    """
    _begin_anew()
    session["seat"], session["has_sat"] = seat.id, True
    if shared:
        session["shared"] = True


def stand_up() -> None:
    """Take the seat from this browser: the next person finds nothing of it."""
    slips.held().forget(session.get("seat_code"))
    _begin_anew()


def _begin_anew() -> None:
    """Forget all but the language, and what tells that this browser guesses no codes."""
    kept = {name: session[name] for name in ("language", "browser", "has_sat") if name in session}
    session.clear()
    session.update(kept)
    guards.forget_seat()


def said(name: str) -> str:
    """Return what was written in a field, whole, without what cannot be seen; '' for nothing."""
    text = clean_text(showable(request.form.get(name, "")))
    return text.strip() if says_something(text) else ""


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Let the pages say whose seat it is and where else one can go, in the words of the desk."""
    return desk.shared() | {
        "seat": guards.seat(),
        "saying": saying,
        "member_pages": sorted(MEMBER_PAGES, key=lambda page: page.place),
    }
