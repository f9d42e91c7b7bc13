"""Lines that are held open on purpose: slow heads, endless heads, and readers who read nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from par_toolkit.serving import patience
from par_toolkit.serving.patience import Patient

MUCH = 30_000_000


class Hasty(Patient):
    """The same, with less time for heads."""

    head_seconds = 0.5


class Curt(Patient):
    """The same, with less time for readers."""

    stall_seconds = 0.5


async def much(scope: Any, receive: Any, send: Any) -> None:
    """Answer with more than any buffer on the way holds; at /little with nothing."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(0 if scope["path"] == "/little" else MUCH // 100_000):
        await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@contextlib.contextmanager
def serving(protocol: type[HttpToolsProtocol]) -> Iterator[int]:
    """Serve on a free port, which is handed out."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(much, http=protocol, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    running.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.force_exit = server.should_exit = True
        running.join(10)
        listening.close()


def said(line: socket.socket) -> bytes:
    """Return all that comes until the other side closes."""
    found = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while more := line.recv(65536):
            found += more
    return bytes(found)


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: a"]
)
def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes) -> None:
    with serving(Hasty) as port, socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(sent)
        assert said(line).startswith(b"HTTP/1.1 408 ")
    # uvicorn alone would wait, so this is still needed
    with serving(HttpToolsProtocol) as port, socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(sent)
        line.settimeout(1.5)
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_a_head_without_an_end_is_refused() -> None:
    with serving(Patient) as port, socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(patience.MOST_OF_HEAD // 1000 + 10):
                line.sendall(b"X-Long: " + b"a" * 1000 + b"\r\n")
        assert said(line).startswith(b"HTTP/1.1 431 ")


def test_the_next_head_of_an_open_line_has_the_same_time() -> None:
    ask = b"GET /little HTTP/1.1\r\nHost: x\r\n\r\n"
    with serving(Hasty) as port, socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(ask)
        assert line.recv(65536).startswith(b"HTTP/1.1 200 ")
        line.sendall(ask + b"GET / HTTP/1.1\r\n")
        found = said(line)
    assert found.count(b"HTTP/1.1 200 ") == 1
    assert b"HTTP/1.1 408 " in found


def test_a_reader_who_reads_nothing_is_let_go() -> None:
    with serving(Curt) as port, socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", port))
        line.settimeout(20)
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionError):
            while True:  # the other side is asked whether it is still there
                line.sendall(b"X")
                threading.Event().wait(0.1)


def test_a_body_that_comes_after_its_answer_is_no_head() -> None:
    """A page that is too long is refused at once, and the line stays good for the next."""
    body = b"a" * (3 * patience.MOST_OF_HEAD)
    head = b"POST /little HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    with serving(Patient) as port, socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(head % len(body))
        assert line.recv(65536).startswith(b"HTTP/1.1 200 ")
        line.sendall(body + b"GET /little HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        found = said(line)
    assert b"HTTP/1.1 200 " in found and b"431" not in found
