"""What evaluators expect: sealed before they read, opened for everybody at the close."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import expectations as seals
from par_toolkit.storage.sensemaking import phases
from par_toolkit.storage.sensemaking.written import MOST
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by, written
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done


@blueprint.get("/expectations")
@guarded("see_cycle")
def expectations() -> ResponseReturnValue:
    """Show what was sealed for a cycle, and once it is closed what it says."""
    return expectations_page([])


def expectations_page(problems: list[Problem]) -> Any:
    """Show the seals of the cycle at hand, and the form for one's own while it is not too late."""
    db, cycle = get_db(), clock.at_hand()
    sealed = seals.of_cycle(db, cycle)
    return render_template(
        "circles/expectations.html",
        problems=problems,
        cycle=cycle,
        sealed=sealed,
        begun=seals.reading_begun(db, cycle),
        unsealed=seals.unsealed(db, cycle),
        closed=phases.closed(db, cycle),
        mine=any(one.person == me().id for one in sealed),
    )


@blueprint.post("/expectations")
@guarded("seal_expectations")
@shown_again_by(expectations_page, fields={"no_words": "words", "too_long": "words"})
def seal_expectations() -> ResponseReturnValue:
    """Seal what somebody expects, once."""
    cycle = clock.posted()
    seals.seal(get_db(), cycle, written("words", most=MOST), by=me())
    return done(_("Sealed. It opens when the cycle closes."), "circles.expectations", cycle=cycle)
