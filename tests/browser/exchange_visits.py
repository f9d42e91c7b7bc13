"""The pages of exchange and negotiation, and how one comes to each: all is made on the way."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.visits import STEWARD, Site, Visit, at, cycle_begun, send, whole_table

Way = Callable[[Page, Site, str], None]
#: (site, what) -> the address at which it stands, once somebody has made it on the way.
_made: dict[tuple[str, str], str] = {}


def path_of(page: Page, site: Site) -> str:
    """Return the address of the page at hand, without its host and its language."""
    return page.url.partition("?")[0].removeprefix(site.address)


def ready(page: Page, site: Site, lang: str) -> None:
    """Have two items: one to negotiate, one that waits for information."""
    if (site.address, "ready") in _made:
        return
    cycle_begun(page, site, lang)
    for words in ("Made-up road", "Made-up letters"):
        at("/circles/items")(page, site, lang)
        page.fill("#words", words)
        send(page, "form[action$='/add'] .button")
    _made[site.address, "ready"] = ""


def choose(page: Page, words: str) -> None:
    """Choose the item with these words in the list of a form."""
    option = page.locator("#item option", has_text=words).first
    page.select_option("#item", option.get_attribute("value"))


def statement(name: str, path: str = "") -> Way:
    """Make the way to a page of a statement; 'closed' is one, any other name is to be answered."""

    def go(page: Page, site: Site, lang: str) -> None:
        ready(page, site, lang)
        if (site.address, name) not in _made:
            at("/circles/statements")(page, site, lang)
            page.fill("#statement", f"Made-up {name}")
            choose(page, "Made-up road")
            send(page, "main form .button")
            if name == "closed":
                send(page, "form[action$='/close'] .button")
            _made[site.address, name] = path_of(page, site)
        at(_made[site.address, name] + path)(page, site, lang)

    return go


def statements(page: Page, site: Site, lang: str) -> None:
    for name in ("closed", "open"):
        statement(name)(page, site, lang)
    at("/circles/statements")(page, site, lang)


def a_task(page: Page, site: Site, lang: str) -> None:
    """Ask for information where nobody has, and open the question."""
    ready(page, site, lang)
    if (site.address, "task") not in _made:
        at("/circles/information")(page, site, lang)
        choose(page, "Made-up letters")
        page.fill("#question", "Made-up question")
        page.fill("#owner", "Example Ama")
        page.fill("#due", "2025-01-31")
        send(page, "main form .button")
        _made[site.address, "task"] = path_of(page, site)
    at(_made[site.address, "task"])(page, site, lang)


def agenda(title: str, *, hold: bool = False, path: str = "") -> Way:
    """Make the way to a page of the agenda with this title, written or brought to its session.

    In `path`, {item} is the item that is negotiated.
    """

    def go(page: Page, site: Site, lang: str) -> None:
        if (site.address, title) not in _made:
            statement("closed")(page, site, lang)
            at("/circles/agendas")(page, site, lang)
            page.fill("#title", title)
            send(page, "main form .button")
            _made[site.address, title] = path_of(page, site)
            fill(page)
            for act in ("/send", "/session") if hold else ():
                send(page, f"form[action$='{act}'] .button")
            link = page.locator("ol.ranked a[href*='/items/']").first.get_attribute("href") or ""
            _made[site.address, "item"] = link.partition("?")[0].rpartition("/")[2]
        item = _made[site.address, "item"]
        at(_made[site.address, title] + path.format(item=item))(page, site, lang)

    return go


def fill(page: Page) -> None:
    """Put an item on the agenda that is open, with a view of the one group that it affects."""
    page.fill("#word", "Made-up word")
    page.fill("#meaning", "Made-up meaning")
    send(page, "form[action$='/glossary'] .button")
    choose(page, "Made-up road")
    for box in page.locator("[name=affected]").all()[1:]:
        box.uncheck()
    page.fill("#evidence", "Made-up timetable")
    send(page, "form[action$='/items'] .button")
    page.locator("ol.ranked a[href*='/items/']").first.click()
    page.locator("#view").wait_for()
    page.fill("#view", "Made-up view")
    send(page, "form[action$='/view']:has(#view) .button")
    page.locator("details:has(form[action$='/confirm']) > summary").first.click()
    page.locator("[name=states_it][value=yes]").first.check()
    send(page, "form[action$='/confirm'] .button")
    page.locator(".crumb a").click()
    page.locator("#lacking").wait_for()


def negotiation(page: Page, site: Site, lang: str) -> None:
    """Note a position in the session, so that an outcome can be said."""
    agenda("Made-up session", hold=True, path="/session/{item}")(page, site, lang)
    if not page.locator("ol.turns li").count():
        page.fill("#turn", "Made-up position")
        send(page, "form[action$='/turn'] .button")


def at_table(path: str) -> Way:
    """Make the way to a page of somebody at the table, who has said their own."""

    def go(page: Page, site: Site, lang: str) -> None:
        at("/circles/table")(page, site, lang)
        if not page.locator("#doing").count():
            whole_table(page, site, lang)
        at(path)(page, site, lang)

    return go


EXCHANGE = (
    Visit("statements", "circles.statements", statements, STEWARD),
    Visit("statement", "circles.statement", statement("open"), STEWARD),
    Visit("statement-closed", "circles.statement", statement("closed"), STEWARD),
    Visit("statement-shown", "circles.shown_statement", statement("closed", "/shown"), STEWARD),
    Visit("statements-paper", "circles.statements_paper", at("/circles/statements/paper"), STEWARD),
    Visit("priorities", "circles.priorities", at("/circles/priorities"), STEWARD),
    Visit("priorities-paper", "circles.priorities_paper", at("/circles/priorities/paper"), STEWARD),
    Visit("task", "circles.task", a_task, STEWARD),
    Visit("information", "circles.information", at("/circles/information"), STEWARD),
    Visit("agenda", "circles.agenda", agenda("Made-up draft"), STEWARD),
    Visit(
        "agenda-item", "circles.agenda_item", agenda("Made-up draft", path="/items/{item}"), STEWARD
    ),
    Visit(
        "agenda-paper",
        "circles.agenda_sheet",
        agenda("Made-up draft", path="/sheet?group=residents"),
        STEWARD,
    ),
    Visit("negotiation", "circles.negotiation", negotiation, STEWARD),
    Visit(
        "agenda-sheet",
        "circles.agenda_sheet",
        agenda("Made-up session", hold=True, path="/sheet"),
        STEWARD,
    ),
    Visit("agendas", "circles.agendas", at("/circles/agendas"), STEWARD),
    Visit("appeals", "circles.appeals", at("/circles/appeals"), STEWARD),
    Visit("my-statements", "circles.my_statements", at_table("/circles/table/statements")),
    Visit("my-priorities", "circles.my_priorities", at_table("/circles/table/priorities")),
    Visit("my-information", "circles.my_information", at_table("/circles/table/information")),
    Visit("my-agendas", "circles.my_agendas", at_table("/circles/table/agenda")),
    Visit("my-appeals", "circles.my_appeals", at_table("/circles/table/appeals")),
)
#: Addresses that answer, but not with a page.
NO_PAGES = {
    "circles.my_statements_now": "an answer for a script",
    "circles.my_agendas_now": "an answer for a script",
}
