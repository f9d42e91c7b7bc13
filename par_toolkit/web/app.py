"""The factory of the web application: one inquiry's pages, ready for any WSGI server."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Flask, abort, request
from flask_wtf import CSRFProtect

from par_toolkit import inquiry as inquiries
from par_toolkit import sealing
from par_toolkit.storage import vault
from par_toolkit.storage.database import open_database
from par_toolkit.web import (
    activity,
    api,
    attempts,
    circles,
    contexts,
    current,
    database,
    desk,
    device,
    errors,
    guards,
    headers,
    helping,
    home,
    kit,
    languages,
    leaving,
    limits,
    looking,
    mine,
    origins,
    packing,
    privacy,
    sessions,
    slips,
    tell,
)
from par_toolkit.web import locked as outside
from par_toolkit.wording import remember_wording

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_FIELDS: Final = 2_000
BLUEPRINTS: Final = (
    *(home, privacy, leaving, helping, tell, device, mine),
    *(looking, api, circles, desk),
)


def create_app(
    folder: Path | str,
    *,
    testing: bool = False,
    locked: bool | None = None,
    used: activity.Activity | None = None,
) -> Flask:
    """Make the application for the inquiry in `folder`; `used` notes when somebody was here.

    A `locked` one needs no database; left out, it is so where the inquiry is. Raises InquiryError
    or StorageError, whose message says what to do, where the folder cannot be used, and LookupError
    where a view does not say which action it is for.
    """
    inquiry = inquiries.load(folder)
    locked = not vault.unlocked(inquiry.folder) if locked is None else locked
    if not locked:
        with open_database(inquiry.folder) as db:
            remember_wording(db, inquiry)
        sealing.make_keys(inquiry.folder)  # those from before tablets could seal have none
    app = errors.PlainFlask(__name__)
    app.wsgi_app = contexts.apart(app.wsgi_app)  # type: ignore[method-assign]
    app.extensions[current.PLACE] = inquiry
    app.extensions[slips.PLACE] = slips.Slips()
    app.config.update(
        TESTING=testing,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        # Werkzeug's own limit of 500 kB a form would cut long stories off.
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
        # A token that ran out in the field lost people's words; the session bounds it instead.
        WTF_CSRF_TIME_LIMIT=None,
    )
    sessions.init_app(app, inquiry)
    languages.init_app(app)
    database.init_app(app)
    headers.init_app(app)
    packing.init_app(app)
    kit.init_app(app)
    app.before_request(_refuse_nameless_fields)
    outside.init_app(app, locked=locked)
    activity.init_app(app, used or activity.Activity())
    origins.init_app(app)
    guards.init_app(app)
    csrf = CSRFProtect(app)
    csrf.exempt(api.blueprint)  # devices come with a token of their own and no cookie
    attempts.limiter.init_app(app)
    limits.init_app(app)
    helping.init_app(app)
    errors.init_app(app)
    for room in BLUEPRINTS:
        app.register_blueprint(room.blueprint)
    app.context_processor(lambda: {"inquiry": inquiry})
    unnamed = guards.unnamed(app)
    if unnamed:
        raise LookupError(f"These views do not say which action they are for: {unnamed}.")
    return app


def _refuse_nameless_fields() -> None:
    """Refuse a form in which a field has no name; Flask-WTF stumbles over it."""
    if request.method == "POST" and None in request.form:
        abort(HTTPStatus.BAD_REQUEST)
