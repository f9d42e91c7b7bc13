"""An inquiry folder with findings builds, and the one app that serves it."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

import datasette_plugins
from par_toolkit.serving import make_app
from tests import quick

#: A folder, or a file, to what asks for addresses of it.
Served = Callable[[Path], Awaitable[Any]]


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Stand in for Flask: say what was asked; `/fail` fails."""
    if environ["PATH_INFO"] == "/fail":
        raise RuntimeError("secret words")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "own=1")])
    asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {environ['QUERY_STRING']} "
    return [asked.encode(), body]


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Put the settings and keys of a new inquiry into `tmp_path`, and nothing else of it."""
    made = quick.new_inquiry(tmp_path_factory.getbasetemp() / "new inquiry")
    shutil.copytree(made / "keys", tmp_path / "keys")
    return Path(shutil.copy(made / "inquiry.toml", tmp_path))


@asynccontextmanager
async def living(app: Any) -> AsyncIterator[None]:
    """Send `app` the start and the end of its life, as a server does."""
    inbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    outbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan"}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    assert (await outbox.get())["type"] == "lifespan.startup.complete"
    yield
    await inbox.put({"type": "lifespan.shutdown"})
    assert (await outbox.get())["type"] == "lifespan.shutdown.complete"
    await life


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Hand out a client of the app that serves the inquiry in `tmp_path`."""
    app = make_app(tmp_path, flask_app=echo, background=())
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(living(app))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        yield await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://inquiry.example")
        )


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve `app` on a free port of this machine and give its address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    sock.listen(128)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", access_log=False, log_config=None))
    thread = threading.Thread(target=server.run, args=([sock],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        sock.close()
    assert not thread.is_alive()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[str]:
    """Serve the inquiry in `tmp_path` over TCP and hand out the address."""
    with listening(make_app(tmp_path, flask_app=echo, background=())) as address:
        yield address


@pytest_asyncio.fixture
async def one_port() -> AsyncIterator[Served]:
    """Hand out `get = await one_port(folder)`: the inquiry as `par serve` serves it."""
    lives: list[Any] = []

    async def serve(folder: Path) -> Any:
        app = make_app(folder, flask_app=echo, background=())
        lives.append(living(app))
        await lives[-1].__aenter__()
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://x").get

    yield serve
    for life in lives:
        await life.__aexit__(None, None, None)


@pytest_asyncio.fixture
async def plain() -> AsyncIterator[Callable[[Path], Any]]:
    """Hand out `get = plain(file)`: the build as `datasette serve FILE` serves it."""
    if not pm.is_registered(datasette_plugins):
        pm.register(datasette_plugins, "datasette_plugins")
    started: list[Any] = []

    def serve(file: Path) -> Any:
        started.append(Datasette([str(file)]))
        return started[-1].client.get

    yield serve
    for datasette in started:
        await datasette_plugins.datasette_api.close_build(datasette)
