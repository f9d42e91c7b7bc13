"""The session cookie: signed with the inquiry's own key, bound to HTTPS wherever there is any."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Any, Final

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from par_toolkit.inquiry import Inquiry, InquiryError
from par_toolkit.storage import vault
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.vault import key_files

COOKIE: Final = "par"
KEY: Final = "session.key"
#: Over HTTPS a browser takes a cookie of this name only whole: Secure, of this host, for all of it.
#: So no neighbour under the same name, and nobody on the line, can put one of theirs in its place.
SECURE_COOKIE: Final = "__Host-par"
#: The keys that sign the sessions of encrypted inquiries, by folder: in memory only.
_passing: Final[dict[Path, bytes]] = {}


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, whose Secure mark follows the request instead of a setting.

    The same server answers on a laptop's own http://127.0.0.1 and over HTTPS on a hub's network.
    """

    salt = "par-session"
    digest_method = staticmethod(hashlib.sha256)

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def get_cookie_name(self, app: Flask) -> str:
        return SECURE_COOKIE if request.is_secure else COOKIE

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not request.cookies:  # as from every tablet: there is nothing to check
            return self.session_class()
        return super().open_session(app, request)


def session_key(inquiry: Inquiry) -> bytes:
    """Read the key that signs sessions.

    That of an encrypted inquiry is made anew whenever it is opened or locked, so that everybody
    signs in again, and a cookie that was copied opens nothing. Raises InquiryError when the key is
    missing or damaged.
    """
    if vault.encrypted(inquiry.folder):
        return _passing.setdefault(inquiry.folder.resolve(), secrets.token_bytes(32))
    path = inquiry.keys / KEY
    try:
        key = bytes.fromhex(key_files.read(inquiry.folder, KEY).decode("ascii").strip())
    except (StorageError, ValueError) as error:
        raise InquiryError(
            f"The key {path} is missing or damaged. Write 64 random hex digits to it; "
            "everybody who is signed in will sign in again."
        ) from error
    if len(key) < 32:
        raise InquiryError(f"The key {path} is too short. Write 64 random hex digits to it.")
    return key


def end_all(folder: Path) -> None:
    """End every session of the encrypted inquiry in `folder`."""
    _passing.pop(folder.resolve(), None)


class _Named(Sessions):
    """Reads the cookie of one name, where there is no request of Flask's that says which."""

    def __init__(self, name: str) -> None:
        self._name = name

    def get_cookie_name(self, app: Flask) -> str:
        return self._name


class Reader:
    """Reads the session in a cookie where there is no request of Flask's, as in the server."""

    def __init__(self, key: bytes) -> None:
        self._app = Flask(__name__)
        self._app.secret_key = key
        self._plain, self._secure = _Named(COOKIE), _Named(SECURE_COOKIE)

    def read(self, cookies: str, *, secure: bool) -> dict[str, Any] | None:
        """Return the session in the text of a Cookie header; None where none of ours is there.

        `secure` says whether it came over HTTPS.
        """
        request = Request.from_values(headers={"Cookie": cookies})
        found = (self._secure if secure else self._plain).open_session(self._app, request)
        return dict(found) if found else None


def begin_anew() -> None:
    """Let no page that was sent before be sent again: whoever comes now is the next person.

    A browser keeps what was posted. Back and Reload would post it again, and the answer would show
    the last person's words or story (promise 3). With a new token that is a lost session.
    """
    if "person" not in session:  # at the desk several pages may be open
        session.pop("csrf_token", None)


def init_app(app: Flask, inquiry: Inquiry) -> None:
    """Give `app` the inquiry's key and cookies that scripts and other sites cannot use."""
    app.secret_key = session_key(inquiry)
    app.session_interface = Sessions()
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
