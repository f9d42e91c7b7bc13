"""Paper: sheets to print for a circle, and keying in what was written on them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import (
    alternatives,
    answers,
    circles,
    items,
    joint,
    own,
    remarks,
    seats,
)
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.leading import circle_at, show_code
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, whole_number

#: What can stand on a sheet that is handed in after the first.
SECOND = ("answer", "remark", "alternative", "claims", "concerns", "issues")


@blueprint.get(f"/run/<{ID}:circle_id>/sheet")
@guarded("see_circles")
def sheet(circle_id: int) -> ResponseReturnValue:
    """Show sheets to print: the first before anything is read, the second with what is said."""
    db, circle = get_db(), circle_at(get_db(), circle_id)
    second = request.args.get("part") == "second"
    return render_template(
        "circles/sheet.html",
        circle=circle,
        second=second,
        versions=joint.current(joint.versions(db, circle_id)) if second else [],
        alternatives=alternatives.of_circle(db, circle_id) if second else [],
    )


@blueprint.get(f"/run/<{ID}:circle_id>/paper")
@guarded("lead_circles")
def circle_paper(circle_id: int) -> ResponseReturnValue:
    """Ask for what one person wrote on paper."""
    return paper_page([], circle_id=circle_id)


def paper_page(problems: list[Problem], *, circle_id: int, **_more: Any) -> str:
    """Show the form for one person's sheets."""
    return render_template(
        "circles/paper.html",
        problems=problems,
        circle=circle_at(get_db(), circle_id),
        seats=[one for one in seats.of_circle(get_db(), circle_id) if one.paper],
        versions=joint.versions(get_db(), circle_id),
    )


FIELDS = {
    "empty": "own",
    "keyed_in": "another",
    "long_name": "called",
    "no_seat": "whose",
    "no_version": "construction",
    "nothing_written": "whose",
    "named_already": "alternative",
    "say_why": "answer-words",
    "too_long": "own",
}


@blueprint.post(f"/run/<{ID}:circle_id>/paper")
@guarded("lead_circles")
@shown_again_by(paper_page, fields=FIELDS)
def key_in_circle(circle_id: int) -> ResponseReturnValue:
    """Keep one person's sheets, all of them or nothing, under a seat of their own.

    Whoever handed in their first sheet before has their seat already.
    """
    db, by = get_db(), me()
    circle = circle_at(db, circle_id)
    with db.writing():
        held, code = _seat_before(circle), ""
        if held is None:
            _check_new(circle)
            held, code = seats.join(db, circle.id, called=said("called"), paper=True, by=by)
            own.save(db, held, said("own"), by=by)
        elif not any(said(name) for name in SECOND):
            raise Refused("nothing_written", "Type in what stands on the sheet first.")
        _keep_second_sheet(held)
        _keep_items(circles.still_open(db, circle.id), held)
    if code:
        return show_code(held, code)
    return done(_("The sheet is kept."), "circles.circle_paper", circle_id=circle_id)


def _seat_before(circle: Circle) -> Seat | None:
    """Return the paper seat that was chosen; None for somebody new."""
    number = whole_number(request.form.get("whose"))
    if number is None:
        return None
    seat = seats.get(get_db(), number)
    if seat is None or seat.circle != circle.id or not seat.paper:
        raise Refused("no_seat", "There is no such seat in this circle.")
    return seat


def _check_new(circle: Circle) -> None:
    """Raise Refused where the same words are keyed in already, unless somebody has looked."""
    db, words = get_db(), said("own")
    written = own.of_circle(db, circle.id)
    twice = any(
        one.paper and one.id in written and written[one.id].words == words
        for one in seats.of_circle(db, circle.id)
    )
    if twice and "another" not in request.form:
        raise Refused("keyed_in", "This sheet is keyed in already.")


def _keep_second_sheet(seat: Seat) -> None:
    """Keep what somebody answered and remarked to the version that was on their second sheet."""
    db, by = get_db(), me()
    construction = whole_number(request.form.get("construction")) or 0
    answer, remark, name = request.form.get("answer", ""), said("remark"), said("alternative")
    if answer:
        words = said("answer_words")
        answers.give(db, construction, answer, words, seat=seat, by=by)
    if remark:
        remarks.add(db, construction, remark, seat=seat, by=by)
    if name:
        alternatives.name(db, name, seat=seat, by=by)


def _keep_items(circle: Circle, seat: Seat) -> None:
    """Keep claims, concerns and issues, one a line."""
    for kind in items.KINDS:
        for line in said(f"{kind}s").splitlines():
            if line.strip():
                items.add(
                    get_db(),
                    kind=kind,
                    words=line,
                    group=circle.group,
                    cycle=circle.cycle,
                    source="paper",
                    circle=circle.id,
                    seat=seat,
                    by=me(),
                )
