"""How often codes of tables and seats may be tried: whoever guesses is slowed, nobody else is.

A hall may stand behind one address. So each browser has an allowance of its own, and what is tried
beyond it does not count for the others. A machine that forgets its cookies each time is slowed by
its address; whoever has sat at a table of this inquiry before is not slowed with it.
"""

from __future__ import annotations

import secrets
from typing import Final

from flask import session
from flask_limiter.util import get_remote_address
from limits import parse_many

from par_toolkit.web.attempts import CODES, limiter

BROWSER: Final = parse_many("10/minute;100/hour")
ADDRESS: Final = parse_many(CODES)


def held_up() -> bool:
    """Say whether this browser has to wait before it tries another code, right or wrong."""
    if not all(limiter.limiter.test(limit, "seat", _browser()) for limit in BROWSER):
        return True
    return not session.get("has_sat") and not all(
        limiter.limiter.test(limit, "seat", get_remote_address()) for limit in ADDRESS
    )


def wrong() -> None:
    """Count a wrong code."""
    for limit in BROWSER:
        limiter.limiter.hit(limit, "seat", _browser())
    for limit in ADDRESS:
        limiter.limiter.hit(limit, "seat", get_remote_address())


def _browser() -> str:
    """Return what this browser is told apart by: at random, and signed in its cookie."""
    if not isinstance(session.get("browser"), str):
        session["browser"] = secrets.token_hex(8)
    return str(session["browser"])
