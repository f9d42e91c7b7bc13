"""A bad line between tablets and the server: cut, doubled, late, slow, and answers that lie.

What happens to a try is drawn from the run's seed, the story's address and how often it was tried,
so one seed gives the same faults again whatever the timing.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

#: A hotel's sign-in page: status 200, and nothing of ours.
PORTAL: Final = b"<!doctype html><title>Welcome to our Wi-Fi</title><p>Please sign in."
PORTALS: Final = ((b"200 OK", PORTAL), (b"201 Created", b"{}"), (b"204 No Content", b""))
#: How long a request that was held back may be, in seconds.
LATEST: Final = 0.15
#: A try after this many goes through clean: a line that never works would prove nothing.
MOST_FAULTS: Final = 12


@dataclass(frozen=True)
class Request:
    """One request as it came: its head and body in bytes, and how it is drawn for."""

    head: bytes
    body: bytes
    name: str

    @property
    def whole(self) -> bytes:
        """The request as the server is sent it, on a connection of its own."""
        return self.head + self.body


class FaultProxy:
    """Listens on a port of its own and hands requests to the server at `port`, badly.

    `share` is the part of the tries that something happens to. `counts` says what happened.
    """

    def __init__(self, port: int, *, seed: object, share: float = 0.7) -> None:
        self._port = port
        self._seed = seed
        self._share = share
        self._tries: Counter[str] = Counter()
        self._late: set[asyncio.Task[None]] = set()
        self._answers: list[bytes] = []
        self.counts: Counter[str] = Counter()
        self.address = ""

    async def __aenter__(self) -> FaultProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.settle()
        self._server.close()

    async def settle(self) -> None:
        """Wait until everything that was held back has reached the server."""
        while self._late:
            await asyncio.gather(*self._late, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read_request(reader)
            if request is not None:
                fault, rng = self._draw(request)
                self.counts[fault.__name__.removeprefix("_")] += 1
                await fault(self, request, writer, rng)
        except (OSError, asyncio.IncompleteReadError):
            pass  # one end is gone: that is what lines do
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _draw(self, request: Request) -> tuple[Fault, random.Random]:
        """Draw what happens to this try; a tablet that tries often enough comes through."""
        tried = self._tries[request.name]
        self._tries[request.name] += 1
        rng = random.Random(f"{self._seed} {request.name} {tried}")
        if rng.random() < self._share and tried < MOST_FAULTS:
            return rng.choice(FAULTS), rng
        return _honest, rng

    async def ask(self, request: Request) -> bytes:
        """Send the whole request to the server and return its whole answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(request.whole)
            answer = await reader.read(-1)
        finally:
            writer.close()
        self._answers.append(answer)
        return answer

    async def send_part(self, part: bytes) -> None:
        """Send the first part of a request, and hang up."""
        _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(part)
        await writer.drain()
        writer.close()

    def later(self, request: Request, seconds: float) -> None:
        """Let the request reach the server after others that were made after it."""

        async def deliver() -> None:
            await asyncio.sleep(seconds)
            with suppress(OSError):
                await self.ask(request)

        task = asyncio.create_task(deliver())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def stale(self, rng: random.Random) -> bytes:
        """Return the answer of any earlier request of this run, or nothing."""
        return rng.choice(self._answers) if self._answers else b""


Fault = Callable[[FaultProxy, Request, asyncio.StreamWriter, random.Random], Awaitable[None]]


async def _honest(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, _: object
) -> None:
    back.write(await line.ask(request))


async def _refused(*_: object) -> None:
    """Hang up on the tablet; the server hears nothing."""


async def _cut_request(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Cut before the commit: the server hears a part, be it all but the last byte."""
    length = len(request.whole)
    await line.send_part(request.whole[: rng.choice((length - 1, rng.randrange(length)))])


async def _hung_up(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Hang up on both at once when the whole request is on its way: nobody reads the answer."""
    await line.send_part(request.whole)


async def _answer_lost(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Cut after the commit and before the answer."""
    await line.ask(request)


async def _answer_cut(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Let a part of the answer through: a status of 201 and half of what it says."""
    answer = await line.ask(request)
    back.write(answer[: rng.randrange(len(answer))])


async def _answer_garbled(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Cut the JSON and set the length right, as some boxes in between do."""
    answer = await line.ask(request)
    body = answer.partition(b"\r\n\r\n")[2]
    back.write(_answer(b"201 Created", body[: rng.randrange(len(body) or 1)], b"application/json"))


async def _doubled(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Send it several times at once and answer with any of the answers."""
    answers = await asyncio.gather(*(line.ask(request) for _ in range(rng.choice((2, 2, 5)))))
    back.write(rng.choice(answers))


async def _repeated_later(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Answer honestly, and send it once more when the tablet has long forgotten it."""
    back.write(await line.ask(request))
    line.later(request, rng.uniform(0, LATEST))


async def _overtaken(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Say nothing to the tablet and hold the request back, so that others overtake it."""
    line.later(request, rng.uniform(0, LATEST))


async def _slow(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Send the request and the answer in small pieces, with pauses."""
    reader, writer = await asyncio.open_connection("127.0.0.1", line._port)
    try:
        await _trickle(writer, request.whole, rng)
        await _trickle(back, await reader.read(-1), rng)
    finally:
        writer.close()


async def _bad_gateway(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Answer as a box in between does when it cannot, or will not, reach the server."""
    if rng.random() < 0.5:
        await line.ask(request)  # it could, and its own answer took too long
    status = rng.choice((b"502 Bad Gateway", b"503 Service Unavailable", b"504 Gateway Timeout"))
    back.write(_answer(status, b"<h1>Bad gateway</h1>", b"text/html"))


async def _portal(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Answer as a hotel's Wi-Fi does before one has signed in: 200, or empty."""
    status, page = rng.choice(
        ((b"200 OK", PORTAL), (b"201 Created", b"{}"), (b"204 No Content", b""))
    )
    back.write(_answer(status, page, b"text/html"))


async def _stale(
    line: FaultProxy, request: Request, back: asyncio.StreamWriter, rng: random.Random
) -> None:
    """Give the answer of another request of this run, and do not send this one on."""
    back.write(line.stale(rng))


#: Cuts and lost answers stand twice: they are what happens most.
FAULTS: Final[tuple[Fault, ...]] = (
    _refused,
    _cut_request,
    _cut_request,
    _hung_up,
    _answer_lost,
    _answer_lost,
    _answer_cut,
    _answer_garbled,
    _doubled,
    _repeated_later,
    _overtaken,
    _slow,
    _bad_gateway,
    _portal,
    _stale,
)


async def _trickle(writer: asyncio.StreamWriter, data: bytes, rng: random.Random) -> None:
    """Write in four pieces, cut anywhere, also within a letter or a header."""
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(3))
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        writer.write(data[start:end])
        await writer.drain()
        await asyncio.sleep(rng.uniform(0, 0.01))


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    """Read one request, and have its connection closed after the answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    line, *lines = head[:-4].split(b"\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (one.partition(b":") for one in lines)
    }
    body = await reader.readexactly(int(headers.get(b"content-length", b"0")))
    kept = [one for one in lines if not one.lower().startswith((b"connection:", b"expect:"))]
    sent = b"\r\n".join([line, *kept, b"Connection: close", b"", b""])
    return Request(sent, body, line.decode("latin-1"))


def _answer(status: bytes, body: bytes, kind: bytes) -> bytes:
    head = [b"HTTP/1.1 " + status, b"Content-Type: " + kind, b"Connection: close"]
    if not status.startswith(b"204"):
        head.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*head, b"", b""]) + body
