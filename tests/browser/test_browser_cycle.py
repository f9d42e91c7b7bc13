"""A cycle as a facilitator walks it in a browser: from the contract to the next cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept
from tests.browser.visits import send
from tests.web.circles.conftest import with_second_cycle

PASSWORD = "four made up words"
CODE = "4711471147114711"


@pytest.fixture
def inquiry(inquiry: Inquiry) -> Inquiry:
    """Give the made-up inquiry a second cycle to go on to."""
    return with_second_cycle(inquiry)


@pytest.fixture
def address(
    inquiry: Inquiry,
    db: PrivateDatabase,
    tell: Callable[..., Kept],
    live_server: Callable[[Path], str],
) -> Iterator[str]:
    """Serve an inquiry with one story, a facilitator and an evaluator."""
    tell(receipt=CODE)
    for role in ("facilitator", "evaluator"):
        people.set_password(db, people.add(db, f"Example {role}", role), PASSWORD)
    yield live_server(inquiry.folder)


def signed_in(page: Page, address: str, name: str) -> Page:
    page.goto(f"{address}/desk/sign-in?lang=en")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    send(page, "main .button")
    return page


def test_a_cycle_from_its_contract_to_the_next(
    address: str, new_page: Callable[..., Page], check_axe: Callable[[Page], None]
) -> None:
    page = signed_in(new_page(), address, "Example facilitator")
    page.get_by_role("link", name="Circles", exact=True).click()
    page.get_by_role("link", name="Begin it").click()
    page.get_by_role("link", name="Write the contract").click()
    for field in ("purpose", "stake", "confidentiality", "promised"):
        page.fill(f"#{field}", f"Made up: {field}.")
    page.check("#promise-collaborate")
    send(page, "main form .button")
    expect(page.get_by_role("status")).to_contain_text("Version 1 of the contract")
    page.goto(f"{address}/circles/cycle")
    send(page, "text=Begin this cycle")
    expect(page.locator(".track [aria-current]")).to_contain_text("Plan")

    # nobody reads the first story before the evaluator has sealed what they expect
    page.goto(f"{address}/desk/stories/1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Before the first story is read")
    expect(page.locator("main li")).to_have_text(["Example evaluator"])
    check_axe(page)
    evaluator = signed_in(new_page(), address, "Example evaluator")
    evaluator.goto(f"{address}/circles/expectations")
    evaluator.fill("#words", "They will speak of the bus.")
    send(evaluator, "main form .button")
    seal = evaluator.locator(".seal").inner_text()
    assert len(seal) == 64
    page.goto(f"{address}/desk/stories/1")
    expect(page.locator("main")).to_contain_text("The bus to the clinic stopped")

    page.goto(f"{address}/circles/actions")
    page.fill("#what", "Ask for the bus on weekdays.")
    page.fill("#owner", "Example council")
    page.fill("#due", "2026-01-31")
    page.fill("#stories", "1")
    send(page, "main form .button")
    expect(page.locator(".actions-list")).to_contain_text("overdue")

    page.goto(f"{address}/circles/cycle")
    for phase in ("Act", "Observe", "Reflect"):
        send(page, f"text=Go on to “{phase}”")
    send(page, "text=Close this cycle …")
    page.fill("#next-words", "Hear those who work at night.")
    send(page, "text=Close this cycle for good")  # without a reflection
    expect(page.locator("#problem-list")).to_contain_text("Write the reflection")
    expect(page.locator("#next-words")).to_have_value("Hear those who work at night.")
    check_axe(page)
    page.fill("#reflection", "We heard more than we expected.")
    send(page, "text=Close this cycle for good")

    expect(page.get_by_role("heading", level=1)).to_have_text("Second cycle")
    expect(page.locator("main")).to_contain_text("From First cycle came: actions no. 1.")
    expect(page.locator("main")).to_contain_text("That is all that was open there")
    expect(page.locator(".overdue")).to_contain_text("Ask for the bus on weekdays.")
    page.goto(f"{address}/circles/expectations?cycle=cycle_1")
    expect(page.locator(".seal").first).to_have_text(seal)
    expect(page.locator("main")).to_contain_text("They will speak of the bus.")
    check_axe(page)


def test_what_we_did_is_read_without_scripts_by_whoever_told(
    address: str, new_page: Callable[..., Page]
) -> None:
    page = signed_in(new_page(java_script_enabled=False), address, "Example facilitator")
    page.goto(f"{address}/circles/contract")
    for field in ("purpose", "stake", "confidentiality", "promised"):
        page.fill(f"#{field}", f"Made up: {field}.")
    page.check("#promise-inform")
    send(page, "main form .button")
    page.goto(f"{address}/circles/cycle")
    send(page, "text=Begin this cycle")
    page.goto(f"{address}/circles/actions")
    page.fill("#what", "Ask for the bus on weekdays.")
    page.fill("#owner", "Example council")
    page.fill("#due", "2099-01-31")
    page.fill("#stories", "1")
    send(page, "main form .button")
    page.goto(f"{address}/circles/actions/1")
    page.check("#state-done")
    page.fill("#words", "It runs again.")
    send(page, "main form .button")

    teller = new_page(java_script_enabled=False)
    teller.goto(f"{address}/mine?lang=en")
    teller.fill("#code", CODE)
    send(teller, "main .button")
    expect(teller.locator(".led-to")).to_contain_text("This was done.")
    expect(teller.locator(".led-to")).to_contain_text("It runs again.")
    teller.goto(f"{address}/circles/contract?lang=en")
    expect(teller.locator("article.contract")).to_contain_text("Made up: promised.")
