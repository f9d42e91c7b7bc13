"""What every page is held to: no errors in the console, and nothing that axe finds fault with."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

#: WCAG 2.2 at A and AA is built up from the rules of each version before it.
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def watch(page: Page) -> list[str]:
    """Return a list that fills with each script error, console error and CSP violation on `page`.

    Chromium also logs an error for every page that is answered with 4xx. A refused form is such a
    page and meant to be one, whether the browser or a script posted it, so that line is left out;
    for anything the page loads it stays in.
    """
    problems: list[str] = []
    visited: set[str] = set()

    def on_response(response: Response) -> None:
        if response.request.is_navigation_request() or response.request.method == "POST":
            visited.add(response.url)

    def on_console(message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource: the server responded with")
        if message.type == "error" and not (refused and message.location["url"] in visited):
            problems.append(f"{page.url}: {message.text}")

    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    return problems


def check_axe(page: Page) -> None:
    """Fail with a list of all that axe finds wrong on `page` as it now stands."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_RULES}})
    lines = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        f"    {' '.join(map(str, node['target']))}\n    {node['html'][:300]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
    assert not lines, f"axe on {page.url}:\n" + "\n".join(lines)
