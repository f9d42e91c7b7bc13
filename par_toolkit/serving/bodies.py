"""Wait for what is sent before a thread is taken: slow lines hold up nobody else's telling."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from datasette_plugins import plain

from .asgi import App, Receive, Scope, Send, answer, header, replayed

#: Longest body that is waited for; the pages refuse a longer one without reading it.
MOST_BYTES: Final = 8 * 1024 * 1024 + 1
#: Bytes of unfinished bodies held for everybody together.
MOST_HELD: Final = 256_000_000
#: Longest silence in the middle of a body, in seconds.
LONGEST_SILENCE: Final = 60.0

_TOO_SLOW: Final = replace(plain.FAILED, status=408)
_TOO_MANY: Final = replace(plain.FAILED, status=503)


class WholeBodies:
    """Hands a request on only when its body has arrived, up to what the pages would take.

    Each of the pages' threads serves one request from its first byte to its last. Sixteen phones
    on a bad line, or one machine that sends a byte now and then, would take all of them.
    """

    def __init__(
        self,
        app: App,
        base_url: str,
        *,
        most_held: int = MOST_HELD,
        silence: float = LONGEST_SILENCE,
    ) -> None:
        self._app = app
        self._base_url = base_url
        self._most_held = most_held
        self._silence = silence
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if _announced(scope) > MOST_BYTES:
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = True
        try:
            while more and len(body) <= MOST_BYTES:
                async with asyncio.timeout(self._silence):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body += message.get("body", b"")
                self._held += len(message.get("body", b""))
                more = message.get("more_body", False)
                if self._held > self._most_held:
                    await answer(scope, send, _TOO_MANY, self._base_url)
                    return
            known = _with_length(scope, len(body))
            whole = {"type": "http.request", "body": bytes(body), "more_body": more}
            await self._app(known, replayed(whole, receive), send)
        except TimeoutError:
            await answer(scope, send, _TOO_SLOW, self._base_url)
        finally:
            self._held -= len(body)


def _announced(scope: Scope) -> int:
    length = header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


def _with_length(scope: Scope, length: int) -> Scope:
    """Tell how long a body is, at least, that came in chunks; WSGI reads no other.

    That it came in chunks is told no more: Werkzeug would then pass over the length.
    """
    if header(scope, b"content-length") or not header(scope, b"transfer-encoding"):
        return scope
    told = (b"content-length", str(length).encode())
    others = [pair for pair in scope["headers"] if pair[0].lower() != b"transfer-encoding"]
    return {**scope, "headers": [*others, told]}
