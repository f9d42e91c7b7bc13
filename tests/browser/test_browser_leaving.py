"""Leaving quickly in a real browser: with one press or three, and nothing comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from par_toolkit.inquiry import Inquiry
from par_toolkit.inquiry.model import LEAVE_TO

WORDS = "Zanzibarquartz came by the bridge."
PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("way", ["by the link", "by Shift three times"])
def test_promise_03_who_leaves_quickly_is_elsewhere_at_once(
    new_page: Callable[..., Page],
    inquiry: Inquiry,
    live_server: Callable[[Path], str],
    check_axe: Callable[[Page], None],
    way: str,
) -> None:
    page = new_page(viewport=PHONE)
    page.route(f"{LEAVE_TO}**", lambda route: route.fulfill(body="The weather"))
    address = live_server(inquiry.folder)
    page.goto(f"{address}/tell")
    page.goto(f"{address}/tell/story?lang=en")
    page.fill("#telling", WORDS)
    page.locator("#telling").press("Shift+A")
    page.locator("#telling").press("Shift+B")
    page.locator("#telling").press("Shift+C")
    assert page.url.startswith(address), "capital letters are no wish to leave"
    check_axe(page)
    if way == "by the link":
        # In reach wherever one has scrolled to.
        page.locator(".send .button").scroll_into_view_if_needed()
        box = page.locator("#leave").bounding_box()
        assert box and 0 <= box["y"] < 100
        page.click("#leave")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(LEAVE_TO)
    assert page.inner_text("body") == "The weather"
    page.go_back()
    assert page.url == f"{address}/tell", "the page that was left is in no entry of the history"
    page.goto(f"{address}/tell/story?lang=en")
    assert WORDS not in page.input_value("#telling")
