"""Promise 3 on a tablet: whoever comes next finds nothing of the person before."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from par_toolkit.storage import contacts, stories
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.tablet.tellers import (
    MODULE,
    code_of,
    drafts,
    everything,
    finish,
    go_on,
    kept,
    open_telling,
    queue,
)
from tests.faults.server import Served

WORDS = "Zanzibarquartz came by the bridge."
CANARY = "Zanzibarquartz"
TITLE = "Quillbramble"
CONTACT = "Fernwhistle"
HIDE = "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))"


def leaves_nothing(page: Page, *codes: str) -> None:
    """Fail where the page or its browser holds the words, or one of the codes, as text."""
    found = everything(page)
    assert len(found) > 5_000, "the search sees the page"
    for words in (CANARY, TITLE, CONTACT, *codes, *(" ".join(_groups(code)) for code in codes)):
        assert words not in found
        assert json.dumps(words)[1:-1] not in found


def _groups(code: str) -> list[str]:
    return [code[at : at + 4] for at in range(0, 16, 4)]


def soon(happened: Callable[[], object]) -> None:
    """Wait for what happens in a page whose own timers stand still."""
    for _ in range(300):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within half a minute")


def write(page: Page) -> None:
    page.fill("#telling", WORDS)
    page.fill("#title", TITLE)
    page.check("#consent-quote")
    page.check("#consent-contact")
    page.fill("#consent-contact-how", CONTACT)
    kept(page)


def test_promise_03_the_search_finds_what_is_there(tablet: Page, village: Served) -> None:
    """The control: words that stand on a page, or in its browser unlocked, are found."""
    open_telling(tablet, village.address)
    write(tablet)
    assert CANARY in everything(tablet)
    tablet.goto(f"{village.address}/tell")
    tablet.evaluate("words => sessionStorage.setItem('left', words)", WORDS)
    assert CANARY in everything(tablet)
    tablet.evaluate("sessionStorage.clear()")


def test_promise_03_two_people_one_after_another(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    open_telling(tablet, village.address)
    write(tablet)
    first = finish(tablet)
    expect(tablet.locator("[data-state]")).to_have_attribute("data-now", "arrived")
    tablet.locator("[data-hand-over]").click()
    tablet.wait_for_url("**/tell")
    leaves_nothing(tablet, first)
    tablet.locator(".way.first a").click()
    tablet.wait_for_selector(".your-code")
    assert code_of(tablet) != first
    assert tablet.input_value("#telling") == ""
    assert not tablet.is_checked("#consent-quote")
    leaves_nothing(tablet, first)
    for _ in range(4):
        if tablet.go_back() is None:
            break
        tablet.wait_for_load_state()
        leaves_nothing(tablet, first)
    assert stories.count(db) == 1
    assert [one.words for one in contacts.every(db)] == [CONTACT], "it was written, and arrived"


def test_promise_03_back_and_reload_after_finishing_show_nothing(
    tablet: Page, village: Served
) -> None:
    code = open_telling(tablet, village.address)
    write(tablet)
    assert finish(tablet) == code
    tablet.reload()
    tablet.wait_for_selector(".your-code")
    leaves_nothing(tablet, code)
    tablet.go_back()
    tablet.wait_for_load_state()
    leaves_nothing(tablet, code)
    tablet.go_forward()
    tablet.wait_for_load_state()
    leaves_nothing(tablet, code)


def test_promise_03_an_unfinished_telling_closes_when_nobody_is_there(
    tablet: Page, village: Served
) -> None:
    tablet.clock.install()
    code = open_telling(tablet, village.address)
    write(tablet)
    warning = tablet.locator(".idle-warning")
    tablet.clock.fast_forward("01:38")
    assert warning.is_hidden()
    tablet.clock.fast_forward("00:03")
    assert warning.get_attribute("role") == "alert"
    assert "Touch the screen to go on." in warning.inner_text()
    assert _groups(code)[0] not in warning.inner_text()  # somebody else may stand there
    tablet.mouse.move(20, 300)
    assert warning.is_hidden() and warning.inner_text() == ""
    tablet.clock.fast_forward("01:41")
    assert warning.is_visible()
    tablet.clock.fast_forward("00:20")
    expect(tablet.locator("#closed h1")).to_be_focused()
    tablet.locator("#waiting-code").wait_for()
    leaves_nothing(tablet, code)
    assert drafts(tablet) == 1
    go_on(tablet, code)
    expect(tablet.locator("#telling")).to_have_value(WORDS)


def test_promise_03_a_tablet_that_slept_closes_before_its_next_touch_counts(
    tablet: Page, village: Served
) -> None:
    """Timers stand still while a tablet sleeps; the clock goes on."""
    tablet.clock.install()
    code = open_telling(tablet, village.address)
    write(tablet)
    now = tablet.evaluate("Date.now()")
    tablet.clock.pause_at(now / 1000 + 5)
    tablet.clock.set_system_time(now / 1000 + 3600)
    tablet.evaluate("document.body.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))")
    tablet.locator("#closed").wait_for()
    leaves_nothing(tablet, code)


def test_promise_03_a_tablet_that_is_looked_at_again_closes_at_once(
    tablet: Page, village: Served
) -> None:
    tablet.clock.install()
    code = open_telling(tablet, village.address)
    write(tablet)
    now = tablet.evaluate("Date.now()")
    tablet.clock.set_system_time(now / 1000 + 200)
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tablet.locator("#closed").wait_for()
    leaves_nothing(tablet, code)


def test_promise_03_the_slip_closes_when_nobody_is_there(tablet: Page, village: Served) -> None:
    tablet.clock.install()
    open_telling(tablet, village.address)
    write(tablet)
    code = finish(tablet)
    tablet.clock.fast_forward("01:41")
    assert "no longer shown" in tablet.locator(".idle-warning").inner_text()
    tablet.clock.fast_forward("00:20")
    tablet.wait_for_url("**/tell")
    leaves_nothing(tablet, code)


@pytest.mark.parametrize("finished", [False, True])
def test_promise_03_a_page_that_goes_takes_its_words_with_it(
    tablet: Page, village: Served, finished: bool
) -> None:
    """A page that a browser holds in memory for Back must hold no words."""
    code = open_telling(tablet, village.address)
    write(tablet)
    if finished:
        finish(tablet)
    tablet.evaluate(HIDE)
    tablet.wait_for_timeout(300)
    leaves_nothing(tablet, code)


def test_promise_03_whoever_leaves_by_a_link_leaves_nothing_and_can_come_back(
    tablet: Page, village: Served
) -> None:
    code = open_telling(tablet, village.address)
    write(tablet)
    tablet.locator(".site-name").click()
    tablet.wait_for_url(f"{village.address}/tell*")
    leaves_nothing(tablet, code)
    tablet.go_back()
    tablet.wait_for_selector(".your-code")
    leaves_nothing(tablet, code)
    tablet.goto(f"{village.address}/tell")
    go_on(tablet, code)
    expect(tablet.locator("#telling")).to_have_value(WORDS)


def test_promise_03_without_a_draft_the_words_go_all_the_same(
    new_page: Callable[..., Page], village: Served
) -> None:
    """Where no draft can be kept the warning says that the words will be gone; then they are."""
    page = new_page()
    page.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }")
    page.clock.install()
    page.goto(f"{village.address}/tell/story")
    page.fill("#telling", WORDS)
    assert page.locator(".your-code").count() == 0
    warning = page.locator(".idle-warning")
    warning.wait_for(state="attached")
    page.clock.fast_forward("01:41")
    expect(warning).to_contain_text("cannot be brought back")
    page.clock.fast_forward("00:20")
    page.locator("#closed").wait_for()
    assert page.locator("#waiting-code").is_hidden()
    assert CANARY not in page.content()
    page.go_back()


@pytest.mark.parametrize("secure", [True, False], ids=["https", "plain http"])
def test_promise_03_a_refused_page_is_not_posted_again_for_the_next_person(
    own_phone: Page, village: Served, secure: bool
) -> None:
    """Reload after the page has closed, and Back with Reload, would send the words once more."""
    page = own_phone
    if not secure:
        page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    # Without a page of its own in the other language, it is the server that shows it.
    page.add_init_script("if (window.caches) CacheStorage.prototype.match = async () => undefined")
    page.route("**/tell/shell/**", lambda route: route.fulfill(status=404))
    page.clock.install()
    page.goto(f"{village.address}/tell/story?lang=en")
    page.fill("#title", TITLE)
    for language in ("fr", "en"):
        with page.expect_navigation():
            page.locator(f".languages button[value={language}]").click()
        expect(page.locator("#title")).to_have_value(TITLE)
    page.locator(".send .button").click()
    page.locator("#problem-list").wait_for()
    expect(page.locator("#title")).to_have_value(TITLE)
    page.clock.fast_forward("02:01")
    page.locator("#closed").wait_for()
    for step in (page.reload, page.go_back, page.reload):
        step()
        assert TITLE not in everything(page)
        assert page.locator("#problem-list").count() == 0
    page.problems.clear()  # type: ignore[attr-defined]


def test_promise_03_a_line_that_goes_away_while_sending_leaves_no_page_to_post_again(
    own_phone: Page, village: Served, db: PrivateDatabase
) -> None:
    """A browser's page of errors would keep the words, and post them for whoever reloads it."""

    def cut(route: Route) -> None:
        if route.request.method == "POST":
            route.abort()
        else:
            route.continue_()

    open_telling(own_phone, village.address)
    write(own_phone)
    own_phone.context.route("**/tell/story*", cut)
    own_phone.locator(".send .button").click()
    expect(own_phone.locator("#problem-list")).to_contain_text("Your words stay on this page")
    assert own_phone.input_value("#telling") == WORDS
    own_phone.context.unroute_all()
    own_phone.locator(".send .button").click()
    own_phone.wait_for_url("**/tell/done")
    assert stories.count(db) == 1


def test_promise_03_a_tablet_that_sleeps_while_it_seals_shows_nobody_the_code(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    """The story is sealed all the same; the page that was closed stays closed."""
    tablet.clock.install()
    code = open_telling(tablet, village.address)
    tablet.fill("#telling", WORDS)
    tablet.clock.run_for(1_000)
    kept(tablet)
    tablet.evaluate("""() => {
        const go = new Promise(resolve => { window.sealNow = resolve; });
        const slow = crypto.subtle.importKey.bind(crypto.subtle);
        window.sealing = false;
        crypto.subtle.importKey = async (...all) => {
            window.sealing = true;
            await go;
            return slow(...all);
        };
    }""")
    tablet.locator(".send .button").click()
    soon(lambda: tablet.evaluate("sealing"))
    tablet.clock.fast_forward("02:01")
    tablet.locator("#closed").wait_for()
    tablet.evaluate("sealNow()")
    soon(lambda: drafts(tablet) == 0)
    assert len(queue(tablet)) or stories.count(db)
    assert tablet.locator("#slip").count() == 0
    leaves_nothing(tablet, code)


def test_a_page_that_closes_while_the_voice_is_read_seals_nothing(
    tablet: Page, village: Served
) -> None:
    """By then the key of the draft is forgotten: sealed without the voice, it would be lost."""
    open_telling(tablet, village.address)
    tablet.fill("#telling", WORDS)
    kept(tablet)
    tablet.evaluate(f"""async () => {{
        {MODULE}
        const {{ seal }} = await load("finishing");
        const form = document.querySelector("form:has(#telling)");
        const checks = () => ({{ questions: [], words: {{}}, most: 1000 }});
        const sheet = {{ form, name: "story", language: "en", wording: "", checks }};
        const draft = await (await load("drafts")).find("1".repeat(16));
        const keeper = {{ code: "1".repeat(16), begun: async () => draft }};
        const payload = async () => {{ keeper.code = null; return null; }};
        const speaking = {{ stop: async () => {{}}, question: null, payload }};
        const uuid = crypto.randomUUID();
        await seal(sheet, {{ code: keeper.code, uuid, version: 1 }}, {{ keeper, speaking }});
    }}""")
    assert queue(tablet) == []
    assert drafts(tablet) == 1


def test_promise_03_a_typed_code_does_not_stay(tablet: Page, village: Served) -> None:
    open_telling(tablet, village.address)
    write(tablet)
    tablet.locator(".pause button").click()
    tablet.wait_for_url("**/tell")
    tablet.clock.install()
    tablet.fill("#waiting-code", "4711 4711")
    tablet.clock.fast_forward("01:01")
    assert tablet.input_value("#waiting-code") == ""


def test_promise_04_what_waits_says_nothing_of_the_words_or_the_code(
    tablet: Page, village: Served
) -> None:
    village.stop()
    code = open_telling(tablet, village.address)
    write(tablet)
    finish(tablet)
    tablet.locator("[data-hand-over]").click()
    tablet.wait_for_url("**/tell")
    assert [entry["state"] for entry in queue(tablet)] == ["waiting"]
    leaves_nothing(tablet, code)
    village.start()
