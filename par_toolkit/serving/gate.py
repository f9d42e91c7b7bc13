"""What may reach Datasette: reading only, known addresses, nothing that says who is asking."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

from datasette_plugins import ADDRESSES, plain

from .asgi import Message, Receive, Scope, Send

BASE_URL: Final = "/findings/"
DATABASE: Final = "library"
#: Longest path and query: room for any query a person writes.
LONGEST_ADDRESS: Final = 8_000

_OPEN_DASH_PAGES = re.compile(r"-/(findings|static|static-plugins)/[^.].*")
_DATABASE_ADDRESS = re.compile(rf"{DATABASE}(\.\w+)?")
_KEPT_HEADERS: Final = frozenset({b"host", b"accept", b"if-none-match"})


def refusal(scope: Scope, base_url: str = BASE_URL) -> plain.Notice | None:
    """Return why this request below `base_url` may not reach Datasette, or None when it may."""
    if scope["method"] not in ("GET", "HEAD"):
        return plain.ONLY_READING
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return plain.TOO_LONG
    below = scope["path"].removeprefix(base_url)
    return None if _is_open(below) else plain.MISSING


def _is_open(below: str) -> bool:
    first, slash, _ = below.partition("/")
    if first == "-":
        return bool(_OPEN_DASH_PAGES.fullmatch(below)) and ".." not in below
    return (first in ADDRESSES and (bool(first) or not slash)) or bool(
        _DATABASE_ADDRESS.fullmatch(first)
    )


def inner_scope(scope: Scope, base_url: str = BASE_URL) -> Scope:
    """Return the request as Datasette sees it: below the base address, anonymous.

    `base_url` alone is broken for a mount: Datasette then puts the prefix on its links twice,
    because it also reads it from the path. Cookies and passwords make it answer `no-store`.
    """
    path = "/" + scope["path"].removeprefix(base_url)
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    prefix = base_url.encode()
    below = raw.removeprefix(prefix) if raw.startswith(prefix) else quote(path[1:]).encode()
    headers = [(name, value) for name, value in scope["headers"] if name.lower() in _KEPT_HEADERS]
    return {**scope, "path": path, "raw_path": b"/" + below, "headers": headers, "root_path": ""}


def repaired_location(location: bytes, base_url: str = BASE_URL) -> bytes:
    """Put the base address before a `Location` that Datasette wrote without it."""
    prefix = base_url.encode()
    if location.startswith(b"/") and not location.startswith(prefix):
        return prefix + location.lstrip(b"/")
    return location


def with_repaired_location(send: Send, base_url: str = BASE_URL) -> Send:
    """Wrap `send` so that redirects stay under the base address."""

    async def repaired(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (
                    bytes(name),
                    repaired_location(bytes(value), base_url)
                    if name.lower() == b"location"
                    else bytes(value),
                )
                for name, value in message.get("headers", ())
            ]
            message = {**message, "headers": headers}
        await send(message)

    return repaired


def no_body(receive: Receive) -> Receive:
    """Wrap `receive` so that no body reaches Datasette; it is told when the reader leaves."""
    told = False

    async def empty() -> Message:
        nonlocal told
        if not told:
            told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await receive())["type"] != "http.disconnect":
            pass
        return message

    return empty


def of_findings(path: str) -> bool:
    """Say whether an address belongs to the findings; whoever may look at these is asked there."""
    return path.startswith(BASE_URL) or outside_address(path, b"") is not None


def outside_address(path: str, query: bytes) -> bytes | None:
    """Return where `/library/…` and `/findings` lead, or None for any other path."""
    if path == BASE_URL.rstrip("/"):
        inside = BASE_URL
    elif re.fullmatch(rf"/{DATABASE}([/.].*)?", path, re.DOTALL):
        inside = BASE_URL + quote(unquote(path).lstrip("/"), safe="/~")
    else:
        return None
    return inside.encode() + (b"?" + query if query else b"")
