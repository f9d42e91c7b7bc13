"""The first page: which inquiry this is, in which language, and the four ways on from here."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from par_toolkit.web import sessions
from par_toolkit.web.current import inquiry
from par_toolkit.web.guards import guarded

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@guarded("see_welcome")
def welcome() -> str:
    """Welcome whoever comes."""
    sessions.begin_anew()
    return render_template("home.html")


@blueprint.get("/favicon.ico")
@guarded("see_welcome")
def favicon() -> ResponseReturnValue:
    """Lead browsers that ask for the old name to the icon."""
    return redirect(url_for("static", filename="favicon.svg"), 301)


@blueprint.get("/robots.txt")
@guarded("see_welcome")
def robots() -> Response:
    """Ask search engines to keep to the findings, where the community wants them there.

    People's own pages are nobody else's.
    """
    closed = ["/tell", "/mine", "/desk"]
    sharing = inquiry().sharing
    if not (sharing.everybody and sharing.search_engines):
        closed += ["/look", "/findings", "/library"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return Response("\n".join(lines), mimetype="text/plain")
