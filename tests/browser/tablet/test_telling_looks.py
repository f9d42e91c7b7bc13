"""Each thing a telling shows on a tablet, to other eyes and hands: axe, small screens, fingers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from par_toolkit.inquiry import Inquiry
from tests.browser.look import look_at
from tests.browser.tablet.tellers import code_of, finish, go_on, kept, open_telling
from tests.faults.server import Served

WORDS = "The ferry was late again."
Axe = Callable[[Page], None]


@pytest.fixture
def one_at_a_time(inquiry: Inquiry) -> None:
    """Have the inquiry ask one question a screen; name it before `tablet`."""
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    wanted = "one_question_a_screen = true"
    path.write_text(text.replace("one_question_a_screen = false", wanted), "utf-8")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_everything_a_telling_shows_is_clear_to_everybody(
    tablet: Page, village: Served, check_axe: Axe, lang: str
) -> None:
    tablet.clock.install()
    seen = {}

    def look(name: str) -> None:
        found = look_at(tablet, lang, check_axe)
        assert not found.complaints, f"{name}:\n" + "\n".join(found.complaints)
        seen[name] = found.words

    code = open_telling(tablet, village.address, lang=lang)
    tablet.fill("#telling", WORDS)
    kept(tablet)
    tablet.locator(".your-code summary").click()
    tablet.locator(".your-code svg.qr").wait_for()
    look("telling")
    tablet.clock.fast_forward("01:41")
    assert tablet.locator(".idle-warning").is_visible()
    look("warning")
    tablet.clock.fast_forward("02:00")
    tablet.locator("#waiting-code").wait_for()
    look("closed")
    go_on(tablet, "4711" * 4)
    tablet.clock.fast_forward("00:02")
    expect(tablet.locator("#waiting-code-error")).not_to_be_empty()
    look("wrong code")
    go_on(tablet, code)
    tablet.locator("#telling").wait_for()
    tablet.locator(".pause button").click()
    tablet.wait_for_url("**/tell")  # in the tablet's own language: somebody else comes
    tablet.goto(f"{village.address}/tell?lang={lang}")
    tablet.locator("#resume").wait_for()
    look("choose")
    go_on(tablet, code)
    tablet.locator("#telling").wait_for()
    finish(tablet)
    look("slip")
    english = ["Your code", "Touch the screen to go on.", "Start anew", "It has arrived."]
    if lang == "fr":
        assert not [words for words in english for page in seen.values() if words in page]


@pytest.mark.parametrize("width", [320, 800])
def test_text_twice_as_large_still_holds(tablet: Page, village: Served, width: int) -> None:
    open_telling(tablet, village.address)
    tablet.set_viewport_size({"width": 2 * width, "height": 900})
    tablet.evaluate("document.documentElement.style.fontSize = '225%'")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tablet.evaluate(wide) <= 0
    tablet.fill("#telling", WORDS)
    finish(tablet)
    assert tablet.evaluate(wide) <= 0


def test_one_question_a_screen_with_code_languages_and_coming_back(
    one_at_a_time: None, tablet: Page, village: Served, check_axe: Axe
) -> None:
    code = open_telling(tablet, village.address)
    forward = tablet.locator(".step-ways .button:visible").last
    forward.click()
    assert tablet.locator(".your-code").is_hidden()  # it stands in the first part
    forward.click()
    tablet.fill("#telling", WORDS)
    kept(tablet)
    check_axe(tablet)
    tablet.locator(".languages button[lang=fr]").click()
    expect(tablet.locator("html")).to_have_attribute("lang", "fr")
    assert "Partie 3 sur 8" in tablet.locator(".progress").inner_text()
    assert tablet.locator("#telling").is_visible()
    tablet.locator(".pause button").click()
    tablet.locator("#resume").wait_for()
    go_on(tablet, code)
    expect(tablet.locator("#telling")).to_be_visible()
    assert "Partie 3 sur 8" in tablet.locator(".progress").inner_text()
    tablet.fill("#telling", "")
    for _ in range(5):
        forward.click()
    tablet.locator(".send .button").click()
    tablet.locator("#problem-list a").click()
    expect(tablet.locator("#telling")).to_be_focused()
    tablet.fill("#telling", WORDS)
    for _ in range(5):
        forward.click()
    assert finish(tablet) == code
    assert code_of(tablet) == code


def test_the_keyboard_alone_tells_pauses_and_goes_on(tablet: Page, village: Served) -> None:
    code = open_telling(tablet, village.address)
    tablet.focus("#telling")
    tablet.keyboard.type(WORDS)
    kept(tablet)
    tablet.locator(".pause button").focus()
    tablet.keyboard.press("Enter")
    tablet.locator("#resume").wait_for()
    tablet.focus("#waiting-code")
    tablet.keyboard.type(code)
    tablet.keyboard.press("Enter")
    expect(tablet.locator("#telling")).to_have_value(WORDS)
    expect(tablet.locator("#page-main")).to_be_focused()
    tablet.locator(".send .button").focus()
    tablet.keyboard.press("Enter")
    expect(tablet.locator("#slip h1")).to_be_focused()
