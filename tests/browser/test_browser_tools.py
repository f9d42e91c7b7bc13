"""The browser's own tools can fail: each is shown a page that it must refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.pages import check_axe as axe

GOOD = (
    '<!doctype html><html lang="en"><head><title>A page</title></head>'
    "<body><main><h1>A page</h1><p>Words.</p></main></body></html>"
)
STRICT = {"Content-Security-Policy": "default-src 'self'"}


def serve(page: Page, body: str, *, status: int = 200) -> None:
    """Answer http://made-up.test/ with `body` under a strict policy, and all else with 404."""

    def answer(route: Route) -> None:
        if route.request.url == "http://made-up.test/":
            route.fulfill(status=status, content_type="text/html", headers=STRICT, body=body)
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)
    page.goto("http://made-up.test/")


def test_a_good_page_passes_axe_under_a_strict_policy(page: Page) -> None:
    serve(page, GOOD)
    axe(page)


def test_axe_lists_what_is_wrong(page: Page) -> None:
    serve(page, GOOD.replace("<p>", '<img src="/favicon.ico"><p>'), status=200)
    with pytest.raises(AssertionError, match=r"image-alt \(critical\)"):
        axe(page)
    page.problems.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ("<script>alert(1)</script>", "Content Security Policy"),
        ('<p style="color: red">Words.</p>', "Content Security Policy"),
        ('<img src="/missing.png" alt="">', "404"),
    ],
)
def test_a_watched_page_reports(page: Page, part: str, complaint: str) -> None:
    serve(page, GOOD.replace("<p>Words.</p>", part))
    page.wait_for_load_state("networkidle")
    assert any(complaint in line for line in page.problems)  # type: ignore[attr-defined]
    page.problems.clear()  # type: ignore[attr-defined]


def test_a_refused_form_is_no_problem(page: Page) -> None:
    serve(page, GOOD, status=422)
    assert page.problems == []  # type: ignore[attr-defined]


def test_pages_have_nothing_in_common(new_page: Callable[..., Page]) -> None:
    first, second = new_page(), new_page(java_script_enabled=False, locale="fr-FR")
    serve(first, GOOD)
    first.context.add_cookies([{"name": "a", "value": "b", "url": "http://made-up.test/"}])
    assert second.context.cookies() == []
