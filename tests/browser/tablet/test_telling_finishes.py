"""Finishing: on a paired tablet through the queue, in another browser as the server's page does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import receipts, stories
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.tablet.halls import ready
from tests.browser.tablet.tellers import (
    code_of,
    drafts,
    everything,
    finish,
    go_on,
    kept,
    open_telling,
    queue,
    wait_until_sent,
)
from tests.faults.server import Served

WORDS = "The ferry was late again."
#: Has every write of the queue fail as on a full disk, and everything of a draft succeed.
FULL = """() => {
    const put = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = function (...all) {
        if (this.name === "queue") throw new DOMException("full", "QuotaExceededError");
        return put.apply(this, all);
    };
    window.roomAgain = () => { IDBObjectStore.prototype.add = put; };
}"""


def test_a_tablet_says_what_is_missing_as_the_server_does(
    tablet: Page, village: Served, check_axe: Callable[[Page], None]
) -> None:
    village.stop()
    open_telling(tablet, village.address)
    tablet.fill("#title", "Ferry")
    tablet.locator(".send .button").click()
    expect(tablet.locator("#problem-list")).to_be_focused()
    sentence = "Please answer the question “What happened?”. A few words are enough."
    assert tablet.locator("#problem-list li").all_inner_texts() == [sentence]
    assert tablet.locator("#telling-error").inner_text() == sentence
    assert tablet.get_attribute("#telling", "aria-invalid") == "true"
    assert "telling-error" in str(tablet.get_attribute("#telling", "aria-describedby"))
    tablet.evaluate("scrollTo(0, 0)")  # or the way out lies over a button that scrolls by under it
    check_axe(tablet)
    tablet.locator("#problem-list a").click()
    expect(tablet.locator("#telling")).to_be_focused()
    assert "#" not in tablet.url
    tablet.locator(".languages button[lang=fr]").click()
    tablet.locator(".send .button").click()
    expect(tablet.locator("#problem-list")).to_contain_text("Merci de répondre à la question")
    tablet.fill("#telling", WORDS)
    finish(tablet)
    assert [entry["seq"] for entry in queue(tablet)] == [1]
    village.start()


def test_the_slip_says_where_the_story_is_until_it_has_arrived(
    tablet: Page, village: Served, db: PrivateDatabase, check_axe: Callable[[Page], None]
) -> None:
    code = open_telling(tablet, village.address)
    village.stop()
    tablet.fill("#telling", WORDS)
    assert finish(tablet) == code
    expect(tablet.locator("#slip h1")).to_be_focused()
    state = tablet.locator("[data-state]")
    expect(state).to_contain_text("kept on this tablet, sealed")
    assert tablet.locator("#slip svg.qr").is_visible()
    assert tablet.locator("#help-now summary").is_visible()
    check_axe(tablet)
    village.start()
    tablet.evaluate("import('/static/js/tablet/sender.js').then(({sendNow}) => sendNow())")
    expect(state).to_contain_text("It has arrived.")
    receipt = receipts.find(db, code)
    assert receipt is not None and len(receipts.stories_of(db, receipt)) == 1
    tablet.emulate_media(media="print")
    assert tablet.locator(".slip").is_visible()
    assert tablet.locator("[data-hand-over]").is_hidden()


def test_promise_02_pressing_twice_tells_once(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    open_telling(tablet, village.address)
    tablet.fill("#telling", WORDS)
    tablet.evaluate(
        "() => { const one = document.querySelector('.send .button'); one.click(); one.click(); }"
    )
    tablet.wait_for_selector("#slip")
    expect(tablet.locator("[data-state]")).to_have_attribute("data-now", "arrived")
    assert stories.count(db) == 1
    numbers = tablet.evaluate(
        "import('/static/js/tablet/store.js').then(({getSetting}) => getSetting('numbers'))"
    )
    assert numbers["last"] == 1


def test_promise_16_a_full_tablet_keeps_every_word_on_the_page(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    open_telling(tablet, village.address)
    tablet.fill("#telling", WORDS)
    kept(tablet)
    tablet.evaluate(FULL)
    tablet.locator(".send .button").click()
    expect(tablet.locator("#problem-list")).to_contain_text("There is no room left on this tablet")
    assert tablet.input_value("#telling") == WORDS
    assert drafts(tablet) == 1 and queue(tablet) == []
    tablet.evaluate("roomAgain()")
    tablet.problems.clear()  # type: ignore[attr-defined]  # of a write that was called off
    finish(tablet)
    expect(tablet.locator("[data-state]")).to_have_attribute("data-now", "arrived")
    assert stories.count(db) == 1


def test_a_draft_that_finds_no_room_says_so_and_leaving_is_not_offered_as_safe(
    tablet: Page, village: Served
) -> None:
    open_telling(tablet, village.address)
    tablet.evaluate(
        """() => {
            IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = () => {
                throw new DOMException("full", "QuotaExceededError");
            };
        }"""
    )
    tablet.fill("#telling", WORDS)
    expect(tablet.locator(".pause [role=status]")).to_contain_text("no room left")
    tablet.locator(".pause button").click()
    expect(tablet.locator("#problem-list")).to_contain_text("no room left")
    assert tablet.input_value("#telling") == WORDS


def test_a_paired_tablet_whose_store_is_refused_does_not_begin(
    tablet: Page, village: Served, check_axe: Callable[[Page], None]
) -> None:
    open_telling(tablet, village.address)
    tablet.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }"
    )
    tablet.reload()
    expect(tablet.locator("h1")).to_contain_text("Telling cannot start on this tablet now")
    assert tablet.locator("textarea").count() == 0
    check_axe(tablet)


def test_promise_05_a_telling_made_with_no_network_can_be_looked_up_with_its_code(
    tablet: Page, village: Served
) -> None:
    village.stop()
    code = open_telling(tablet, village.address)
    tablet.fill("#telling", WORDS)
    finish(tablet)
    village.start()
    tablet.locator("[data-hand-over]").click()
    tablet.wait_for_url("**/tell")
    wait_until_sent(tablet)
    tablet.goto(f"{village.address}/mine#{code}")
    tablet.locator("main .button").click()
    tablet.locator(".own-words summary").click()
    assert WORDS in tablet.locator(".words").first.inner_text()


# --- a browser that is not paired ---------------------------------------------------------------


def test_an_own_telephone_finishes_as_the_servers_page_does_and_drops_its_draft(
    own_phone: Page, village: Served, db: PrivateDatabase
) -> None:
    code = open_telling(own_phone, village.address)
    own_phone.fill("#telling", WORDS)
    kept(own_phone)
    assert drafts(own_phone) == 1
    own_phone.locator(".send .button").click()
    own_phone.wait_for_url("**/tell/done")
    assert code_of(own_phone) == code
    for _ in range(40):
        if not drafts(own_phone):
            break
        own_phone.wait_for_timeout(250)
    assert drafts(own_phone) == 0
    assert stories.count(db) == 1
    assert queue(own_phone) == []


def test_without_a_network_an_own_telephone_keeps_the_words_and_sends_them_later(
    own_phone: Page, village: Served, db: PrivateDatabase
) -> None:
    own_phone.goto(f"{village.address}/tell")
    ready(own_phone)
    village.stop()
    code = open_telling(own_phone, village.address)
    assert own_phone.get_attribute("#tell-form", "data-shell") is not None
    own_phone.fill("#telling", WORDS)
    kept(own_phone)
    own_phone.locator(".send .button").click()
    expect(own_phone.locator("#problem-list")).to_contain_text("There is no network")
    assert own_phone.input_value("#telling") == WORDS
    own_phone.goto(f"{village.address}/tell")
    go_on(own_phone, code)
    expect(own_phone.locator("#telling")).to_have_value(WORDS)
    village.start()
    own_phone.locator(".send .button").click()
    own_phone.wait_for_url("**/tell/done")
    assert code_of(own_phone) == code
    assert stories.count(db) == 1


@pytest.fixture
def join_code(inquiry: Inquiry) -> None:
    """Have the inquiry ask for a join code; name it before `village`."""
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('join_code = ""', 'join_code = "made-up"'), "utf-8")


def test_promise_16_without_room_and_network_nobody_is_told_to_come_back_later(
    own_phone: Page, village: Served
) -> None:
    open_telling(own_phone, village.address)
    own_phone.evaluate(
        """() => { IDBObjectStore.prototype.add = () => {
            throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    own_phone.fill("#telling", WORDS)
    expect(own_phone.locator(".pause [role=status]")).to_contain_text("no room")
    own_phone.context.set_offline(True)
    own_phone.locator(".send .button").click()
    expect(own_phone.locator("#problem-list")).to_contain_text("stay on this page")
    assert "come back" not in own_phone.locator("#problem-list").inner_text()
    own_phone.context.set_offline(False)


@pytest.mark.parametrize("answer", ["a page to sign in", "nothing"])
def test_a_tablet_finishes_at_once_although_its_worker_slept_and_the_network_lies(
    tablet: Page, village: Served, answer: str
) -> None:
    """A browser ends a worker after some quiet seconds; a telling takes minutes."""
    open_telling(tablet, village.address)
    tablet.fill("#telling", WORDS)
    kept(tablet)
    page = "<h1>Sign in to use this network</h1>"
    asked: list[str] = []

    def lie(route: Route) -> None:
        asked.append(route.request.url)
        if answer != "nothing":
            route.fulfill(content_type="text/html", body=page)

    tablet.context.route("**/*", lie)
    cdp = tablet.context.new_cdp_session(tablet)
    cdp.send("ServiceWorker.enable")
    cdp.send("ServiceWorker.stopAllWorkers")
    finish(tablet)
    tablet.wait_for_selector("[data-square] svg")
    assert not [address for address in asked if "/static/" in address]
    tablet.context.unroute_all()


def test_a_kept_page_asks_for_the_join_code_only_when_it_is_sent(
    join_code: None, own_phone: Page, village: Served, db: PrivateDatabase
) -> None:
    own_phone.goto(f"{village.address}/tell/shell/story?lang=en")
    own_phone.wait_for_selector(".your-code")
    assert own_phone.locator("#join_code").is_hidden()
    own_phone.fill("#telling", WORDS)
    own_phone.locator(".send .button").click()
    expect(own_phone.locator("#problem-list")).to_contain_text("Type the join code")
    own_phone.fill("#join_code", "made-up")
    own_phone.locator(".send .button").click()
    own_phone.wait_for_url("**/tell/done")
    assert stories.count(db) == 1


def test_promise_03_a_refused_page_of_the_server_comes_back_under_the_same_code(
    own_phone: Page, village: Served
) -> None:
    code = open_telling(own_phone, village.address)
    own_phone.fill("#title", "Quillbramble")
    kept(own_phone)
    own_phone.locator(".send .button").click()
    own_phone.wait_for_selector("#problem-list")
    own_phone.wait_for_selector(".your-code")
    assert code_of(own_phone) == code
    assert own_phone.input_value("#title") == "Quillbramble"
    kept(own_phone)
    assert drafts(own_phone) == 1
    own_phone.goto(f"{village.address}/tell")
    assert "Quillbramble" not in everything(own_phone)
