"""The main job in a real browser and a real server: told, read, released, found, withdrawn."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people, themes
from par_toolkit.storage.database import PrivateDatabase

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

PASSWORD = "made up for this test"
#: Stands in no other text, so that finding it anywhere means these words are there.
CANARY = "quuxberry"
TELLING = (
    f"The {CANARY} bus never came to the clinic, and Dr Example rang me on 020 7946 0018. "
    "I waited two hours in the rain for the next bus."
)
OTHERS = [
    "The bus to the clinic was late again and I missed my turn.",
    "No bus runs to the clinic after six, so I walk.",
    "The bus stop by the clinic has no bench and no light.",
    "A new bus to the clinic would help my mother.",
    "We shared a taxi because the bus to the clinic was full.",
]
#: Promise 6: gone from every page within this time of a withdrawal on a running server.
SECONDS = 60


@pytest.fixture
def sign_in(new_page: OpenPage, db: PrivateDatabase) -> Callable[[str, str, str], Page]:
    """Hand out `sign_in(address, name, role)`: somebody with a page of their own at the desk."""

    def at_the_desk(address: str, name: str, role: str) -> Page:
        link = people.add(db, name, role)
        page = new_page()
        page.goto(f"{address}/desk/welcome#{link}")
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.get_by_role("button", name="Set the password and go in").click()
        expect(page.locator("main")).to_contain_text("You are signed in")
        return page

    return at_the_desk


def tell_at(page: Page, address: str, telling: str) -> str:
    """Tell a story on the page, agreeing to be analysed and quoted; return the receipt code."""
    page.goto(f"{address}/tell/story?lang=en")
    page.check("#consent-analyse")
    page.check("#consent-quote")
    page.fill("#telling", telling)
    page.get_by_role("button", name="Finish and keep").click()
    page.wait_for_url("**/tell/done")
    return re.sub(r"\D", "", page.locator(".code").inner_text())


def release(page: Page, address: str, story: int) -> None:
    """Read a story at the desk, hide what is suggested, and say yes to its words."""
    page.goto(f"{address}/desk/stories/{story}")
    while page.get_by_role("button", name=re.compile("^Hide (?!these|all|after)")).count():
        page.get_by_role("button", name=re.compile("^Hide (?!these|all|after)")).first.click()
    page.locator("#approve").click()
    expect(page.locator(".release-state")).to_contain_text("Said yes")


def files_with(folder: Path, words: str) -> list[str]:
    """List the files of an inquiry that hold these words, in UTF-8 or UTF-16."""
    wanted = [words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in wanted)
    ]


def test_promise_06_a_story_goes_the_whole_way_and_comes_back(
    new_page: OpenPage,
    inquiry: Inquiry,
    db: PrivateDatabase,
    live_server: Callable[[Path], str],
    sign_in: Callable[[str, str, str], Page],
    check_axe: Check,
) -> None:
    address = live_server(inquiry.folder)
    participant = new_page()
    code = tell_at(participant, address, TELLING)
    check_axe(participant)
    for other in OTHERS:
        tell_at(new_page(), address, other)

    facilitator = sign_in(address, "Example Facilitator", "facilitator")
    facilitator.goto(f"{address}/desk/")
    check_axe(facilitator)
    facilitator.goto(f"{address}/desk/stories/1")
    expect(facilitator.locator("#answers")).to_contain_text(CANARY)
    check_axe(facilitator)
    steward = sign_in(address, "Example Steward", "steward")
    for page in (facilitator, steward):
        for story in range(1, len(OTHERS) + 2):
            release(page, address, story)
    expect(steward.locator(".release-state")).to_contain_text("Released", ignore_case=True)

    steward.goto(f"{address}/desk/themes")
    steward.fill("#count", "2")
    steward.get_by_role("button", name="Propose themes").click()
    steward.get_by_role("link", name="Look at the themes").click()
    check_axe(steward)
    first, second = themes.listing(db)
    steward.goto(f"{address}/desk/themes/{second.id}")
    steward.select_option("main form[action$='/merge'] select", str(first.id))
    steward.locator("main form[action$='/merge'] button").click()
    expect(steward.locator("main")).to_contain_text("6 stories")
    steward.fill("#name", "Buses to the clinic")
    steward.get_by_role("button", name="Save").click()
    steward.locator("main form[action$='/endorse'] button").click()
    expect(steward.locator("main")).to_contain_text("Endorsed by Example Steward")
    check_axe(steward)
    steward.goto(f"{address}/desk/publish")
    check_axe(steward)
    steward.locator("#publish").click()
    expect(steward.locator("main")).to_contain_text("live")

    reader = new_page()
    reader.goto(f"{address}/findings/search?q={CANARY}")
    expect(reader.locator("main")).to_contain_text(CANARY)
    expect(reader.locator("main")).not_to_contain_text("7946")
    expect(reader.locator("main")).not_to_contain_text("Dr Example")
    reader.goto(f"{address}/findings/")
    reader.get_by_role("link", name="Buses to the clinic").first.click()
    expect(reader.locator("h1")).to_contain_text("Buses to the clinic")
    check_axe(reader)
    assert files_with(inquiry.folder, CANARY), "the control: the words are in the files now"

    participant.goto(f"{address}/mine")
    participant.fill("#code", code)
    participant.locator("main .button").first.click()
    expect(participant.locator("main")).to_contain_text("Buses to the clinic")
    check_axe(participant)
    participant.get_by_role("button", name="Withdraw this").click()
    participant.get_by_role("button", name="Yes, withdraw it").click()
    check_axe(participant)

    started = time.monotonic()
    gone = False
    while not gone and time.monotonic() - started < SECONDS:
        reader.goto(f"{address}/findings/search?q={CANARY}")
        found = reader.locator("blockquote").all_inner_texts()
        gone = not any(CANARY in text for text in found) and not files_with(inquiry.folder, CANARY)
        time.sleep(0.25)
    assert gone, files_with(inquiry.folder, CANARY)
    reader.goto(f"{address}/findings/")
    reader.get_by_role("link", name="Buses to the clinic").first.click()
    expect(reader.locator("main")).to_contain_text("bench")
    for path in ("/findings/library/quotes.json?_size=max", "/findings/library/quotes.csv"):
        assert CANARY not in reader.request.get(f"{address}{path}").text()
    steward.goto(f"{address}/desk/stories/1")
    expect(steward.locator("main")).not_to_contain_text(CANARY)
    steward.problems.clear()  # type: ignore[attr-defined]
