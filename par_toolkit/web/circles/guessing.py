"""How often codes of tables and seats may be tried: whoever guesses is slowed, nobody else is.

A hall may stand behind one address. So each browser has an allowance of its own, and what is tried
beyond it does not count for the others. A machine that forgets its cookies each time is slowed by
its address; whoever has sat at a table of this inquiry before is not slowed with it, and neither is
whoever scans the square: it holds more than anybody can guess.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from flask import request, session
from flask_limiter.util import get_remote_address
from limits import parse_many

from par_toolkit.storage.keys import mark
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.web.attempts import CODES, limiter
from par_toolkit.web.current import inquiry

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


def square_of(circle: Circle) -> str:
    """Return what stands in the square of a table beside its code, and nowhere else."""
    return mark(inquiry().folder, "square", f"{circle.id} {circle.table_code}")[:20]


def scanned(circle: Circle | None) -> bool:
    """Say whether the code that was sent comes from the square of this table."""
    sent = request.form.get("square", "").encode()
    return circle is not None and hmac.compare_digest(sent, square_of(circle).encode())
