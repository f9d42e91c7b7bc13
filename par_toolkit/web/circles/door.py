"""What every room of the circles shares: the blueprint, the seat of a browser, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, request, session

from forms import clean_text
from forms.text import says_something, showable
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web import guards, handling, slips
from par_toolkit.web.circles import saying

blueprint = Blueprint("circles", __name__, url_prefix="/circles")


@dataclass(frozen=True)
class Room:
    """A page that the bar over a member's pages leads to: its words, and what it is for."""

    endpoint: str
    words: Callable[[], str]
    action: str


#: Each module adds its own.
MEMBER_ROOMS: Final[list[Room]] = []
#: The order of the method: one's own and the circle's, what matters, then the other groups.
ORDER: Final = (
    "circles.table",
    "circles.share",
    "circles.my_statements",
    "circles.my_priorities",
    "circles.my_information",
)


def member_rooms() -> list[Room]:
    """List the pages of a member in the order of the method; any other stands at the end."""
    places = {endpoint: place for place, endpoint in enumerate(ORDER)}
    mine = [room for room in MEMBER_ROOMS if guards.allowed(room.action)]
    return sorted(mine, key=lambda room: places.get(room.endpoint, len(ORDER)))


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
    """Let the pages say whose seat it is and where else one can go, and what all pages share."""
    return handling.for_templates() | {
        "seat": guards.seat(),
        "saying": saying,
        "member_rooms": member_rooms(),
    }
