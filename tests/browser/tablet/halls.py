"""What the tests of a tablet's pages share: being ready, pairing, and looking at what is kept."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

LOOK = """async () => {
    const names = (await caches.keys()).filter(name => name.startsWith("par-kit-"));
    const kept = {};
    for (const name of names) {
        const cache = await caches.open(name);
        kept[name] = (await cache.keys()).map(request => request.url.replace(location.origin, ""));
    }
    return kept;
}"""

#: Resolves once a worker is at work whose kit is whole; gives its version.
READY = """async () => {
    const registration = await navigator.serviceWorker.ready;
    for (;;) {
        const found = await new Promise(resolve => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = event => resolve(event.data);
            registration.active.postMessage("about", [port2]);
        });
        if (!found.missing.length && registration.active.state === "activated") {
            return found.version;
        }
        await new Promise(resolve => setTimeout(resolve, 20));
    }
}"""


def ready(page: Page) -> str:
    """Wait until everything is kept; return the version of the kit."""
    return str(page.evaluate(READY))


def kept(page: Page) -> dict[str, list[str]]:
    """List the addresses in each kit the browser keeps, by the name of its cache."""
    found: dict[str, list[str]] = page.evaluate(LOOK)
    return found


def pair(page: Page, address: str, token: str, *, lang: str = "en") -> None:
    """Open the link of a pairing and wait until the tablet says that it is ready."""
    page.goto(f"{address}/tell/device?lang={lang}#{token}")
    expect(page.locator("#pairing")).to_contain_text("Tablet 3")
    expect(page.locator("[data-check=kit]")).to_have_attribute("data-state", "good")


def stored(page: Page) -> Any:
    """Return what the store of the pages keeps under `device`; None where there is none."""
    return page.evaluate(
        """async () => {
            const {getSetting} = await import("/static/js/tablet/store.js");
            return (await getSetting("device")) ?? null;
        }"""
    )
