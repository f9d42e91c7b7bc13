"""Claims, concerns and issues at the table: written alone, then one from each in turn."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import alone, changes, circles, owned_items, rounds
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat, said
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.circles.table import news
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, done, fingerprint
from par_toolkit.web.handling.fields import chosen, whole_number

MEMBER_ROOMS.append(Room("circles.share", lambda: _("Claims, concerns, issues"), "sit_in_circle"))


@blueprint.get("/table/items")
@guarded("sit_in_circle")
def share() -> ResponseReturnValue:
    """Show what is being collected: one's own to write, then whose turn it is."""
    return share_page([])


def share_page(problems: list[Problem], **_more: Any) -> str:
    """Show the collecting as it stands for this member."""
    db, seat = get_db(), my_seat()
    circle, present = circles.get(db, seat.circle), rounds.at(db, seat.circle)
    assert circle is not None
    kind = present.kind if present else ""
    every = alone.seen_by(db, seat)
    return render_template(
        "circles/share.html",
        problems=problems,
        circle=circle,
        open=circles.is_open(db, circle),
        round=present,
        notes=alone.of_seat(db, seat.id, kind),
        left=alone.left_over(db, seat.id, but=kind if circles.is_open(db, circle) else ""),
        written=alone.has_written(db, seat.id, kind),
        turn=alone.turn(db, seat.circle, kind) if present and present.stage == "share" else None,
        shared=[item for item in every if item.stands and item.kind == kind],
        before=[item for item in every if item.stands and item.kind != kind],
        seen=stamp(db, seat),
    )


def stamp(db: PrivateDatabase, seat: Seat) -> str:
    """Return what changes with this page; before one has written it tells only of the round."""
    row, present = changes.of_circle(db, seat.circle), rounds.at(db, seat.circle)
    assert row is not None
    if present and not alone.has_written(db, seat.id, present.kind):
        return fingerprint(row["closed_at"], row["rounds"])
    return fingerprint(row)


@blueprint.get("/table/items/now")
@guarded("sit_in_circle")
def share_now() -> ResponseReturnValue:
    """Tell a script whether this page looks otherwise than it has seen it."""
    return news(stamp(get_db(), my_seat()))


@blueprint.post("/table/items")
@guarded("sit_in_circle")
@shown_again_by(share_page, fields={"empty": "note", "too_long": "note"})
def write_alone() -> ResponseReturnValue:
    """Keep one claim, concern or issue; nobody else reads it before it is given."""
    seat, kind = my_seat(), request.form.get("kind", "")
    if "nothing" in request.form:
        alone.nothing(get_db(), seat, kind=kind, by=seat)
        return done(_("Noted."), "circles.share")
    alone.write(get_db(), seat, said("note"), kind=kind, by=seat)
    return done(_("It is on your list. Nobody else reads it yet."), "circles.share")


@blueprint.post("/table/items/give")
@guarded("sit_in_circle")
@shown_again_by(share_page)
def give() -> ResponseReturnValue:
    """Share one of one's own, in one's turn."""
    seat = my_seat()
    alone.give(get_db(), chosen("note_id"), seat=seat, by=seat)
    return done(_("It is shared. Thank you."), "circles.share")


@blueprint.post("/table/items/aside")
@guarded("sit_in_circle")
@shown_again_by(share_page)
def put_aside() -> ResponseReturnValue:
    """Put one of one's own aside: it was said already, or one keeps it to oneself."""
    seat, repeats = my_seat(), whole_number(request.form.get("repeat_of"))
    alone.discard(get_db(), chosen("note_id"), seat=seat, repeat_of=repeats, by=seat)
    return done(_("It is off your list."), "circles.share")


@blueprint.post("/table/items/back")
@guarded("sit_in_circle")
@shown_again_by(share_page)
def take_back_item() -> ResponseReturnValue:
    """Erase what this person shared; its number and its history stay."""
    seat = my_seat()
    owned_items.take_back(get_db(), chosen("item"), seat=seat, by=seat)
    return done(_("It is taken back, and its words are erased."), "circles.share")
