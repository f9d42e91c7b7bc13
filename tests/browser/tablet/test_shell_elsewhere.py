"""Plain http over a network, a language from right to left, a slow line."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from werkzeug.serving import make_server

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import languages
from par_toolkit.web.app import create_app
from tests.browser.chromium import FLAGS, candidates
from tests.browser.pages import watch
from tests.browser.tablet.halls import pair, ready
from tests.web.tongues import with_arabic

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the pages of an inquiry from this process, where a test may have changed something."""
    server = make_server("127.0.0.1", 0, create_app(folder), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- plain http over a network -----------------------------------------------------------------


@pytest.fixture(scope="module")
def names(chromium: Browser) -> Iterator[Browser]:
    """Start a browser that finds this machine under the name of a hall as well."""
    flags = [*FLAGS, "--host-resolver-rules=MAP hall.test 127.0.0.1"]
    for path in candidates():
        try:
            browser = chromium.browser_type.launch(executable_path=path, args=flags)
        except Error:
            continue
        with browser:
            yield browser
        return


@pytest.fixture
def hall(inquiry: Inquiry) -> Iterator[str]:
    """Serve the inquiry under a name that browsers do not count as secure."""
    with serving(inquiry.folder) as address:
        yield address.replace("127.0.0.1", "hall.test")


@pytest.fixture
def insecure(names: Browser, hall: str) -> Iterator[Callable[..., Page]]:
    """Hand out pages of that browser; what their consoles say fails the test."""
    with ExitStack() as contexts:
        watched: list[list[str]] = []

        def open_page(**options: Any) -> Page:
            page = contexts.enter_context(names.new_context(locale="en-GB", **options)).new_page()
            watched.append(watch(page))
            return page

        yield open_page
    assert [line for each in watched for line in each] == []


@pytest.mark.parametrize("path", ["/tell", "/tell/story", "/tell/device"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_over_plain_http_it_says_that_only_the_online_form_works(
    insecure: Callable[..., Page], hall: str, path: str, lang: str, check_axe: Check
) -> None:
    page = insecure()
    page.goto(f"{hall}{path}?lang={lang}")
    assert page.evaluate("window.isSecureContext") is False
    expect(page.locator("#insecure")).to_be_visible()
    expect(page.locator("#insecure")).to_contain_text("docs/hub.md")
    check_axe(page)
    # Nothing is kept, and nothing was tried.
    assert page.evaluate("typeof navigator.serviceWorker") == "undefined"
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0


def test_over_plain_http_the_online_form_works(insecure: Callable[..., Page], hall: str) -> None:
    page = insecure()
    page.goto(f"{hall}/tell/device?lang=en#{'a' * 24}")
    assert "#" not in page.url
    expect(page.locator("#verdict")).to_contain_text("only while there is a network")
    expect(page.locator("[data-check=secure]")).to_have_attribute("data-state", "bad")
    assert page.locator("#pair").is_hidden()
    page.goto(f"{hall}/tell/story?lang=en")
    page.fill("#telling", "The made-up bus was late.")
    page.locator(".send .button").click()
    page.wait_for_url("**/tell/done")


def test_over_plain_http_without_scripts_nothing_breaks(
    insecure: Callable[..., Page], hall: str
) -> None:
    page = insecure(java_script_enabled=False)
    page.goto(f"{hall}/tell/story?lang=en")
    assert page.locator("#insecure").is_hidden()
    assert page.locator("#telling").is_visible()


# --- right to left -----------------------------------------------------------------------------


@pytest.fixture
def arabic(inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve an inquiry in English, French and Arabic, of which few texts are translated."""
    with serving(with_arabic(inquiry, tmp_path, monkeypatch)) as address:
        yield address
    languages.catalogues.cache_clear()


def test_right_to_left_each_text_in_a_language_that_has_it(
    new_page: OpenPage, arabic: str, db: PrivateDatabase, check_axe: Check
) -> None:
    page = new_page(viewport={"width": 320, "height": 800})
    token = devices.add(db, "Tablet 3")
    pair(page, arabic, token, lang="ar")
    page.context.set_offline(True)
    page.goto(f"{arabic}/tell/device?lang=ar")
    expect(page.locator("[data-check=kit]")).to_have_attribute("data-state", "good")
    assert page.evaluate("[document.documentElement.lang, document.dir]") == ["ar", "rtl"]
    expect(page.locator("h1")).to_have_text("هذا الجهاز")
    assert page.locator("h1 [lang]").count() == 0
    for part in ("#can-title span", "[data-check=kit] [data-word]", "#pairing"):
        assert page.locator(part).first.get_attribute("lang") == "en", part
        assert page.locator(part).first.get_attribute("dir") == "ltr", part
    for path in ("/tell/device", "/tell", "/tell/story"):
        for width in (320, 1024):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{arabic}{path}?lang=ar")
            assert page.evaluate("document.dir") == "rtl", path
            assert page.evaluate(WIDE) <= 0, path
        check_axe(page)
    name = page.locator(".site-name").bounding_box()
    assert name is not None and name["x"] > 512, "the layout is mirrored"
    page.problems.clear()  # type: ignore[attr-defined]


# --- a slow line -------------------------------------------------------------------------------


class Slow:
    """A line between browser and server: so many bytes a second in all, and so long for each way.

    Throttling by DevTools does not reach what a service worker fetches; this does.
    """

    def __init__(self, *, bits: int, delay: float) -> None:
        self._rate, self._delay = bits / 8, delay
        self._lock = threading.Lock()
        self._free = 0.0

    def wait(self, size: int) -> None:
        """Return when an answer of `size` bytes that is asked for now has come over the line."""
        asked = time.monotonic() + self._delay
        with self._lock:
            self._free = max(self._free, asked) + size / self._rate
            arrives = self._free
        time.sleep(max(0.0, arrives - time.monotonic()))


def slowed(app: Callable[..., object], line: Slow) -> Callable[..., object]:
    """Wrap a WSGI application so that each answer comes over `line`."""

    def answer(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        parts = app(environ, start)
        with closing(parts):  # type: ignore[type-var]
            body = b"".join(parts)  # type: ignore[call-overload]
        line.wait(len(body) + 500)
        return [body]

    return answer


def test_ready_for_offline_within_three_seconds_on_a_slow_4g_line(
    new_page: OpenPage, inquiry: Inquiry
) -> None:
    """1.6 Mbit/s and 150 ms, as the usual tests of web pages call slow 4G."""
    app = create_app(inquiry.folder)
    line = Slow(bits=1_600_000, delay=0.150)
    app.wsgi_app = slowed(app.wsgi_app, line)  # type: ignore[method-assign,assignment]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        page = new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/tell/story?lang=en")
        loaded = time.monotonic()
        ready(page)
        seconds = time.monotonic() - loaded
        size = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        print(f"loaded after {size:.0f} ms; ready for offline {seconds:.2f} s later")
        page.context.set_offline(True)
        page.goto(f"http://127.0.0.1:{server.server_port}/tell/story?lang=fr")
        assert re.search("Racontez", page.locator("h1").inner_text())
        page.problems.clear()  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert seconds < 3
