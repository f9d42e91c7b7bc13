"""Who asked for help: for the safeguarding contact, who reads no stories."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import help_requests
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.lasting import lasting


@blueprint.get("/help")
@guarded("see_help")
def all_help() -> ResponseReturnValue:
    """List who asked for help, what nobody has seen to yet first."""
    return help_page([])


def help_page(problems: list[Problem]) -> Any:
    """Show every request that is kept, with how far it has come."""
    return render_template(
        "desk/help.html",
        problems=problems,
        requests=help_requests.listing(get_db()),
        kept_for=lasting(inquiry().retention.help) if inquiry().retention.help else None,
    )


@blueprint.post("/help")
@guarded("see_help", post="answer_help")
@shown_again_by(help_page)
def mark_help() -> ResponseReturnValue:
    """Keep how far one request has come."""
    state = request.form.get("state", "")
    help_requests.mark(get_db(), request.form.get("request", ""), state, by=me())
    return done(_("Kept."), "desk.all_help")
