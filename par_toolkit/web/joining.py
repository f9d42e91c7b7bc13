"""The join code: where an inquiry has one, it is typed once before telling."""

from __future__ import annotations

import hashlib
import hmac

from flask import request, session
from flask_babel import gettext as _

from par_toolkit.web.current import inquiry
from par_toolkit.web.typed_words import plain, wrong


def joined() -> bool:
    """Say whether this session may tell: no join code is set, or it was typed before."""
    code = inquiry().join_code
    return not code or hmac.compare_digest(str(session.get("joined")), _digest(code))


def problem() -> str | None:
    """Check the join code that was posted; remember it if it is right, else say what is wrong.

    The code keeps out passers-by and opens no secret.
    """
    typed = request.form.get("join_code", "")
    if not plain(typed):
        return _("Type the join code that you were given.")
    if hmac.compare_digest(_digest(typed), _digest(inquiry().join_code)):
        session["joined"] = _digest(typed)
        return None
    return wrong(_("That is not the join code. Look at it again, or ask who gave it to you."))


def _digest(code: str) -> str:
    """Return what the cookie holds instead of the code."""
    return hashlib.sha256(plain(code).encode()).hexdigest()
