"""When somebody last did something here: an inquiry that nobody uses locks itself.

Only what a person does counts. What tablets send, what readers of the findings ask for, and what
a page that was left open asks by itself do not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from flask import Flask, Response, g, request

PLACE: Final = "par_activity"
#: What browsers say a script asked for, and no person.
_BY_SCRIPT: Final = frozenset({"cors", "same-origin", "no-cors"})


class Activity:
    """Remembers when somebody was here last, by a clock that nobody can set."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()

    def note(self) -> None:
        """Note that somebody is here."""
        self._last = self._clock()

    @property
    def idle(self) -> float:
        """Return for how many seconds nobody was here."""
        return self._clock() - self._last


def by_a_person() -> bool:
    """Say whether a person is behind the request at hand."""
    if request.path.startswith("/api/") or request.endpoint in (None, "static"):
        return False
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return True
    if request.headers.get("Sec-Fetch-Mode") in _BY_SCRIPT:
        return False
    telling = request.blueprint == "tell" and "name" in (request.view_args or {})
    return telling or g.get("person") is not None or g.get("seat") is not None


def init_app(app: Flask, activity: Activity) -> None:
    """Have `app` note what people do."""

    def note(response: Response) -> Response:
        if by_a_person():
            activity.note()
        return response

    app.extensions[PLACE] = activity
    app.after_request(note)
