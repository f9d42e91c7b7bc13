"""The one ASGI root: Flask at `/`, the live findings under `/findings/`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from par_toolkit.web.activity import Activity

from . import gate
from .asgi import App, Receive, Scope, Send, log, never_a_traceback, tidy, with_headers
from .findings import FindingsApp
from .opening import Opening
from .pages import Pages

#: Seconds between rounds of background work; a withdrawal must be finished within 60.
BACKGROUND_EVERY: Final = 2.0

Work = Callable[[Path], object]


def make_app(
    folder: Path | str,
    *,
    flask_app: Callable[..., Any] | None = None,
    background: Sequence[Work] | None = None,
    lock_after: float | None = None,
) -> App:
    """Make the ASGI app of the inquiry in `folder`.

    `flask_app` is any WSGI app, the inquiry's own pages when left out. Each of `background` is
    called with the folder every few seconds while the inquiry is open; left out, it finishes
    withdrawals and nothing else. An encrypted inquiry is locked after `lock_after` seconds in which
    nobody did anything, or never. Who may look at the findings is read here, once: another choice
    holds when the server is started again. Raises InquiryError where the settings will not do.
    """
    folder = Path(folder)
    findings = FindingsApp(folder)
    activity = Activity()
    worker = _Background(folder, (finish_withdrawals,) if background is None else background)

    def pages(locked: bool) -> Callable[..., Any]:
        return flask_app or _own_pages(folder, locked, activity)

    opening = Opening(
        folder,
        lambda locked: Pages(folder, findings, pages, locked=locked),
        worker,
        activity,
        lock_after=lock_after,
    )
    guarded = with_headers(never_a_traceback(opening, gate.BASE_URL))

    async def root(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(findings, opening, receive, send)
        elif scope["type"] == "http":
            await guarded(tidy(scope), receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    return root


async def _live(findings: FindingsApp, opening: Opening, receive: Receive, send: Send) -> None:
    """Start and stop what runs beside the answers, when the server says so."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await findings.start()
            await opening.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await opening.stop()
            await findings.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


class _Background:
    """Calls each piece of work again and again in one thread; a failure is logged."""

    def __init__(self, folder: Path, work: Sequence[Work]) -> None:
        self._folder = folder
        self._work = tuple(work)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failing: set[Work] = set()

    def start(self) -> None:
        """Start the thread, unless there is nothing to do."""
        if self._work:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="par background", daemon=True)
            self._thread.start()

    def stop(self, patience: float | None = 10) -> None:
        """Let the piece of work under way finish, and end the thread; wait so many seconds."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(patience)
            self._thread = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            for piece in self._work:
                self._try(piece)
            self._stopping.wait(BACKGROUND_EVERY)

    def _try(self, piece: Work) -> None:
        try:
            piece(self._folder)
        except Exception as problem:
            if piece not in self._failing:  # once a failure, not every two seconds
                log.error(
                    "%s failed (%s); it is tried again.", piece.__name__, type(problem).__name__
                )
            self._failing.add(piece)
        else:
            self._failing.discard(piece)


def finish_withdrawals(folder: Path) -> None:
    """Finish withdrawals that were asked for: new findings without the words, old ones erased."""
    from par_toolkit.publishing import follow_withdrawals

    follow_withdrawals(folder)


def _own_pages(folder: Path, locked: bool, activity: Activity) -> Callable[..., Any]:
    from par_toolkit.web.app import create_app

    return create_app(folder, locked=locked, used=activity)
