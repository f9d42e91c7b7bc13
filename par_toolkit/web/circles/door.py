"""What every room of the circles shares: the blueprint, the seat of a browser, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, request, session

from forms import clean_text
from forms.text import says_something, showable
from par_toolkit.storage.sensemaking import seats
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web import guards, handling, slips
from par_toolkit.web.circles import saying
from par_toolkit.web.database import get_db

blueprint = Blueprint("circles", __name__, url_prefix="/circles")


@dataclass(frozen=True)
class Room:
    """A page that the bar over a member's pages leads to: its words, and what it is for."""

    endpoint: str
    words: Callable[[], str]
    action: str


#: What a browser keeps when somebody else sits down.
OF_THE_DEVICE: Final = ("language", "browser", "has_sat", "shared")
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
    session["seat"], session["seat_sitting"], session["has_sat"] = seat.id, seat.sitting, True
    session["shared"] = shared


def stand_up() -> None:
    """Take the seat from this browser: the next person finds nothing of it."""
    slips.held().forget(session.get("seat_code"))
    _begin_anew()


@blueprint.before_app_request
def leave_when_gone() -> None:
    """Leave the seat of a shared device that goes to another room: nobody closes it there.

    The pages of the table leave it by themselves when nobody touches them. Where the line was lost
    just then, whoever comes next begins at the page that asks for a code.
    """
    at = request.endpoint or ""
    away = at == "circles.start" or at.startswith(("home.", "tell.", "mine.", "desk."))
    if away and session.get("shared") and guards.seat():
        seats.leave(get_db(), my_seat().id)
        stand_up()


def _begin_anew() -> None:
    """Forget all but what is of the device: its language, its tries of codes, that it is shared."""
    kept = {name: session[name] for name in OF_THE_DEVICE if name in session}
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
