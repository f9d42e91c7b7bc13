"""Every page, in both languages: what axe finds, what fits, what fingers reach, what it is called.

The pages are listed in `visits.py`; that none is forgotten is tested against the applications.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from datasette_plugins import PAGES
from par_toolkit import inquiry as inquiries
from par_toolkit import publishing
from par_toolkit.demo import content, fill
from par_toolkit.storage import vault
from par_toolkit.storage.database import open_database
from tests import locked
from tests.browser import exchange_visits, quality_visits, visits
from tests.browser.look import Look, look_at
from tests.browser.pages import check_axe as axe
from tests.browser.pages import watch
from tests.browser.server import running
from tests.browser.visits import FINDINGS, STEWARD, Site, Visit, at, send

#: One process looks at all of them: each page is gone to once, for all that is asked of it.
pytestmark = pytest.mark.xdist_group("every page")
LANGUAGES = ("en", "fr")
FLASK = (*visits.FLASK, *exchange_visits.EXCHANGE, *quality_visits.QUALITY)
EVERY = (*FLASK, *FINDINGS)
NO_PAGES = visits.NO_PAGES | exchange_visits.NO_PAGES
#: Pages share a title only where they are one page in several states: the others -> that page.
STATES = {
    "kept-choose": "choose", "kept-story": "tell-story", "kept-privacy": "privacy",
    "join": "choose", "tell-story-help": "tell-story", "desk-facilitator": "desk",
    "desk-safeguarding": "desk", "second-begun": "account",
    "publish-waiting": "publish",
    "stories-none": "stories", "tablet-link": "person-link", "table-counted": "table",
    "findings-search-narrowed": "findings-search", "query-failed": "query",
    "findings-no-theme": "findings-nothing", "mine-no-code": "mine", "mine-shown": "mine",
    "unlock-refused": "unlock", "locked-welcome": "welcome",
    "join-refused": "choose", "look-refused": "look",
    "sign-in-refused": "sign-in", "sign-in-to-look": "sign-in", "story-unread": "story",
    "code-story-move": "code-story", "code-next": "code-story", "contact-shown": "contact",
    "compare-shown": "compare", "compare-changes-shown": "compare-changes",
    "contract-public": "contract", "table-first": "table-whole",
    "circle-second-sheet": "circle-sheet", "looked-back": "looking-back",
    "mine-doubted": "mine", "statement-closed": "statement",
    "findings-no-statement": "findings-nothing",
    "compare-words-shown": "compare-words", "compare-together-shown": "compare-together",
}  # fmt: skip


#: Every test of one page runs in one process, so that nobody looks at it twice.
PARTS: Final = [
    pytest.param(visit, id=visit.name, marks=pytest.mark.xdist_group(f"pages-{number % 4}"))
    for number, visit in enumerate(EVERY)
]


def first_with(titles: Path, title: str, name: str) -> str:
    """Return which page had this title first, in any process; `name` where none had."""
    path = titles / hashlib.sha256(title.encode()).hexdigest()
    try:
        with path.open("x") as file:
            file.write(name)
    except FileExistsError:
        return path.read_text()
    return name


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Make the folder in which all processes of this run note the titles of pages."""
    place = tmp_path_factory.getbasetemp()
    folder = (place if worker_id == "master" else place.parent) / "titles-of-pages"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the example, an empty inquiry with a join code, and one that is closed to all.

    And the example once more, with a build that waits for two stewards, and one that is locked.
    """
    folder = tmp_path_factory.mktemp("every-page")
    example = fill.make(folder / "example")
    waiting = shutil.copytree(example.folder, folder / "waiting") / "inquiry.toml"
    with waiting.open("a", encoding="utf-8") as file:
        file.write("\n[findings]\napprovals = 2\n")
    assert publishing.publish(waiting.parent).waits
    told = content.load()
    settings = {
        "bare": [
            (r'^join_code = ""', 'join_code = "made-up"'),
            (r"^one_question_a_screen = false", "one_question_a_screen = true"),
        ],
        "closed": [
            (r"(?s)^\[\[help\]\].*?(?=^\[|^#|\Z)", ""),
            (r'^open_to = "everybody"', 'open_to = "word"'),
            (r'^word = ""', 'word = "made-up heron"'),
        ],
    }
    with ExitStack() as servers:
        addresses = {"address": servers.enter_context(running(example.folder))}
        # under another name, because browsers give cookies to all ports of a name
        named = servers.enter_context(running(waiting.parent))
        addresses["waiting"] = named.replace("127.0.0.1", "localhost")
        for name, changes in settings.items():
            here = inquiries.create(folder / name, name=f"Made-up {name}", locality="Exampleton")
            text = (here.folder / "inquiry.toml").read_text("utf-8")
            for old, new in changes:
                text, found = re.subn(old, new, text, flags=re.MULTILINE)
                assert found, old
            (here.folder / "inquiry.toml").write_text(text, "utf-8")
            open_database(here.folder, create=True).close()
            addresses[name] = servers.enter_context(running(here.folder))
        with pytest.MonkeyPatch.context() as patched:
            closed = locked.new_inquiry(folder / "locked", patched)
        vault.lock(closed)
        addresses["locked"] = servers.enter_context(running(closed, "--locked"))
        receipt = fill.receipt_of(example.folder, fill.story_to_try(told).key)
        yield Site(**addresses, receipt=receipt, password=told.password)


@pytest.fixture(scope="module")
def pages(chromium: Browser, site: Site) -> Iterator[Callable[[str], Page]]:
    """Hand out one page for each person who looks, signed in where they can be."""
    opened: dict[str, Page] = {}
    with ExitStack() as contexts:

        def page_of(who: str) -> Page:
            if who not in opened:
                context = chromium.new_context(
                    locale="en-GB", reduced_motion="reduce", has_touch=True
                )
                page = contexts.enter_context(context).new_page()
                page.problems = watch(page)  # type: ignore[attr-defined]
                if who != "anyone":
                    at("/desk/sign-in")(page, site, "en")
                    page.fill("#name", who)
                    page.fill("#password", site.password)
                    page.locator("main .button").first.click()
                    page.wait_for_url("**/desk/")
                opened[who] = page
            return opened[who]

        yield page_of


@pytest.fixture(scope="module")
def look(pages: Callable[[str], Page], site: Site) -> Callable[[Visit, str], Look]:
    """Hand out `look(visit, lang)`, which goes to a page once and remembers what was seen."""
    seen: dict[tuple[Visit, str], Look] = {}

    def looked(visit: Visit, lang: str) -> Look:
        if (visit, lang) not in seen:
            page = pages(visit.who)
            visit.way(page, site, lang)
            seen[visit, lang] = look_at(page, lang, axe, closely=visit in FINDINGS)
        return seen[visit, lang]

    return looked


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("visit", PARTS)
def test_a_page_is_clear_to_everybody(
    look: Callable[[Visit, str], Look], titles: Path, visit: Visit, lang: str
) -> None:
    """WCAG 2.2 AA by axe; language, title and heading; nothing cut off or small; no errors.

    No other page has the same title.
    """
    found = look(visit, lang)
    assert not found.complaints, f"{found.address}:\n" + "\n".join(found.complaints)
    name = STATES.get(visit.name, visit.name)
    assert first_with(titles, f"{lang} {found.title}", name) == name


@pytest.mark.parametrize("visit", PARTS)
def test_no_english_is_left_on_a_french_page(
    look: Callable[[Visit, str], Look], visit: Visit
) -> None:
    """What a page says the same way in both languages was not translated, unless it is a name."""
    shared = look(visit, "en").words & look(visit, "fr").words
    left = [text for text in shared if len(re.findall(r"[^\W\d_]{2,}", text)) >= 4]
    assert not [text for text in left if "Getting help in Wendlemouth" not in text]


def test_no_page_is_forgotten(app: Flask) -> None:
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    visited = {visit.endpoint for visit in FLASK}
    assert shown - visited == set(NO_PAGES)
    assert not visited & set(NO_PAGES)


def test_no_address_of_the_findings_is_forgotten() -> None:
    assert {visit.endpoint for visit in FINDINGS} >= PAGES


def test_every_plain_table_fits(
    pages: Callable[[str], Page], site: Site, check_axe: Callable[[Page], None]
) -> None:
    """Each in one language, by turns: around them they are one page, which is among `EVERY`."""
    page = pages("anyone")
    at("/findings/library")(page, site, "en")
    tables = [link.get_attribute("href") for link in page.locator("main .card h2 a").all()]
    assert len(tables) >= 9
    for table, lang in zip(tables, cycle(LANGUAGES), strict=False):
        path = re.sub(r"_lang=\w+", f"_lang={lang}", str(table))
        page.goto(f"{site.address}{path}&_size=10")  # more rows only take longer
        assert look_at(page, lang, check_axe).complaints == (), table


#: What has the focus: whether it can be seen, is marked, and lies under nothing else.
FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    // what can be seen of it: a wide table scrolls in a frame of its own
    const seen = {left: Math.max(box.left, 0), right: Math.min(box.right, innerWidth)};
    for (let frame = one.parentElement; frame; frame = frame.parentElement) {
        if (getComputedStyle(frame).overflowX === "visible") continue;
        const edge = frame.getBoundingClientRect();
        seen.left = Math.max(seen.left, edge.left);
        seen.right = Math.min(seen.right, edge.right);
    }
    const top = document.elementFromPoint((seen.left + seen.right) / 2,
        (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2);
    const own = [one, ...(one.labels || [])];
    const name = `${one.tagName.toLowerCase()} ${one.id || one.innerText.slice(0, 40)}`;
    one.tabStops = (one.tabStops || 0) + 1;
    return {
        name, again: one.tabStops > 1,
        marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        free: own.some(part => part.contains(top)),
    };
}"""


@pytest.mark.parametrize(
    "visit",
    [
        visit
        for visit in EVERY
        if visit.name
        in (
            *("welcome", "tell-story", "story-unread", "themes", "code-story"),
            *("findings-search-narrowed", "table"),
        )
    ],
    ids=lambda visit: visit.name,
)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    pages: Callable[[str], Page], site: Site, visit: Visit
) -> None:
    page = pages(visit.who)
    page.set_viewport_size({"width": 768, "height": 900})
    visit.way(page, site, "en")
    page.evaluate("document.activeElement.blur()")
    stops = []
    while len(stops) < 400:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or stop["again"]:
            break
        stops.append(stop)
    assert len(stops) > 5
    assert [stop["name"] for stop in stops if not (stop["marked"] and stop["free"])] == []


def test_the_skip_link_leads_past_the_head_of_each_kind_of_page(
    pages: Callable[[str], Page], site: Site
) -> None:
    page = pages(STEWARD)
    for path, main in (
        ("/tell/story", "page-main"),
        ("/desk/", "page-main"),
        ("/findings/", "content"),
    ):
        at(path)(page, site, "en")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == main, path


def test_one_question_a_screen_by_keyboard_says_where_one_is(
    pages: Callable[[str], Page], site: Site
) -> None:
    page = pages("anyone")
    at("/tell", site="bare")(page, site, "en")
    page.fill("#join_code", "made-up")
    send(page, "main .button")
    at("/tell/story", site="bare")(page, site, "en")
    for part in range(2, 9):
        page.locator(".step-ways .button:visible").last.focus()
        page.keyboard.press("Enter")
        assert f"Part {part} of 8" in page.evaluate("document.activeElement.innerText")
    page.locator(".send .button").focus()
    page.keyboard.press("Enter")
    page.locator("#problem-list").wait_for()
    assert page.evaluate("document.activeElement.id") == "problem-list"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "telling"
