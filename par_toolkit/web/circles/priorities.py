"""Priorities: those affected put what is unresolved in order; each group counts alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import own, rankings
from par_toolkit.storage.sensemaking.items import Item
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.door import MEMBER_ROOMS, Room, blueprint, my_seat
from par_toolkit.web.circles.exchange import paper_seat, paper_seats
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import whole_number

MEMBER_ROOMS.append(Room("circles.my_priorities", lambda: _("Priorities"), "sit_in_circle"))


@blueprint.get("/priorities")
@guarded("see_exchange")
def priorities() -> ResponseReturnValue:
    """Show the unresolved items in the order of those affected."""
    return priorities_page([])


def priorities_page(problems: list[Problem]) -> Any:
    """Show the order, what each group put first, and what was on paper to key in."""
    db, cycle = get_db(), clock.at_hand()
    unresolved = rankings.unresolved(db, cycle)
    return render_template(
        "circles/priorities.html",
        problems=problems,
        cycle=cycle,
        cycles=clock.cycles(),
        unresolved=unresolved,
        items={one.id: one for one in unresolved},
        ranked=rankings.of_cycle(db, cycle),
        paper=paper_seats(db, cycle),
        places=places(unresolved, ()),
    )


def places(unresolved: Sequence[Item], held: Sequence[int]) -> dict[int, str]:
    """Return what stands in the field of each item: its place, from 1, or nothing."""
    if request.method == "POST":
        return {one.id: request.form.get(f"place-{one.id}", "")[:10] for one in unresolved}
    return {one.id: str(held.index(one.id) + 1) if one.id in held else "" for one in unresolved}


def typed_order() -> list[int]:
    """Return the items in the order of the places that were typed; those without one are left out.

    Raises Refused for what is no place, and for a place that is given twice.
    """
    placed: dict[int, int] = {}
    for name, text in request.form.items():
        item = whole_number(name.removeprefix("place-")) if name.startswith("place-") else None
        if item is None or not text.strip():
            continue
        place = whole_number(text.strip())
        if not place:
            raise Refused("no_place", _("Write places as numbers: 1 for the most pressing."))
        if place in placed:
            raise Refused("same_place", "Give each place to one item only.")
        placed[place] = item
    return [placed[place] for place in sorted(placed)]


@blueprint.get("/priorities/paper")
@guarded("see_exchange")
def priorities_paper() -> ResponseReturnValue:
    """Show the unresolved items as a form to print and fill in by hand."""
    cycle = clock.at_hand()
    return render_template(
        "circles/priorities_paper.html",
        cycle=cycle,
        unresolved=rankings.unresolved(get_db(), cycle),
    )


@blueprint.post("/priorities")
@guarded("see_exchange", post="lead_exchange")
@shown_again_by(priorities_page, fields={"no_seat": "seat"})
def key_in_ranking() -> ResponseReturnValue:
    """Key in the order that somebody wrote on paper."""
    cycle = clock.posted()
    rankings.give(get_db(), typed_order(), seat=paper_seat(cycle), by=me())
    return done(_("The order is keyed in."), "circles.priorities", cycle=cycle)


@blueprint.get("/table/priorities")
@guarded("sit_in_circle")
def my_priorities() -> ResponseReturnValue:
    """Let a member put in order what is unresolved."""
    return my_priorities_page([])


def my_priorities_page(problems: list[Problem]) -> Any:
    """Show what is unresolved with this member's own places; nobody else's."""
    db, seat = get_db(), my_seat()
    unresolved, held = rankings.unresolved(db, seat.cycle), rankings.of_seat(db, seat)
    return render_template(
        "circles/my_priorities.html",
        problems=problems,
        unresolved=unresolved,
        held=held,
        spoken=own.latest(db, seat.id) is not None,
        places=places(unresolved, held),
    )


@blueprint.post("/table/priorities")
@guarded("sit_in_circle")
@shown_again_by(my_priorities_page)
def rank() -> ResponseReturnValue:
    """Keep the order of this member; one without places takes it back."""
    seat = my_seat()
    own.first(get_db(), seat)
    order = typed_order()
    rankings.give(get_db(), order, seat=seat, by=seat)
    sentence = _("Your order is saved.") if order else _("Your order is taken back.")
    return done(sentence, "circles.my_priorities")
