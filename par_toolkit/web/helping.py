"""'I need help now': whoever takes part asks the safeguarding contact to get in touch.

It needs no code and no account, names no story, and nothing of it comes back on any page.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms import clean_text
from forms.text import showable
from par_toolkit.storage import help_requests
from par_toolkit.storage.errors import Refused, StorageError
from par_toolkit.web import errors, kit, sessions, telling
from par_toolkit.web.attempts import limiter
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, words_kept_by

blueprint = Blueprint("helping", __name__, url_prefix="/help")

#: A whole hall may stand behind one address; this stops machines that fill the list.
REQUESTS: Final = "20/minute;100/hour"
FIELDS: Final = ("name", "reach", "when")


@blueprint.get("")
@guarded("ask_for_help")
def start() -> str:
    """Show whom to call, and ask how somebody may be reached where somebody reads it."""
    sessions.begin_anew()
    return _page([])


def again(sentence: str) -> ResponseReturnValue:
    """Show what was typed again when the session ran out.

    What is kept already comes back with no words: after Back, a browser sends again what was
    refused before, and the next person may be holding it (promise 3).
    """
    if _finished():
        return redirect(url_for("helping.done"), HTTPStatus.SEE_OTHER)
    return _page([(None, sentence)]), HTTPStatus.BAD_REQUEST


def _finished() -> bool:
    """Say whether what was posted is kept already; False where nobody can look now."""
    uuid = telling.well_formed_uuid(request.form.get("uuid"))
    try:
        return uuid is not None and help_requests.arrived(get_db(), uuid)
    except StorageError:
        return False


def _page(problems: list[tuple[str | None, str]]) -> str:
    """Show the form with what was typed."""
    typed = {name: showable(request.form.get(name, ""))[:5_000] for name in FIELDS}
    return render_template(
        "help.html",
        problems=problems,
        given=typed,
        uuid=telling.uuid_or_new(request.form.get("uuid")),
        longest=help_requests.LONGEST,
    )


@blueprint.post("")
@guarded("ask_for_help")
@words_kept_by(again)
@limiter.limit(REQUESTS)
def ask() -> ResponseReturnValue:
    """Keep what somebody asks, on disk before they are told so."""
    parts = [clean_text(showable(request.form.get(name, ""))).strip() for name in FIELDS]
    try:
        uuid = telling.uuid_or_new(request.form.get("uuid"))
        help_requests.ask(get_db(), help_requests.Asked(*parts), id=uuid)
    except Refused as refused:
        known = {
            "too_long": _(
                "That is too long. Use at most %(most)s characters in each field.",
                most=help_requests.LONGEST,
            )
        }
        nobody = _("Nobody can read this here just now. Please call one of the numbers.")
        return _page([(None, known.get(refused.reason, nobody))]), HTTPStatus.UNPROCESSABLE_ENTITY
    except StorageError as error:
        sentence, status = errors.trouble(error)
        return _page([(None, sentence)]), status
    return redirect(url_for("helping.done"), HTTPStatus.SEE_OTHER)


@blueprint.get("/done")
@guarded("ask_for_help")
def done() -> str:
    """Say that it is kept, and show nothing of it."""
    sessions.begin_anew()
    return render_template("help_done.html")


def offered() -> bool:
    """Say whether somebody is there to read what is asked; False as well where nobody can look.

    Pages that tablets keep say nothing of it: they are the same for everybody and at any time, and
    without a network the numbers alone are of use.
    """
    if request.path.startswith(kit.KEPT_PAGES):
        return False
    try:
        return help_requests.offered(get_db())
    except StorageError:
        return False


def init_app(app: Flask) -> None:
    """Let every page of participants lead here."""
    app.context_processor(lambda: {"help_offered": offered})
