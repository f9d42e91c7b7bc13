"""Browsers from which somebody has signed in before: strangers who try passwords do not slow them.

A cookie of its own says so, for a month. It opens nothing, names nobody, and ends with a person's
password.
"""

from __future__ import annotations

import secrets
from typing import Final

from flask import Flask, Response, after_this_request, current_app, request
from flask.sessions import SecureCookieSession

from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.web.database import get_db
from par_toolkit.web.sessions import Sessions

COOKIE: Final = "par-known"
PATH: Final = "/desk"
#: People who share one browser.
MOST: Final = 8


class _Known(Sessions):
    """A signed cookie beside that of the session, which it cannot stand in for."""

    salt = COOKIE

    def get_cookie_name(self, app: Flask) -> str:
        return COOKIE

    def get_cookie_path(self, app: Flask) -> str:
        return PATH

    def get_cookie_samesite(self, app: Flask) -> str:
        return "Strict"


_known_browsers: Final = _Known()


def place(db: PrivateDatabase, name: str) -> str:
    """Return what wrong passwords for `name` are counted under.

    That is this browser where the person with the name has signed in here before, and otherwise
    the address that it comes from.
    """
    person = people.by_name(db, name)
    mark = _known().get(_key(person)) if person else None
    folded = " ".join(name.split())[:100].casefold()
    return f"{folded} in {mark}" if mark else f"{folded} from {request.remote_addr}"


def known_here() -> bool:
    """Say whether whoever is named in the form has signed in from this browser before."""
    person = people.by_name(get_db(), request.form.get("name", ""))
    return person is not None and _key(person) in _known()


def remember(person: Person) -> None:
    """Have the answer at hand tell the browser that somebody has signed in here."""
    known = {_key(person): secrets.token_hex(8)} | _known()
    kept = SecureCookieSession(dict(list(known.items())[:MOST]))
    kept.permanent = kept.modified = True

    @after_this_request
    def set_cookie(response: Response) -> Response:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        _known_browsers.save_session(app, kept, response)
        return response


def _known() -> SecureCookieSession:
    """Return a random mark for each person who signed in from this browser."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return _known_browsers.open_session(app, request) or SecureCookieSession()


def _key(person: Person) -> str:
    """Return what changes with a person's password: a browser is known until then."""
    return people.digest(f"{person.id} {person.session}")[:16]
