"""Every page there is, and how one comes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

#: Addresses that answer, but not with a page of ours.
NO_PAGES = {
    "api.described": "a description for programs",
    "api.health": "an answer for programs",
    "desk.compare_csv": "a file for a spreadsheet",
    "desk.run_report": "a file for a paper",
    "api.own_device": "an answer for tablets",
    "circles.lead_now": "an answer for scripts",
    "circles.share_now": "an answer for scripts",
    "circles.table_now": "an answer for scripts",
    "circles.first_story": "stands before the first story is read; the walk of a cycle looks at it",
    "desk.hear": "the sound of a story",
    "desk.recovery_codes": "shown once; the test of a second step looks at it",
    "desk.second_step": "stands after a password; the test of a second step looks at it",
    "device.manifest": "how telling looks on a home screen",
    "device.whole_kit": "what a tablet keeps, as one file",
    "device.words": "words for scripts",
    "device.worker": "the service worker",
    "leaving.leave": "leads to another website; test_browser_leaving.py goes there",
    "home.favicon": "leads to the icon",
    "home.robots": "a text for search engines",
    "static": "styles, scripts and the icon",
    "tell.paper_style": "the style of the paper forms",
}


@dataclass(frozen=True)
class Site:
    """The example as it is served, and beside it two inquiries in which nothing happened yet.

    `closed` takes no stories, and its findings ask for a word. In `waiting`, the example once more,
    a build waits for stewards. `locked` is an encrypted inquiry that nobody has opened.
    """

    address: str
    bare: str
    closed: str
    waiting: str
    locked: str
    receipt: str
    password: str


@dataclass(frozen=True)
class Visit:
    """One page: the Flask endpoint that answers, who looks, and the way there."""

    name: str
    endpoint: str
    way: Callable[[Page, Site, str], None]
    who: str = "anyone"


def at(path: str, *, site: str = "address") -> Callable[[Page, Site, str], None]:
    """Make the way to an address, in the language of the visit."""
    key = "_lang" if path.startswith("/findings/library") else "lang"

    def go(page: Page, sites: Site, lang: str) -> None:
        join = "&" if "?" in path else "?"
        page.goto(f"{getattr(sites, site)}{path}{join}{key}={lang}")

    return go


def follow(path: str, link: str) -> Callable[[Page, Site, str], None]:
    """Make the way over a link on another page."""

    def go(page: Page, site: Site, lang: str) -> None:
        at(path)(page, site, lang)
        page.locator(link).first.click()
        page.wait_for_load_state()

    return go


def press(
    path: str, button: str, *, fill: dict[str, str] | None = None, site: str = "address"
) -> Callable[[Page, Site, str], None]:
    """Make the way over a form on another page: fill fields in, then press the button."""

    def go(page: Page, sites: Site, lang: str) -> None:
        at(path, site=site)(page, sites, lang)
        for field, value in (fill or {}).items():
            page.fill(field, value)
        send(page, button)

    return go


def second_step_begun(page: Page, sites: Site, lang: str) -> None:
    """Begin to set up a second step; nothing is asked for until it is confirmed."""
    at("/desk/account")(page, sites, lang)
    page.fill("#second-password", sites.password)
    send(page, "form[action$='/account/second'] .button")


def send(page: Page, button: str) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(button).first.click()


def waiting(page: Page, site: Site, lang: str) -> None:
    """Sign in where a build waits, if not yet, and stand before it."""
    at("/desk/publish", site="waiting")(page, site, lang)
    if page.locator("#password").count():
        page.fill("#name", STEWARD)
        page.fill("#password", site.password)
        send(page, "main .button")
        at("/desk/publish", site="waiting")(page, site, lang)


def tell(page: Page, site: Site, lang: str) -> None:
    """Tell a story of a few words, to stand before its receipt code."""
    press("/tell/story", ".send .button", fill={"#telling": "The made-up bus was late."})(
        page, site, lang
    )


def refused(page: Page, site: Site, lang: str) -> None:
    """Finish a telling with nothing in it; the page says in place what is missing."""
    at("/tell/story")(page, site, lang)
    page.locator(".send .button").click()
    page.locator("#problem-list").wait_for()


def my_story(page: Page, site: Site, lang: str) -> None:
    """Open a story that has come all the way."""
    press("/mine", "main .button", fill={"#code": site.receipt})(page, site, lang)
    page.locator(".own-words summary").click()


def ask_to_withdraw(page: Page, site: Site, lang: str) -> None:
    my_story(page, site, lang)
    send(page, ".journey > form .button.danger")


def withdraw(page: Page, site: Site, lang: str) -> None:
    """Tell a story and withdraw it again."""
    tell(page, site, lang)
    code = page.locator(".code").inner_text()
    press("/mine", "main .button", fill={"#code": code})(page, site, lang)
    send(page, ".button.danger")
    send(page, ".button.danger")


def read_contact(page: Page, site: Site, lang: str) -> None:
    """Give a reason and be told how to reach a teller."""
    at(f"{_REACHABLE}/contact")(page, site, lang)
    page.select_option("#reason", "asked")
    page.fill("#words", "They asked for it at the made-up meeting.")
    send(page, "main form[method=post] .button")


def key_in(page: Page, site: Site, lang: str) -> None:
    at("/desk/paper/story")(page, site, lang)
    page.fill("#telling", "Written on made-up paper.")
    send(page, "main form[method=post] .button:not([name])")


def help_opened(page: Page, site: Site, lang: str) -> None:
    at("/tell/story")(page, site, lang)
    page.locator("#help-now summary").click()


def narrowed(page: Page, site: Site, lang: str) -> None:
    at("/findings/search?language=fr")(page, site, lang)
    page.locator(".facets summary").click()


def contract(page: Page, site: Site, lang: str) -> None:
    """Write a contract where there is none yet, and read it."""
    at("/circles/contract")(page, site, lang)
    if not page.locator("article.contract").count():
        for field in ("purpose", "stake", "confidentiality", "promised"):
            page.fill(f"#{field}", "Made up, to be looked at.")
        page.check("#promise-involve")
        send(page, "main form .button")


def cycle_begun(page: Page, site: Site, lang: str) -> None:
    """Begin the cycle at hand where it has not begun."""
    contract(page, site, lang)
    at("/circles/cycle")(page, site, lang)
    if page.locator("form[action$='/cycle/start']").count():
        send(page, "form[action$='/cycle/start'] .button")


def to_close(page: Page, site: Site, lang: str) -> None:
    """Take the cycle at hand to its last phase, and ask to close it."""
    cycle_begun(page, site, lang)
    while page.locator("section > form[action$='/cycle/move'] .button").count():
        send(page, "section > form[action$='/cycle/move'] .button")
    page.locator("a[href*='/cycle/close']").click()
    page.wait_for_load_state()


def an_action(page: Page, site: Site, lang: str) -> None:
    """Keep an action that is overdue, where there is none, and open it."""
    cycle_begun(page, site, lang)
    at("/circles/actions")(page, site, lang)
    if not page.locator(".actions-list").count():
        for field, words in (("what", "Ask for the bus."), ("owner", "Example Ama")):
            page.fill(f"#{field}", words)
        page.fill("#due", "2025-01-31")
        send(page, "main form .button")
    page.locator(".actions-list th a").first.click()
    page.wait_for_load_state()


def circle(path: str = "", button: str = "") -> Callable[[Page, Site, str], None]:
    """Make the way to a page of the newest circle, opened where there is none; press a button."""

    def go(page: Page, site: Site, lang: str) -> None:
        cycle_begun(page, site, lang)
        at("/circles/run")(page, site, lang)
        if page.locator("tbody th a").count():
            page.locator("tbody th a").first.click()
        else:
            page.fill("#topic", "Made-up bus")
            send(page, "main form .button")
        page.locator(".table-code .code").wait_for()
        at(f"/circles/run/{page.url.partition('?')[0].rpartition('/')[2]}{path}")(page, site, lang)
        if button:
            send(page, button)

    return go


def new_seat(page: Page, site: Site, lang: str) -> None:
    """Take a seat at the table whose code the desk shows, as somebody who was not there before."""
    assert page.context.browser
    context = page.context.browser.new_context()
    desk = context.new_page()
    at("/desk/sign-in")(desk, site, lang)
    desk.fill("#name", FACILITATOR)
    desk.fill("#password", site.password)
    send(desk, "main .button")
    circle()(desk, site, lang)
    code = desk.locator(".table-code .code").inner_text()
    context.close()
    at("/circles")(page, site, lang)
    page.fill("#table-code", code)
    send(page, "form[action$='/join'] .button")


def first_at_table(page: Page, site: Site, lang: str) -> None:
    new_seat(page, site, lang)
    at("/circles/table")(page, site, lang)


def whole_table(page: Page, site: Site, lang: str) -> None:
    """Say one's own, and write a version where there is none."""
    first_at_table(page, site, lang)
    page.fill("#own", "Made-up bus")
    send(page, "form[action$='/own'] .button")
    if not page.locator("article.version").count():
        page.fill("#version", "Made-up road")
        send(page, "form[action$='/version'] .button")
    at("/circles/table")(page, site, lang)


def collecting(page: Page, site: Site, lang: str) -> None:
    """Have the circle collect claims."""
    circle("/items")(page, site, lang)
    if not page.locator("[name=from][value='claim write']").count():
        send(page, "form[action$='/next'] .button")


def share(page: Page, site: Site, lang: str) -> None:
    new_seat(page, site, lang)
    at("/circles/table/items")(page, site, lang)
    page.fill("#note", "Made-up nurse")
    send(page, "form[action$='/table/items'] .button")


def an_item(page: Page, site: Site, lang: str) -> None:
    """Write an item down where there is none, and open it."""
    cycle_begun(page, site, lang)
    at("/circles/items")(page, site, lang)
    if page.locator(".item-list a").count():
        page.locator(".item-list a").first.click()
        page.wait_for_load_state()
    else:
        page.fill("#words", "Made-up bus")
        send(page, "form[action$='/add'] .button")


STEWARD, FACILITATOR = "Example Steward", "Example Facilitator"
SAFEGUARDING = "Example Safeguarding"
_STORY = "/desk/stories/3"
_HELP = {"#help-name": "Made-up Mara", "#help-reach": "The library, at noon"}
#: Its teller said how to reach them.
_REACHABLE = "/desk/stories/1"

FLASK = (
    Visit("welcome", "home.welcome", at("/")),
    Visit("privacy", "privacy.notice", at("/privacy")),
    Visit("kept-privacy", "privacy.kept", at("/tell/privacy")),
    Visit("help", "helping.start", at("/help")),
    Visit("help-nobody-reads", "helping.start", at("/help", site="bare")),
    Visit("help-done", "helping.done", press("/help", "main .button.big", fill=_HELP)),
    Visit("choose", "tell.choose", at("/tell")),
    Visit("join", "tell.choose", at("/tell", site="bare")),
    Visit("join-refused", "tell.join", press("/tell", "main .button", site="bare")),
    Visit("closed", "tell.choose", at("/tell", site="closed")),
    Visit("tell-story", "tell.form", at("/tell/story")),
    Visit("tell-story-help", "tell.form", help_opened),
    Visit("tell-reflection", "tell.form", at("/tell/reflection")),
    Visit("tell-feedback", "tell.form", at("/tell/feedback")),
    Visit("tell-refused", "tell.tell", refused),
    Visit("kept-choose", "device.choose", at("/tell/shell")),
    Visit("kept-story", "device.form", at("/tell/shell/story")),
    Visit("this-tablet", "device.this_tablet", at("/tell/device")),
    Visit("paper", "tell.paper", at("/tell/story/paper")),
    Visit("done", "tell.done", tell),
    Visit("mine", "mine.start", at("/mine")),
    Visit("mine-no-code", "mine.show", press("/mine", "main .button", fill={"#code": "12"})),
    Visit("mine-unknown", "mine.show", press("/mine", "main .button", fill={"#code": "4711" * 4})),
    Visit("mine-shown", "mine.show", my_story),
    Visit("mine-withdraw", "mine.withdraw", ask_to_withdraw),
    Visit("mine-withdrawn", "mine.withdraw", withdraw),
    Visit("nowhere", "", at("/nowhere")),
    Visit("look", "looking.ask", at("/findings/", site="closed")),
    Visit(
        "look-refused",
        "looking.check_word",
        press("/findings/", "main .button", fill={"#word": "not the word"}, site="closed"),
    ),
    Visit("locked", "mine.start", at("/mine", site="locked")),
    Visit("locked-welcome", "home.welcome", at("/", site="locked")),
    Visit("unlock", "desk.unlock", at("/desk/unlock", site="locked")),
    Visit(
        "unlock-refused",
        "desk.open_inquiry",
        press("/desk/unlock", "main .button", fill={"#passphrase": "made up"}, site="locked"),
    ),
    Visit("sign-in", "desk.sign_in", at("/desk/sign-in")),
    Visit("sign-in-to-look", "desk.sign_in", at("/desk/sign-in?next=/findings/")),
    Visit(
        "sign-in-refused",
        "desk.check_password",
        press("/desk/sign-in", "main .button", fill={"#name": "Nobody", "#password": "made up"}),
    ),
    Visit("first-password", "desk.welcome", at("/desk/welcome")),
    Visit("desk", "desk.start", at("/desk/"), STEWARD),
    Visit("desk-facilitator", "desk.start", at("/desk/"), FACILITATOR),
    Visit("desk-safeguarding", "desk.start", at("/desk/"), SAFEGUARDING),
    Visit("help-asked", "desk.all_help", at("/desk/help"), SAFEGUARDING),
    Visit("account", "desk.account", at("/desk/account"), STEWARD),
    Visit("second-begun", "desk.account", second_step_begun, SAFEGUARDING),
    Visit("second-lost", "desk.second_lost", at("/desk/sign-in/lost")),
    Visit("times", "desk.times", at("/desk/times"), STEWARD),
    Visit("refused-role", "", at("/desk/audit"), FACILITATOR),
    Visit("stories", "desk.queue", at("/desk/stories"), STEWARD),
    Visit("stories-none", "desk.queue", at("/desk/stories?search=zzzz"), FACILITATOR),
    Visit("story", "desk.story", at(_STORY), STEWARD),
    Visit("story-unread", "desk.story", at("/desk/stories/1"), FACILITATOR),
    Visit("tone", "desk.tone", at(f"{_STORY}/tone"), STEWARD),
    Visit("withdraw-for-teller", "desk.ask_withdraw", at(f"{_STORY}/withdraw"), STEWARD),
    Visit("contact", "desk.contact", at(f"{_REACHABLE}/contact"), STEWARD),
    Visit("contact-shown", "desk.read_contact", read_contact, STEWARD),
    Visit("contact-readings", "desk.contact_readings", at("/desk/audit/contacts"), STEWARD),
    Visit("place", "desk.place", follow("/desk/", "main table a"), STEWARD),
    Visit("themes", "desk.all_themes", at("/desk/themes"), STEWARD),
    Visit("theme", "desk.theme", at("/desk/themes/2"), STEWARD),
    Visit("why", "desk.why", follow("/desk/themes/2", ".why"), STEWARD),
    Visit("compare", "desk.compare_themes", at("/desk/compare"), STEWARD),
    Visit("compare-shown", "desk.compare_themes", at("/desk/compare?by=kind&small=shown"), STEWARD),
    Visit("compare-changes", "desk.compare_changes", at("/desk/compare/changes"), STEWARD),
    Visit(
        "compare-changes-shown",
        "desk.compare_changes",
        at("/desk/compare/changes?by=kind&small=shown"),
        STEWARD,
    ),
    Visit("compare-words", "desk.compare_words", at("/desk/compare/words"), STEWARD),
    Visit(
        "compare-words-shown",
        "desk.compare_words",
        at("/desk/compare/words?by=kind&small=shown"),
        STEWARD,
    ),
    Visit("compare-together", "desk.compare_together", at("/desk/compare/together"), STEWARD),
    Visit(
        "compare-together-shown",
        "desk.compare_together",
        at("/desk/compare/together?small=shown"),
        STEWARD,
    ),
    Visit("run", "desk.run_status", at("/desk/themes/run"), STEWARD),
    Visit("shelf", "desk.shelf", at("/desk/themes/shelf/stands_alone"), STEWARD),
    Visit("codebook", "desk.codebook", at("/desk/codebook"), STEWARD),
    Visit("code", "desk.code", at("/desk/codebook/1"), STEWARD),
    Visit("coding", "desk.coding", at("/desk/coding"), STEWARD),
    Visit("code-next", "desk.code_next", follow("/desk/coding", "main p > .button"), FACILITATOR),
    Visit("code-story", "desk.code_story", at("/desk/coding/1?hints=yes"), STEWARD),
    Visit("code-story-move", "desk.code_story", at("/desk/coding/1?move=telling-0-9-1"), STEWARD),
    Visit("learning", "desk.learning", at("/desk/learning"), STEWARD),
    Visit("publish", "desk.publish_start", at("/desk/publish"), STEWARD),
    Visit("publish-waiting", "desk.publish_start", waiting, STEWARD),
    Visit("topics", "desk.sensitive", at("/desk/topics"), STEWARD),
    Visit("topics-of", "desk.topics_of", at("/desk/topics/theme/2"), STEWARD),
    Visit("choose-paper", "desk.choose_paper", at("/desk/paper"), STEWARD),
    Visit("key-in", "desk.paper", at("/desk/paper/story"), STEWARD),
    Visit("keyed-in", "desk.keyed_in", key_in, STEWARD),
    Visit("people", "desk.all_people", at("/desk/people"), STEWARD),
    Visit(
        "person-link",
        "desk.person_link",
        press("/desk/people", "main .panel .button", fill={"#person": "Made-up Mara"}),
        STEWARD,
    ),
    Visit("tablets", "desk.all_devices", at("/desk/devices"), STEWARD),
    Visit(
        "tablet-link",
        "desk.device_link",
        press("/desk/devices", "main .panel .button", fill={"#device": "Made-up tablet"}),
        STEWARD,
    ),
    Visit("take-away", "desk.export", at("/desk/export"), STEWARD),
    Visit("trail", "desk.trail", at("/desk/audit"), STEWARD),
    Visit("sense-making", "circles.start", at("/circles"), STEWARD),
    Visit("contract", "circles.contract", contract, STEWARD),
    Visit("contract-public", "circles.contract", at("/circles/contract")),
    Visit("cycle", "circles.cycle", cycle_begun, STEWARD),
    Visit("close-cycle", "circles.ask_close_cycle", to_close, STEWARD),
    Visit("stakeholders", "circles.stakeholders", at("/circles/stakeholders"), STEWARD),
    Visit("expectations", "circles.expectations", at("/circles/expectations"), STEWARD),
    Visit("action", "circles.action", an_action, STEWARD),
    Visit("actions", "circles.actions", at("/circles/actions"), STEWARD),
    Visit("circle", "circles.lead", circle(), STEWARD),
    Visit("circles", "circles.run", at("/circles/run"), STEWARD),
    Visit("come-to-circle", "circles.start", at("/circles")),
    Visit("your-seat", "circles.your_seat", new_seat),
    Visit("table-first", "circles.table", first_at_table),
    Visit("table-whole", "circles.table", whole_table),
    Visit("collect", "circles.collect", collecting, FACILITATOR),
    Visit("share", "circles.share", share),
    Visit("circle-words", "circles.circle_words", circle("/words"), STEWARD),
    Visit("circle-screen", "circles.screen", circle("/screen?words=yes"), STEWARD),
    Visit("circle-sheet", "circles.sheet", circle("/sheet"), STEWARD),
    Visit("circle-second-sheet", "circles.sheet", circle("/sheet?part=second"), STEWARD),
    Visit("circle-paper", "circles.circle_paper", circle("/paper"), STEWARD),
    Visit("seat-code", "circles.seat_code", circle("", "form[action$='/code'] .button"), STEWARD),
    Visit("items", "circles.items", at("/circles/items"), STEWARD),
    Visit("item", "circles.item", an_item, STEWARD),
)

#: The first parts of the addresses of the findings stand where Flask's pages have an endpoint.
FINDINGS = (
    Visit("findings", "", at("/findings/")),
    Visit("findings-before", "", at("/findings/", site="bare")),
    Visit("findings-nothing", "nothing", at("/findings/nothing")),
    Visit("findings-themes", "themes", at("/findings/themes")),
    Visit("findings-theme", "theme", follow("/findings/themes", "main .card a")),
    Visit("findings-alone", "alone", at("/findings/alone")),
    Visit("findings-no-theme", "theme", at("/findings/theme/nobody")),
    Visit("findings-search", "search", at("/findings/search")),
    Visit("findings-search-found", "search", at("/findings/search?q=bus")),
    Visit("findings-search-none", "search", at("/findings/search?q=zzzz")),
    Visit("findings-search-forgiven", "search", at("/findings/search?q=wayting+hospitul+zzzz")),
    Visit("findings-search-narrowed", "search", narrowed),
    Visit("findings-search-stories", "search", at("/findings/search/stories?q=waiting")),
    Visit("findings-questions", "questions", at("/findings/questions")),
    Visit("findings-question", "question", at("/findings/question/way?words=wait")),
    Visit("findings-stories", "stories", at("/findings/stories")),
    Visit("findings-story", "story", follow("/findings/stories", "main .card a")),
    Visit("findings-heard", "heard", at("/findings/heard")),
    Visit("findings-how", "how", at("/findings/how")),
    Visit("findings-standing", "standing", at("/findings/standing")),
    Visit("findings-agreement", "agreement", at("/findings/agreement")),
    Visit("findings-statement", "statement", follow("/findings/agreement", "main .go a")),
    Visit("findings-no-statement", "statement", at("/findings/statement/nobody")),
    Visit("findings-unresolved", "unresolved", at("/findings/unresolved")),
    Visit("findings-done", "done", at("/findings/done")),
    Visit("findings-changes", "changes", at("/findings/changes")),
    Visit("findings-about", "about", at("/findings/about")),
    Visit("findings-data", "data", at("/findings/data")),
    Visit("tables", "library", at("/findings/library")),
    Visit("table", "library", at("/findings/library/quotes")),
    Visit("table-counted", "library", at("/findings/library/quotes?_facet=language&kind=both")),
    Visit("row", "library", follow("/findings/library/quotes", "main td a")),
    Visit(
        "query", "library", at("/findings/library?sql=select+role+from+audit+limit+:most&most=3")
    ),
    Visit("query-failed", "library", at("/findings/library?sql=select+nothing")),
)
EVERY = (*FLASK, *FINDINGS)
