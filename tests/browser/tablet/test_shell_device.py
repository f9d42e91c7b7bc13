"""The page about a tablet: pairing it, what it says, and how stories get out of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.look import look_at
from tests.browser.tablet.halls import pair, stored
from tests.faults.server import Served, served

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
UUID = "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7{}"
FINISH = """async ([uuid, telling]) => {
    const {finish} = await import("/static/js/tablet/queue.js");
    const story = {
        form: "story", form_version: 1, language: "en", receipt: "1234567812345678",
        answers: {telling}, consent: {wording: 1, analyse: true},
    };
    await finish(null, story, {uuid});
}"""


@pytest.fixture
def hall(inquiry: Inquiry) -> Iterator[Served]:
    """Serve the inquiry of this test on a port that stays its own."""
    with served(inquiry.folder) as server:
        yield server


@pytest.fixture
def page(hall: Served, new_page: OpenPage) -> Page:
    """Open a page that closes before the server stops: what it was loading then is no fault."""
    return new_page()


@pytest.fixture
def token(db: PrivateDatabase) -> str:
    return devices.add(db, "Tablet 3")


def finish(page: Page, number: int, telling: str = "The made-up bus was late.") -> None:
    """Finish a story on this tablet as a telling does."""
    page.evaluate(FINISH, [UUID.format(number), telling])


def test_the_key_is_taken_out_of_the_address_at_once_and_sent_in_none(
    page: Page, hall: Served, token: str
) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    pair(page, hall.address, token)
    assert page.url == f"{hall.address}/tell/device?lang=en"
    assert page.evaluate("history.length") <= 2
    assert [url for url in asked if token in url.partition("#")[0]] == []
    assert token not in hall.log.read_text("utf-8")
    assert token not in page.content()
    assert stored(page)["name"] == "Tablet 3"


def test_a_link_scanned_while_the_page_is_open_pairs_too(
    page: Page, hall: Served, token: str
) -> None:
    page.goto(f"{hall.address}/tell/device?lang=en")
    expect(page.locator("#pairing")).to_contain_text("Not paired yet")
    expect(page.locator("#verdict")).to_contain_text("Not ready yet")
    page.evaluate("token => { location.hash = token; }", token)
    expect(page.locator("#pairing")).to_contain_text("Tablet 3")
    assert page.url == f"{hall.address}/tell/device?lang=en"
    expect(page.locator("#verdict")).to_contain_text("Ready")


def test_the_code_can_be_typed_as_it_is_printed(page: Page, hall: Served, token: str) -> None:
    page.goto(f"{hall.address}/tell/device?lang=en")
    page.fill("#pair-code", devices.grouped(token).upper())
    page.keyboard.press("Enter")
    expect(page.locator("#pairing")).to_contain_text("Tablet 3")
    assert page.input_value("#pair-code") == ""
    expect(page.locator("#said")).to_have_text("This tablet is paired.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the code from the desk."),
        ("abc", "This code is not right"),
        ("0123 4567 89ab cdef ghjk mnpq", "This code is not right"),
    ],
)
def test_a_wrong_code_is_said_beside_the_field(
    page: Page, hall: Served, check_axe: Check, typed: str, said: str
) -> None:
    page.goto(f"{hall.address}/tell/device?lang=en")
    page.fill("#pair-code", typed)
    page.locator("#pair .button").click()
    expect(page.locator("#pair-code-error")).to_contain_text(said)
    assert page.evaluate("document.activeElement.id") == "pair-code"
    assert page.get_attribute("#pair-code", "aria-invalid") == "true"
    check_axe(page)
    assert stored(page) is None
    page.problems.clear()  # type: ignore[attr-defined]  # Chromium notes the 401


def test_without_a_network_pairing_says_so(page: Page, hall: Served, token: str) -> None:
    page.goto(f"{hall.address}/tell/device?lang=en")
    expect(page.locator("[data-check=kit]")).to_have_attribute("data-state", "good")
    hall.stop()
    page.fill("#pair-code", token)
    page.locator("#pair .button").click()
    expect(page.locator("#pair-code-error")).to_contain_text("The server cannot be reached")
    page.problems.clear()  # type: ignore[attr-defined]


def test_what_waits_is_counted_sent_and_said_to_have_arrived(
    page: Page, hall: Served, token: str
) -> None:
    pair(page, hall.address, token)
    hall.stop()
    for number in (1, 2, 3):
        finish(page, number)
    expect(page.locator("#waiting")).to_contain_text("3, the oldest since")
    page.locator("#send").click()
    expect(page.locator("#said")).to_have_text("No network now. Sending goes on by itself.")
    expect(page.locator("#arrived")).to_have_text("This is known when there is a network.")
    page.locator("#unpair").click()
    expect(page.locator("#said")).to_contain_text("Stories wait on this tablet.")
    assert stored(page) is not None
    hall.start()
    page.locator("#send").click()
    expect(page.locator("#arrived")).to_have_text("3 of 3 arrived")
    expect(page.locator("#waiting")).to_have_text("Nothing")
    assert page.locator("#last-sent").inner_text() != "Nothing was sent yet."
    page.locator("#unpair").click()
    expect(page.locator("#pairing")).to_contain_text("Not paired yet")
    page.problems.clear()  # type: ignore[attr-defined]


def test_promise_16_after_the_pairing_ends_everything_waits_and_goes_on_when_paired_again(
    page: Page, hall: Served, token: str, db: PrivateDatabase, check_axe: Check
) -> None:
    pair(page, hall.address, token)
    hall.stop()
    finish(page, 1)
    finish(page, 2)
    device = devices.by_token(db, token)
    assert device is not None
    devices.revoke(db, device.id)
    hall.start()
    page.locator("#send").click()
    expect(page.locator("#pairing")).to_contain_text("Everything on this tablet stays here")
    expect(page.locator("#waiting")).to_contain_text("2, the oldest")
    expect(page.locator("#verdict")).to_contain_text("Not ready yet")
    check_axe(page)
    page.fill("#pair-code", devices.add(db, "Tablet 3"))
    page.locator("#pair .button").click()
    expect(page.locator("#said")).to_contain_text("What waited is being sent now: 2.")
    expect(page.locator("#arrived")).to_have_text("2 of 2 arrived")
    expect(page.locator("#waiting")).to_have_text("Nothing")
    page.problems.clear()  # type: ignore[attr-defined]


def test_promise_16_a_refused_story_is_shown_and_can_be_saved(
    page: Page, hall: Served, token: str, tmp_path: Path, check_axe: Check
) -> None:
    pair(page, hall.address, token)
    finish(page, 1, telling="")
    page.locator("#send").click()
    expect(page.locator("#refused")).to_be_visible()
    expect(page.locator("#refused-list")).to_contain_text("Number 1:")
    assert page.locator("[data-reason]").inner_text().endswith(".")
    expect(page.locator("#said")).to_contain_text("refused")
    check_axe(page)
    with page.expect_download() as download:
        page.locator("#save").click()
    download.value.save_as(tmp_path / "waiting.json")
    kept = json.loads((tmp_path / "waiting.json").read_text("utf-8"))
    assert kept["par_waiting"] == 1 and kept["stories"][0]["uuid"] == UUID.format(1)
    assert "made-up" not in json.dumps(kept)
    with page.expect_response("**/api/stories/*") as again:
        page.get_by_role("button", name="Try again").click()
    assert again.value.status == 422
    expect(page.locator("#said")).to_contain_text("refused")
    expect(page.locator("#refused-list")).to_contain_text("Number 1:")
    page.locator("#unpair").click()
    page.locator("#unpair-yes").click()
    expect(page.locator("#pairing")).to_contain_text("Not paired yet")
    count = "import('/static/js/tablet/queue.js').then(q => q.entries()).then(all => all.length)"
    assert page.evaluate(count) == 1, "unpairing deletes no story"
    page.problems.clear()  # type: ignore[attr-defined]


def test_another_inquiry_at_the_same_address_is_explained(
    page: Page, hall: Served, token: str, inquiry: Inquiry, tmp_path: Path
) -> None:
    from par_toolkit.inquiry import create
    from par_toolkit.storage.database import open_database

    pair(page, hall.address, token)
    hall.stop()
    finish(page, 1)
    other = create(tmp_path / "other", name="Other inquiry", locality="Elsewhere")
    with open_database(other.folder, create=True) as theirs:
        new = devices.add(theirs, "Tablet 3")
    hall.folder = other.folder
    hall.start()
    for _ in range(10):  # the pages of the other inquiry come in while the old ones are shown
        page.goto(f"{hall.address}/tell/device?lang=en")
        page.wait_for_timeout(1000)
        if "Other inquiry" in page.locator("#pairing").inner_text():
            break
    expect(page.locator("#pairing")).to_contain_text("is now that of “Other inquiry”")
    page.fill("#pair-code", new)
    page.locator("#pair .button").click()
    expect(page.locator("#pair-code-error")).to_contain_text("Stories for another inquiry")
    with page.expect_download():
        page.locator("#save").click()
    page.fill("#pair-code", new)
    page.locator("#pair .button").click()
    expect(page.locator("#pairing")).to_contain_text("for “Other inquiry”")
    # The other inquiry cannot open it. It stays here, to be saved.
    expect(page.locator("#refused-list")).to_contain_text("Number 1:")
    page.problems.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_paired_tablet_s_page_is_clear_to_everybody(
    new_page: OpenPage, hall: Served, token: str, check_axe: Check, lang: str
) -> None:
    page = new_page(has_touch=True)
    pair(page, hall.address, token, lang=lang)
    hall.stop()
    finish(page, 1)
    expect(page.locator("#waiting")).to_contain_text("1, ")
    complaints = look_at(page, lang, check_axe).complaints
    assert [one for one in complaints if "ERR_CONNECTION_REFUSED" not in one] == []
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.problems.clear()  # type: ignore[attr-defined]


def test_without_scripts_it_says_so_and_leads_on(new_page: OpenPage, hall: Served) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{hall.address}/tell/device?lang=en")
    assert page.locator("#device").is_hidden()
    page.locator("noscript a").click()
    expect(page.locator("h1")).to_have_text("What would you like to do?")


def test_a_browser_that_refuses_to_keep_anything_is_told_so(
    new_page: OpenPage, hall: Served
) -> None:
    page = new_page()
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('no'); };")
    page.goto(f"{hall.address}/tell/device?lang=en")
    expect(page.locator("[data-check=store]")).to_have_attribute("data-state", "bad")
    expect(page.locator("#pairing")).to_contain_text("refuses to keep anything")
    page.goto(f"{hall.address}/tell?lang=en")
    expect(page.locator("h1")).to_have_text("What would you like to do?")
