"""Stories that come at the same moment are kept in one transaction, and then all are answered.

What takes long is the disk's word that a story is safe. Stories that wait for it one after another
wait long; here those that wait meanwhile share the next word. Each has a savepoint of its own, and
none is answered before the commit.
"""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from a2wsgi.wsgi import build_environ

from datasette_plugins import plain
from par_toolkit.storage.connections import Connections
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import InquiryBusy, StorageError
from par_toolkit.web import quick
from par_toolkit.web.database import SHARED

from . import gate
from .asgi import App, Receive, Scope, Send, answer, log, replayed

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

#: Stories in one transaction: whoever else writes waits as long as these take.
MOST_TOGETHER: Final = 64
#: Bytes of bodies in one transaction, the last one's not counted.
MOST_BYTES_TOGETHER: Final = 8 * 1024 * 1024
#: Seconds between two transactions in which others may write, and the next stories are read.
GAP: Final = 0.001

_BUSY: Final = replace(plain.FAILED, status=503)

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


@dataclass(frozen=True)
class _Sent:
    """One request that waits for its answer."""

    environ: dict[str, Any]
    body: bytes
    answer: asyncio.Future[Answer]


class Gathering:
    """Answers the PUTs of a WSGI app in one thread, those that wait in one transaction.

    A story that is in order goes the quick way, where the app has one (`web.quick`). Requests of
    the app itself find the database of the transaction at `web.database.SHARED` and must use
    no other. Where a transaction cannot be committed, nobody was told anything yet, and each of its
    requests is answered again by itself, with its own reason. Where another program does not let
    anybody write, all of them are told so at once: one after another they would wait for hours.
    """

    def __init__(self, app: WSGIApplication, folder: Path, *, otherwise: App) -> None:
        self._app = app
        self._quick = quick.way_into(app)
        self._connections = Connections(folder)
        self._otherwise = otherwise
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="par stories")
        self._guard = threading.Lock()
        self._waiting: deque[_Sent] = deque()
        self._busy = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whose body must have arrived; others go `otherwise`."""
        if scope["method"] != "PUT" or not scope["path"].startswith(quick.ADDRESS):
            await self._otherwise(scope, receive, send)
            return
        message = await receive()
        if message.get("more_body", False):  # too long: refused unread
            await self._otherwise(scope, replayed(message, receive), send)
            return
        loop = asyncio.get_running_loop()
        body = bytes(message.get("body", b""))
        environ = dict(build_environ(scope, None))  # type: ignore[arg-type]
        sent = _Sent(environ, body, loop.create_future())
        self._add(sent, loop)
        try:
            status, headers, content = await sent.answer
        except InquiryBusy:
            await answer(scope, send, _BUSY, gate.BASE_URL)
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def close(self) -> None:
        """Let what is under way be answered, and close what is open."""
        self._thread.shutdown(wait=True)
        self._connections.close()

    def _add(self, sent: _Sent, loop: asyncio.AbstractEventLoop) -> None:
        with self._guard:
            self._waiting.append(sent)
            if not self._busy:
                self._busy = True
                self._thread.submit(self._work, loop)

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer whatever waits, until nothing does."""
        while group := self._next_group():
            answers = self._answers(group)
            loop.call_soon_threadsafe(_deliver, group, answers)
            if len(group) > 1:
                time.sleep(GAP)

    def _next_group(self) -> list[_Sent]:
        group: list[_Sent] = []
        size = 0
        with self._guard:
            while self._waiting and len(group) < MOST_TOGETHER and size < MOST_BYTES_TOGETHER:
                group.append(self._waiting.popleft())
                size += len(group[-1].body)
            self._busy = bool(group)
        return group

    def _answers(self, group: Sequence[_Sent]) -> list[Answer | Exception]:
        if len(group) > 1:
            try:
                with self._connections.lent() as db, db.together():
                    return [self._answer(one, db) for one in group]
            except InquiryBusy as busy:
                return [busy] * len(group)
            except Exception as problem:
                log.warning("Stories are kept one by one (%s).", type(problem).__name__)
        return [self._alone(one) for one in group]

    def _answer(self, sent: _Sent, db: PrivateDatabase) -> Answer:
        found = self._quick(sent.environ, sent.body, db) if self._quick else None
        return found or self._ask(sent, {SHARED: db})

    def _alone(self, sent: _Sent) -> Answer | Exception:
        try:
            return self._quickly(sent) or self._ask(sent, {})
        except Exception as problem:
            return problem

    def _quickly(self, sent: _Sent) -> Answer | None:
        """Answer in a transaction of its own; None where the app has to."""
        if self._quick is None:
            return None
        try:
            with self._connections.lent() as db:
                return self._quick(sent.environ, sent.body, db)
        except InquiryBusy:
            raise
        except StorageError:
            return None

    def _ask(self, sent: _Sent, more: dict[str, Any]) -> Answer:
        """Ask the WSGI app, and return its whole answer."""
        started: list[Any] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
            started[:] = [status, headers]
            return parts.append

        parts: list[bytes] = []
        answered = self._app(
            {**sent.environ, "wsgi.input": io.BytesIO(sent.body), **more}, start_response
        )
        try:
            parts.extend(answered)
        finally:
            if hasattr(answered, "close"):
                answered.close()
        status, headers = started
        pairs = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return int(status[:3]), pairs, b"".join(parts)


def _deliver(group: Sequence[_Sent], answers: Sequence[Answer | Exception]) -> None:
    for sent, found in zip(group, answers, strict=True):
        if sent.answer.done():  # the server is ending, and has given it up
            continue
        if isinstance(found, Exception):
            sent.answer.set_exception(found)
        else:
            sent.answer.set_result(found)
