"""A run of theming started at the desk: at once or in a thread, and never two at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, cast

from flask import Flask
from flask_babel import gettext as _

from analysis.settings import LARGEST_SEED, MOST_ASKED
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import Refused, StorageError
from par_toolkit.storage.people import Person
from par_toolkit.web.handling.fields import whole_number

if TYPE_CHECKING:
    from par_toolkit.theming import Outcome

log = logging.getLogger("par_toolkit.web.desk")

PLACE: Final = "par_proposing"
#: With fewer stories a run takes seconds, so the person waits for it on the page.
AT_ONCE: Final = 2_000

Count = int | Literal["auto"]


@dataclass(frozen=True)
class Status:
    """How a run stands: 'running', 'done' or 'failed'; `step` is the machine's name of its step."""

    state: str
    by: str
    step: str = ""
    part: int = 0
    whole: int = 0
    outcome: Outcome | None = None


class Proposing:
    """The one run that may be under way on this server. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._status: Status | None = None

    def status(self) -> Status | None:
        """Return how the newest run stands; None before the first."""
        with self._lock:
            return self._status

    def run(self, inquiry: Inquiry, *, count: Count, seed: int, by: Person) -> None:
        """Run and wait for the end. Raises Refused while another run is under way."""
        self._begin(by)
        self._work(inquiry, count, seed, by)

    def start(self, inquiry: Inquiry, *, count: Count, seed: int, by: Person) -> threading.Thread:
        """Run beside the pages. Raises Refused while another run is under way."""
        self._begin(by)
        arguments = (inquiry, count, seed, by)
        thread = threading.Thread(target=self._work, args=arguments, name="par theming")
        thread.daemon = True
        thread.start()
        return thread

    def _begin(self, by: Person) -> None:
        with self._lock:
            if self._status is not None and self._status.state == "running":
                raise Refused(
                    "run_going",
                    _(
                        "%(name)s has started a run already. Wait for it to end.",
                        name=self._status.by,
                    ),
                )
            self._status = Status("running", by.name)

    def _work(self, inquiry: Inquiry, count: Count, seed: int, by: Person) -> None:
        # What themes texts takes seconds to load, and the desk must open without it.
        from par_toolkit import theming

        try:
            with open_database(inquiry.folder) as db:
                outcome = theming.propose(
                    db, inquiry, count=count, seed=seed, by=by, progress=self._progress
                )
        except Exception as error:
            # Whatever stops a run, the desk must hear of it; the words stay out of the log.
            log.error("a theming run stopped: %s", type(error).__name__)
            self._set(state="failed")
            if not isinstance(error, StorageError | ValueError):
                raise
        else:
            self._set(state="done", outcome=outcome)

    def _progress(self, step: str, part: int, whole: int) -> None:
        self._set(step=step, part=part, whole=whole)

    def _set(self, **changes: object) -> None:
        with self._lock:
            assert self._status is not None
            self._status = replace(self._status, **changes)  # type: ignore[arg-type]


def of(app: Flask) -> Proposing:
    """Return the one that belongs to `app`."""
    return cast(Proposing, app.extensions.setdefault(PLACE, Proposing()))


def count(form: Mapping[str, str]) -> Count:
    """Read how many themes to look for. Raises Refused for anything but a sensible number."""
    typed = form.get("count", "").strip()
    if not typed:
        return "auto"
    number = whole_number(typed)
    if number is None or not 2 <= number <= MOST_ASKED:
        raise Refused(
            "bad_count",
            _("Give a number of themes from 2 to %(most)s, or leave it empty.", most=MOST_ASKED),
        )
    return number


def seed(form: Mapping[str, str]) -> int:
    """Read the seed. Raises Refused where it is no whole number that the machine can take."""
    number = whole_number(form.get("seed", "").strip() or "0")
    if number is None or number > LARGEST_SEED:
        raise Refused("bad_seed", _("The seed is a whole number, such as 0."))
    return number
