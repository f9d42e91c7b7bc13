"""Receipt codes on their way from the form to the slip: in memory, once, for ten minutes."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from flask import current_app

PLACE: Final = "par_slips"
SECONDS: Final = 600
MOST: Final = 10_000


@dataclass(frozen=True)
class Slip:
    """What the page after a telling shows: the digits, and what became of the telling."""

    code: str
    status: str


class Slips:
    """Holds slips under random names, so that no address, cookie or log carries the digits.

    Bounded by `most`, the oldest goes first; each is gone after `seconds`. Safe between threads.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._held: OrderedDict[str, tuple[float, Slip]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, slip: Slip, *, name: str | None = None) -> str:
        """Hold a slip and return the random name to ask for it with; `name` where there is one."""
        name = name or secrets.token_urlsafe(16)
        with self._lock:
            self._forget_old()
            while len(self._held) >= self._most:
                self._held.popitem(last=False)
            self._held[name] = (self._clock() + self._seconds, slip)
        return name

    def get(self, name: str | None) -> Slip | None:
        """Return the slip with this name; None once it is forgotten."""
        with self._lock:
            self._forget_old()
            _, slip = self._held.get(name or "", (0.0, None))
        return slip

    def forget(self, name: str | None) -> None:
        """Let go of a slip; an unknown name is no error."""
        with self._lock:
            self._held.pop(name or "", None)

    def _forget_old(self) -> None:
        present = self._clock()
        while self._held:
            name, (until, _) = next(iter(self._held.items()))
            if until > present:
                return
            del self._held[name]


def held() -> Slips:
    """Return the slips of this server."""
    return cast(Slips, current_app.extensions[PLACE])
