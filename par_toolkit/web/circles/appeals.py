"""Appeals: whoever takes part may say that a decision was not fair; somebody else answers."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import appeals as appealed
from par_toolkit.storage.sensemaking import items, outcomes, own
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat, said
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, chosen

MEMBER_ROOMS.append(Room("circles.my_appeals", lambda: _("Appeals"), "sit_in_circle"))
FIELDS = {
    "nothing_chosen": "item",
    "no_item": "item",
    "appealed_already": "item",
    "no_appeal_words": "appeal",
    "too_long": "appeal",
    "no_upheld": "upheld-no",
    "no_appeal_answer": "answer",
}


@blueprint.get("/appeals")
@guarded("see_exchange")
def appeals() -> ResponseReturnValue:
    """List the appeals of a cycle."""
    return appeals_page([])


def appeals_page(problems: list[Problem], *, appeal_id: int | None = None) -> Any:
    """List the appeals, those first that wait, with the form for the answer."""
    db, cycle = get_db(), clock.at_hand()
    if appeal_id is not None:
        standing = items.get(db, appealed.there(db, appeal_id).item)
        cycle = standing.cycle if standing else cycle
    found = appealed.of_cycle(db, cycle)
    return render_template(
        "circles/appeals.html",
        problems=problems,
        about=appeal_id,
        cycle=cycle,
        cycles=clock.cycles(),
        appeals=found,
        items={one.id: one for one in items.of_cycle(db, cycle)},
        decided={one.item: outcomes.of_item(db, one.item) for one in found},
        mine={one.item for one in found if me().id in appealed.deciders(db, one.item)},
    )


@blueprint.post("/appeals")
@guarded("see_exchange", post="lead_exchange")
@shown_again_by(appeals_page, fields=FIELDS)
def write_down_appeal() -> ResponseReturnValue:
    """Write down the appeal of somebody who told it."""
    cycle = clock.posted()
    appealed.add(get_db(), chosen("item"), said("appeal"), by=me())
    return done(_("The appeal waits for its answer."), "circles.appeals", cycle=cycle)


@blueprint.post(f"/appeals/<{ID}:appeal_id>")
@guarded("answer_appeal")
@shown_again_by(appeals_page, fields=FIELDS)
def answer_appeal(appeal_id: int) -> ResponseReturnValue:
    """Answer an appeal: uphold it, so that its item is looked at again, or say why not."""
    upheld = request.form.get("upheld")
    if upheld not in ("yes", "no"):
        raise Refused("no_upheld", _("Choose whether it is looked at again."))
    found = appealed.answer(get_db(), appeal_id, said("answer"), upheld=upheld == "yes", by=me())
    standing = items.get(get_db(), found.item)
    cycle = standing.cycle if standing else None
    return done(_("The answer is kept."), "circles.appeals", cycle=cycle)


@blueprint.get("/table/appeals")
@guarded("sit_in_circle")
def my_appeals() -> ResponseReturnValue:
    """Let a member appeal, and read the answers to their own appeals."""
    return my_appeals_page([])


def my_appeals_page(problems: list[Problem], **_more: Any) -> Any:
    """Show this member's own appeals, and the form for another."""
    db, seat = get_db(), my_seat()
    listed = appealed.open_to(db, seat.cycle)
    return render_template(
        "circles/my_appeals.html",
        problems=problems,
        spoken=own.latest(db, seat.id) is not None,
        appeals=appealed.of_seat(db, seat),
        items={one.id: one for one in listed},
        choices=listed,
    )


@blueprint.post("/table/appeals")
@guarded("sit_in_circle")
@shown_again_by(my_appeals_page, fields=FIELDS)
def appeal() -> ResponseReturnValue:
    """Keep the appeal of this member."""
    seat = my_seat()
    own.first(get_db(), seat)
    appealed.add(get_db(), chosen("item"), said("appeal"), by=seat)
    return done(_("Your appeal waits for its answer."), "circles.my_appeals")


@blueprint.post(f"/table/appeals/<{ID}:appeal_id>/back")
@guarded("sit_in_circle")
@shown_again_by(my_appeals_page)
def take_back_appeal(appeal_id: int) -> ResponseReturnValue:
    """Take this member's appeal back, and erase its words."""
    appealed.take_back(get_db(), appeal_id, by=my_seat())
    return done(_("Your appeal is taken back, and your words are erased."), "circles.my_appeals")
