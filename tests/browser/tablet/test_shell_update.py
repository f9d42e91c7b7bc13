"""A new version: found, kept whole, and let in only when nobody is telling."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from forms.catalogue import SHIPPED
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.tablet.halls import kept, pair, ready
from tests.faults.server import Served, served

OpenPage = Callable[..., Page]
OLD, NEW = "What happened?", "What has happened since?"
#: A page of telling that holds the lock as one with a draft does, until it is let go.
TELLING = """() => new Promise(resolve => {
    navigator.locks.request("par-telling", {mode: "shared"}, () => new Promise(letGo => {
        window.letGo = letGo;
        resolve();
    }));
})"""
LOOK = """async () => {
    const registration = await navigator.serviceWorker.getRegistration("/tell");
    await registration.update().catch(() => {});
    for (let waited = 0; registration.installing && waited < 5000; waited += 50) {
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    return Boolean(registration.waiting);
}"""


@pytest.fixture
def hall(inquiry: Inquiry) -> Iterator[Served]:
    """Serve the inquiry of this test on a port that stays its own."""
    with served(inquiry.folder) as server:
        yield server


@pytest.fixture
def token(db: PrivateDatabase) -> str:
    return devices.add(db, "Tablet 3")


def renew(forms: Path) -> None:
    """Put the next version of the story form beside the server, while it runs."""
    text = (SHIPPED / "story-1.toml").read_text("utf-8")
    assert OLD in text
    text = text.replace("version = 1", "version = 2").replace(OLD, NEW)
    (forms / "story-2.toml").write_text(text, "utf-8")


def asks(page: Page, address: str) -> str:
    page.goto(f"{address}/tell/story?lang=en")
    return page.locator("label[for=telling]").inner_text()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so; a page may be loading anew meanwhile.

    The worker must not be asked anything: with Playwright watching, Chromium lets no new one in
    while the one before is kept busy.
    """
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with suppress(Error):
            if true():
                return
        time.sleep(0.2)
    raise AssertionError("This never came to be.")


def test_a_new_version_waits_while_somebody_tells(
    new_page: OpenPage, hall: Served, inquiry: Inquiry, token: str
) -> None:
    page = new_page()
    pair(page, hall.address, token)
    before = ready(page)
    assert asks(page, hall.address) == OLD
    page.evaluate(TELLING)
    page.fill("#telling", "Zanzibarquartz.")
    renew(inquiry.forms_folder)
    assert page.evaluate(LOOK) is True, "the new version is complete and waits"

    choosing = page.context.new_page()
    choosing.goto(f"{hall.address}/tell?lang=en")
    choosing.wait_for_timeout(3000)  # longer than it lets a page come to rest
    assert ready(page) == before, "a page of choosing must not let it in meanwhile"
    assert len(kept(page)) == 2
    assert page.input_value("#telling") == "Zanzibarquartz."
    hall.stop()  # the page that is open still gets its own scripts
    assert page.evaluate("import('/static/js/tablet/codes.js').then(found => 'newCode' in found)")
    assert asks(choosing, hall.address) == OLD
    hall.start()

    choosing.close()
    page.evaluate("window.letGo()")
    page.goto(f"{hall.address}/tell?lang=en")
    until(lambda: f"par-kit-{before}" not in kept(page))
    hall.stop()
    assert asks(page, hall.address) == NEW
    page.problems.clear()  # type: ignore[attr-defined]


def test_a_page_of_choosing_takes_a_new_version_in_and_shows_it(
    new_page: OpenPage, hall: Served, inquiry: Inquiry, token: str
) -> None:
    page = new_page()
    pair(page, hall.address, token)
    before = ready(page)
    page.evaluate("window.notReloaded = true")
    renew(inquiry.forms_folder)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(lambda: page.evaluate("window.notReloaded === undefined"))
    expect(page.locator("[data-check=kit]")).to_have_attribute("data-state", "good")
    until(lambda: f"par-kit-{before}" not in kept(page))
    assert list(kept(page)) == [f"par-kit-{ready(page)}"], "the older one is gone"


def test_the_first_version_reloads_nothing(page: Page, hall: Served) -> None:
    page.goto(f"{hall.address}/tell?lang=en")
    page.evaluate("window.notReloaded = true")
    ready(page)
    page.wait_for_timeout(300)
    assert page.evaluate("window.notReloaded") is True


def test_a_kit_that_cannot_be_fetched_leaves_the_one_before(
    new_page: OpenPage, hall: Served, inquiry: Inquiry, token: str
) -> None:
    """The server goes away between the worker's script and what belongs to it."""
    page = new_page()
    pair(page, hall.address, token)
    before = ready(page)
    hall.stop()
    for _ in range(2):
        assert page.evaluate(LOOK) is False
    assert list(kept(page)) == [f"par-kit-{before}"]
    assert asks(page, hall.address) == OLD
    page.problems.clear()  # type: ignore[attr-defined]
