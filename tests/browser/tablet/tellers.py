"""One tablet in a real browser with a real server: pairing, telling, and looking into it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from playwright.sync_api import Error, Page, expect

MODULE = "const load = name => import(`/static/js/tablet/${name}.js`);"

#: All that a page could show the next person: the page itself, its fields, its address, its memory
#: of the history, and all that the browser keeps for it that can be read as text.
_EVERYTHING = """async () => {
    const told = [document.documentElement.outerHTML, location.href, document.title];
    told.push(JSON.stringify(history.state), document.cookie);
    for (const field of document.querySelectorAll("input, textarea, select"))
        told.push(field.value, field.defaultValue || "");
    for (const shelf of [localStorage, sessionStorage]) told.push(JSON.stringify({...shelf}));
    const asText = bytes => ["latin1", "utf-16le"]
        .map(name => new TextDecoder(name).decode(bytes)).join("");
    const written = (key, value) => value instanceof Uint8Array ? asText(value) : value;
    for (const {name, version} of await indexedDB.databases()) {
        const db = await new Promise((resolve, reject) => {
            const asked = indexedDB.open(name, version);
            asked.onsuccess = () => resolve(asked.result);
            asked.onerror = () => reject(asked.error);
        });
        for (const store of db.objectStoreNames) {
            const all = method => new Promise((resolve, reject) => {
                const asked = db.transaction(store).objectStore(store)[method]();
                asked.onsuccess = () => resolve(asked.result);
                asked.onerror = () => reject(asked.error);
            });
            told.push(JSON.stringify([await all("getAllKeys"), await all("getAll")], written));
        }
        db.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys())
            told.push(request.url, await (await cache.match(request)).text());
    }
    return told.join("\\n");
}"""


def pair(page: Page, address: str, token: str) -> None:
    """Pair the browser of `page` with the inquiry at `address`, as the link does."""
    page.goto(f"{address}/tell")
    page.evaluate(
        f"async token => {{ {MODULE} await (await load('pairing')).pair(token); }}", token
    )


def open_telling(page: Page, address: str, form: str = "story", lang: str = "en") -> str:
    """Open a telling and return the digits of its code once they are shown."""
    page.goto(f"{address}/tell/{form}?lang={lang}")
    return code_of(page)


def code_of(page: Page) -> str:
    """Return the digits of the code at the top of a telling or on a slip."""
    return re.sub(r"\D", "", page.locator(".code").first.inner_text())


def kept(page: Page) -> None:
    """Wait until what was written is kept."""
    expect(page.locator(".pause [role=status]")).not_to_be_empty(timeout=30_000)


def finish(page: Page) -> str:
    """Press the button at the end; return the digits of the code on the slip."""
    page.locator(".send .button").click()
    page.wait_for_selector("#slip")
    return code_of(page)


def go_on(page: Page, code: str) -> None:
    """Type a code where a telling is gone on with, and press the button."""
    page.fill("#waiting-code", code)
    page.locator(".code-form .button").click()


def drafts(page: Page) -> int:
    """Count the drafts that wait in this browser."""
    script = f"async () => {{ {MODULE} return (await load('drafts')).count(); }}"
    return int(page.evaluate(script))


def queue(page: Page) -> list[dict[str, Any]]:
    """Return what may be shown of the stories that wait in this browser."""
    script = f"async () => {{ {MODULE} return (await load('queue')).entries(); }}"
    return list(page.evaluate(script))


def wait_until_sent(page: Page) -> None:
    """Wait until nothing waits in this browser; the page may load anew meanwhile."""
    for _ in range(120):
        with suppress(Error):
            if not queue(page):
                return
        page.wait_for_timeout(250)
    raise AssertionError(f"Something still waits: {queue(page)}")


def everything(page: Page) -> str:
    """Return all text that this page and its browser hold."""
    return str(page.evaluate(_EVERYTHING))


def forgive_network(page: Page) -> None:
    """Take the browser's own lines about a server that was stopped off the list of problems."""
    if not page.is_closed():
        page.goto("about:blank")  # so that no line comes later
    problems: list[str] = page.problems  # type: ignore[attr-defined]
    problems[:] = [line for line in problems if "net::ERR_" not in line]
