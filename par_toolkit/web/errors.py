"""What people read when something does not work: one plain sentence, never a traceback."""

from __future__ import annotations

import io
import logging
import sys
import traceback
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, Final

from flask import Flask, Request, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from par_toolkit import sealing
from par_toolkit.storage import errors as storage
from par_toolkit.web import locked

log = logging.getLogger("par_toolkit.web")

#: How a status is called in an answer to a device; 'later' means: keep it and try again.
FOR_DEVICES: Final = {404: "not_found", 405: "not_found", 413: "too_large", 429: "later"}


def words_for(status: int) -> tuple[str, str]:
    """Return the heading and the sentence for a status, in this request's language."""
    known = {
        400: (
            _("That did not arrive whole"),
            _("Go back, look at what you entered, and press the button again."),
        ),
        401: (_("Please sign in"), _("This page is for people who have signed in.")),
        403: (
            _("This page is not open to you"),
            _("If your work needs it, ask a facilitator to change what you may do."),
        ),
        404: (
            _("There is no page here"),
            _("The address may be mistyped, or what was here has been taken away."),
        ),
        405: (
            _("This page opens another way"),
            _("Go to the start and follow the links from there."),
        ),
        410: (
            _("This was withdrawn"),
            _("It is not kept here any more."),
        ),
        413: (
            _("That is more than we can take at once"),
            _(
                "Your words are still on the page before this one. Press Back, and send them in "
                "two or more parts. Each part can be up to a million characters."
            ),
        ),
        422: (
            _("Something needs to be changed"),
            _("Go back, look at what you entered, and press the button again."),
        ),
        429: (
            _("That was many tries in a short time"),
            _("Wait a minute, then go back and try again."),
        ),
        500: (
            _("Something went wrong on our side"),
            _(
                "It was not your fault. Go back and try again. If it happens again, tell the "
                "person who runs this inquiry what you were doing."
            ),
        ),
        503: (
            _("We are busy saving just now"),
            _("Wait a moment, then go back and press the button again."),
        ),
        507: (
            _("There is no room left to keep this"),
            _(
                "The disk is full, so this was not kept. Tell the person who runs this inquiry. "
                "What you wrote is still on the page before this one: press Back."
            ),
        ),
    }
    return known.get(status, known[500] if status >= 500 else known[400])


def status_of(error: storage.StorageError) -> int:
    """Return the HTTP status that says what kind of trouble storage is in."""
    if isinstance(error, storage.DiskFull):
        return HTTPStatus.INSUFFICIENT_STORAGE
    if isinstance(error, storage.InquiryBusy | storage.ReadOnly | storage.Locked):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, storage.Refused):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.INTERNAL_SERVER_ERROR


def trouble(error: storage.StorageError) -> tuple[str, int]:
    """Return what to tell a person whose words are on the page, and the status; log the kind."""
    status = status_of(error)
    if isinstance(error, storage.Locked):
        return locked.sentence(), status
    if status >= 500:
        log.error("storage could not keep or read: %s", type(error).__name__)
    sentences = {
        503: _("We could not keep this just now. Wait a moment and press the button again."),
        507: _("There is no room left on the disk. Tell the person who runs this inquiry."),
        500: _("We could not keep this. Tell the person who runs this inquiry."),
    }
    return sentences.get(status, str(error)), status


def page(status: int, *, sentence: str | None = None) -> Any:
    """Answer with a page, or with JSON where a program asked."""
    heading, usual = words_for(status)
    if request.path.startswith("/api/"):
        name = FOR_DEVICES.get(status, "later" if status >= 500 else "refused")
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            usual = _(
                "This story is more than can be taken at once. It stays on the tablet. Save what "
                "waits there to a file, and hand the file over."
            )
        return jsonify(status=name, message=sentence or usual, stored=False), status
    return render_template(
        "error.html", status=status, heading=heading, sentence=sentence or usual
    ), status


def refused_request(error: HTTPException) -> Any:
    """Answer for an error of HTTP; headers on methods and waiting stay."""
    if error.code is None or error.code < 400:
        return error
    body, status = page(error.code)
    response = current_app.make_response((body, status))
    kept = ("allow", "retry-after")
    for name, value in error.get_headers():
        if name.lower() in kept:
            response.headers[name] = value
    return response


def lost_session(error: CSRFError) -> Any:
    """Show a form again whose session ran out, with every word that was typed."""
    sentence = _(
        "This page was open for a long time, or your browser does not keep cookies. "
        "Everything you entered is still here. Please press the button once more."
    )
    view = current_app.view_functions.get(request.endpoint or "")
    again = getattr(view, "par_again", None)
    if again is not None:
        try:
            return again(sentence, **(request.view_args or {}))
        except HTTPException as other:  # a form that there is not
            return refused_request(other)
    return page(
        400,
        sentence=_(
            "This page was open for a long time. Go back, load it again, and "
            "press the button once more."
        ),
    )


def storage_trouble(error: storage.StorageError) -> Any:
    """Answer for a disk that is full, a file that is busy, and the like."""
    if isinstance(error, storage.Locked):
        return locked.page()
    sentence, status = trouble(error)
    return page(status, sentence=sentence if isinstance(error, storage.Refused) else None)


def disk_trouble(error: OSError) -> Any:
    """Answer where a disk is full or may not be written, also for what is no database."""
    ours = storage.translate(error, Path(error.filename or "what was sent"))
    if ours is None:
        current_app.log_exception(sys.exc_info())
        return page(500)
    return storage_trouble(ours)


class InMemory(Request):
    """A request whose parts stay in memory: a form that is sent as a file would else be written,
    in the clear, into the system's folder for temporary files."""

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return io.BytesIO()


class PlainFlask(Flask):
    """Flask whose log of a fault names the place in the code, and never holds a person's words."""

    request_class = InMemory

    def log_exception(self, exc_info: Any) -> None:
        kind, _error, trace = exc_info if exc_info != (None, None, None) else sys.exc_info()
        frames = traceback.extract_tb(trace)
        where = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames[-12:]))
        log.error("%s in %s: %s", kind.__name__, request.endpoint, where)


def key_trouble(error: sealing.SealingError) -> Any:
    """Answer where the inquiry's own keys are damaged: what was sent waits until they are not."""
    log.error("the sealing keys cannot be used: run par check (%s)", type(error).__name__)
    return page(503)


def init_app(app: Flask) -> None:
    """Register the pages for everything that can go wrong."""
    app.register_error_handler(HTTPException, refused_request)
    app.register_error_handler(CSRFError, lost_session)
    app.register_error_handler(storage.StorageError, storage_trouble)
    app.register_error_handler(OSError, disk_trouble)
    app.register_error_handler(sealing.SealingError, key_trouble)
