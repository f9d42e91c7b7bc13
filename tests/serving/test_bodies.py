"""What is sent is waited for outside the threads, so that slow senders hold up nobody."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from par_toolkit.serving.bodies import MOST_BYTES, WholeBodies
from par_toolkit.serving.pages import THREADS

Message = dict[str, Any]


def test_promise_16_slow_senders_do_not_hold_up_the_next_telling(live: str) -> None:
    """More unfinished tellings than there are threads: pages and tellings are answered."""
    place = urlsplit(live)
    head = b"POST /tell/story HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nuuid="
    slow = [
        socket.create_connection((place.hostname, place.port or 80)) for _ in range(THREADS + 4)
    ]
    try:
        for one in slow:
            one.sendall(head)
        assert httpx.get(live + "/tell", timeout=10).status_code == 200
        answer = httpx.post(live + "/tell/story", content=b"my words", timeout=10)
        assert answer.text.endswith("my words")
    finally:
        for one in slow:
            one.close()


def test_a_body_in_chunks_arrives_whole(live: str) -> None:
    answer = httpx.post(live + "/tell/story", content=iter([b"my ", b"words"]))
    assert answer.text.endswith("my words")


def test_a_body_in_chunks_that_is_too_long_is_announced_as_such(live: str) -> None:
    """The pages refuse by the length they are told; without one they would see no body at all."""
    answer = httpx.post(live + "/tell/story", content=iter([b"a" * 1_000_000] * 9), timeout=30)
    assert answer.text.count("a") > MOST_BYTES


async def ask(
    *received: Message | float, headers: tuple[tuple[bytes, bytes], ...] = (), **limits: Any
) -> tuple[list[Message], list[bytes]]:
    """Send messages to a `WholeBodies`, a number being a silence; return answers and bodies."""
    bodies: list[bytes] = []
    sent: list[Message] = []
    waiting = list(received)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        bodies.append(message.get("body", b""))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any:
        if isinstance(waiting[0], float):
            await asyncio.sleep(waiting.pop(0))  # type: ignore[arg-type]
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": limits.pop("path", "/tell"),
        "headers": headers,
        "query_string": b"",
    }
    await WholeBodies(app, "/findings/", **limits)(scope, receive, send)
    return sent, bodies


def part(body: bytes, *, more: bool = True) -> Message:
    """Make one piece of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.asyncio
async def test_pieces_come_as_one() -> None:
    sent, bodies = await ask(part(b"a"), part(b""), part(b"b", more=False))
    assert bodies == [b"ab"] and sent[0]["status"] == 200


@pytest.mark.asyncio
async def test_silence_in_the_middle_is_told() -> None:
    sent, bodies = await ask(part(b"a"), 1.0, part(b"b", more=False), silence=0.05)
    assert bodies == [] and sent[0]["status"] == 408


@pytest.mark.asyncio
async def test_too_much_at_once_is_asked_to_come_again() -> None:
    sent, bodies = await ask(part(b"a" * 11), part(b"b", more=False), most_held=10)
    assert bodies == [] and sent[0]["status"] == 503


@pytest.mark.asyncio
@pytest.mark.parametrize(("language", "says"), [(b"en", "try again"), (b"fr", "Réessayez")])
async def test_promise_16_a_tablet_is_told_so_as_json(language: bytes, says: str) -> None:
    accepts = ((b"accept-language", language),)
    address = "/api/stories/0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d"
    for limits in ({"most_held": 0}, {"silence": 0.05}):
        sent, _ = await ask(part(b"a"), 1.0, headers=accepts, path=address, **limits)
        assert sent[0]["status"] in (408, 503)
        assert (b"content-type", b"application/json") in sent[0]["headers"]
        told = json.loads(sent[1]["body"])
        assert (told["status"], told["stored"]) == ("later", False)
        assert says in told["message"]


@pytest.mark.asyncio
async def test_a_sender_who_leaves_is_answered_nothing() -> None:
    assert await ask(part(b"a"), {"type": "http.disconnect"}) == ([], [])


@pytest.mark.asyncio
async def test_a_body_that_is_too_long_is_handed_on_for_the_pages_to_refuse() -> None:
    length = ((b"content-length", str(MOST_BYTES + 1).encode()),)
    _, bodies = await ask(part(b"first"), headers=length)
    assert bodies == [b"first"]
    _, bodies = await ask(part(b"a" * (MOST_BYTES + 1)), part(b"b"))
    assert len(bodies[0]) == MOST_BYTES + 1
