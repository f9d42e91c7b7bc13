"""HTTPS as tablets get it: from `par serve` itself, and from a proxy that stands before it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.server import served
from tests.serving.authority import Authority, Pair


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def trusting(authority: Authority, address: str) -> httpx.Client:
    """Make a client as a tablet that trusts this authority and no other."""
    known = ssl.create_default_context(cafile=authority.own.cert)
    return httpx.Client(base_url=address, verify=known, trust_env=False)


def check_secure(client: httpx.Client) -> None:
    """Fail unless cookies are bound to HTTPS and a posted page is taken for one of this site."""
    page = client.get("/desk/sign-in")
    assert page.status_code == 200
    cookies = page.headers.get_list("set-cookie")
    assert cookies and all("Secure" in cookie for cookie in cookies)
    assert all(cookie.startswith("__Host-") for cookie in cookies)
    named = client.get("/api/health", headers={"Host": "hub.example"}).headers
    assert named["Strict-Transport-Security"] == "max-age=31536000"
    # Whatever else runs on this machine may go on without a certificate.
    assert "Strict-Transport-Security" not in page.headers
    token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "name": "Nobody", "password": "made up"}
    own = {"Referer": str(client.base_url.join("/desk/sign-in"))}
    assert client.post("/desk/sign-in", data=fields, headers=own).status_code in (
        200,
        401,
        403,
        422,
    )
    elsewhere = {"Referer": "https://elsewhere.example/"}
    assert client.post("/desk/sign-in", data=fields, headers=elsewhere).status_code == 403


#: What a client hears from a server that speaks no version so old.
REFUSED = ("TLSV1_ALERT_PROTOCOL_VERSION", "UNEXPECTED_EOF_WHILE_READING")


def shaken_hands(port: int, newest: ssl.TLSVersion) -> str:
    """Return which version a client with none newer gets, or the alert that refuses it."""
    asks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asks.check_hostname, asks.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asks.minimum_version, asks.maximum_version = newest, newest
        asks.set_ciphers("DEFAULT:@SECLEVEL=0")  # so that it is the server who refuses
    try:
        with (
            socket.create_connection(("127.0.0.1", port)) as line,
            asks.wrap_socket(line) as secure,
        ):
            return str(secure.version())
    except ssl.SSLError as refused:
        return str(refused.reason)


def test_par_serve_speaks_https_that_a_tablet_trusts(inquiry: Any, authority: Authority) -> None:
    pair = authority.sign()
    with (
        served(inquiry.folder, tls=(pair.cert, pair.key)) as server,
        trusting(authority, server.address) as client,
    ):
        assert client.get("/api/health").json()["ok"] is True
        check_secure(client)
        strangers = Authority(authority.folder / "strangers")
        with trusting(strangers, server.address) as stranger, pytest.raises(httpx.ConnectError):
            stranger.get("/api/health")
        assert shaken_hands(server.port, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
        assert shaken_hands(server.port, ssl.TLSVersion.TLSv1_1) in REFUSED
        printed = server.log.read_text("utf-8")
    assert f"Serving at https://127.0.0.1:{server.port}" in printed
    assert "The certificate is for localhost, 127.0.0.1 and ends on" in printed


def test_who_listens_everywhere_is_told_the_name_of_the_certificate(
    inquiry: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    from par_toolkit.serving import serve
    from par_toolkit.serving.server import _Server

    pair = authority.sign(names="DNS:*.example,DNS:hub.example")
    said: list[str] = []
    monkeypatch.setattr(_Server, "run", lambda self, sockets: self._announce())
    serve(
        inquiry.folder,
        host="0.0.0.0",
        port=0,
        tls_cert=pair.cert,
        tls_key=pair.key,
        on_started=said.append,
    )
    assert said[0].startswith("https://hub.example:")


class FrontDoor:
    """Ends HTTPS and hands requests on to plain HTTP, as Caddy and nginx do in docs/hub.md."""

    def __init__(self, pair: Pair, *, to: int) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(pair.cert, pair.key)
        self._to = to
        self.port = 0

    async def run(self, ready: threading.Event, ending: asyncio.Event) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            ready.set()
            await ending.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        kept = [
            one
            for one in rest.strip().split(b"\r\n")
            if not one.lower().startswith((b"connection:", b"x-forwarded-"))
        ]
        lengths = [int(one[15:]) for one in kept if one.lower().startswith(b"content-length:")]
        body = await reader.readexactly(sum(lengths))
        told = [b"X-Forwarded-Proto: https", b"X-Forwarded-For: 192.0.2.7", b"Connection: close"]
        inside, outside = await asyncio.open_connection("127.0.0.1", self._to)
        outside.write(b"\r\n".join([line, *kept, *told, b"", b""]) + body)
        writer.write(await inside.read(-1))
        outside.close()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@contextmanager
def front_door(pair: Pair, *, to: int) -> Iterator[str]:
    """Run a front door in a thread of its own and give its address."""
    door, ready, loop = FrontDoor(pair, to=to), threading.Event(), asyncio.new_event_loop()
    ending = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(door.run(ready, ending),))
    thread.start()
    try:
        assert ready.wait(10)
        yield f"https://localhost:{door.port}"
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()
        loop.close()


def test_behind_a_proxy_on_this_machine_it_is_https_too(inquiry: Any, authority: Authority) -> None:
    with (
        served(inquiry.folder) as server,
        front_door(authority.sign(), to=server.port) as address,
        trusting(authority, address) as client,
    ):
        assert client.get("/api/health").json()["ok"] is True
        check_secure(client)
        with httpx.Client(base_url=server.address, trust_env=False) as plain:
            cookies = plain.get("/desk/sign-in").headers.get_list("set-cookie")
        assert cookies and not any("Secure" in cookie for cookie in cookies)
