"""The one door to findings that are not for everybody: pages, files, JSON and SQL alike.

It stands before the cache of pages and before Datasette, and asks nothing but the signed session.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from datasette_plugins import plain
from datasette_plugins.words import Words
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage.connections import Connections
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import sessions, visitors

from . import gate
from .asgi import App, Message, Receive, Scope, Send, header, respond

#: Seconds that a yes holds: as long may somebody who was shut out go on reading.
HOLDS: Final = 1.0
#: Sessions whose yes is remembered at once, and the longest header that is.
MOST_REMEMBERED: Final = 2_000
LONGEST_REMEMBERED: Final = 4_000
#: Our pages ask for the style sheet too, and nobody's words are in it.
OPEN: Final = gate.BASE_URL + "-/findings/findings.css"

#: Says of a session whether it may come in.
Ask = Callable[[dict[str, Any], PrivateDatabase], bool]

_LONGEST_NEXT: Final = 2_000
_REASONS: Final = {"word": plain.FOR_THE_WORD, "people": plain.FOR_PEOPLE}
#: On every answer of these findings: nobody between us and the reader may keep it, nor the browser.
_HEADERS: Final = (
    (b"cache-control", b"private, no-store"),
    (b"vary", b"Cookie"),
    (b"x-robots-tag", b"noindex, nofollow"),
)


class Door:
    """Lets those in to `app` whose session `ask` says yes to, and nobody else.

    Readers are led to the `way` in, and from there back; programs are told the `reason`. `opened`
    are the addresses that anybody gets, `start` is where one comes back to from a long one.
    """

    def __init__(
        self,
        app: App,
        inquiry: Inquiry,
        ask: Ask,
        *,
        way: str,
        reason: plain.Notice,
        start: str = gate.BASE_URL,
        opened: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._ask = ask
        self._way, self._reason, self._start, self._opened = way, reason, start, opened
        self._sessions = sessions.Reader(sessions.session_key(inquiry))
        self._connections = Connections(inquiry.folder)
        self._let_in: dict[bytes, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say why not and what to do."""
        if scope["path"] in self._opened and scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
        elif await self._may_look(scope):
            await self._app(scope, receive, _kept_by_nobody(send))
        elif scope["method"] in ("GET", "HEAD") and b"text/html" in header(scope, b"accept"):
            await self._lead(scope, send)
        else:
            await self._refuse(scope, send)

    def close(self) -> None:
        """Close what is open of private.db."""
        self._connections.close()

    async def _may_look(self, scope: Scope) -> bool:
        cookies = b"; ".join(value for name, value in scope["headers"] if name.lower() == b"cookie")
        if self._let_in.get(cookies, 0.0) > time.monotonic():
            return True
        session = self._sessions.read(
            cookies.decode("latin-1"), secure=scope.get("scheme") == "https"
        )
        if session is None or not await asyncio.to_thread(self._asked, session):
            return False
        if len(self._let_in) >= MOST_REMEMBERED:
            self._let_in.clear()
        if len(cookies) <= LONGEST_REMEMBERED:
            self._let_in[cookies] = time.monotonic() + HOLDS
        return True

    def _asked(self, session: dict[str, Any]) -> bool:
        with self._connections.lent() as db:
            return self._ask(session, db)

    async def _lead(self, scope: Scope, send: Send) -> None:
        """Lead a reader to the page that asks, and from there back to where they wanted."""
        query = scope["query_string"]
        raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
        wanted = (raw + (b"?" + query if query else b"")).decode("latin-1")
        asked = {"next": wanted if len(wanted) <= _LONGEST_NEXT else self._start}
        if (language := _asked_language(query)) is not None:
            asked["lang"] = language
        way = f"{self._way}?{urlencode(asked)}"
        await respond(scope, send, 303, [(b"location", way.encode("ascii")), *_HEADERS], b"")

    async def _refuse(self, scope: Scope, send: Send) -> None:
        """Tell a program in a sentence, or in JSON where it asks for that, whom these are for."""
        language = plain.reader_language(
            scope["query_string"].decode("latin-1"),
            header(scope, b"accept-language").decode("latin-1"),
        )
        sentence = Words(language)(self._reason.text)
        if ".json" in scope["path"] or b"json" in header(scope, b"accept"):
            kind, said = b"application/json", {"ok": False, "error": sentence, "status": 401}
            body = json.dumps(said, ensure_ascii=False)
        else:
            kind, body = b"text/plain; charset=utf-8", f"{sentence}\n"
        headers = [(b"content-type", kind), (b"www-authenticate", b"Cookie"), *_HEADERS]
        await respond(scope, send, self._reason.status, headers, body.encode())


def of_findings(app: App, inquiry: Inquiry) -> Door:
    """Make the door to the findings, which are for whom the community says."""
    sharing, key = inquiry.sharing, sessions.session_key(inquiry)
    return Door(
        app,
        inquiry,
        lambda session, db: visitors.may_look(session, sharing, key, lambda: db),
        way=visitors.WAYS_IN[sharing.open_to],
        reason=_REASONS[sharing.open_to],
        opened=frozenset({OPEN}),
    )


def of_preview(app: App, inquiry: Inquiry) -> Door:
    """Make the door to the build that waits, which is for those who see what is published."""
    return Door(
        app,
        inquiry,
        lambda session, db: visitors.may_preview(session, lambda: db),
        way=visitors.WAYS_IN["people"],
        reason=plain.FOR_THE_DESK,
        start=visitors.PREVIEW,
    )


def _asked_language(query: bytes) -> str | None:
    """Return the language that an address of the findings asks for, where it asks for one."""
    try:
        asked = parse_qs(query.decode("latin-1"), max_num_fields=100)
    except ValueError:
        return None
    return next(iter([*asked.get("lang", ()), *asked.get("_lang", ())]), None)


def _kept_by_nobody(send: Send) -> Send:
    """Wrap `send` so that no answer is stored, and none is handed to somebody else."""

    async def closed(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = [pair for pair in message["headers"] if pair[0].lower() != b"cache-control"]
            message = {**message, "headers": [*sent, *_HEADERS]}
        await send(message)

    return closed
