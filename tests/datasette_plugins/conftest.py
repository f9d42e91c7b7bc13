"""A findings build of made-up words, served by a Datasette in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from datasette_plugins.datasette_api import close_build, open_build
from tests.datasette_plugins.builds import make_build

Get = Callable[..., Awaitable[httpx.Response]]


@asynccontextmanager
async def served(path: Path, **options: Any) -> AsyncIterator[Any]:
    """Open the build at `path` for as long as the context lasts."""
    datasette = await open_build(path, **options)
    try:
        yield datasette
    finally:
        await close_build(datasette)


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the build that most tests read: three themes, six quotes and forty more."""
    return make_build(tmp_path_factory.mktemp("inquiry"), quotes=40)


@pytest_asyncio.fixture
async def get(build: Path) -> AsyncIterator[Get]:
    """Hand out `response = await get("/search?q=bus")`."""
    async with served(build) as datasette:
        yield datasette.client.get


@pytest_asyncio.fixture
async def serve_build() -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Hand out `datasette = await serve_build(path, base_url=…)`; closed after the test."""
    async with AsyncExitStack() as stack:

        async def serve(path: Path, **options: Any) -> Any:
            return await stack.enter_async_context(served(path, **options))

        yield serve
