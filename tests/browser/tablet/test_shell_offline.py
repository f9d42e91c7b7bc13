"""Telling without a network: what one visit leaves in the browser, and which pages open from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.tablet.halls import kept, pair, ready
from tests.faults.server import Served, served

OpenPage = Callable[..., Page]
FORMS = ("story", "reflection", "feedback")
PRIVACY = {"en": "What happens with your words", "fr": "Ce que deviennent vos mots"}
HEADINGS = {"en": "What would you like to do?", "fr": "Que voulez-vous faire"}


@pytest.fixture
def hall(inquiry: Inquiry) -> Iterator[Served]:
    """Serve the inquiry of this test; the server can be stopped and started on its port."""
    with served(inquiry.folder) as server:
        yield server


@pytest.fixture
def token(db: PrivateDatabase) -> str:
    return devices.add(db, "Tablet 3")


def opens_everything(page: Page, address: str, inquiry: Inquiry) -> None:
    """Open every form in every language, and this tablet's page; each must be whole."""
    for lang in inquiry.languages:
        page.goto(f"{address}/tell?lang={lang}")
        expect(page.locator("h1")).to_contain_text(HEADINGS[lang])
        for name in FORMS:
            page.goto(f"{address}/tell/{name}?lang={lang}")
            assert page.locator("html").get_attribute("lang") == lang
            for use, words in inquiry.consent.uses.items():
                label = page.locator(f"label[for=consent-{use}]")
                assert label.inner_text() == inquiry.text(words, lang)
            page.locator("#help-now summary").click()
            assert page.locator("#help-now a[href='tel:112']").is_visible()
            page.locator("#help-now summary").click()
            styled = page.evaluate("getComputedStyle(document.querySelector('.button')).minHeight")
            assert styled == "67.5px", "the style sheet is there"
        page.goto(f"{address}/tell/privacy?lang={lang}")
        expect(page.locator("h1")).to_have_text(PRIVACY[lang])
        page.goto(f"{address}/tell/device?lang={lang}")
        expect(page.locator("[data-check=kit]")).to_have_attribute("data-state", "good")


@pytest.mark.parametrize("gone", ["network", "server"])
def test_after_one_visit_everything_opens_without_a_network_and_without_a_server(
    new_page: OpenPage, hall: Served, inquiry: Inquiry, gone: str
) -> None:
    page = new_page()
    page.goto(f"{hall.address}/tell?lang=en")
    ready(page)
    if gone == "network":
        page.context.set_offline(True)
    else:
        hall.stop()
    opens_everything(page, hall.address, inquiry)
    page.problems.clear()  # type: ignore[attr-defined]  # Chromium notes each request that failed


@pytest.mark.parametrize("gone", ["network", "server"])
def test_a_paired_tablet_is_answered_from_what_it_keeps(
    new_page: OpenPage, hall: Served, inquiry: Inquiry, token: str, gone: str
) -> None:
    page = new_page()
    pair(page, hall.address, token)
    if gone == "network":
        page.context.set_offline(True)
    else:
        hall.stop()
    opens_everything(page, hall.address, inquiry)
    expect(page.locator("#pairing")).to_contain_text("Tablet 3")
    page.problems.clear()  # type: ignore[attr-defined]


def test_the_kit_holds_everything_and_nothing_of_anybody(
    new_page: OpenPage, hall: Served, token: str
) -> None:
    """Told online, looked up, and at the desk: none of it is stored (promise 3)."""
    page = new_page()
    page.goto(f"{hall.address}/tell?lang=en")
    version = ready(page)
    page.goto(f"{hall.address}/tell/story?lang=en")
    page.fill("#telling", "Zanzibarquartz came by the bridge.")
    page.locator(".send .button").click()
    page.wait_for_url("**/tell/done")
    for path in ("/mine", "/desk/sign-in", "/tell/done", "/tell/story/paper", "/api/health", "/"):
        page.goto(f"{hall.address}{path}")
    found = kept(page)
    assert list(found) == [f"par-kit-{version}"]
    addresses = found[f"par-kit-{version}"]
    assert {f"/tell/shell/{name}?lang={lang}" for name in FORMS for lang in ("en", "fr")} <= {
        *addresses
    }
    allowed = ("/tell/shell", "/tell/device?lang=", "/tell/privacy?lang=")
    allowed += ("/tell/words/", "/static/")
    assert [one for one in addresses if not one.startswith(allowed)] == []
    words = page.evaluate(
        """async name => {
            const cache = await caches.open(name);
            const all = await cache.matchAll();
            const texts = await Promise.all(all.map(one => one.text()));
            const pages = texts.filter((_, at) => /html/.test(all[at].headers.get("content-type")));
            return {all: texts.join(), pages: pages.join()};
        }""",
        f"par-kit-{version}",
    )
    assert "Zanzibarquartz" not in words["all"]
    assert "What happened?" in words["pages"] and "csrf_token" not in words["pages"]
    assert page.evaluate("caches.keys().then(names => names.length)") == 1


def test_the_desk_my_story_and_the_api_are_never_answered_from_here(
    new_page: OpenPage, hall: Served, token: str
) -> None:
    page = new_page()
    pair(page, hall.address, token)
    page.context.set_offline(True)
    for path in ("/mine", "/desk/", "/api/health", "/tell/done", "/tell/story/paper", "/"):
        with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
            page.goto(f"{hall.address}{path}")
    page.problems.clear()  # type: ignore[attr-defined]


def test_whoever_is_not_paired_gets_the_server_s_page_while_there_is_one(
    new_page: OpenPage, hall: Served
) -> None:
    page = new_page()
    page.goto(f"{hall.address}/tell?lang=en")
    ready(page)
    page.goto(f"{hall.address}/tell/story?lang=en")
    assert page.locator("input[name=csrf_token]").count() > 0


def test_the_language_is_the_one_chosen_before(new_page: OpenPage, hall: Served) -> None:
    page = new_page(locale="fr-CA")
    page.goto(f"{hall.address}/tell")
    ready(page)
    page.context.set_offline(True)
    page.goto(f"{hall.address}/tell/story")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.goto(f"{hall.address}/tell/story?lang=en")
    assert page.locator("html").get_attribute("lang") == "en"
    page.evaluate(
        """async () => {
            const {setSetting} = await import("/static/js/tablet/store.js");
            await setSetting("language", "en");
        }"""
    )
    page.goto(f"{hall.address}/tell/story")
    assert page.locator("html").get_attribute("lang") == "en"
    page.problems.clear()  # type: ignore[attr-defined]


def test_a_closed_inquiry_says_so_without_a_network_too(
    new_page: OpenPage, inquiry: Inquiry
) -> None:
    settings = inquiry.folder / "inquiry.toml"
    text = settings.read_text("utf-8")
    text = re.sub(r"(?sm)^\[\[help\]\].*?(?=^\[|^#|\Z)", "", text)
    settings.write_text(text, "utf-8")
    with served(inquiry.folder) as server:
        page = new_page()
        page.goto(f"{server.address}/tell?lang=en")
        expect(page.locator("h1")).to_have_text("Telling is closed for now")
        ready(page)
        server.stop()
        for path in ("/tell", "/tell/story"):
            page.goto(f"{server.address}{path}?lang=en")
            expect(page.locator("h1")).to_have_text("Telling is closed for now")
    page.problems.clear()  # type: ignore[attr-defined]
