"""One build being served: its Datasette, its cached pages and the answers under way."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from urllib.parse import parse_qsl

from datasette_plugins import datasette_api

from .asgi import Message, Receive, Scope, Send, header, respond
from .compressing import ENCODING, VARY, compressed, takes_gzip
from .gate import BASE_URL, DATABASE, inner_scope, no_body, with_repaired_location
from .page_cache import LARGEST_PAGE, CachedPage, Key, PageCache, make_etag, still_holds
from .pointer import BuildProblem, Target

#: How long answers of a replaced build may go on; then they are cut, so that words that were
#: taken back are gone within a minute even for a reader on a slow line.
DRAIN_SECONDS: Final = 20.0

_LONGEST_KEY: Final = 3_000
_CACHE_CONTROL: Final = (
    b"cache-control",
    b"no-cache",
)  # keep it, but ask each time whether it holds
#: What a reader's own SQL, or an answer too large to keep, is asked for with.
_UNKEPT: Final = frozenset({"sql", "_where", "_stream"})
_DROPPED: Final = frozenset({b"cache-control", b"content-length", b"etag", b"set-cookie", b"vary"})

#: Who asks makes no difference here, a length is told in one way, not in two, and the whole
#: site has one referrer policy.
_UNFIT: Final = frozenset({b"vary", b"transfer-encoding", b"referrer-policy"})


class LiveBuild:
    """Serves one build; after `retire` it finishes what it has begun and frees its file."""

    def __init__(self, target: Target, datasette: Any, base_url: str = BASE_URL) -> None:
        self.base_url = base_url
        self.target = target
        self.name = target.path.name
        self.cache = PageCache()
        self._datasette = datasette
        self._app = datasette.app()
        self._answering: set[asyncio.Task[Any]] = set()
        self._idle = asyncio.Event()

    @classmethod
    async def start(cls, target: Target, *, base_url: str = BASE_URL) -> LiveBuild:
        """Start a whole new Datasette on the build, below `base_url`, and have it show a page.

        Raises BuildProblem where it cannot.
        """
        datasette = await datasette_api.open_build(target.path, base_url=base_url, name=DATABASE)
        try:
            live = cls(target, datasette, base_url)
            if await live._show_first_page() != 200:
                raise BuildProblem(f"{target.path.name} does not show its first page.")
        except BaseException:
            await datasette_api.close_build(datasette)
            raise
        return live

    async def _show_first_page(self) -> int:
        statuses: list[int] = []

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "",
            "headers": [(b"host", b"localhost")],
        }  # fmt: skip
        await self._app(scope, nothing, note)
        return statuses[0] if statuses else 500

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request from the cache or from Datasette."""
        task = asyncio.current_task()
        assert task is not None
        self._answering.add(task)
        try:
            await self._answer(scope, receive, send)
        finally:
            self._answering.discard(task)
            if not self._answering:
                self._idle.set()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _cache_key(scope, self.base_url)
        page = self.cache.get(key) if key else None
        if page is None:
            keep = _Keeper(self, key, scope, with_repaired_location(send, self.base_url))
            inner = {
                **inner_scope(scope, self.base_url),
                "method": "GET" if key else scope["method"],
            }
            await self._app(inner, no_body(receive), keep)
        else:
            await _send_page(page, scope, send)

    async def retire(self) -> None:
        """Wait until every answer under way is finished, cut what takes too long, and close."""
        if self._answering:
            self._idle.clear()
            try:
                await asyncio.wait_for(self._idle.wait(), DRAIN_SECONDS)
            except TimeoutError:
                slow = set(self._answering)
                for task in slow:
                    task.cancel()
                await asyncio.wait(slow, timeout=2)
        await datasette_api.close_build(self._datasette)
        self.cache = PageCache(capacity=0)


class _Keeper:
    """Stands between Datasette and the reader: keeps small pages, lets the rest through."""

    def __init__(self, live: LiveBuild, key: Key | None, scope: Scope, send: Send) -> None:
        self._live = live
        self._key = key
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(self._without_body(message))
        else:
            await self._collect(message)

    async def _begin(self, message: Message) -> None:
        headers = [pair for pair in message["headers"] if pair[0].lower() not in _UNFIT]
        if self._key is not None and message["status"] == 200:
            self._start = {**message, "headers": headers}
            return
        headers = [pair for pair in headers if pair[0].lower() != b"cache-control"]
        kept_long = message["status"] == 200 and b"/-/findings/" in self._scope["path"].encode()
        if kept_long:
            headers += [pair for pair in message["headers"] if pair[0].lower() == b"cache-control"]
        else:
            headers.append(_CACHE_CONTROL)
        await self._send({**message, "headers": headers})

    async def _collect(self, message: Message) -> None:
        assert self._start is not None
        self._body += message.get("body", b"")
        if len(self._body) > LARGEST_PAGE:
            await self._let_through(more_body=message.get("more_body", False))
        elif not message.get("more_body", False):
            headers = [pair for pair in self._start["headers"] if pair[0].lower() not in _DROPPED]
            body = bytes(self._body)
            kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
            tag = make_etag(self._live.name, body)
            page = CachedPage(tuple(headers), body, tag, compressed(body, kind))
            assert self._key is not None
            self._live.cache.put(self._key, page)
            await _send_page(page, self._scope, self._send)

    async def _let_through(self, *, more_body: bool) -> None:
        """Send on what was collected of an answer that turned out too large to keep."""
        assert self._start is not None
        headers = [pair for pair in self._start["headers"] if pair[0].lower() != b"cache-control"]
        await self._send({**self._start, "headers": [*headers, _CACHE_CONTROL]})
        self._start = None
        body = {"type": "http.response.body", "body": bytes(self._body), "more_body": more_body}
        await self._send(self._without_body(body))
        self._body.clear()

    def _without_body(self, message: Message) -> Message:
        return {**message, "body": b""} if self._scope["method"] == "HEAD" else message


async def _send_page(page: CachedPage, scope: Scope, send: Send) -> None:
    small = page.small if takes_gzip(header(scope, b"accept-encoding")) else None
    headers = [_CACHE_CONTROL, (b"etag", page.etag if small is None else page.small_etag)]
    if page.small is not None:
        headers.append(VARY)
    held = header(scope, b"if-none-match")
    if still_holds(held, page.etag) or still_holds(held, page.small_etag):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
    elif small is None:
        await respond(scope, send, 200, [*page.headers, *headers], page.body)
    else:
        await respond(scope, send, 200, [*page.headers, *headers, ENCODING], small)


def _cache_key(scope: Scope, base_url: str) -> Key | None:
    """Return under what an answer is kept, or None where it is never kept.

    Host and scheme belong to it: Datasette writes them into its links, and a page made for a
    false host must not be shown to others. Free queries are not kept, they may ask for a random
    number or the time; streams and files are too large; static files have an address of their own.
    """
    query = scope["query_string"]
    path = scope["path"]
    if _UNKEPT & _asked(query) or path.startswith(base_url + "-/") or path.endswith(".db"):
        return None
    key = (
        scope.get("scheme", "http").encode(),
        header(scope, b"host"),
        scope.get("raw_path") or path.encode(),
        query,
    )
    return key if sum(map(len, key)) <= _LONGEST_KEY else None


def _asked(query: bytes) -> set[str]:
    """Return the names in a query string as Datasette reads them: `s%71l` is `sql`."""
    return {name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)}
