"""The join code: where an inquiry has one, it is typed once before telling."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from flask import request, session
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded

from par_toolkit.web.attempts import CODES, limiter
from par_toolkit.web.current import inquiry


def joined() -> bool:
    """Say whether this session may tell: no join code is set, or it was typed before."""
    code = inquiry().join_code
    return not code or hmac.compare_digest(str(session.get("joined")), _digest(code))


def problem() -> str | None:
    """Check the join code that was posted; remember it if it is right, else say what is wrong."""
    typed = request.form.get("join_code", "")
    if not _plain(typed):
        return _("Type the join code that you were given.")
    if hmac.compare_digest(_digest(typed), _digest(inquiry().join_code)):
        session["joined"] = _digest(typed)
        return None
    return _wrong()


def _wrong() -> str:
    """Count a wrong try and say so. The right code is never held up by what others try.

    A whole hall may come from one address. The code keeps out passers-by and opens no secret.
    """
    try:
        with limiter.limit(CODES):
            return _("That is not the join code. Look at it again, or ask who gave it to you.")
    except RateLimitExceeded:
        return _("That was many tries in a short time. Wait a minute and try again.")


def _digest(code: str) -> str:
    """Return what the cookie holds instead of the code."""
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def _plain(code: str) -> str:
    """Write a join code the way it is compared: capitals and spaces make no difference."""
    text = unicodedata.normalize("NFKC", code[:1000].encode("utf-8", "replace").decode())
    return "".join(text.casefold().split())
