"""A whole circle in a browser: five people, each with a device of their own, and who leads them.

One answers late, one has scripts off, one has a telephone. Nothing waits for a time, only for what
a page shows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import joint, own
from tests.storage.sensemaking.tables import begin_cycle

PASSWORD = "four made up words"
Open = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture
def site(inquiry: Inquiry, db: PrivateDatabase, live_server: Callable[[Path], str]) -> str:
    """Serve an inquiry whose cycle has begun."""
    begin_cycle(db)
    people.set_password(db, people.add(db, "Ama Example", "facilitator"), PASSWORD)
    return live_server(inquiry.folder)


@pytest.fixture
def lead(new_page: Open, site: str) -> Page:
    """Open a circle at the desk and hand out the page of whoever leads it."""
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/desk/sign-in?lang=en")
    page.fill("#name", "Ama Example")
    page.fill("#password", PASSWORD)
    page.locator("main .button").first.click()
    page.wait_for_url("**/desk/")
    page.goto(f"{site}/circles/run")
    page.fill("#topic", "How do we get to the clinic?")
    page.get_by_role("button", name="Open it").click()
    expect(page.locator(".code")).to_be_visible()
    return page


@pytest.fixture
def sit(new_page: Open, site: str, lead: Page) -> Open:
    """Hand out `sit()`: somebody's own device, whose browser has taken a seat.

    With a `page` it is the device of whoever sat there before.
    """

    def sit_down(page: Page | None = None, **options: object) -> Page:
        page = page or new_page(**options)
        page.goto(f"{site}/circles?lang=en")
        page.fill("#table-code", lead.locator(".table-code .code").inner_text())
        page.get_by_role("button", name="Take a seat").click()
        page.get_by_role("link", name="Go to the table").click()
        expect(page.locator("#own")).to_be_visible()
        return page

    return sit_down


def say(page: Page, words: str) -> None:
    """Save one's own construction."""
    page.fill("#own", words)
    page.get_by_role("button", name="Save my words").click()
    expect(page.locator("main")).to_contain_text("What the circle says")


def write(page: Page, words: str) -> None:
    """Save a version of what the circle says."""
    box = page.locator("#version")
    if not box.is_visible():
        page.get_by_text("Write a new version that covers both").click()
    box.fill(words)
    page.get_by_role("button", name="Save this version").click()
    expect(page.locator("#now")).to_contain_text(words)


def test_five_people_hold_a_circle_one_late_one_without_scripts(
    sit: Open, lead: Page, db: PrivateDatabase, check_axe: Check, site: str
) -> None:
    ana, ben = sit(), sit(viewport={"width": 360, "height": 740}, has_touch=True)
    plain, dora = sit(java_script_enabled=False), sit()
    expect(lead.locator("tbody tr")).to_have_count(4)  # by itself: nobody loaded the page again
    check_axe(ben)
    say(ana, "The bus is late.")
    write(ana, "We wait for the bus.")
    say(ben, "I walk.")
    say(plain, "I go by taxi.")
    say(dora, "My son drives me.")
    ben.evaluate("window.sameOne = true")
    write(plain, "We wait for the bus, or pay for a taxi.")
    for page in (ana, ben, dora):
        expect(page.locator("#now")).to_contain_text("or pay for a taxi")
    assert ben.evaluate("window.sameOne"), "it came without the page being loaded again"
    check_axe(ana)

    late = sit()
    assert "taxi" not in late.content() and "bus" not in late.content()
    say(late, "I come by wheelchair.")
    expect(late.locator("#now")).to_contain_text("or pay for a taxi")
    late.get_by_label("No, this is not mine").check()
    late.fill("#answer-words", "No taxi takes my chair.")
    late.get_by_role("button", name="Save my answer").click()
    late.get_by_text("What you wrote yourself").click()
    late.fill("#alternative", "By wheelchair")
    late.get_by_role("button", name="Let it stand beside the circle’s").click()
    for page in (ana, ben, dora):
        expect(page.locator("#now")).to_contain_text("No taxi takes my chair.")
        expect(page.locator("#now")).to_contain_text("By wheelchair")
    plain.reload()
    expect(plain.locator("main")).to_contain_text("No taxi takes my chair.")
    check_axe(late)

    lead.get_by_role("link", name="What is said").click()
    expect(lead.locator("main")).to_contain_text("I come by wheelchair.")
    check_axe(lead)
    lead.select_option("#covers", label="Seat 5")
    lead.fill("#version", "We wait for the bus, or pay. No taxi takes a wheelchair.")
    lead.get_by_role("button", name="Save this version").click()
    for page in (ana, ben, dora, late):
        expect(page.locator("#now")).to_contain_text("No taxi takes a wheelchair.")
        expect(page.locator("#now")).to_contain_text("By wheelchair")
    (circle,) = db.rows("select id from circles")
    assert len(own.of_circle(db, circle["id"])) == 5
    assert [one.version for one in joint.versions(db, circle["id"])] == [1, 2, 3]


def test_what_somebody_is_writing_is_not_touched_by_what_others_do(sit: Open, lead: Page) -> None:
    ana, ben = sit(), sit()
    say(ana, "The bus is late.")
    write(ana, "We wait.")
    say(ben, "I walk.")
    ben.fill("#remark", "Half a sent")
    table = lead.url
    lead.goto(f"{table}/words")
    write(ana, "We wait for the bus.")
    expect(lead.locator("#version")).to_have_value("We wait for the bus.")
    expect(lead.locator(".stale")).to_be_hidden()
    lead.goto(table)
    expect(ben.locator("#now")).to_contain_text("We wait for the bus.")
    expect(ben.locator(".stale")).to_be_visible()
    assert ben.locator("#remark").input_value() == "Half a sent"
    ben.get_by_text("Write a new version that covers both").click()
    assert ben.locator("#version").input_value() == "We wait."
    write(ben, "We wait, and walk.")
    expect(ana.locator("#now")).to_contain_text("stand side by side")
    ana.fill("#remark", "All that I wr")
    lead.get_by_text("Close this circle").click()
    lead.get_by_role("button", name="Close it").click()
    expect(ana.locator("#doing .stale")).to_contain_text("What you wrote is not saved")
    ana.get_by_role("button", name="Save the remark").click()
    expect(ana.locator("[readonly]")).to_have_value("All that I wr")
    ana.problems.clear()  # type: ignore[attr-defined]


def test_without_a_connection_words_stay_and_the_page_says_so(sit: Open, lead: Page) -> None:
    ana = sit()
    say(ana, "The bus is late.")
    write(ana, "We wait.")
    ana.fill("#remark", "Stays here")
    ana.context.set_offline(True)
    expect(ana.locator("#news")).to_contain_text("There is no connection just now.")
    assert ana.locator("#remark").input_value() == "Stays here"
    ana.context.set_offline(False)
    expect(ana.locator("#news")).not_to_contain_text("There is no connection just now.")
    ana.locator("#remark").blur()
    ana.fill("#remark", "")
    ana.route("**/table/now*", lambda route: route.fulfill(status=502, body="<h1>Away</h1>"))
    expect(ana.locator("#news")).to_contain_text("There is no connection just now.")
    expect(ana.locator("#now")).to_contain_text("We wait.")
    ana.unroute("**/table/now*")
    ana.problems.clear()  # type: ignore[attr-defined]


def test_one_from_each_in_turn_and_the_wall_shows_whose(
    sit: Open, lead: Page, new_page: Open, check_axe: Check
) -> None:
    ana, ben = sit(), sit()
    table = lead.url
    lead.goto(f"{table}/items")
    lead.get_by_role("button", name="Claims: have everybody write alone").click()
    for page, words in ((ana, "Kind nurses"), (ana, "Clean rooms"), (ben, "Short ways")):
        page.get_by_role("link", name="Claims, concerns, issues").click()
        page.fill("#note", words)
        page.get_by_role("button", name="Put it on my list").click()
    lead.get_by_role("button", name="Claims: begin to share").click()
    expect(ana.locator("#now")).to_contain_text("It is your turn.")
    expect(ben.locator("#now")).to_contain_text("It is the turn of seat 1.")
    check_axe(ana)
    ana.get_by_role("button", name="Share this one").first.click()
    expect(ana.get_by_role("button", name="Share this one")).to_have_count(0)
    expect(ben.locator("#now")).to_contain_text("It is your turn.")
    expect(lead.locator("#now")).to_contain_text("Kind nurses")
    lead.goto(f"{table}/screen")
    expect(lead.locator(".has-turn strong")).to_have_text("2")
    check_axe(lead)
    ben.get_by_role("button", name="Share this one").click()
    expect(lead.locator(".shared")).to_contain_text("Short ways")
    expect(ana.get_by_role("button", name="Share this one")).to_be_visible()


def test_a_scanned_square_fills_in_the_code_and_leaves_none_in_the_address(
    new_page: Open, lead: Page, site: str
) -> None:
    digits = lead.locator(".table-code .code").inner_text().replace(" ", "").replace("\n", "")
    page = new_page()
    page.goto(f"{site}/circles?lang=en#table-{digits}")
    expect(page.locator("#table-code")).to_have_value(digits)
    assert "#" not in page.url
    page.get_by_role("button", name="Take a seat").click()
    expect(page.locator("h1")).to_have_text("You have seat 1")


def test_promise_03_back_shows_nothing_of_who_sat_there_before(sit: Open) -> None:
    """Chromium puts half a sentence back into a form, also where it loads the page again."""
    page = sit(java_script_enabled=False)
    page.fill("#own", "Canary, half a sent")
    page.get_by_role("button", name="Leave the seat").click()
    sit(page)
    tables = 0
    while page.go_back() is not None:
        typed = [box.input_value() for box in page.locator("textarea").all()]
        assert not any(typed) and "Canary" not in page.content()
        tables += len(typed)
    assert tables, "it came by the page on which they wrote"
