"""The pages of quality and of the case report, and how one comes to each."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.visits import (
    FACILITATOR,
    STEWARD,
    Site,
    Visit,
    an_item,
    at,
    circle,
    cycle_begun,
    my_story,
    send,
    whole_table,
)

BACK = "/circles/table/looking-back"


def looking_back(page: Page, site: Site, lang: str) -> None:
    whole_table(page, site, lang)
    at(BACK)(page, site, lang)


def looked_back(page: Page, site: Site, lang: str) -> None:
    """Fill in all that a member is asked at the end."""
    looking_back(page, site, lang)
    page.fill("#end", "Made-up road")
    send(page, "form[action$='/own'] .button")
    page.fill("#heard", "Made-up nurse")
    send(page, "form[action$='/others'] .button")
    page.check("#able-partly")
    page.fill("#why", "Made-up rain")
    send(page, "form[action$='/able'] .button")
    at(BACK)(page, site, lang)


def quality(page: Page, site: Site, lang: str) -> None:
    cycle_begun(page, site, lang)
    at("/circles/quality")(page, site, lang)


def doubted(page: Page, site: Site, lang: str) -> None:
    """Have a teller doubt the first use of their words."""
    my_story(page, site, lang)
    page.locator(".use summary").first.click()
    form = page.locator("form[action$='/mine/check']").first
    form.locator("[value=not_that]").check()
    form.locator("textarea").fill("Made-up nurse")
    with page.expect_navigation():
        form.locator(".button.second").click()


def checks(page: Page, site: Site, lang: str) -> None:
    """Answer whoever waits, but for one who is made to wait."""
    assert page.context.browser
    context = page.context.browser.new_context()
    doubted(context.new_page(), site, lang)
    context.close()
    at("/circles/checks")(page, site, lang)


def releases(page: Page, site: Site, lang: str) -> None:
    an_item(page, site, lang)
    at("/circles/releases")(page, site, lang)


def report(page: Page, site: Site, lang: str) -> None:
    """Ask for the report where what is unresolved is not released."""
    an_item(page, site, lang)
    at("/circles/report")(page, site, lang)


QUALITY = (
    Visit("looking-back", "circles.looking_back", looking_back),
    Visit("looked-back", "circles.looking_back", looked_back),
    Visit("looking-back-paper", "circles.back_paper", circle("/looking-back"), STEWARD),
    Visit("mine-doubted", "mine.check", doubted),
    Visit("member-checks", "circles.member_checks", checks, STEWARD),
    Visit("quality", "circles.quality", quality, STEWARD),
    Visit("releases", "circles.releases", releases, FACILITATOR),
    Visit("report", "circles.report", report, STEWARD),
)
