"""Member checks at the desk: what tellers say of the uses of their words, and the answers."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage.sensemaking import checks
from par_toolkit.storage.sensemaking.checks import Check
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by, written
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.guards import me as whoever
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID

FIELDS: Final = {"no_reply_words": "reply", "too_long": "reply"}


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Let the page of an item show what tellers say of it: `checks_of_item(id)`."""
    return {"checks_of_item": lambda item: checks.of_item(get_db(), item)}


@blueprint.get("/checks")
@guarded("see_member_checks")
def member_checks() -> ResponseReturnValue:
    """List what tellers said, and what waits for an answer."""
    return checks_page([])


def checks_page(problems: list[Problem], *, check_id: int | None = None) -> Any:
    """List what tellers said: what waits comes first, each with a form for the answer."""
    found = checks.listing(get_db())
    return render_template(
        "circles/member_checks.html",
        problems=problems,
        about=check_id,
        waiting=[one for one in found if one.waits],
        heard=[one for one in found if not one.waits],
        earlier={one.id: _earlier(one) for one in found if one.waits},
    )


def _earlier(check: Check) -> list[Check]:
    """Return what a teller said of a use before they said this."""
    return checks.history(get_db(), check.use)[:-1]


@blueprint.post(f"/checks/<{ID}:check_id>")
@guarded("answer_teller")
@shown_again_by(checks_page, fields=FIELDS)
def answer_teller(check_id: int) -> ResponseReturnValue:
    """Tell a teller what became of what they said; the use is held no longer."""
    checks.reply(get_db(), check_id, written("reply"), by=whoever())
    return done(_("The teller reads your answer at “My story”."), "circles.member_checks")
