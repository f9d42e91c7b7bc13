"""What each person looks after themselves: their password, second step, and where they are."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import people, second_factors
from par_toolkit.storage.errors import Refused
from par_toolkit.web import guards, known_browsers, qr
from par_toolkit.web.attempts import PASSWORDS, limiter
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.signing_in import known_words
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling import once
from par_toolkit.web.handling.answers import Problem, done, shown_again_by


@blueprint.get("/account")
@guarded("keep_own_account")
def account() -> ResponseReturnValue:
    """Show what somebody can change for themselves."""
    return account_page([])


def account_page(problems: list[Problem]) -> Any:
    """Show the forms; a secret that waits for its first code is shown until it is confirmed."""
    db, person = get_db(), me()
    secret = second_factors.begun(db, person)
    return render_template(
        "desk/account.html",
        problems=problems,
        active=second_factors.active(db, person),
        left=second_factors.recovery_left(db, person),
        secret=[secret[at : at + 4] for at in range(0, len(secret), 4)] if secret else None,
        square=qr.draw(second_factors.address(secret, person, inquiry().name)) if secret else None,
    )


@blueprint.post("/account/password")
@limiter.limit(PASSWORDS)
@guarded("keep_own_account")
@shown_again_by(account_page, field="new")
def change_password() -> ResponseReturnValue:
    """Set another password; every other sitting ends."""
    fields = request.form
    if fields.get("new", "") != fields.get("again", ""):
        raise Refused("not_alike", _("The two passwords are not alike. Type them again."))
    person = people.change_password(
        get_db(),
        me(),
        fields.get("old", ""),
        fields.get("new", ""),
        known=known_words(inquiry()),
    )
    guards.sign_in(person)
    known_browsers.remember(person)
    return done(_("Your password is changed. You are signed in only here now."), "desk.account")


@blueprint.post("/account/second")
@limiter.limit(PASSWORDS)
@guarded("keep_own_account")
@shown_again_by(account_page, field="second-password")
def begin_second_step() -> ResponseReturnValue:
    """Make a secret, for whoever knows the password and not only finds the laptop open."""
    _ask_password()
    second_factors.begin(get_db(), me())
    return redirect(url_for("desk.account", _anchor="second"), 303)


@blueprint.post("/account/second/confirm")
@limiter.limit(PASSWORDS)
@guarded("keep_own_account")
@shown_again_by(account_page, field="code")
def confirm_second_step() -> ResponseReturnValue:
    """Ask for the second step from now on, and show the recovery codes once."""
    codes = second_factors.confirm(get_db(), me(), request.form.get("code", ""))
    name = once.keep(once.Secret("recovery", me().name, "", " ".join(codes)))
    return redirect(url_for("desk.recovery_codes", name=name), 303)


@blueprint.get("/account/recovery/<name>")
@guarded("keep_own_account")
def recovery_codes(name: str) -> ResponseReturnValue:
    """Show somebody's recovery codes, this once."""
    secret = once.take(name, "recovery")
    return render_template("desk/recovery.html", codes=secret.code.split() if secret else [])


@blueprint.post("/account/second/stop")
@limiter.limit(PASSWORDS)
@guarded("keep_own_account")
@shown_again_by(account_page, field="second-password")
def stop_second_step() -> ResponseReturnValue:
    """Ask for no second step any more."""
    _ask_password()
    second_factors.stop(get_db(), me(), by=me())
    return done(_("Only your password is asked for now."), "desk.account")


def _ask_password() -> None:
    if not people.right_password(get_db(), me(), request.form.get("password", "")):
        raise Refused("wrong_old_password", _("The password that you have now is not right."))
