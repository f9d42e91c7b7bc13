"""How long the server waits for whoever asks, and for whoever is answered: never without end.

uvicorn waits without end for the rest of a request's head, takes a head of any length, and lets a
reader who reads nothing keep a thread busy. A few machines that do so on purpose, or phones that
walked out of the hall, would take every place there is. Bodies are `bodies.WholeBodies`' matter.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Seconds for the head of a request, from its first byte, or from the start of the connection.
HEAD_SECONDS: Final = 20.0
#: Longest head in bytes; browsers send one or two thousand.
MOST_OF_HEAD: Final = 64 * 1024
#: Seconds in which a reader must take something of an answer.
STALL_SECONDS: Final = 60.0

_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class Patient(HttpToolsProtocol):
    """One connection, with an end to waiting."""

    head_seconds: ClassVar[float] = HEAD_SECONDS
    stall_seconds: ClassVar[float] = STALL_SECONDS

    def connection_made(self, transport: Any) -> None:
        """Wait for the head of the first request."""
        super().connection_made(transport)
        self._in_head, self._head = True, 0
        self._awaited: asyncio.TimerHandle | None = self._later()
        self._stalled: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        self._stop_minding()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; while it is a head, in time and up to its length."""
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > MOST_OF_HEAD:
            self._give_up(_TOO_LONG)

    def on_message_begin(self) -> None:
        """Wait for the head of the next request, on a connection that stayed open."""
        if self._awaited is None:
            self._awaited = self._later()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the head is here."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that what comes next is another head."""
        self._in_head, self._head = True, 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Note that the reader takes nothing just now."""
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(self.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Note that the reader took something."""
        super().resume_writing()
        self._stop_minding()

    def _later(self) -> asyncio.TimerHandle:
        return self.loop.call_later(self.head_seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._awaited = None
        if self.cycle is not None and not self.cycle.response_complete:
            self._awaited = self._later()  # whoever sends ahead is answered first
        else:
            self._give_up(_TOO_SLOW)

    def _give_up(self, why: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(why)
            self.transport.close()

    def _stop_waiting(self) -> None:
        if self._awaited is not None:
            self._awaited.cancel()
            self._awaited = None

    def _stop_minding(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
