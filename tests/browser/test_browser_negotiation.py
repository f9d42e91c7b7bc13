"""A negotiation in browsers: two groups, one member without scripts, and who leads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import actions, items, outcomes, seats, statements
from tests.storage.sensemaking import tables

PASSWORD = "four made up words"
Open = Callable[..., Page]


@pytest.fixture
def site(inquiry: Inquiry, db: PrivateDatabase, live_server: Callable[[Path], str]) -> str:
    """Serve an inquiry whose cycle has begun, with one concern."""
    tables.begin_cycle(db)
    people.set_password(db, people.add(db, "Ama Example", "facilitator"), PASSWORD)
    items.add(
        db, kind="concern", words="The bus is late.", group="residents", cycle="cycle_1",
        source="meeting", by=tables.person(db),
    )  # fmt: skip
    return live_server(inquiry.folder)


@pytest.fixture
def lead(new_page: Open, site: str) -> Page:
    """Hand out the page of whoever leads."""
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/desk/sign-in?lang=en")
    page.fill("#name", "Ama Example")
    page.fill("#password", PASSWORD)
    page.locator("main .button").first.click()
    page.wait_for_url("**/desk/")
    return page


@pytest.fixture
def sit(new_page: Open, site: str, db: PrivateDatabase) -> Open:
    """Hand out `sit("residents")`: somebody's own device at a new table, who has said their own."""

    def sit_down(group: str, **options: object) -> Page:
        circle = tables.circle(db, group=group)
        _seat, code = seats.join(db, circle.id)
        page = new_page(**options)
        page.goto(f"{site}/circles?lang=en")
        page.fill("#seat-code", code)
        page.get_by_role("button", name="Go to my seat").click()
        page.fill("#own", "As I see it.")
        page.get_by_role("button", name="Save my words").click()
        expect(page.locator("main")).to_contain_text("What the circle says")
        return page

    return sit_down


def press(page: Page, name: str) -> None:
    """Press the first button of this name and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def test_groups_exchange_negotiate_and_appeal(
    lead: Page, sit: Open, site: str, db: PrivateDatabase
) -> None:
    resident, carer = sit("residents"), sit("carers", java_script_enabled=False)

    # a statement: each answers alone, and all see at once what was said
    lead.goto(f"{site}/circles/statements")
    lead.fill("#statement", "The bus must run until eight.")
    press(lead, "Put it to the groups")
    for page, answer, reason in (
        (resident, "Agree", "After work there is none."),
        (carer, "Disagree", "Nobody rides it."),
    ):
        page.goto(f"{site}/circles/table/statements")
        page.get_by_label(answer, exact=True).check()
        page.fill("#reason", reason)
        press(page, "Save my answer")
    assert "Nobody rides it." not in resident.content()
    press(lead, "Close it, and show it to all groups")
    expect(resident.locator("#closed-statements")).to_contain_text("Nobody rides it.")
    carer.reload()
    expect(carer.locator("main")).to_contain_text("After work there is none.")

    # priorities: what a group puts first must be on the agenda
    resident.goto(f"{site}/circles/table/priorities")
    resident.get_by_label("The bus is late.").fill("1")
    press(resident, "Save my order")
    lead.goto(f"{site}/circles/agendas")
    lead.fill("#title", "In May")
    press(lead, "Begin it")
    expect(lead.locator("main")).to_contain_text("Residents put “The bus is late.” first")
    lead.select_option("#item", index=1)
    for name in ("Health and care workers", "Community groups"):
        lead.get_by_label(name).uncheck()
    press(lead, "Put it on the agenda")

    # each group writes and confirms its own view; then it is sent to both at once
    for page, words in ((resident, "We wait in the rain."), (carer, "We drive them.")):
        page.goto(f"{site}/circles/table/agenda")
        page.fill("#view", words)
        press(page, "Save the view of our group")
        page.get_by_label("Yes, this states our view").check()
        press(page, "Save my answer")
    assert "We drive them." not in resident.content()
    lead.reload()
    press(lead, "Send it to all groups")
    expect(resident.locator("#sent")).to_contain_text("We drive them.")

    # equal turns, a position of each, an outcome with an action
    press(lead, "Begin the session")
    expect(resident.locator("#turn")).to_be_visible()
    resident.fill("#turn", "Until eight.")
    press(resident, "Take our turn")
    expect(resident.locator("#turn")).to_have_count(0)
    carer.reload()
    carer.fill("#turn", "On weekdays.")
    press(carer, "Take our turn")
    expect(resident.locator("#sent")).to_contain_text("On weekdays.")
    lead.get_by_role("link", name="Negotiation").click()
    lead.get_by_label("Agreed in part").check()
    lead.fill("#outcome-words", "Until eight on weekdays.")
    lead.fill("#what-0", "Ask the council.")
    lead.fill("#owner-0", "Ama Example")
    lead.fill("#due-0", "2099-05-01")
    press(lead, "Keep the outcome")
    expect(resident.locator("#sent")).to_contain_text("Ask the council.")
    (item,) = items.of_cycle(db, "cycle_1")
    assert [one.outcome for one in outcomes.of_item(db, item.id)] == ["partial"]
    assert [one.what for one in actions.of_item(db, item.id)] == ["Ask the council."]

    # an appeal is answered by somebody else than who decided
    carer.reload()
    carer.get_by_role("link", name="This was not fair").click()
    carer.fill("#appeal", "The drivers were not asked.")
    press(carer, "Send my appeal")
    lead.goto(f"{site}/circles/appeals")
    expect(lead.locator("main")).to_contain_text("The drivers were not asked.")
    expect(lead.locator("main")).to_contain_text("somebody else answers")


def test_what_somebody_writes_stays_while_others_take_turns(
    sit: Open, site: str, db: PrivateDatabase
) -> None:
    """A statement that comes meanwhile touches no half-written reason."""
    mara = tables.person(db)
    statements.put(db, "cycle_1", "First.", groups=["residents"], by=mara)
    page = sit("residents")
    page.goto(f"{site}/circles/table/statements")
    page.fill("#reason", "Half a sent")
    closed = statements.put(db, "cycle_1", "Second.", groups=["residents"], by=mara)
    statements.close(db, closed.id, by=mara)
    expect(page.locator("#closed-statements")).to_contain_text("Second.")
    expect(page.locator("#reason")).to_have_value("Half a sent")
