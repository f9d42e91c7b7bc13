"""Leaving quickly: what a person did here is forgotten, and an everyday website is shown."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, session
from flask.typing import ResponseReturnValue

from par_toolkit.web import guards, origins, slips
from par_toolkit.web.current import inquiry
from par_toolkit.web.guards import guarded

blueprint = Blueprint("leaving", __name__)


@blueprint.get("/leave")
@guarded("see_welcome")
def leave() -> ResponseReturnValue:
    """Forget who was here, and go to the everyday website that the inquiry names.

    It is a link, as a form may lead to no other site. So a link on a page of others could come here
    too: it then leads away, and nothing is forgotten.
    """
    if not inquiry().leave_to:
        abort(HTTPStatus.NOT_FOUND)
    if origins.here():
        slips.held().forget(session.get("slip"))
        guards.let_go()
    return redirect(inquiry().leave_to, HTTPStatus.SEE_OTHER)
