"""The second step of signing in: a code, a recovery code, or another person's help."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import second_factors
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.web.attempts import PASSWORDS, limiter
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import halfway
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.signing_in import come_in, person_with_password, safe_next
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.limits import limits


def second_page(problems: list[Problem]) -> Any:
    """Ask for a code; whoever has not typed their password does that first."""
    if halfway.person() is None:
        return redirect(url_for("desk.sign_in"), HTTPStatus.SEE_OTHER)
    return render_template("desk/second_step.html", problems=problems)


@blueprint.get("/sign-in/second")
@guarded("sign_in")
def second_step() -> ResponseReturnValue:
    """Ask for the code of the second step."""
    return second_page([])


@blueprint.post("/sign-in/second")
@guarded("sign_in")
@shown_again_by(second_page, field="code")
def check_second_step() -> ResponseReturnValue:
    """Let a person in whose code is right."""
    person = halfway.person()
    if person is None:
        return redirect(url_for("desk.sign_in"), HTTPStatus.SEE_OTHER)
    return _in(person, _checked(person, request.form.get("code", "")))


def _checked(person: Person, code: str) -> str:
    """Take a code and say which it was; whoever comes here knows the password already.

    So wrong codes are counted for the person, wherever they come from.
    """
    place, tries = f"second step of {person.id}", limits().tries
    if tries.begin(place):
        raise Refused("wait", _("That was many tries. Wait five minutes, then try again."))
    used = second_factors.check(get_db(), person, code)
    tries.right(place)
    return used


def _in(person: Person, used: str) -> ResponseReturnValue:
    come_in(person)
    if used == "reset":
        return done(
            _("You are signed in, and no second step is asked for any more. Set it up anew here."),
            "desk.account",
        )
    if used == "recovery":
        return done(
            _("You are signed in. This recovery code is used up. Look how many are left."),
            "desk.account",
        )
    return redirect(safe_next(request.form.get("next"), person), HTTPStatus.SEE_OTHER)


def lost_page(problems: list[Problem]) -> Any:
    """Ask for name, password and the code in a link; the page's script fills in the code."""
    return render_template("desk/second_lost.html", problems=problems)


@blueprint.get("/sign-in/lost")
@guarded("sign_in")
def second_lost() -> ResponseReturnValue:
    """Open the way in for whoever lost their second step and was given a link."""
    return lost_page([])


@blueprint.post("/sign-in/lost")
@limiter.limit(PASSWORDS)
@guarded("sign_in")
@shown_again_by(lost_page, field="token")
def use_reset() -> ResponseReturnValue:
    """Let a person in with their password and the code that another person gave them."""
    fields = request.form
    person = person_with_password(fields.get("name", ""), fields.get("password", ""))
    if not second_factors.active(get_db(), person):
        raise Refused("no_second", _("You have no second step. Sign in with your password."))
    return _in(person, _checked(person, fields.get("token", "").rpartition("#")[2]))
