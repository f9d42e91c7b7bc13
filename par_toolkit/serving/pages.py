"""The pages of an inquiry as it is just now, open or locked, with all that they hold open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from a2wsgi import WSGIMiddleware

from par_toolkit.inquiry import load
from par_toolkit.storage import locked_door, sittings, vault
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import StorageError
from par_toolkit.web import database

from . import door, gate
from .asgi import App, Receive, Scope, Send, redirect
from .bodies import WholeBodies
from .door import Door
from .findings import FindingsApp
from .gathering import Gathering
from .preview import PREVIEW, Preview

#: Threads that answer Flask's pages. Writing is one at a time anyway; more would only wait in line.
THREADS: Final = 16


class Pages:
    """Answers for the inquiry in `folder`, which is open or `locked`.

    `make_pages` makes the WSGI app, told which of the two. `findings` goes on from one to the next,
    as it needs no key. Raises InquiryError or StorageError where the inquiry cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        findings: FindingsApp,
        make_pages: Callable[[bool], Callable[..., Any]],
        *,
        locked: bool,
    ) -> None:
        self.locked = locked
        inquiry = load(folder)
        self._kept = None if locked else _kept_open(folder)
        wsgi_app = make_pages(locked)
        inside = _inside(findings)
        self._wsgi_app = wsgi_app
        self._shown: App = (
            inside if inquiry.sharing.everybody else door.of_findings(inside, inquiry)
        )
        self._preview = Preview(folder)
        self._waiting = door.of_preview(self._preview, inquiry)
        self._threads = WSGIMiddleware(wsgi_app, workers=THREADS)
        self._stories = Gathering(wsgi_app, folder, otherwise=self._threads)  # type: ignore[arg-type]
        self._whole = WholeBodies(
            self._threads if locked else self._stories,  # type: ignore[arg-type]
            gate.BASE_URL,
        )
        self._answering = 0
        self._quiet = asyncio.Event()

    async def start(self) -> None:
        """Start what runs beside the answers."""
        await self._preview.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._answering += 1
        try:
            if gate.of_findings(scope["path"]):
                await self._shown(scope, receive, send)
            elif scope["path"].startswith(PREVIEW):
                await self._waiting(scope, receive, send)
            else:
                await self._whole(scope, receive, send)
        finally:
            self._answering -= 1
            if not self._answering:
                self._quiet.set()

    async def finished(self, seconds: float) -> None:
        """Return when no answer is under way any more, or after so many seconds."""
        if self._answering:
            self._quiet.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._quiet.wait()

    async def stop(self) -> None:
        """Finish what was begun and close every file."""
        await self._preview.stop()
        for one in (self._shown, self._waiting):
            if isinstance(one, Door):
                one.close()
        await asyncio.to_thread(self._stories.close)
        self._threads.executor.shutdown(wait=False)
        database.close_all(self._wsgi_app)
        if self._kept is not None:
            self._kept.close()


def _kept_open(folder: Path) -> PrivateDatabase | None:
    """Hold one connection open for as long as the pages live.

    No request's is then the last to close: SQLite would write the whole WAL back, which takes
    longer than keeping a story does. What cannot be opened is for each page to say.
    """
    try:
        db = open_database(folder, any_thread=True)
    except StorageError:
        return None
    if vault.encrypted(folder):
        sittings.end_everybodys(db)  # their cookies open nothing any more
        locked_door.note(db)
    return db


def _inside(findings: FindingsApp) -> App:
    """Answer for every address of the findings, the old and short ones too."""

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        elsewhere = gate.outside_address(scope["path"], scope["query_string"])
        if elsewhere is None:
            await findings(scope, receive, send)
        else:
            await redirect(send, elsewhere)

    return inside
