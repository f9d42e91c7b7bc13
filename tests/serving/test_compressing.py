"""Pages for a slow line: compressed for who can read that, and small; the same words for all."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest

from par_toolkit.serving.compressing import compressed, takes_gzip
from tests.datasette_plugins.builds import make_build, point

#: What the first page may weigh on the line, styles and charts included (bytes).
MOST = 30_000


@pytest.mark.parametrize(
    ("sent", "takes"),
    [
        (b"gzip", True),
        (b"br, GZIP;q=0.5, deflate", True),
        (b"*", True),
        (b"gzip;q=0, *", False),
        (b"gzip; q=0.000", False),
        (b"gzip;q=0.001", True),
        (b"br", False),
        (b"", False),
    ],
)
def test_a_reader_says_what_its_program_takes(sent: bytes, takes: bool) -> None:
    assert takes_gzip(sent) is takes


def test_only_text_that_gets_smaller_is_compressed() -> None:
    assert compressed(b"word " * 400, b"text/html; charset=utf-8") == compressed(
        b"word " * 400, b"TEXT/HTML"
    )
    assert compressed(b"word " * 100, b"text/html") is None
    assert compressed(b"word " * 400, b"application/octet-stream") is None


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Publish a build with far more quotes than the first page can show."""
    path = make_build(tmp_path, 1, quotes=2_000)
    point(tmp_path, 1)
    return path


async def raw(client: httpx.AsyncClient, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Return an answer and its bytes as they came over the line."""
    async with client.stream("GET", path, headers=headers) as response:
        return response, b"".join([piece async for piece in response.aiter_raw()])


@pytest.mark.asyncio
async def test_the_first_page_is_one_small_request_and_a_style_that_is_kept(
    client: httpx.AsyncClient, published: Path
) -> None:
    for address in ("/findings/", "/findings/?lang=fr"):
        response, body = await raw(client, address, **{"accept-encoding": "gzip"})
        assert response.headers["content-encoding"] == "gzip"
        page = gzip.decompress(body).decode()
        (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        kept, styles = await raw(client, style, **{"accept-encoding": "gzip"})
        assert "immutable" in kept.headers["cache-control"]
        assert len(body) + len(styles) <= MOST
        # whatever else a browser would load by itself
        assert not re.findall(r"<(?:img|script|iframe|video|audio|object)\b", page)
        assert "url(" not in gzip.decompress(styles).decode()
        assert "<svg" in page


@pytest.mark.asyncio
async def test_the_words_are_the_same_and_each_form_has_a_tag_of_its_own(
    client: httpx.AsyncClient, published: Path
) -> None:
    for path in ("/findings/", "/findings/library/quotes.json", "/findings/library/quotes.csv"):
        plain, whole = await raw(client, path, **{"accept-encoding": "identity"})
        small, packed = await raw(client, path, **{"accept-encoding": "gzip"})
        assert "content-encoding" not in plain.headers
        assert gzip.decompress(packed) == whole and len(packed) < len(whole)
        assert plain.headers["etag"] != small.headers["etag"]
        assert plain.headers["vary"] == small.headers["vary"] == "accept-encoding"
        for held in (plain.headers["etag"], small.headers["etag"]):
            again = await client.get(path, headers={"if-none-match": held})
            assert again.status_code == 304 and again.content == b""
        head = await client.head(path, headers={"accept-encoding": "gzip"})
        assert head.content == b"" and head.headers["content-length"] == str(len(packed))
