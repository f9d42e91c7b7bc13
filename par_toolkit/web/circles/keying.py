"""Paper: sheets to print for a circle, and keying in what was written on them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

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
from par_toolkit.web.handling.answers import Problem
from par_toolkit.web.handling.fields import ID, whole_number


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
        versions=joint.versions(get_db(), circle_id),
    )


FIELDS = {
    "empty": "own",
    "say_why": "answer-words",
    "no_version": "construction",
    "too_long": "own",
}


@blueprint.post(f"/run/<{ID}:circle_id>/paper")
@guarded("lead_circles")
@shown_again_by(paper_page, fields=FIELDS)
def key_in_circle(circle_id: int) -> ResponseReturnValue:
    """Keep one person's sheets, all of them or nothing, under a seat of their own."""
    db, by = get_db(), me()
    circle = circle_at(db, circle_id)
    with db.writing():
        seat, code = seats.join(db, circle.id, called=said("called"), paper=True, by=by)
        own.save(db, seat, said("own"), by=by)
        _keep_second_sheet(seat)
        _keep_items(circles.still_open(db, circle.id), seat)
    return show_code(seat, code)


def _keep_second_sheet(seat: Seat) -> None:
    """Keep what somebody answered and remarked to the version that was on their second sheet."""
    db, by = get_db(), me()
    construction = whole_number(request.form.get("construction")) or 0
    answer, remark = request.form.get("answer", ""), said("remark")
    if answer:
        words = said("answer_words")
        answers.give(db, construction, answer, words, seat=seat, by=by)
    if remark:
        remarks.add(db, construction, remark, seat=seat, by=by)


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
