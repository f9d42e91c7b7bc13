"""What every room of the circles shares: the blueprint, and the seat that a browser holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, session

from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web import guards

blueprint = Blueprint("circles", __name__, url_prefix="/circles")


def my_seat() -> Seat:
    """Return the seat this browser holds; the guard has let nobody else in."""
    seat = guards.seat()
    assert seat is not None
    return seat


def sit_down(seat: Seat) -> None:
    """Give this browser a seat, with nothing of whoever sat there before."""
    language = session.get("language")
    session.clear()
    session["seat"] = seat.id
    if language:
        session["language"] = language
    guards.forget_seat()


def stand_up() -> None:
    """Take the seat from this browser: the next person finds nothing of it."""
    session.clear()
    guards.forget_seat()


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Let the pages say whose seat it is."""
    return {"seat": guards.seat()}
