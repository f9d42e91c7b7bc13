"""Telling and my story in a real browser: with scripts and without, small and large."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase

WORDS = "Zanzibarquartz came by the bridge.\nTwice."
OpenPage = Callable[..., Page]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def address(inquiry: Inquiry, live_server: Callable[[Path], str]) -> str:
    """Serve the inquiry of this test."""
    return live_server(inquiry.folder)


@pytest.fixture
def one_at_a_time(inquiry: Inquiry) -> None:
    """Have the inquiry ask one question a screen; name it before `address`."""
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    wanted = "one_question_a_screen = true"
    path.write_text(text.replace("one_question_a_screen = false", wanted), "utf-8")


def finish(page: Page) -> str:
    """Press the button at the end of a telling; return the digits of the code that is shown."""
    page.locator(".send .button").click()
    page.wait_for_url("**/tell/done")
    return re.sub(r"\D", "", page.locator(".code").inner_text())


def holds(page: Page) -> None:
    """Fail where a page is wider than its window, so that people must scroll two ways."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0, page.url


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_whole_way_without_scripts(
    new_page: OpenPage,
    address: str,
    check_axe: Callable[[Page], None],
    db: PrivateDatabase,
    lang: str,
) -> None:
    page = new_page(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{address}/")
    page.locator(f".languages a[lang={lang}]").click()
    page.locator(".way.first a").click()
    page.locator(".way.first a").click()
    assert page.locator("html").get_attribute("lang") == lang
    page.locator("#help-now summary").click()
    assert page.locator("#help-now a[href='tel:112']").is_visible()
    page.locator("#help-now summary").click()
    page.fill("#title", "Bridge")
    page.locator(".send .button").click()
    assert page.locator("#problem-list a[href='#telling']").is_visible()
    assert page.input_value("#title") == "Bridge"
    page.fill("#telling", WORDS)
    page.check("#consent-analyse")
    code = finish(page)
    assert len(code) == 16
    assert page.locator("svg.qr").is_visible()
    assert page.locator("noscript").inner_text()
    page.locator("a[href='/mine']").click()
    page.fill("#code", code)
    page.locator("main .button").click()
    page.locator(".own-words summary").click()
    assert "Zanzibarquartz" in page.locator(".words").first.inner_text()
    page.locator(".button.danger").click()
    page.locator("input[name=confirmed]").wait_for(state="attached")
    page.locator(".button.danger").click()
    page.locator("main a.button[href='/']").click()
    page.wait_for_load_state()
    assert stories.count(db) == 0


def test_the_whole_walk_is_accessible_and_holds_between_a_telephone_and_a_desk(
    new_page: OpenPage, address: str, check_axe: Callable[[Page], None]
) -> None:
    """Each page of the walk as it is then; `test_browser_every_page` has the other widths."""
    page = new_page(viewport={"width": 768, "height": 800}, color_scheme="dark")

    def look(path: str = "") -> None:
        if path:
            page.goto(f"{address}{path}")
        check_axe(page)
        holds(page)

    for path in ("/?lang=en", "/tell", "/tell/story", "/tell/reflection", "/tell/feedback"):
        look(path)
    page.goto(f"{address}/tell/story")
    page.locator("#help-now summary").click()
    look()
    page.locator("#help-now summary").click()
    page.locator(".send .button").click()
    page.wait_for_selector("#problem-list")
    look()
    page.fill("#telling", WORDS)
    code = finish(page)
    look()
    look("/mine")
    page.fill("#code", code)
    page.locator("main .button").click()
    page.wait_for_selector(".journey")
    page.locator(".own-words summary").click()
    look()
    page.locator(".button.danger").click()
    page.wait_for_selector("input[name=confirmed]", state="attached")
    look()
    page.locator(".button.danger").click()
    page.wait_for_selector("main .button")
    look()
    look("/mine")
    page.fill("#code", code)
    page.locator("main .button").click()
    page.wait_for_selector("#later")
    look()
    look("/nowhere")


def test_text_twice_as_large_still_holds(new_page: OpenPage, address: str) -> None:
    page = new_page(viewport={"width": 640, "height": 800})
    for path in ("/", "/tell", "/tell/story", "/mine"):
        page.goto(f"{address}{path}")
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        holds(page)


def test_promise_05_a_scanned_code_leaves_the_address_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/mine#4711471147114711")
    assert page.input_value("#code") == "4711 4711 4711 4711"
    assert page.url == f"{address}/mine"


def test_promise_03_after_hand_over_back_shows_neither_words_nor_code(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/tell/story")
    page.fill("#telling", WORDS)
    code = finish(page)
    page.locator("#hand-over .button").click()
    page.wait_for_url("**/tell")
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state()
        assert "Zanzibarquartz" not in page.content()
        assert code[:4] + " " + code[4:8] not in page.locator("main").inner_text()
        if page.locator("#telling").count():
            assert page.input_value("#telling") == ""


def test_promise_03_the_code_goes_when_nobody_is_there(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}/tell/story")
    page.fill("#telling", WORDS)
    finish(page)
    page.clock.fast_forward("01:39")
    assert page.locator("#idle-warning").is_hidden()
    page.clock.fast_forward("00:02")
    assert page.locator("#idle-warning").is_visible()
    page.keyboard.press("Shift")
    assert page.locator("#idle-warning").is_hidden()
    page.clock.fast_forward("02:01")
    page.wait_for_url("**/tell")
    page.goto(f"{address}/tell/done")
    assert page.locator(".code").count() == 0


def test_enter_in_a_line_keeps_what_is_not_finished(
    page: Page, address: str, db: PrivateDatabase
) -> None:
    """The first button of a form answers Enter; here it only shows the page again."""
    page.goto(f"{address}/tell/story")
    page.fill("#telling", WORDS)
    page.fill("#title", "Bridge")
    page.press("#title", "Enter")
    page.wait_for_timeout(200)
    assert page.input_value("#telling") == WORDS
    assert stories.count(db) == 0


def test_a_change_of_language_keeps_every_word(page: Page, address: str) -> None:
    page.goto(f"{address}/tell/story?lang=en")
    page.fill("#telling", WORDS)
    page.check("#consent-quote")
    page.locator(".languages button[lang=fr]").click()
    page.wait_for_selector("html[lang=fr]")
    assert page.input_value("#telling") == WORDS
    assert page.is_checked("#consent-quote")


def test_one_question_a_screen(
    one_at_a_time: None, page: Page, address: str, check_axe: Callable[[Page], None],
    db: PrivateDatabase,
) -> None:  # fmt: skip
    page.goto(f"{address}/tell/story")
    forward = page.get_by_role("button", name="Next")
    parts = page.locator(".step")
    assert parts.count() == 8
    assert [parts.nth(at).is_visible() for at in range(8)] == [True] + [False] * 7
    assert "Part 1 of 8" in page.locator(".progress").inner_text()
    assert page.get_by_role("button", name="Back", exact=True).is_hidden()
    forward.click()
    page.check("#consent-analyse")
    forward.click()
    check_axe(page)
    forward.click()  # what happened is passed over
    page.fill("#title", "Bridge")
    page.press("#title", "Enter")
    assert "Part 5 of 8" in page.locator(".progress").inner_text()
    page.get_by_role("button", name="Back", exact=True).click()
    assert page.input_value("#title") == "Bridge"
    for _ in range(4):
        forward.click()
    assert forward.is_hidden()
    page.locator(".send .button").click()
    page.wait_for_selector("#problem-list")
    assert page.locator("#telling").is_visible()  # the part that must be changed is opened
    page.fill("#telling", WORDS)
    for _ in range(5):
        forward.click()
    finish(page)
    (story,) = stories.listing(db)
    assert story.answers == {"telling": WORDS, "title": "Bridge"}
    assert story.consent["analyse"] is True


def test_one_question_a_screen_is_one_page_without_scripts(
    one_at_a_time: None, new_page: OpenPage, address: str
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{address}/tell/story")
    assert all(page.locator(".step").nth(at).is_visible() for at in range(8))


def test_only_the_slip_is_printed(page: Page, address: str) -> None:
    page.goto(f"{address}/tell/story")
    page.fill("#telling", WORDS)
    finish(page)
    page.emulate_media(media="print")
    assert page.locator(".slip").is_visible()
    for hidden in ("header", "footer", "#hand-over", "h1"):
        assert page.locator(hidden).first.is_hidden()


def test_the_keyboard_reaches_everything_in_order(page: Page, address: str) -> None:
    page.goto(f"{address}/tell/story")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "page-main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.your-code') !== null")  # the square
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "consent-analyse"
