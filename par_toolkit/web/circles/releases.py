"""Releases of words: two different people read what was said together, before any of it leaves."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import word_releases
from par_toolkit.storage.sensemaking.word_releases import Words
from par_toolkit.web.circles import clock, evidenced
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.guards import me as whoever
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import chosen


@blueprint.get("/releases")
@guarded("see_releases")
def releases() -> ResponseReturnValue:
    """List the words of a cycle by kind, with who has said yes to each."""
    return releases_page([])


def releases_page(problems: list[Problem]) -> Any:
    """List the words of the cycle at hand: what still waits for a yes, then what is released."""
    db, cycle = get_db(), clock.at_hand()
    by_kind: dict[str, list[Words]] = {}
    every = word_releases.of_cycle(db, cycle)
    for one in sorted(every, key=lambda one: one.released):
        by_kind.setdefault(one.kind, []).append(one)
    return render_template(
        "circles/releases.html",
        problems=problems,
        cycle=cycle,
        by_kind=by_kind,
        waiting=sum(not one.released for one in every),
        name=whoever().name,
        evidenced=evidenced,
    )


@blueprint.post("/releases")
@guarded("see_releases", post="release_words")
@shown_again_by(releases_page)
def release_words() -> ResponseReturnValue:
    """Record this person's yes to the words as they read them, or take every yes back."""
    db, kind, reference = get_db(), request.form.get("kind", ""), chosen("reference")
    cycle = clock.at_hand()
    if "back" in request.form:
        word_releases.take_back(db, kind, reference, by=whoever())
        return _back(_("The release is taken back."), cycle, kind, reference)
    after = word_releases.approve(
        db, kind, reference, seen=request.form.get("seen", ""), by=whoever()
    )
    kept = _("Released: two people have said yes.") if after.released else _("Your yes is kept.")
    return _back(kept, cycle, kind, reference)


def _back(sentence: str, cycle: str, kind: str, reference: int) -> Response:
    """Lead back to the text that was decided on, in a list that may be long."""
    return done(sentence, "circles.releases", cycle=cycle, _anchor=f"{kind}-{reference}")
