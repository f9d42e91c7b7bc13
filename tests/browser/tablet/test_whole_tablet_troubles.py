"""What goes wrong on an evening, walked through as people meet it: nothing told is lost by it."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from par_toolkit import sealing
from par_toolkit.storage import stories, withdrawals
from par_toolkit.storage.database import open_database
from tests.browser.pages import watch
from tests.browser.tablet.profiles import TABLET
from tests.browser.tablet.walks import (
    Person,
    hand_over,
    pair_by_link,
    par,
    send_all,
    tell,
    told,
    waiting,
)
from tests.faults.proxy import FaultProxy
from tests.faults.server import Served

WISHES = {"analyse": True, "quote": False, "publish": False, "contact": False}
FIRST = Person("A: the ramp is too steep.", wishes=WISHES)
SECOND = Person("B: they mended the door.", wishes=WISHES)
#: What the browser itself says about a line or a server that is not there.
NETWORK = ("net::ERR_", "Failed to load resource")


@pytest.fixture
def page(chromium: Browser, village: Served) -> Iterator[Page]:
    """Open a tablet's browser; lost lines are meant here, and are no fault of the pages."""
    context = chromium.new_context(**TABLET)
    opened = context.new_page()
    problems = watch(opened)
    yield opened
    context.close()
    assert not [line for line in problems if not any(said in line for said in NETWORK)]


def test_a_tablet_that_is_shut_out_keeps_its_stories_until_it_is_paired_again(
    page: Page, village: Served
) -> None:
    added = pair_by_link(page, village)
    village.stop()
    tell(page, village, FIRST)
    hand_over(page)
    par(village.folder, "devices", "revoke", str(added["device"]), "--yes")
    village.start()
    page.goto(f"{village.address}/tell/device")
    page.locator("#send").click()
    expect(page.locator("#pairing")).to_contain_text("pair", ignore_case=True)
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "not-yet")
    assert waiting(page) == (1, 0)
    tell(page, village, SECOND)  # people can go on telling
    hand_over(page)
    assert waiting(page) == (2, 0)
    assert told(village.folder) == []
    pair_by_link(page, village, name="Tablet 3 again")
    send_all(page, village)
    assert told(village.folder) == [FIRST, SECOND]


def test_promise_06_what_is_withdrawn_while_it_waits_is_shredded(
    page: Page, village: Served
) -> None:
    pair_by_link(page, village)
    village.stop()
    code = tell(page, village, FIRST)
    hand_over(page)
    tell(page, village, SECOND)
    hand_over(page)
    village.start()
    with open_database(village.folder) as db:
        withdrawals.withdraw(db, code)
    send_all(page, village)
    assert waiting(page) == (0, 0)
    assert told(village.folder) == [SECOND]


def test_promise_16_a_refused_story_leaves_by_a_file_and_comes_in_again(
    page: Page, village: Served, tmp_path: Path
) -> None:
    """The form was taken away at the desk while a story waited; put back, nothing is missing."""
    form = village.folder / "forms" / "story-2.toml"
    shipped = Path(__file__).parents[3] / "forms" / "library" / "story-1.toml"
    form.write_text(shipped.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")
    village.stop()
    village.start()
    pair_by_link(page, village)
    village.stop()
    tell(page, village, FIRST)
    hand_over(page)
    away = form.read_text("utf-8")
    form.unlink()
    village.start()
    page.goto(f"{village.address}/tell/device")
    page.locator("#send").click()
    expect(page.locator("#refused")).to_be_visible()
    assert "story" in page.inner_text("#refused-list")
    assert waiting(page) == (0, 1)
    with page.expect_download() as saving:
        page.locator("#save").click()
    file = tmp_path / "waiting.json"
    saving.value.save_as(file)
    assert FIRST.telling not in file.read_text("utf-8"), "it is sealed in the file too"
    form.write_text(away, "utf-8")
    village.stop()
    assert par(village.folder, "import", str(file))["stored"] == 1
    assert par(village.folder, "import", str(file))["same"] == 1
    assert told(village.folder) == [FIRST]
    village.start()
    page.locator("#refused-list button").click()  # and trying again on the tablet does no harm
    expect(page.locator("#refused")).to_be_hidden()
    send_all(page, village)
    assert waiting(page) == (0, 0)
    assert told(village.folder) == [FIRST]


def test_a_locked_inquiry_takes_what_a_tablet_sends_and_opens_it_with_its_key(
    page: Page, village: Served, tmp_path: Path
) -> None:
    pair_by_link(page, village)
    stick = tmp_path / "stick.key"
    par(village.folder, "lock", "--to", str(stick), "--yes")
    for person in (FIRST, SECOND):
        tell(page, village, person)
        expect(page.locator("[data-state]")).to_have_attribute("data-now", "arrived")
        hand_over(page)
    send_all(page, village)
    expect(page.locator("#arrived")).to_contain_text("2 of 2 arrived")
    assert told(village.folder) == []
    assert sealing.locked(village.folder)
    opened = par(village.folder, "unlock", "--key", str(stick))
    assert (opened["stored"], opened["left"]) == (2, 0)
    assert told(village.folder) == [FIRST, SECOND]


@contextmanager
def bad_line(port: int, seed: int) -> Iterator[int]:
    """Run a fault proxy in a thread of its own and give its port."""
    ready, loop, ports = threading.Event(), asyncio.new_event_loop(), []
    ending = asyncio.Event()

    async def run() -> None:
        async with FaultProxy(port, seed=seed) as line:
            ports.append(int(line.address.rpartition(":")[2]))
            ready.set()
            await ending.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()
        loop.close()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_promise_02_the_browser_itself_sends_over_a_bad_line(
    page: Page, village: Served, seed: int
) -> None:
    """The faults that the simulated tablet is sent through, and the real sender."""
    pair_by_link(page, village)
    village.stop()
    people = [
        Person(f"{number}: {'a story ' * random.Random(number).randint(1, 400)}.", wishes=WISHES)
        for number in range(3)
    ]
    for person in people:
        tell(page, village, person)
        hand_over(page)
    village.start()
    page.goto(f"{village.address}/tell/device")
    with bad_line(village.port, seed) as port:
        # Only what is sent goes over the bad line; the pages come as they are.
        page.route("**/api/stories/**", lambda route: over(route, port))
        for _ in range(60):
            page.evaluate('async () => (await import("/static/js/tablet/sender.js")).sendNow()')
            if waiting(page) == (0, 0):
                break
    assert waiting(page) == (0, 0)
    kept = told(village.folder)
    assert [one.telling for one in kept] == [one.telling for one in people]
    with open_database(village.folder) as db:
        assert stories.count(db) == 3


def over(route: Any, port: int) -> None:
    """Let a request of the page go to the port of the bad line."""
    url = route.request.url
    path = url.partition("/api/")[2]
    there = f"http://127.0.0.1:{port}"
    sent = route.request.headers | {"origin": there}  # for the server this line is its address
    try:
        answer = route.fetch(url=f"{there}/api/{path}", headers=sent, timeout=10_000)
    except Error:
        route.abort("connectionreset")
    else:
        route.fulfill(response=answer)
