"""The page that opens a locked inquiry with its passphrase."""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import vault
from par_toolkit.storage.errors import KeyDamaged, KeyMissing, Refused, WrongPassphrase
from par_toolkit.web import locked
from par_toolkit.web.attempts import PASSPHRASES, limiter
from par_toolkit.web.current import inquiry
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.answers import Problem, shown_again_by

#: Trying a passphrase takes a core and much memory on purpose: one at a time, whoever asks.
_one_at_a_time = threading.Lock()
_PATIENCE: Final = 5.0


def unlock_page(problems: list[Problem]) -> str:
    """Show the form, never with what was typed."""
    return render_template("desk/unlock.html", problems=problems)


@blueprint.get("/unlock")
@guarded("open_inquiry")
def unlock() -> ResponseReturnValue:
    """Ask for the passphrase; where the inquiry is open already, go on."""
    if not locked.here():
        return redirect(url_for("desk.sign_in"), HTTPStatus.SEE_OTHER)
    return unlock_page([])


@blueprint.post("/unlock")
@limiter.limit(PASSPHRASES)
@guarded("open_inquiry")
@shown_again_by(unlock_page, field="passphrase")
def open_inquiry() -> ResponseReturnValue:
    """Open the inquiry; the server goes over to its open pages with the next request."""
    if locked.here():
        _open(request.form.get("passphrase", ""))
    return redirect(url_for("desk.sign_in"), HTTPStatus.SEE_OTHER)


def _open(passphrase: str) -> None:
    if not _one_at_a_time.acquire(timeout=_PATIENCE):
        raise Refused("busy", _("Somebody else is trying just now. Wait a moment and try again."))
    try:
        vault.unlock(inquiry().folder, passphrase)
    except WrongPassphrase as error:
        sentence = _(
            "This passphrase does not open the inquiry. Look at capitals, spaces and the "
            "keyboard's language, and try again."
        )
        raise Refused("wrong_passphrase", sentence) from error
    except (KeyMissing, KeyDamaged) as error:
        sentence = _(
            "The key that the passphrase opens is missing or damaged. At the machine itself, "
            "“par check” says what to do."
        )
        raise Refused("no_key", sentence) from error
    finally:
        _one_at_a_time.release()
