"""Small parts that the ASGI modules share: types, answers, and the headers of every answer."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from datasette_plugins import plain, policy
from datasette_plugins.words import Words

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("par_toolkit.serving")

#: Sent with every answer, whichever room it comes from, unless that room sent its own.
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"base-uri 'none'; frame-ancestors 'none'"),
)

#: Addresses whose answers are read by programs.
FOR_PROGRAMS: Final = "/api/"

#: Over plain http browsers pass this one over, with an error in the console; Flask's pages send it
#: where the address is this machine's own.
_OVER_HTTP: Final = tuple(pair for pair in HEADERS if pair[0] != b"cross-origin-opener-policy")

#: Over HTTPS: for a year browsers come back in no other way. They pass it over for a bare number,
#: and this machine's own names are left free for whatever else runs on it.
STAY_SECURE: Final = (b"strict-transport-security", b"max-age=31536000")
_OWN_NAMES: Final = (b"localhost", b"127.0.0.1", b"[::1]")

_NOT_PLAIN = re.compile(rb"[^\x21-\x7e]")


def header(scope: Scope, name: bytes) -> bytes:
    """Return a request header by its lower-case name, empty where there is none."""
    return next((bytes(value) for key, value in scope["headers"] if key.lower() == name), b"")


def replayed(message: Message, receive: Receive) -> Receive:
    """Return what gives `message`, which was received already, once more and then what follows."""
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return message

    return replay


def with_headers(app: App) -> App:
    """Wrap `app` so that each of its answers carries `HEADERS`."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        ours = _headers_for(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = list(message.get("headers", ()))
                names = {bytes(name).lower() for name, _ in sent}
                sent += [pair for pair in ours if pair[0] not in names]
                message = {**message, "headers": sent}
            await send(message)

        await app(scope, receive, send_with_headers)

    return guarded


def _headers_for(scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
    if scope.get("scheme") != "https":
        return _OVER_HTTP
    host = header(scope, b"host").lower()
    own = any(host == name or host.startswith(name + b":") for name in _OWN_NAMES)
    return HEADERS if own else (*HEADERS, STAY_SECURE)


def never_a_traceback(app: App, base_url: str) -> App:
    """Wrap `app` so that a failure becomes a plain page; the log gets its kind, not its words."""

    async def careful(scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await app(scope, receive, note_start)
        except Exception as problem:
            log.error("A page failed with %s.", type(problem).__name__)
            if started:  # the connection must break, or the half page would look whole
                raise ConnectionAbortedError("The answer broke off.") from None
            await answer(scope, send, plain.FAILED, base_url)

    return careful


def tidy(scope: Scope) -> Scope:
    """Return `scope` with bytes that are no part of an address percent-encoded.

    Datasette and a2wsgi read addresses as ASCII and would fail on others.
    """
    raw = scope.get("raw_path")
    return {
        **scope,
        "raw_path": None if raw is None else _percent_encode(raw.partition(b"?")[0]),
        "query_string": _percent_encode(scope.get("query_string", b"")),
    }


def _percent_encode(address: bytes) -> bytes:
    return _NOT_PLAIN.sub(lambda found: b"%%%02X" % found[0][0], address)


async def answer(scope: Scope, send: Send, notice: plain.Notice, base_url: str) -> None:
    """Answer with one of the plain pages, in the reader's language; a tablet gets it as JSON."""
    language = plain.reader_language(
        scope.get("query_string", b"").decode("latin-1"),
        header(scope, b"accept-language").decode("latin-1"),
    )
    headers = [(b"cache-control", b"no-store"), (b"vary", b"Accept-Language")]
    if scope["path"].startswith(FOR_PROGRAMS):
        said = {"status": "later", "message": Words(language)(notice.text), "stored": False}
        body = json.dumps(said).encode()
        headers.append((b"content-type", b"application/json"))
    else:
        body = plain.render(notice, language=language, base_url=base_url).encode()
        headers.append((b"content-type", b"text/html; charset=utf-8"))
        headers.append((b"content-security-policy", policy.POLICY.encode()))
    if notice.status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    if notice.status == 503:
        headers.append((b"retry-after", b"60"))
    await respond(scope, send, notice.status, headers, body)


async def redirect(send: Send, location: bytes) -> None:
    """Send the reader to `location`, an address on this host."""
    headers = [(b"location", location), (b"cache-control", b"no-cache"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def respond(
    scope: Scope, send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """Send a whole answer, its body left out where only the head was asked for."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
