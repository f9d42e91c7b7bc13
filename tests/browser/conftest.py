"""Fixtures for tests in a real browser: Chromium, pages that are watched, and a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium as found_chromium
from tests.browser.pages import check_axe as axe
from tests.browser.pages import watch
from tests.browser.server import running


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the browser, run it last, and try it once more where it failed.

    Playwright keeps an event loop running in this thread for as long as the browser is open, and
    other tests could not start theirs beside it. A second try is for the browser itself, a program
    of others that a busy machine can hold up; the end of the run names each test that needed one.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Return when a test runs: those without a browser, a long group of one process, the rest."""
    if item.get_closest_marker("browser") is None:
        return 0
    return 1 if item.get_closest_marker("xdist_group") else 2


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one headless Chromium for all browser tests; fail with advice where there is none."""
    with sync_playwright() as playwright, found_chromium.launch(playwright) as browser:
        yield browser


@pytest.fixture
def new_page(chromium: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Hand out pages, each in a context of its own: `new_page(java_script_enabled=False, …)`.

    It asks for the server so that pages close before the server does: what a page was still
    loading then is no fault.

    The test fails if any of them had a script error, a console error or a CSP violation. A test
    that means to cause some reads and empties `page.problems`.
    """
    with ExitStack() as contexts:
        watched: list[list[str]] = []

        def open_page(**options: Any) -> Page:
            options = {"locale": "en-GB", "reduced_motion": "reduce"} | options
            page = contexts.enter_context(chromium.new_context(**options)).new_page()
            page.problems = watch(page)  # type: ignore[attr-defined]
            watched.append(page.problems)  # type: ignore[attr-defined]
            return page

        yield open_page
    problems = [line for each in watched for line in each]
    assert not problems, "The pages had errors:\n" + "\n".join(problems)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Open one watched page, as on a desk computer set to English."""
    return new_page()


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Hand out the accessibility check: `check_axe(page)` fails with all that axe finds."""
    return axe


@pytest.fixture
def live_server() -> Iterator[Callable[[Path], str]]:
    """Serve inquiries for this test: `address = live_server(inquiry.folder)`."""
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(running(folder))
