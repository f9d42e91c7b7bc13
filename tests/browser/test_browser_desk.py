"""The desk in a real browser: words to hide, with and without scripts, and axe on each page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people, redactions, stories
from par_toolkit.storage.database import PrivateDatabase

PASSWORD = "four made up words"
TELLING = "👩🏽‍⚕️ The nurse rang 07700 900123. 🎉\n\nThen Mara called, and Mara came."


@pytest.fixture
def address(
    inquiry: Inquiry, db: PrivateDatabase, live_server: Callable[[Path], str]
) -> Iterator[str]:
    """Serve an inquiry with one story and a steward."""
    people.set_password(db, people.add(db, "Made-up Steward", "steward"), PASSWORD)
    told = stories.Told(
        uuid="11111111-2222-4333-8444-555555555555",
        form="story",
        form_version=1,
        language="en",
        answers={"telling": TELLING, "title": "The call"},
        words=("telling", "title", "changed", "next"),
        consent={"analyse": True, "quote": True},
        wording=1,
        source="web",
    )
    stories.keep(db, told)
    yield live_server(inquiry.folder)


def come_in(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/sign-in?lang=en")
    page.get_by_label("Your name").fill("Made-up Steward")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/desk/")


def select(page: Page, start: tuple[str, str], end: tuple[str, str]) -> None:
    """Select from just before one text to just after another, as a person does with a finger."""
    page.evaluate(
        """([[firstIn, first], [lastIn, last]]) => {
            const words = document.querySelector('[data-question="telling"]');
            const find = (selector, text) => {
                for (const piece of words.querySelectorAll(selector)) {
                    const at = piece.textContent.indexOf(text);
                    if (at >= 0) {
                        return [piece.firstChild, at];
                    }
                }
                throw new Error(`no ${text}`);
            };
            const [a, from] = find(firstIn, first);
            const [b, to] = find(lastIn, last);
            window.getSelection().setBaseAndExtent(a, from, b, to + last.length);
        }""",
        [list(start), list(end)],
    )


def test_selected_words_are_hidden_exactly_behind_emoji_marks_and_labels(
    page: Page, address: str, db: PrivateDatabase
) -> None:
    come_in(page, address)
    page.goto(f"{address}/desk/stories/1")
    select(page, ("[data-at]", "The"), ("[data-at]", "nurse"))
    page.locator("#label").fill("who")
    page.get_by_role("button", name="Hide these words").click()
    page.wait_for_url("**#review")
    assert redactions.reviewed_texts(db, 1)["telling"].startswith("👩🏽‍⚕️ [who] rang")

    # behind a suggestion's label, which is no word of the teller's
    select(page, ("[data-at]", "Then"), ("[data-at]", "called"))
    assert page.locator("#words").input_value() == "Then Mara called"
    page.locator("#label").fill("what")
    page.get_by_role("button", name="Hide these words").click()
    page.wait_for_url("**#review")
    assert "🎉\n\n[what], and Mara came." in redactions.reviewed_texts(db, 1)["telling"]

    # from inside what is hidden: the whole of it
    select(page, (".cut", "wh"), ("[data-at]", "rang"))
    page.locator("#label").fill("all")
    page.get_by_role("button", name="Hide these words").click()
    page.wait_for_url("**#review")
    assert "[all] 07700" in redactions.reviewed_texts(db, 1)["telling"].replace("[who]", "[all]")


def test_typing_after_selecting_means_the_words(page: Page, address: str) -> None:
    come_in(page, address)
    page.goto(f"{address}/desk/stories/1")
    select(page, ("[data-at]", "The"), ("[data-at]", "nurse"))
    assert page.locator("#hide [name=start]").input_value() == "6"
    page.locator("#words").fill("Mara")
    assert page.locator("#hide [name=start]").input_value() == ""


def test_without_scripts_words_are_typed(
    new_page: Callable[..., Page], address: str, db: PrivateDatabase
) -> None:
    page = new_page(java_script_enabled=False)
    come_in(page, address)
    page.goto(f"{address}/desk/stories/1")
    page.locator("#words").fill("Mara")
    page.locator("#hide").get_by_label("Which place").fill("2")
    page.locator("#label").fill("name")
    page.get_by_role("button", name="Hide these words").click()
    assert redactions.reviewed_texts(db, 1)["telling"].endswith("Mara called, and [name] came.")


def test_a_one_time_link_fills_in_its_code_and_leaves_the_address(
    page: Page, address: str, db: PrivateDatabase
) -> None:
    token = people.add(db, "Made-up Newcomer", "evaluator")
    page.goto(f"{address}/desk/welcome?lang=en#{token}")
    assert token not in page.url
    assert not page.get_by_label("The code in your link").is_visible()
    page.get_by_label("A password of your own").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and go in").click()
    page.wait_for_url(f"{address}/desk/")
    assert page.get_by_text("Made-up Newcomer, evaluator").is_visible()
