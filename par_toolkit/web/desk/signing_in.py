"""Coming to the desk and leaving it: sign in, sign out, and the first password."""

from __future__ import annotations

import re
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from par_toolkit.inquiry import Inquiry
from par_toolkit.permissions import may
from par_toolkit.storage import people, second_factors
from par_toolkit.storage.errors import Refused
from par_toolkit.web import guards, headers, known_browsers, visitors
from par_toolkit.web.attempts import FLOOD, PASSWORDS, limiter
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import halfway
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.limits import limits

#: Pages of the desk that signing in may lead to, and no other place however it is written.
INSIDE = re.compile(r"/desk(/[\w-]+)*/?", re.ASCII)


def safe_next(wanted: str | None, person: people.Person) -> str:
    """Return the page to go on to: of the findings, or of the desk for whoever may come there."""
    if wanted and visitors.inside(wanted):
        return wanted
    if not may(person.role, "see_desk"):
        return visitors.FINDINGS
    if wanted and wanted.startswith(visitors.PREVIEW) and may(person.role, "see_publishing"):
        return visitors.PREVIEW
    return wanted if wanted and INSIDE.fullmatch(wanted) else url_for("desk.start")


def sign_in_page(problems: list[Problem]) -> str:
    """Show the form, with the name that was typed and never the password."""
    to_findings = visitors.inside(request.values.get("next"))
    return render_template("desk/sign_in.html", problems=problems, to_findings=to_findings)


@blueprint.get("/sign-in")
@guarded("sign_in")
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; whoever is signed in goes on."""
    person = guards.person()
    if person:
        return redirect(safe_next(request.args.get("next"), person), HTTPStatus.SEE_OTHER)
    return sign_in_page([])


@blueprint.post("/sign-in")
@limiter.limit(FLOOD, exempt_when=known_browsers.known_here)
@guarded("sign_in")
@shown_again_by(sign_in_page, field="name")
def check_password() -> ResponseReturnValue:
    """Let a person in, or on to their second step; what is wrong takes the same time and words."""
    fields = request.form
    person = person_with_password(fields.get("name", ""), fields.get("password", ""))
    return go_on(person, fields.get("next"))


def person_with_password(name: str, password: str) -> people.Person:
    """Return who has this name and password, however often somebody else tried.

    Raises Refused where one is wrong, or while this place has to wait.
    """
    place, tries = known_browsers.place(get_db(), name), limits().tries
    if wait := tries.begin(place):
        raise Refused(
            "wait",
            ngettext(
                "That was many tries. Wait one second, then try again.",
                "That was many tries. Wait %(num)d seconds, then try again.",
                wait,
            ),
        )
    person = people.known(get_db(), name, password)
    if person is None:
        raise Refused("wrong_password", _("The name or the password is not right. Try again."))
    tries.right(place)
    return person


def go_on(person: people.Person, wanted: str | None) -> Response:
    """Let somebody in whose password is right, or ask for their second step first."""
    if second_factors.active(get_db(), person):
        halfway.begin(person)
        return redirect(url_for("desk.second_step", next=wanted or None), HTTPStatus.SEE_OTHER)
    come_in(person)
    return redirect(safe_next(wanted, person), HTTPStatus.SEE_OTHER)


def come_in(person: people.Person) -> None:
    """Begin a sitting, and know this browser again."""
    people.came_in(get_db(), person)
    guards.sign_in(person)
    known_browsers.remember(person)


@blueprint.post("/sign-out")
@guarded("sign_out")
def sign_out() -> ResponseReturnValue:
    """End the session on this device."""
    guards.sign_out()
    return headers.forget_pages(done(_("You have signed out."), "desk.sign_in"))


@blueprint.post("/sign-out/elsewhere")
@guarded("sign_out")
def sign_out_elsewhere() -> ResponseReturnValue:
    """End every other session of whoever is signed in here."""
    guards.end_elsewhere()
    return done(_("You are signed in only here now."), "desk.start")


def welcome_page(problems: list[Problem]) -> str:
    """Show the form for the first password; the code after # is filled in by the page's script."""
    return render_template("desk/welcome.html", problems=problems)


@blueprint.get("/welcome")
@guarded("sign_in")
def welcome() -> ResponseReturnValue:
    """Ask whoever has a one-time link for a password of their own."""
    return welcome_page([])


@blueprint.post("/welcome")
@limiter.limit(PASSWORDS)
@guarded("sign_in")
@shown_again_by(welcome_page, field="password")
def set_password() -> ResponseReturnValue:
    """Set the password of the one-time link's person and let them in."""
    fields = request.form
    if fields.get("password", "") != fields.get("again", ""):
        raise Refused("not_alike", _("The two passwords are not alike. Type them again."))
    code = fields.get("token", "").rpartition("#")[2].strip()
    person = people.set_password(
        get_db(), code, fields.get("password", ""), known=known_words(inquiry())
    )
    answer = go_on(person, None)
    if guards.person() and may(person.role, "see_desk"):
        return done(_("Your password is set. You are signed in."), "desk.start")
    return answer


def known_words(here: Inquiry) -> tuple[str, ...]:
    """Return what anybody would try first in a password of this inquiry."""
    return (here.name, here.locality)
