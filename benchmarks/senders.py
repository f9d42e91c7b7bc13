"""Clients of the benchmark of capture, all in one process of their own: one asyncio loop.

Each has a connection of its own, sends a story, waits for the answer and sends the next. The bytes
of a story are prepared before the clock starts; only its uuid, receipt and number are put in then.
So 500 clients take little of the machine from the server. Prints what happened as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import tellings  # noqa: E402
from par_toolkit import sealing  # noqa: E402
from par_toolkit.storage import receipts  # noqa: E402

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
#: Sealed stories made before the clock starts; they go round under new uuids.
SEALED = 200
#: Seconds that a client waits for an answer.
PATIENCE = 60

#: Makes the next request: its uuid and its bytes.
Next = Callable[[], tuple[str, bytes]]


@dataclass
class Happened:
    """What the clients saw: seconds of each answer, uuids acknowledged, other answers."""

    times: list[float] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)


def main() -> None:
    """Send for some seconds, and print what happened."""
    options = _options()
    make = {"json": _json, "age": _age, "page": _page}[options.door](options)
    expected = b"303" if options.door == "page" else b"201"
    happened = Happened()
    took = asyncio.run(_send(options, make, expected, happened))
    print(json.dumps({**vars(happened), "took": took}))


async def _send(
    options: argparse.Namespace, make: Next, expected: bytes, happened: Happened
) -> float:
    """Open every connection, then send from all of them at once; return the seconds it took."""
    lines = []
    for _ in range(options.clients):
        lines.append(await asyncio.open_connection("127.0.0.1", options.port))
    began = time.perf_counter()
    end = began + options.seconds
    await asyncio.gather(*(_client(*line, make, expected, end, happened) for line in lines))
    return time.perf_counter() - began


async def _client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    make: Next,
    expected: bytes,
    end: float,
    happened: Happened,
) -> None:
    while (before := time.perf_counter()) < end:
        uuid, request = make()
        writer.write(request)
        try:
            status = await asyncio.wait_for(_answer(reader), PATIENCE)
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__.encode()
        if status == expected:
            happened.times.append(time.perf_counter() - before)
            happened.kept.append(uuid)
        else:
            name = status.decode()
            happened.failed[name] = happened.failed.get(name, 0) + 1
            if not name.isdigit():  # the line is gone
                return
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Read one whole answer and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return head[9:12]


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _json(options: argparse.Namespace) -> Next:
    """Send stories as paired tablets do while they are online."""
    numbers = count(1)
    model = tellings.as_json(options.form, receipt="R" * 16, seq=987654321)
    before, _, rest = model.partition(b"987654321")
    middle, _, after = rest.partition(b"R" * 16)

    def make() -> tuple[str, bytes]:
        number, uuid = next(numbers), str(uuid4())
        receipt = receipts.new_code().encode()
        body = before + str(number).encode() + middle + receipt + after
        return uuid, _put(options, number, uuid, "application/json", body)

    return make


def _age(options: argparse.Namespace) -> Next:
    """Send stories sealed, as tablets do with what waited."""
    numbers = count(1)
    recipient = sealing.recipient(options.folder)
    sealed = [
        sealing.seal(
            recipient, tellings.as_json(options.form, receipt=receipts.new_code(), seq=number)
        )
        for number in range(1, SEALED + 1)
    ]

    def make() -> tuple[str, bytes]:
        number, uuid = next(numbers), str(uuid4())
        return uuid, _put(options, number, uuid, "application/age", sealed[number % SEALED])

    return make


def _put(options: argparse.Namespace, number: int, uuid: str, kind: str, body: bytes) -> bytes:
    token = options.tokens[number % len(options.tokens)]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    return _request("PUT", f"/api/stories/{uuid}", headers, body)


def _page(options: argparse.Namespace) -> Next:
    """Open the page once, as a browser does, and post stories with its cookie and token."""
    path = f"/tell/{options.form}"
    connection = HTTPConnection("127.0.0.1", options.port, timeout=PATIENCE)
    connection.request("GET", path)
    response = connection.getresponse()
    found = CSRF.search(response.read().decode())
    cookies = SimpleCookie()
    for line in response.headers.get_all("Set-Cookie", []):
        cookies.load(line)
    connection.close()
    if found is None:
        raise SystemExit("The page of the telling has no token: it cannot be posted.")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={one.value}" for name, one in cookies.items()),
    }
    fields = urlencode([("csrf_token", found[1]), *tellings.as_fields(options.form)]).encode()

    def make() -> tuple[str, bytes]:
        uuid = str(uuid4())
        body = fields + f"&uuid={uuid}&receipt={receipts.new_code()}".encode()
        return uuid, _request("POST", path, headers, body)

    return make


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--door", choices=("json", "age", "page"), required=True)
    parser.add_argument("--form", choices=("story", "long"), required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--tokens", nargs="+", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
