"""Leading the equal-voice routine: from writing alone to sharing, and from kind to kind."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import alone, items, rounds, routine, seats
from par_toolkit.storage.sensemaking.rounds import Round
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.leading import look, seat_of
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, chosen, whole_number


@blueprint.get(f"/run/<{ID}:circle_id>/items")
@guarded("see_circles")
def collect(circle_id: int) -> ResponseReturnValue:
    """Show where the collecting stands, whose turn it is, and what was shared."""
    return collect_page([], circle_id=circle_id)


def collect_page(problems: list[Problem], *, circle_id: int, **_more: Any) -> str:
    """Show the collecting to whoever leads; of what is kept alone only how many there are."""
    db, overview = get_db(), look(get_db(), circle_id)
    present = overview.round
    paper = [seat for seat in seats.of_circle(db, circle_id) if seat.paper]
    return render_template(
        "circles/collect.html",
        problems=problems,
        overview=overview,
        following=rounds.following(present),
        over=[kind for kind in items.KINDS if rounds.is_over(present, kind)],
        writing=alone.waiting(db, circle_id, present.kind) if present else [],
        paper=[(seat, alone.of_seat(db, seat.id, present.kind)) for seat in paper]
        if present
        else [],
        shared=items.listing(db, circle=circle_id),
    )


@blueprint.post(f"/run/<{ID}:circle_id>/items/next")
@guarded("lead_circles")
@shown_again_by(collect_page)
def next_step(circle_id: int) -> ResponseReturnValue:
    """Go on from the step that was on the page."""
    routine.move(get_db(), circle_id, seen=_seen(), by=me())
    return done(_("Noted."), "circles.collect", circle_id=circle_id)


def _seen() -> Round | None:
    """Return the step that was on the page."""
    kind, _space, stage = request.form.get("from", "").partition(" ")
    return Round(kind, stage) if kind else None


@blueprint.post(f"/run/<{ID}:circle_id>/items/again")
@guarded("lead_circles")
@shown_again_by(collect_page)
def go_round_again(circle_id: int) -> ResponseReturnValue:
    """Collect a kind once more, for whoever came late or has come back."""
    kind = request.form.get("kind", "")
    routine.go_round_again(get_db(), circle_id, kind, seen=_seen(), by=me())
    return done(_("Noted."), "circles.collect", circle_id=circle_id)


@blueprint.post(f"/run/<{ID}:circle_id>/items/paper")
@guarded("lead_circles")
@shown_again_by(collect_page, fields={"empty": "note", "too_long": "note", "no_seat": "note-seat"})
def write_for_paper(circle_id: int) -> ResponseReturnValue:
    """Key in what somebody wrote alone on paper; or that they have nothing."""
    seat, kind = _paper_seat(circle_id), request.form.get("kind", "")
    if "nothing" in request.form:
        alone.nothing(get_db(), seat, kind=kind, by=me())
    else:
        alone.write(get_db(), seat, said("note"), kind=kind, by=me())
    return done(_("Noted."), "circles.collect", circle_id=circle_id)


@blueprint.post(f"/run/<{ID}:circle_id>/items/paper/give")
@guarded("lead_circles")
@shown_again_by(collect_page)
def give_for_paper(circle_id: int) -> ResponseReturnValue:
    """Share one from paper, in the turn of who wrote it; or put it aside, as they say."""
    seat = _paper_seat(circle_id)
    if request.form.get("do") == "give":
        alone.give(get_db(), chosen("note_id"), seat=seat, by=me())
    else:
        repeats = whole_number(request.form.get("repeat_of"))
        alone.discard(get_db(), chosen("note_id"), seat=seat, repeat_of=repeats, by=me())
    return done(_("Noted."), "circles.collect", circle_id=circle_id)


def _paper_seat(circle_id: int) -> Seat:
    return seat_of(get_db(), circle_id, chosen("seat"))
