"""The page that asks for the shared word before the findings are shown."""

from __future__ import annotations

import hmac
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.web import visitors
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, words_kept_by
from par_toolkit.web.typed_words import plain, wrong

blueprint = Blueprint("looking", __name__)


def wanted() -> str:
    """Return the page of the findings to go on to, which is always one of ours."""
    address = request.values.get("next")
    return address if address and visitors.inside(address) else visitors.FINDINGS


def _page(problem: str | None, status: int = HTTPStatus.OK) -> ResponseReturnValue:
    problems = [("word", problem)] if problem else []
    return render_template("look.html", problems=problems, next=wanted()), status


def _key() -> bytes:
    key = current_app.secret_key
    assert isinstance(key, bytes)
    return key


@blueprint.get("/look")
@guarded("see_findings")
def ask() -> ResponseReturnValue:
    """Ask for the word; whoever may look already, or signs in instead, goes on."""
    sharing = inquiry().sharing
    if visitors.may_look(session, sharing, _key(), get_db):
        return redirect(wanted(), HTTPStatus.SEE_OTHER)
    if sharing.open_to != "word":
        return redirect(url_for("desk.sign_in", next=wanted()), HTTPStatus.SEE_OTHER)
    return _page(None)


def again(sentence: str) -> ResponseReturnValue:
    """Ask again where the session ran out."""
    return _page(sentence, HTTPStatus.BAD_REQUEST)


@blueprint.post("/look")
@guarded("see_findings")
@words_kept_by(again)
def check_word() -> ResponseReturnValue:
    """Let in whoever types the word, in this browser until it is closed or the word changes."""
    sharing = inquiry().sharing
    if sharing.open_to != "word":
        return redirect(url_for("looking.ask", next=wanted()), HTTPStatus.SEE_OTHER)
    typed = request.form.get("word", "")
    if not plain(typed):
        return _page(_("Type the word that you were given."), HTTPStatus.UNPROCESSABLE_ENTITY)
    mark = visitors.word_mark(typed, _key())
    if not hmac.compare_digest(mark, visitors.word_mark(sharing.word, _key())):
        sentence = _("That is not the word. Look at it again, or ask who gave it to you.")
        return _page(wrong(sentence), HTTPStatus.UNPROCESSABLE_ENTITY)
    session[visitors.MARK] = mark
    return redirect(wanted(), HTTPStatus.SEE_OTHER)
