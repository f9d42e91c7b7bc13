"""The one ASGI root: Flask at `/`, the live findings under `/findings/`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from a2wsgi import WSGIMiddleware

from par_toolkit.inquiry import load

from . import door, gate
from .asgi import App, Receive, Scope, Send, log, never_a_traceback, redirect, tidy, with_headers
from .bodies import WholeBodies
from .door import Door
from .findings import FindingsApp
from .gathering import Gathering
from .preview import PREVIEW, Preview

#: Threads that answer Flask's pages. Writing is one at a time anyway; more would only wait in line.
THREADS: Final = 16
#: Seconds between rounds of background work; a withdrawal must be finished within 60.
BACKGROUND_EVERY: Final = 2.0

Work = Callable[[Path], object]


def make_app(
    folder: Path | str,
    *,
    flask_app: Callable[..., Any] | None = None,
    background: Sequence[Work] | None = None,
) -> App:
    """Make the ASGI app of the inquiry in `folder`.

    `flask_app` is any WSGI app, the inquiry's own pages when left out. Each of `background` is
    called with the folder every few seconds while the app runs; left out, it finishes
    withdrawals and nothing else. Who may look at the findings is read here, once: another choice
    holds when the server is started again. Raises InquiryError where the settings will not do.
    """
    folder = Path(folder)
    inquiry = load(folder)
    findings = FindingsApp(folder)
    inside = _inside(findings)
    shown = inside if inquiry.sharing.everybody else door.of_findings(inside, inquiry)
    preview = Preview(folder)
    waiting = door.of_preview(preview, inquiry)
    wsgi_app = flask_app or _own_pages(folder)
    pages = WSGIMiddleware(wsgi_app, workers=THREADS)
    stories = Gathering(wsgi_app, folder, otherwise=pages)  # type: ignore[arg-type]
    whole_pages = WholeBodies(stories, gate.BASE_URL)
    worker = _Background(folder, (finish_withdrawals,) if background is None else background)

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if gate.of_findings(scope["path"]):
            await shown(scope, receive, send)
        elif scope["path"].startswith(PREVIEW):
            await waiting(scope, receive, send)
        else:
            await whole_pages(scope, receive, send)

    guarded = with_headers(never_a_traceback(route, gate.BASE_URL))

    async def root(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live((findings, preview), worker, pages, stories, receive, send)
            for one in (shown, waiting):
                if isinstance(one, Door):
                    one.close()
        elif scope["type"] == "http":
            await guarded(tidy(scope), receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    return root


def _inside(findings: FindingsApp) -> App:
    """Answer for every address of the findings, the old and short ones too."""

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        elsewhere = gate.outside_address(scope["path"], scope["query_string"])
        if elsewhere is None:
            await findings(scope, receive, send)
        else:
            await redirect(send, elsewhere)

    return inside


async def _live(
    builds: Sequence[FindingsApp | Preview],
    worker: _Background,
    pages: WSGIMiddleware,
    stories: Gathering,
    receive: Receive,
    send: Send,
) -> None:
    """Start and stop what runs beside the answers, when the server says so."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            for one in builds:
                await one.start()
            worker.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            worker.stop()
            for one in builds:
                await one.stop()
            stories.close()
            pages.executor.shutdown(wait=False)
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

    def stop(self) -> None:
        """Let the piece of work under way finish, and end the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
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


def _own_pages(folder: Path) -> Callable[..., Any]:
    from par_toolkit.web.app import create_app

    return create_app(folder)
