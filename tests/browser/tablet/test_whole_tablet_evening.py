"""An evening in a hall, whole: three people, one tablet, no server; and afterwards the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from par_toolkit.storage import devices
from par_toolkit.storage.database import open_database
from tests.browser.tablet.profiles import browser_in, kill, new_canary, read, search
from tests.browser.tablet.tellers import code_of, drafts, everything, go_on
from tests.browser.tablet.walks import (
    Person,
    hand_over,
    pair_by_link,
    send_all,
    tell,
    told,
    waiting,
    write,
    write_and_finish,
)
from tests.faults.server import Served, served

WISHES = {"analyse": True, "quote": True, "publish": False, "contact": False}
SHARED = WISHES | {"publish": True}
THREE = (
    Person(f"The lift was out: {new_canary(1)}.", f"Lift {new_canary(11)}", "residents", WISHES),
    Person(f"They rang back: {new_canary(2)}.", "", "carers", WISHES | {"quote": False}),
    Person(f"Le bus est passé : {new_canary(3)}", "Bus", "residents", SHARED, "fr"),
)


@pytest.fixture
def hub(inquiry: Any) -> Iterator[Served]:
    """Serve the inquiry; the server can be stopped and started on its port."""
    with served(inquiry.folder) as server:
        yield server


def canaries(*people: Person) -> list[str]:
    """Return the words that only these people's tellings hold."""
    words = " ".join(f"{one.telling} {one.title}" for one in people).replace(".", " ").split()
    return [word for word in words if word.startswith("Kn") and word.endswith("qZ")]


def written_forms(code: str) -> list[str]:
    """Return a receipt code as it is typed, read out and printed."""
    return [code, " ".join(code[at : at + 4] for at in range(0, 16, 4))]


def leaves_nothing_on_disk(profile: Path, people: tuple[Person, ...], codes: list[str]) -> None:
    """Fail where a closed browser's profile holds a word, or a code, of anybody."""
    words = [*canaries(*people), *(form for code in codes for form in written_forms(code))]
    assert len(words) >= len(people) + 2 * len(codes)
    assert read(profile) > 500_000, "there is a profile to look through"
    found = {word: files for word, files in search(profile, *words).items() if files}
    assert not found


@pytest.mark.parametrize("away", ["server", "network"])
def test_promise_03_and_04_three_people_on_one_tablet_without_a_network(
    chromium: Browser, hub: Served, profile: Path, away: str
) -> None:
    codes = []
    with browser_in(chromium, profile) as context:
        page = context.pages[0]
        pair_by_link(page, hub)
        go_away(context, hub, away)
        for person in THREE:
            codes.append(tell(page, hub, person))
            expect(page.locator("[data-state]")).to_have_attribute("data-now", "waiting")
            hand_over(page)
            shown = everything(page)
            assert not [word for word in canaries(*THREE) if word in shown]
        assert waiting(page) == (3, 0)
    assert len(set(codes)) == 3
    leaves_nothing_on_disk(profile, THREE, codes)  # they wait there, sealed
    with browser_in(chromium, profile) as context:
        page = context.pages[0]
        if away == "server":
            page.goto(f"{hub.address}/tell")
            assert waiting(page) == (3, 0), "they are there after the night"
            hub.start()
        send_all(page, hub)
        expect(page.locator("#arrived")).to_contain_text("3 of 3 arrived")
        shown = everything(page)
        assert not [word for word in (*canaries(*THREE), *codes) if word in shown]
    assert told(hub.folder) == sorted(THREE, key=lambda one: one.telling)
    leaves_nothing_on_disk(profile, THREE, codes)


def go_away(context: BrowserContext, hub: Served, away: str) -> None:
    """Take the server, or the network, away from the tablet."""
    if away == "server":
        hub.stop()
    else:
        context.set_offline(True)


def unpaired_and_finished(page: Page, hub: Served, profile: Path) -> list[str]:
    """On somebody's own telephone, with the server's own pages."""
    page.goto(f"{hub.address}/tell/story")
    write(page, THREE[0])
    page.locator(".send .button").click()
    page.wait_for_url("**/done**")
    code = code_of(page)
    page.locator("#hand-over button, #hand-over .button").first.click()
    page.wait_for_load_state()
    return [code]


def paired_and_waiting(page: Page, hub: Served, profile: Path) -> list[str]:
    """Finished with no server: it waits, sealed, and the slip is still on the screen."""
    pair_by_link(page, hub)
    hub.stop()
    return [tell(page, hub, THREE[0])]


def paired_and_sent(page: Page, hub: Served, profile: Path) -> list[str]:
    """Finished and arrived."""
    pair_by_link(page, hub)
    code = tell(page, hub, THREE[0])
    expect(page.locator("[data-state]")).to_have_attribute("data-now", "arrived")
    hand_over(page)
    return [code]


def left_alone(page: Page, hub: Served, profile: Path) -> list[str]:
    """Written and left: the page closes itself, and the draft waits under its code."""
    pair_by_link(page, hub)
    page.clock.install()
    page.goto(f"{hub.address}/tell/story?lang=en")
    code = write(page, THREE[0])
    page.clock.fast_forward("02:05")
    expect(page.locator("#closed")).to_be_visible()
    assert canaries(THREE[0])[0] not in page.content()
    return [code]


def paused(page: Page, hub: Served, profile: Path) -> list[str]:
    """Paused by its teller, who means to come back."""
    pair_by_link(page, hub)
    page.goto(f"{hub.address}/tell/story?lang=en")
    code = write(page, THREE[0])
    page.locator(".pause .button").click()
    page.wait_for_url("**/tell**")
    return [code]


def crashed(page: Page, hub: Served, profile: Path) -> list[str]:
    """In the middle of a word the battery is empty."""
    pair_by_link(page, hub)
    page.goto(f"{hub.address}/tell/story?lang=en")
    code = write(page, THREE[0])
    page.keyboard.type(" and then")
    page.wait_for_timeout(3_000)  # what a browser writes late, it writes now
    kill(profile)
    return [code]


@pytest.mark.parametrize(
    "how",
    [unpaired_and_finished, paired_and_waiting, paired_and_sent, left_alone, paused, crashed],
    ids=lambda how: how.__name__,
)
def test_promise_03_and_04_no_word_and_no_code_is_left_on_disk(
    chromium: Browser, hub: Served, profile: Path, how: Any
) -> None:
    with browser_in(chromium, profile) as context:
        codes = how(context.pages[0], hub, profile)
    leaves_nothing_on_disk(profile, THREE[:1], codes)
    with browser_in(chromium, profile) as context:  # the next morning
        page = context.pages[0]
        page.goto(f"{hub.address}/tell")  # also where the server is still away
        shown = page.content()
        assert not [word for word in (*canaries(THREE[0]), *codes) if word in shown]
    leaves_nothing_on_disk(profile, THREE[:1], codes)


def test_after_a_crash_the_teller_comes_back_with_the_code_and_nobody_else(
    chromium: Browser, hub: Served, profile: Path
) -> None:
    with browser_in(chromium, profile) as context:
        [code] = crashed(context.pages[0], hub, profile)
    with browser_in(chromium, profile) as context:
        page = context.pages[0]
        page.goto(f"{hub.address}/tell?lang=en")
        page.wait_for_selector("#resume:not([hidden])")
        assert drafts(page) == 1
        go_on(page, "1234567812345678")
        expect(page.locator(".code-form .field-error")).to_be_visible()
        go_on(page, code)
        expect(page.locator("#telling")).to_have_value(f"{THREE[0].telling}")
        assert write_and_finish(page, THREE[0]) == code
        expect(page.locator("[data-state]")).to_have_attribute("data-now", "arrived")
    assert told(hub.folder) == [THREE[0]]


def test_a_browser_killed_while_it_waits_keeps_what_waits(
    chromium: Browser, hub: Served, profile: Path
) -> None:
    """The slip says "kept": from then on no flat battery takes the story away."""
    with browser_in(chromium, profile) as context:
        page = context.pages[0]
        pair_by_link(page, hub)
        hub.stop()
        tell(page, hub, THREE[0])
        kill(profile)
    hub.start()
    with browser_in(chromium, profile) as context:
        page = context.pages[0]
        page.goto(f"{hub.address}/tell/device")
        expect(page.locator("#waiting")).to_have_text("Nothing", timeout=30_000)
    assert told(hub.folder) == [THREE[0]]


def test_the_desk_counts_what_a_tablet_sent(chromium: Browser, hub: Served, profile: Path) -> None:
    with browser_in(chromium, profile) as context:
        page = context.pages[0]
        added = pair_by_link(page, hub)
        for person in THREE:
            tell(page, hub, person)
            hand_over(page)
        send_all(page, hub)
    with open_database(hub.folder) as db:
        device = devices.get(db, added["device"])
        assert device is not None
        report = devices.report(db, device)
    assert (report.arrived, report.of, report.missing) == (3, 3, ())
