"""Reading for codes in a browser: one touch, the keyboard, no scripts, two people, no server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import codebook, codings, people, readings
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept

PASSWORD = "four made up words"
TELLING = "The bus was late again. The nurse was kind to me. I like volcanoes."
Open = Callable[..., Page]


@pytest.fixture
def site(
    inquiry: Inquiry, db: PrivateDatabase, tell: Callable[..., Kept],
    live_server: Callable[[Path], str],
) -> str:  # fmt: skip
    """Serve an inquiry with three codes, one story to read (number 1) and two people."""
    tell(TELLING)
    for name, role in (("Ama Example", "facilitator"), ("Ben Example", "steward")):
        people.set_password(db, people.add(db, name, role), PASSWORD)
    codebook.add(db, Words("Buses", "The bus was late"), by=None)
    codebook.add(db, Words("Nurses", "The nurse was kind"), by=None)
    codebook.add(db, Words("Volcanoes"), by=None)
    return live_server(inquiry.folder)


@pytest.fixture
def sit(new_page: Open, site: str) -> Open:
    """Hand out `sit("Ama Example")`: a page in front of story 1, with the suggestions shown."""

    def sit_down(name: str = "Ama Example", **options: object) -> Page:
        page = new_page(**options)
        page.set_default_timeout(60_000)
        page.goto(f"{site}/desk/sign-in?lang=en")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.locator("main .button").first.click()
        page.wait_for_url("**/desk/")
        page.goto(f"{site}/desk/coding/1?hints=yes")
        while "The machine is still reading" in page.content():
            page.wait_for_timeout(500)
            page.goto(f"{site}/desk/coding/1")
        return page

    return sit_down


def held(db: PrivateDatabase) -> set[tuple[int, int, bool]]:
    return {(one.passage.start, one.code, one.yes) for one in codings.of_story(db, 1)}


def test_one_touch_needs_no_new_page_and_says_what_was_done(
    sit: Open, db: PrivateDatabase, check_axe: Callable[[Page], None]
) -> None:
    page = sit(has_touch=True)
    page.evaluate("window.sameOne = true")
    page.get_by_role("button", name="Yes Buses, passage 1").tap()
    expect(page.locator(".given")).to_contain_text("Buses Ama Example, facilitator · was suggested")
    expect(page.locator("#coding-said")).to_have_text("Yes, saved.")
    page.locator("label[for=p-telling-50]").tap()
    page.get_by_role("button", name="Nurses", exact=True).tap()
    expect(page.locator("[data-passage='telling-50'] .given")).to_contain_text("Nurses")
    assert held(db) == {(0, 1, True), (50, 2, True)}
    page.get_by_role("button", name="Undo your yes to “Nurses”").tap()
    expect(page.locator("[data-passage='telling-50'] .given")).to_have_count(0)
    assert held(db) == {(0, 1, True)}
    assert page.evaluate("window.sameOne") is True
    check_axe(page)


def test_touches_that_come_quickly_are_all_kept(sit: Open, db: PrivateDatabase) -> None:
    page = sit()
    expect(page.locator("button[value^=accept]")).to_have_count(3)
    page.evaluate("document.querySelectorAll('button[value^=accept]').forEach(one => one.click())")
    expect(page.locator(".given")).to_have_count(3)
    assert held(db) == {(0, 1, True), (24, 2, True), (50, 3, True)}


def test_one_of_forty_codes_is_found_by_its_letters_and_the_list_stays_where_it_was(
    sit: Open, db: PrivateDatabase
) -> None:
    with db.writing():
        for number in range(40):
            codebook.add(db, Words(f"Été {number}"), by=None)
    page = sit()
    page.get_by_label("Find a code").fill("ETE 39")
    expect(page.locator(".code-button:visible")).to_have_count(1)
    page.get_by_role("button", name="Été 39").click()
    expect(page.locator(".given")).to_contain_text("Été 39")
    expect(page.get_by_label("Find a code")).to_have_value("")
    page.locator(".code-button").last.scroll_into_view_if_needed()
    before = page.locator(".palette").evaluate("list => list.scrollTop")
    page.locator(".code-button").last.click()
    expect(page.locator(".given")).to_have_count(2)
    assert before > 0 and page.locator(".palette").evaluate("list => list.scrollTop") == before


def test_the_keyboard_does_it_all_and_focus_is_never_lost(sit: Open, db: PrivateDatabase) -> None:
    page = sit()
    page.locator("#p-telling-0").focus()
    page.keyboard.press("Enter")  # by accident: nothing may happen
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "p-telling-24"
    page.get_by_role("button", name="Yes Nurses, passage 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-passage='telling-24'] .given")).to_contain_text("Nurses")
    assert page.evaluate("document.activeElement.id") == "p-telling-24"
    page.get_by_role("link", name="Move Nurses, passage 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#palette h2")).to_be_focused()
    for _ in range(2):  # past the way out, to the first code
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[data-passage='telling-24'] .refused")).to_contain_text("Not “Nurses”")
    assert held(db) == {(24, 2, False), (24, 1, True)}


def test_it_works_the_same_without_scripts(sit: Open, db: PrivateDatabase) -> None:
    page = sit(java_script_enabled=False)
    page.get_by_role("button", name="Yes Buses, passage 1").click()
    expect(page.locator(".notice.done")).to_have_text("Yes, saved.")
    page.get_by_role("link", name="Move Buses, passage 1").click()
    expect(page.locator("#palette h2")).to_have_text("Move “Buses” to")
    page.get_by_role("button", name="Nurses", exact=True).click()
    assert held(db) == {(0, 1, False), (0, 2, True)}
    page.get_by_role("link", name="Why? Nurses, passage 2").click()
    expect(page.locator(".why")).to_contain_text("nurse")
    page.get_by_role("button", name="This story is read: next").click()
    expect(page.locator(".notice.done").last).to_have_text("Every story has been read.")
    assert set(readings.listing(db)) == {1}


def test_two_people_code_together(
    sit: Open, db: PrivateDatabase, check_axe: Callable[[Page], None]
) -> None:
    """One at a laptop, one at a tablet, on the same passage: nothing is lost, and who is seen."""
    ama = sit("Ama Example", viewport={"width": 1280, "height": 800})
    ben = sit("Ben Example", viewport={"width": 800, "height": 1100}, has_touch=True)
    here = "[data-passage='telling-0']"
    ama.get_by_role("button", name="Yes Buses, passage 1").click(no_wait_after=True)
    ben.get_by_role("button", name="Nurses", exact=True).tap(no_wait_after=True)
    for page in (ama, ben):  # each sees what the other said
        expect(page.locator(f"{here} .given")).to_have_count(2, timeout=60_000)
        expect(page.locator(f"{here} .given").first).to_contain_text("Ama Example, facilitator")
        expect(page.locator(f"{here} .given").last).to_contain_text("Ben Example, steward")
    expect(ama.locator("#coding-said")).to_contain_text("Somebody else has changed this story")

    ben.get_by_role("button", name="Yes, too Buses, passage 1").tap()
    expect(ben.locator(f"{here} .given").first).to_contain_text("Ben Example, steward")
    ben.get_by_role("link", name="Move Nurses, passage 1").tap()
    expect(ben.locator("#palette h2")).to_have_text("Move “Nurses” to")
    ben.get_by_role("button", name="Volcanoes", exact=True).tap()
    expect(ben.locator(f"{here} .given").last).to_contain_text("Volcanoes")

    ama.get_by_role("button", name="Undo your yes to “Buses”").click()  # Ben has agreed since
    expect(ama.locator("#problem-list")).to_contain_text("Somebody else has decided")
    ben.get_by_role("button", name="Undo your move to “Volcanoes”").tap()
    expect(ben.locator(f"{here} .given").last).to_contain_text("Nurses")
    expect(ama.locator(f"{here} .given").last).to_contain_text("Nurses", timeout=60_000)
    check_axe(ben)
    bus, nurse = (one for one in codings.of_story(db, 1) if one.yes)
    assert [name for name, _ in bus.by] == ["Ama Example", "Ben Example"]
    assert [name for name, _ in nurse.by] == ["Ben Example"]

    ama.get_by_role("button", name="This story is read: next").click()
    ama.wait_for_url("**/desk/coding")
    expect(ben.get_by_role("link", name="Next story")).to_be_visible(timeout=60_000)
    expect(ben.locator(".how-far")).to_contain_text("Read by Ama Example, facilitator")


def test_without_a_network_the_touch_is_not_taken_for_saved(sit: Open, db: PrivateDatabase) -> None:
    page = sit()

    def away(route: Route) -> None:
        route.abort()

    page.route("**/desk/coding/1", away)
    page.get_by_role("button", name="Yes Buses, passage 1").click()
    expect(page.locator("#coding-said")).to_have_text(
        "That could not be saved: the server did not answer. Touch it again."
    )
    expect(page.locator("#coding-said")).to_be_visible()
    assert held(db) == set() and page.locator(".given").count() == 0
    page.unroute("**/desk/coding/1", away)
    page.get_by_role("button", name="Yes Buses, passage 1").click()
    expect(page.locator(".given")).to_have_count(1)
    page.problems.clear()  # type: ignore[attr-defined]  # the failed request was meant


def test_the_learning_page_with_its_chart_is_clear_to_everybody(
    sit: Open, site: str, db: PrivateDatabase, tell: Callable[..., Kept],
    check_axe: Callable[[Page], None],
) -> None:  # fmt: skip
    by = people.by_name(db, "Ama Example")
    assert by is not None
    for number in range(14):
        for code, telling in enumerate((f"The bus {number} was late", f"A nurse helped {number}")):
            story = tell(telling).story_id
            assert story is not None
            passage = codings.Passage(story, "telling", 0, len(telling))
            codings.say(db, passage, code + 1, yes=True, by=by)
            readings.finish(db, story, by=by)
    page = sit()
    page.goto(f"{site}/desk/learning")
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.locator("table").first).to_contain_text("10")
    check_axe(page)
