"""The page cache: exact, bounded, one for each build, and never for what may change."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from par_toolkit.serving.findings import LOOK_AT_MOST_EVERY
from par_toolkit.serving.page_cache import CachedPage, PageCache, make_etag, still_holds
from tests.datasette_plugins.builds import make_build, point


def page(size: int) -> CachedPage:
    return CachedPage((), b"x" * size, b'"tag"')


def test_the_pages_used_longest_ago_go_first() -> None:
    cache = PageCache(capacity=3 * page(1000).size)
    for name in (b"a", b"b", b"c"):
        cache.put((name,), page(1000))
    assert cache.get((b"a",)) is not None
    cache.put((b"d",), page(1000))
    assert [cache.get((name,)) is not None for name in (b"a", b"b", b"c", b"d")] == [
        True, False, True, True,
    ]  # fmt: skip


def test_it_counts_its_bytes_and_stays_within_them() -> None:
    cache = PageCache(capacity=50_000)
    for number in range(1000):
        cache.put((b"%d" % (number % 70),), page(number))
        assert cache.size <= 50_000
    kept = [cache.get((b"%d" % number,)) for number in range(70)]
    assert cache.size == sum(found.size for found in kept if found)
    assert len(cache) == sum(found is not None for found in kept)


def test_a_page_too_large_for_the_whole_cache_is_let_go() -> None:
    cache = PageCache(capacity=10)
    cache.put((b"a",), page(1000))
    assert len(cache) == 0 and cache.size == 0


def test_tags_differ_by_words_and_by_build() -> None:
    tags = {make_etag("build-1", b"a"), make_etag("build-2", b"a"), make_etag("build-1", b"b")}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("sent", "holds"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b"*", True),
        (b'"b"', False),
        (b"", False),
    ],
)
def test_a_browser_may_hold_several_tags(sent: bytes, holds: bool) -> None:
    assert still_holds(sent, b'"a"') is holds


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = make_build(tmp_path, 1, quotes=5)
    point(tmp_path, 1)
    return path


@pytest.mark.asyncio
async def test_a_browser_asks_each_time_and_is_told_if_its_page_still_holds(
    client: httpx.AsyncClient, published: Path, tmp_path: Path
) -> None:
    first = await client.get("/findings/search")
    held = {"if-none-match": first.headers["etag"]}
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get("/findings/search", headers=held)
    assert again.status_code == 304 and again.content == b""
    make_build(tmp_path, 2, quotes=5)
    point(tmp_path, 2)
    await asyncio.sleep(2 * LOOK_AT_MOST_EVERY)
    changed = await client.get("/findings/search", headers=held)
    assert changed.status_code == 200


@pytest.mark.asyncio
async def test_a_repeated_page_is_the_same_to_the_byte_and_never_asks_datasette(
    client: httpx.AsyncClient, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await client.get("/findings/library/quotes")

    async def fail(*_: object) -> None:
        raise AssertionError("Datasette was asked")

    monkeypatch.setattr("datasette_plugins.datasette_api.BuildDatabase.execute", fail)
    again = await client.get("/findings/library/quotes")
    assert again.content == first.content and again.headers == first.headers
    head = await client.head("/findings/library/quotes")
    assert head.content == b"" and head.headers == first.headers


@pytest.mark.asyncio
async def test_a_false_host_is_not_shown_to_others(
    client: httpx.AsyncClient, published: Path
) -> None:
    """Datasette writes the host into some links, so a page is kept for the host it was made for."""
    path = "/findings/library/quotes?_facet=language"
    assert "evil.example" in (await client.get(path, headers={"host": "evil.example"})).text
    assert "evil.example" not in (await client.get(path)).text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/findings/library?sql=select+random()",
        "/findings/library.json?sql=select+random()&_shape=array",
        "/findings/library?s%71l=select+random()",
        "/findings/library/quotes.json?%5Fwhere=random()%252%3D0&_shape=array&_size=100",
        "/findings/library/quotes.csv?_stream=on",
        "/findings/library.db",
        "/findings/nowhere",
    ],
)
async def test_free_queries_streams_files_and_errors_are_not_kept(
    client: httpx.AsyncClient, published: Path, path: str
) -> None:
    first, again = await client.get(path), await client.get(path)
    assert first.headers["cache-control"] in ("no-cache", "no-store")
    assert "etag" not in first.headers or path.endswith(".db")
    if "select" in path or "%252" in path:
        assert first.text != again.text


@pytest.mark.asyncio
async def test_a_head_of_what_is_not_kept_has_no_body(
    client: httpx.AsyncClient, published: Path
) -> None:
    for path in ("/findings/library?sql=select+1", "/findings/library.db", "/findings/theme/no"):
        assert (await client.head(path)).content == b""
