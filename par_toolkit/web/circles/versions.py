"""The words of a circle, for those who lead it: what each wrote, and every version of the whole."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import (
    alternatives,
    answers,
    cards,
    joint,
    own,
    remarks,
    seats,
)
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.leading import Overview, look
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, all_chosen, whole_number


@blueprint.get(f"/run/<{ID}:circle_id>/words")
@guarded("see_circles")
def circle_words(circle_id: int) -> ResponseReturnValue:
    """Show what each person wrote, every version, and what was said to it."""
    return words_page([], circle_id=circle_id)


def words_page(problems: list[Problem], *, circle_id: int, **_more: Any) -> str:
    """Show all the words of a circle to those who lead it."""
    db, overview = get_db(), look(get_db(), circle_id)
    every, held = joint.versions(db, circle_id), cards.of_circle(db, circle_id)
    given = answers.of_circle(db, circle_id)
    follows = [one.id for one in joint.current(every)]
    if request.method == "POST" and "follows" in request.form:
        follows = all_chosen("follows")
    return render_template(
        "circles/words.html",
        problems=problems,
        overview=overview,
        seats=seats.of_circle(db, circle_id),
        own=own.of_circle(db, circle_id),
        end=own.of_circle(db, circle_id, "end"),
        every=every,
        current=joint.current(every),
        before=[one for one in reversed(every) if not one.current],
        follows=follows,
        remarks=remarks.of_circle(db, circle_id),
        answers=given,
        unasked={
            one.id: _not_in(overview, {answer.seat for answer in given.get(one.id, ())})
            for one in joint.current(every)
        },
        alternatives=alternatives.of_circle(db, circle_id),
        cards=held,
        my_card=next((one for one in held if one.person == me().id), None),
    )


def _not_in(overview: Overview, answered: set[int]) -> list[Seat]:
    """List who has said their own, is there, and has not said yet whether a version is theirs."""
    return [
        place.seat
        for place in overview.places
        if place.has_own and place.seat.present and place.seat.id not in answered
    ]


FIELDS = {"empty": "version", "unchanged": "version", "too_long": "version", "no_seat": "covers"}


@blueprint.post(f"/run/<{ID}:circle_id>/words")
@guarded("lead_circles")
@shown_again_by(words_page, fields=FIELDS)
def write_for_circle(circle_id: int) -> ResponseReturnValue:
    """Add a version that covers what a respondent brought; those before it stay."""
    made = joint.write(
        get_db(),
        circle_id,
        said("version"),
        follows=all_chosen("follows"),
        covers=whole_number(request.form.get("covers")),
        by=me(),
    )
    return done(
        _("Version %(number)s is saved.", number=made.version),
        "circles.circle_words",
        circle_id=circle_id,
    )


@blueprint.post(f"/run/<{ID}:circle_id>/card")
@guarded("write_card")
@shown_again_by(words_page, fields={"too_long": "card"})
def write_card(circle_id: int) -> ResponseReturnValue:
    """Keep the card of the evaluator who is signed in; empty words take it back."""
    cards.write(get_db(), circle_id, said("card"), by=me())
    return done(_("Your card is saved."), "circles.circle_words", circle_id=circle_id)
