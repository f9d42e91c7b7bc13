"""What can be reached through the one root, how, and with which headers."""

from __future__ import annotations

import asyncio
import html
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from par_toolkit.serving import make_app
from par_toolkit.serving.live_build import LiveBuild
from par_toolkit.serving.pointer import Target
from tests.datasette_plugins.builds import make_build, point
from tests.serving.conftest import echo, living

pytestmark = pytest.mark.asyncio

EVERYWHERE = (
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "content-security-policy",
)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Publish a first build and lay private files beside it."""
    (tmp_path / "private.db").write_text("canary", "utf-8")
    path = make_build(tmp_path, 1, quotes=150)
    point(tmp_path, 1)
    return path


@pytest.mark.parametrize(
    ("headers", "query", "said"),
    [
        ({}, "", "Nothing has been published yet"),
        ({"accept-language": "fr-CA,fr;q=0.9,en;q=0.5"}, "", "Rien n’est encore publié"),
        ({"accept-language": "fr"}, "?lang=en", "Nothing has been published yet"),
        ({"accept-language": "xx, *;q=0.1"}, "?lang=fr", "Rien n’est encore publié"),
    ],
)
async def test_before_the_first_build_a_friendly_page_is_shown(
    client: httpx.AsyncClient, headers: dict[str, str], query: str, said: str
) -> None:
    response = await client.get("/findings/" + query, headers=headers)
    assert response.status_code == 200 and said in response.text
    assert response.headers["cache-control"] == "no-store"
    style = re.search(r'href="([^"]+\.css[^"]*)"', response.text)
    assert style and (await client.get(style[1])).status_code == 200


async def test_the_first_build_is_there_at_the_first_request_after(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await client.get("/findings/")
    make_build(tmp_path, 1)
    point(tmp_path, 1)
    response = await client.get("/findings/")
    assert "Harbour Voices" in response.text


async def test_a_large_first_build_is_waited_for(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that nothing was published while it is being opened."""
    real = LiveBuild.start

    async def slow(target: Target) -> LiveBuild:
        await asyncio.sleep(0.5)
        return await real(target)

    monkeypatch.setattr("par_toolkit.serving.findings.LONGEST_WAIT", 0.05)
    monkeypatch.setattr(LiveBuild, "start", slow)
    make_build(tmp_path, 1)
    point(tmp_path, 1)
    assert "Harbour Voices" in (await client.get("/findings/")).text


async def test_a_damaged_first_build_is_an_honest_503(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    make_build(tmp_path, 1).write_bytes(b"damaged")
    point(tmp_path, 1)
    response = await client.get("/findings/")
    assert response.status_code == 503 and "cannot be shown just now" in response.text


async def test_every_link_stays_under_the_mount_and_works(
    client: httpx.AsyncClient, published: Path
) -> None:
    """Follow every link from the first page, with its query: no prefix is doubled or lost."""
    seen: set[str] = set()
    waiting = ["/findings/", "/findings/?lang=fr"]
    while waiting:
        address = waiting.pop()
        response = await client.get(address)
        assert response.status_code in (200, 302), address
        pages = re.findall(r'(?:href|action)="([^"#]+)', response.text)
        for href in [html.unescape(page) for page in pages] + [
            response.headers.get("location", "")
        ]:
            inside = href.removeprefix("http://inquiry.example")
            shape = re.sub(r"[0-9a-f]{16}", "id", re.sub(r"\?.*", "", inside))
            if not inside.startswith("/") or shape in seen:
                continue
            assert (
                inside.startswith(("/findings/", "/tell", "/mine"))
                or inside == "/"
                or "?lang" in inside
            )
            assert not inside.startswith("/findings/findings")
            seen.add(shape)
            if inside.startswith("/findings/"):
                waiting.append(inside)
    assert {"/findings/library/quotes", "/findings/library/quotes.csv", "/findings/about"} <= seen


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/findings", "/findings/"),
        ("/findings?lang=fr", "/findings/?lang=fr"),
        ("/library", "/findings/library"),
        ("/library/quotes.csv?_size=5", "/findings/library/quotes.csv?_size=5"),
        ("/library.db", "/findings/library.db"),
        ("/library/%0d%0aSet-Cookie:%20x", "/findings/library/%0D%0ASet-Cookie%3A%20x"),
        ("/findings/library/", "/findings/library"),
        ("/findings/library/quotes/", "/findings/library/quotes"),
    ],
)
async def test_old_and_short_addresses_lead_inside(
    client: httpx.AsyncClient, published: Path, path: str, leads_to: str
) -> None:
    response = await client.get(path)
    assert response.is_redirect and response.headers["location"] == leads_to


CLOSED = (
    "-/versions.json", "-/versions", "-/databases.json", "-/settings.json", "-/plugins",
    "-/config", "-/threads.json", "-/actor.json", "-/metadata", "-/logout", "-/auth-token",
    "-/permissions", "-/messages", "-/allow-debug", "-/patterns", "%2d/versions.json",
    "%2D%2Fversions.json", "findings/-/versions.json", "/-/versions.json", "./-/versions.json",
    "-/findings/../versions", "_internal", "_internal/databases.json", "_memory", ":memory:",
    "private", "private.db", "build-000001.db", "current", "-/static/../app.py",
    "-/static/..%2fapp.py", "-/static-plugins/x/../../../etc/passwd",
    "-/findings/..%2f__init__.py", "favicon.ico", "..%2f..%2fprivate.db",
    "library/..%2f..%2fprivate.db", "%00", "-/findings/%00",
)  # fmt: skip


async def test_promise_07_no_other_page_or_file_is_reached(
    client: httpx.AsyncClient, published: Path
) -> None:
    for path in CLOSED:
        request = client.build_request("GET", "/findings/")
        request.url = request.url.copy_with(raw_path=b"/findings/" + path.encode())
        response = await client.send(request, follow_redirects=True)
        assert response.status_code == 404, path
        assert "canary" not in response.text, path


async def test_none_of_datasettes_own_pages_is_open(
    client: httpx.AsyncClient, published: Path
) -> None:
    """The list is Datasette's: a page that a newer one brings is closed too."""
    own = {
        found[1]
        for pattern, _ in Datasette([], memory=True)._routes()
        if (found := re.match(r"/-/([\w-]+)", getattr(pattern, "pattern", pattern)))
    } - {"findings", "static", "static-plugins"}
    assert len(own) >= 10
    for name in own:
        for ending in ("", ".json", "/", "?_shape=array"):
            assert (await client.get(f"/findings/-/{name}{ending}")).status_code == 404, name


async def test_findings_can_only_be_read(client: httpx.AsyncClient, published: Path) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "ODD"):
        response = await client.request(method, "/findings/library?sql=select+1", content=b"x")
        assert response.status_code == 405 and response.headers["allow"] == "GET, HEAD"


async def test_an_endless_address_is_refused(client: httpx.AsyncClient, published: Path) -> None:
    assert (await client.get("/findings/search?q=" + "a" * 9_000)).status_code == 414


async def test_cookies_and_passwords_make_no_difference(
    client: httpx.AsyncClient, published: Path
) -> None:
    """What the rest of the site knows of a reader never reaches the findings."""
    plain = await client.get("/findings/library/quotes")
    known = await client.get(
        "/findings/library/quotes",
        headers={"cookie": "session=a; ds_actor=b", "authorization": "Bearer c"},
    )
    assert known.text == plain.text and known.headers["etag"] == plain.headers["etag"]
    for response in (plain, known, await client.get("/findings/library?sql=select+1")):
        assert response.headers["cache-control"] == "no-cache"
        assert "set-cookie" not in response.headers and response.headers.get("vary", "") in (
            "",
            "accept-encoding",
        )


async def test_every_answer_carries_the_headers(client: httpx.AsyncClient, published: Path) -> None:
    paths = ("/", "/fail", "/library", "/findings/", "/findings/library.db", "/findings/no",
             "/findings/-/findings/findings.css", "/findings/library/quotes.csv")  # fmt: skip
    for path in paths:
        response = await client.get(path)
        for name in EVERYWHERE:
            assert len(response.headers.get_list(name)) == 1, f"{name} on {path}"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["referrer-policy"] == "same-origin"
        strict = path.startswith("/findings/") and not path.endswith(".css")
        assert not strict or "default-src 'none'" in response.headers["content-security-policy"]


async def test_the_rest_of_the_site_is_flasks(client: httpx.AsyncClient, published: Path) -> None:
    assert (await client.get("/tell?a=1")).text == "GET /tell a=1 "
    posted = await client.post("/findingsx", content=b"body")
    assert posted.text == "POST /findingsx  body" and posted.headers["set-cookie"] == "own=1"


async def test_bytes_that_are_no_address_are_encoded(tmp_path: Path, published: Path) -> None:
    """Servers hand on what a reader sent; httpx itself would not send it."""
    for path in ("/tell", "/findings/search", "/findings/theme/é"):
        sent: list[Any] = []
        raw = path.encode("latin-1")
        scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": path,
                 "raw_path": raw, "query_string": b"q=\xe9\xff", "headers": []}  # fmt: skip

        async def nothing() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def note(message: Any, sent: list[Any] = sent) -> None:
            sent.append(message)

        app = make_app(tmp_path, flask_app=echo, background=())
        async with living(app):
            await app(scope, nothing, note)
        assert sent[0]["status"] in (200, 302, 404), path


async def test_promise_16_a_failure_is_a_page_and_no_words_are_logged(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await client.get("/fail?lang=fr")
    assert response.status_code == 500 and "Quelque chose n’a pas marché" in response.text
    assert "secret words" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text
