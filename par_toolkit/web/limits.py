"""How much a paired tablet may send, and how often anybody may guess a token or a password.

In memory only. What is refused here is kept on the tablet and sent again later, so no story is
lost by it.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from flask import Flask, current_app

PLACE: Final = "par_limits"

#: What no honest tablet reaches: five stories and a half each second, for an hour on end.
STORIES_AN_HOUR: Final = 20_000
BYTES_A_DAY: Final = 2_000_000_000
#: Different wrong tokens that one address may try in an hour; the same one again and again, as a
#: tablet of another inquiry may send it, counts once.
GUESSES: Final = 100
GUESSING_SECONDS: Final = 3_600.0
#: Wrong passwords for one name from one place before each further try has to wait, 1 second, then
#: 2, then 4 … and the longest wait. That leaves 300 tries a day, against passwords that are not
#: common (storage/passwords.py).
FREE_TRIES: Final = 10
LONGEST_WAIT: Final = 300.0
#: Seconds that are no more than the rounding of a sum.
_A_MOMENT: Final = 1e-6
#: Addresses that are remembered at once.
MOST_REMEMBERED: Final = 10_000


@dataclass
class Bucket:
    """Holds up to `size`, is emptied by use and fills again within `seconds`."""

    size: float
    seconds: float
    level: float
    at: float

    def missing(self, amount: float, now: float) -> float:
        """Return the seconds until `amount` can be taken; 0 where it can be now."""
        self.level = min(self.size, self.level + (now - self.at) * self.size / self.seconds)
        self.at = now
        return max(0.0, min(amount, self.size) - self.level) * self.seconds / self.size

    def take(self, amount: float) -> None:
        """Use up `amount`."""
        self.level -= min(amount, self.size)


class Allowance:
    """What each device may still send: so many stories an hour and so many bytes a day."""

    def __init__(
        self,
        stories_an_hour: int = STORIES_AN_HOUR,
        bytes_a_day: int = BYTES_A_DAY,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sizes = ((float(stories_an_hour), 3_600.0), (float(bytes_a_day), 86_400.0))
        self._clock = clock
        self._lock = threading.Lock()
        self._devices: dict[int, tuple[Bucket, ...]] = {}

    def wait(self, device: int, size: int) -> int:
        """Let a device send one story of `size` bytes: 0, or the whole seconds it must wait."""
        now = self._clock()
        with self._lock:
            buckets = self._devices.get(device)
            if buckets is None:
                buckets = tuple(Bucket(most, span, most, now) for most, span in self._sizes)
                self._devices[device] = buckets
            amounts = (1.0, float(max(0, size)))
            waits = [
                bucket.missing(amount, now) for bucket, amount in zip(buckets, amounts, strict=True)
            ]
            if max(waits) > _A_MOMENT:
                return math.ceil(max(waits) - _A_MOMENT)
            for bucket, amount in zip(buckets, amounts, strict=True):
                bucket.take(amount)
            return 0


@dataclass
class _Address:
    since: float
    tokens: set[str] = field(default_factory=set)


class Guesses:
    """Tokens that were never given out, by the address that tried them. Those that were given out
    are never held up: a hall may stand behind one address, and nobody can guess one of 2^120."""

    def __init__(self, most: int = GUESSES, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._addresses: OrderedDict[str, _Address] = OrderedDict()

    def wait(self, address: str, token: str) -> int:
        """Note a guess: 0, or the whole seconds to wait where an address has guessed too often."""
        with self._lock:
            here = self._at(address)
            if token in here.tokens:
                return 0
            if len(here.tokens) < self._most:
                here.tokens.add(token)
                return 0
            return max(1, math.ceil(here.since + GUESSING_SECONDS - self._clock()))

    def _at(self, address: str) -> _Address:
        now = self._clock()
        here = self._addresses.setdefault(address, _Address(now))
        self._addresses.move_to_end(address)
        if now - here.since >= GUESSING_SECONDS:
            here.since, here.tokens = now, set()
        while len(self._addresses) > MOST_REMEMBERED:
            self._addresses.popitem(last=False)
        return here


@dataclass
class _Tried:
    number: int
    at: float


class Tries:
    """Wrong passwords, counted apart for each name and place they were tried from.

    After some, each further try waits longer. Whoever tries waits, and nobody else does: strangers
    elsewhere cannot shut anybody out, and a browser from which somebody has signed in before is a
    place of its own (`web/known_browsers.py`).
    """

    def __init__(
        self, free: int = FREE_TRIES, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._free = free
        self._clock = clock
        self._lock = threading.Lock()
        self._tried: OrderedDict[str, _Tried] = OrderedDict()

    def begin(self, place: str) -> int:
        """Begin a try: 0, or the whole seconds to wait first. It counts as wrong until `right`."""
        now = self._clock()
        with self._lock:
            here = self._tried.setdefault(place, _Tried(0, now))
            if now - here.at >= GUESSING_SECONDS:
                here.number = 0
            over = here.number - self._free
            # 2^9 seconds are longer than the longest wait
            pause = min(2.0 ** min(over, 9), LONGEST_WAIT) if over >= 0 else 0.0
            if now < here.at + pause:
                return max(1, math.ceil(here.at + pause - now))
            here.number, here.at = here.number + 1, now
            self._tried.move_to_end(place)
            while len(self._tried) > MOST_REMEMBERED:
                self._tried.popitem(last=False)
            return 0

    def right(self, place: str) -> None:
        """Forget the wrong tries of whoever has come in."""
        with self._lock:
            self._tried.pop(place, None)


@dataclass(frozen=True)
class Limits:
    """The limits of one application."""

    allowance: Allowance = field(default_factory=Allowance)
    guesses: Guesses = field(default_factory=Guesses)
    tries: Tries = field(default_factory=Tries)


def init_app(app: Flask, limits: Limits | None = None) -> None:
    """Give `app` its limits."""
    app.extensions[PLACE] = limits or Limits()


def limits() -> Limits:
    """Return the limits of the application at hand."""
    return cast(Limits, current_app.extensions[PLACE])
