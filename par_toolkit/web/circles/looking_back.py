"""Looking back at the end of a circle: how one sees it, what others hold, whether one could act.

What a member is sent asks `seen_by`, which is empty before they saved their own (promise 13).
"""

from __future__ import annotations

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import able_to_act, circles, heard_from_others, own, seats
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.circles import evidenced
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat, said
from par_toolkit.web.circles.leading import circle_at
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, chosen

MEMBER_ROOMS.append(Room("circles.looking_back", lambda: _("Looking back"), "sit_in_circle"))


def _others(seat_group: str) -> list[str]:
    """List the stakeholder groups beside one's own."""
    return [one.code for one in inquiry().groups if one.code != seat_group]


@blueprint.get("/table/looking-back")
@guarded("sit_in_circle")
def looking_back() -> ResponseReturnValue:
    """Show what one wrote first beside how one sees it now, and ask about the others."""
    return back_page([])


def back_page(problems: list[Problem], *, heard_id: int | None = None) -> str:
    """Show the page as it stands for this member; `heard_id` is the answer that was refused."""
    db, seat = get_db(), my_seat()
    about, given = heard_from_others.seen_by(db, seat), heard_from_others.answered_by(db, seat.id)
    return render_template(
        "circles/looking_back.html",
        problems=problems,
        circle=circles.get(db, seat.circle),
        start=own.latest(db, seat.id),
        end=own.latest(db, seat.id, "end"),
        others=_others(seat.group),
        mine=heard_from_others.of_seat(db, seat.id),
        about_us=[(one, given.get(one.id)) for one in about],
        given=given,
        able=able_to_act.of_seat(db, seat.id),
        refused=heard_id,
        evidenced=evidenced,
    )


@blueprint.post("/table/looking-back/own")
@guarded("sit_in_circle")
@shown_again_by(back_page, fields={"empty": "end", "too_long": "end"})
def save_end() -> ResponseReturnValue:
    """Keep how this person sees it now, beside what they wrote first."""
    seat = my_seat()
    own.save(get_db(), seat, said("end"), moment="end", by=seat)
    return done(_("Your words are saved."), "circles.looking_back")


@blueprint.post("/table/looking-back/own/back")
@guarded("sit_in_circle")
@shown_again_by(back_page)
def take_back_end() -> ResponseReturnValue:
    """Erase how this person said at the end that they see it."""
    seat = my_seat()
    own.take_back(get_db(), seat, moment="end", by=seat)
    return done(_("Your words are erased."), "circles.looking_back")


@blueprint.post("/table/looking-back/others")
@guarded("sit_in_circle")
@shown_again_by(back_page, fields={"empty": "heard", "own_group": "about", "too_long": "heard"})
def say_what_others_hold() -> ResponseReturnValue:
    """Keep what this person says that another group holds."""
    seat = my_seat()
    heard_from_others.say(get_db(), _about(seat), said("heard"), seat=seat, by=seat)
    return done(
        _("It is saved. People of that group can say whether it is so."), "circles.looking_back"
    )


def _about(seat: Seat) -> str:
    """Return the group that was chosen. Raises Refused for one's own and for none there is."""
    about = request.form.get("about", "")
    if about not in _others(seat.group):
        raise Refused("own_group", "Choose another group than your own.")
    return about


@blueprint.post("/table/looking-back/others/back")
@guarded("sit_in_circle")
@shown_again_by(back_page)
def take_back_what_others_hold() -> ResponseReturnValue:
    """Erase what this person said of another group."""
    seat = my_seat()
    heard_from_others.take_back(get_db(), request.form.get("about", ""), seat=seat, by=seat)
    return done(_("Your words are erased."), "circles.looking_back")


@blueprint.post(f"/table/looking-back/heard/<{ID}:heard_id>")
@guarded("sit_in_circle")
@shown_again_by(
    back_page, fields={"say_what_is_not_so": "not-so", "no_answer": "so-yes", "too_long": "not-so"}
)
def answer_what_others_say(heard_id: int) -> ResponseReturnValue:
    """Keep whether this person finds their group in what was said of it."""
    seat, answer = my_seat(), request.form.get("accepted", "")
    if answer not in ("yes", "no"):
        raise Refused("no_answer", "Choose one of the answers first.")
    heard_from_others.answer(
        get_db(), heard_id, accepted=answer == "yes", words=said("not_so"), seat=seat, by=seat
    )
    return done(_("Your answer is saved."), "circles.looking_back")


@blueprint.post(f"/table/looking-back/heard/<{ID}:heard_id>/back")
@guarded("sit_in_circle")
@shown_again_by(back_page)
def take_back_answer_to_others(heard_id: int) -> ResponseReturnValue:
    """Erase what this person answered to what was said of their group."""
    seat = my_seat()
    heard_from_others.take_back_answer(get_db(), heard_id, seat=seat, by=seat)
    return done(_("Your words are erased."), "circles.looking_back")


@blueprint.post("/table/looking-back/able")
@guarded("sit_in_circle")
@shown_again_by(back_page, fields={"no_answer": "able-yes", "too_long": "why"})
def say_able_to_act() -> ResponseReturnValue:
    """Keep whether this person was able to act."""
    seat = my_seat()
    able_to_act.give(get_db(), request.form.get("able", ""), said("why"), seat=seat, by=seat)
    return done(_("Your answer is saved."), "circles.looking_back")


@blueprint.post("/table/looking-back/able/back")
@guarded("sit_in_circle")
@shown_again_by(back_page)
def take_back_able_to_act() -> ResponseReturnValue:
    """Take this person's answer back and erase its words."""
    seat = my_seat()
    able_to_act.take_back(get_db(), seat=seat, by=seat)
    return done(_("Your words are erased."), "circles.looking_back")


# ------------------------------------------------------------------------------------- on paper

PAPER_FIELDS: Final = {
    "nothing_chosen": "seat",
    "no_seat": "seat",
    "own_first": "seat",
    "nothing_written": "end",
    "too_long": "end",
}


@blueprint.get(f"/run/<{ID}:circle_id>/looking-back")
@guarded("see_circles")
def back_paper(circle_id: int) -> ResponseReturnValue:
    """Show the sheet to print, and the form to key one in."""
    return back_paper_page([], circle_id=circle_id)


def back_paper_page(problems: list[Problem], *, circle_id: int) -> str:
    """Show the sheet of looking back, with the seats whose words come from paper."""
    db, circle = get_db(), circle_at(get_db(), circle_id)
    on_paper = [one for one in seats.of_circle(db, circle_id) if one.paper]
    return render_template(
        "circles/looking_back_paper.html",
        problems=problems,
        circle=circle,
        seats=on_paper,
        others=_others(circle.group),
        evidenced=evidenced,
    )


@blueprint.post(f"/run/<{ID}:circle_id>/looking-back")
@guarded("lead_circles")
@shown_again_by(back_paper_page, fields=PAPER_FIELDS)
def key_in_looking_back(circle_id: int) -> ResponseReturnValue:
    """Keep what one person wrote on the sheet, all of it or nothing."""
    db, seat = get_db(), _seat_of(circle_id)
    with db.writing():
        if not _key_in(seat):
            raise Refused("nothing_written", _("Type in what stands on the sheet first."))
    return done(_("The sheet is kept."), "circles.back_paper", circle_id=circle_id)


def _key_in(seat: Seat) -> bool:
    """Keep each part of a sheet that something was written in; say whether there was any."""
    db, by, any_part = get_db(), me(), False
    if end := said("end"):
        own.save(db, seat, end, moment="end", by=by)
        any_part = True
    for group in _others(seat.group):
        if words := said(f"heard-{group}"):
            heard_from_others.say(db, group, words, seat=seat, by=by)
            any_part = True
    if answer := request.form.get("able", ""):
        able_to_act.give(db, answer, said("why"), seat=seat, by=by)
        any_part = True
    return any_part


def _seat_of(circle_id: int) -> Seat:
    """Return the seat that was chosen. Raises Refused where it is not in this circle."""
    seat = seats.get(get_db(), chosen("seat"))
    if seat is None or seat.circle != circle_id:
        raise Refused("no_seat", "There is no such seat in this circle.")
    return seat


@blueprint.post(f"/run/<{ID}:circle_id>/looking-back/erase")
@guarded("lead_circles")
@shown_again_by(back_paper_page, fields={"no_seat": "erase-seat", "nothing_there": "erase-seat"})
def erase_sheet(circle_id: int) -> ResponseReturnValue:
    """Erase what was keyed in from one person's sheet, because that person asks for it."""
    db, seat = get_db(), _seat_of(circle_id)
    with db.writing():
        if not _erase(seat):
            raise Refused("nothing_there", "There is nothing to take back.")
    return done(_("The words of this sheet are erased."), "circles.back_paper", circle_id=circle_id)


def _erase(seat: Seat) -> bool:
    """Take back all that a sheet can hold; say whether there was any."""
    db, by, any_part = get_db(), me(), False
    if own.latest(db, seat.id, "end"):
        own.take_back(db, seat, moment="end", by=by)
        any_part = True
    for group in heard_from_others.of_seat(db, seat.id):
        heard_from_others.take_back(db, group, seat=seat, by=by)
        any_part = True
    if able_to_act.of_seat(db, seat.id):
        able_to_act.take_back(db, seat=seat, by=by)
        any_part = True
    return any_part
