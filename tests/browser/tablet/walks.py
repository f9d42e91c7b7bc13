"""Steps of whole walks with a tablet: what a facilitator and tellers do, by what they can see."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from par_toolkit.storage import consents, stories
from par_toolkit.storage.database import open_database
from tests.browser.tablet.halls import ready
from tests.browser.tablet.tellers import code_of, finish, kept
from tests.faults.server import Served


@dataclass(frozen=True)
class Person:
    """One who tells: their words, group, wishes and language; none of them real."""

    telling: str
    title: str = ""
    group: str = "residents"
    wishes: Mapping[str, bool] = field(default_factory=dict)
    lang: str = "en"


def par(folder: Path, *arguments: str) -> Any:
    """Run `par … --json` as a process of its own and return what it says."""
    command = [sys.executable, "-m", "par_toolkit", "--inquiry", str(folder), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def pair_by_link(page: Page, server: Served, *, name: str = "Tablet 3") -> Any:
    """Pair the tablet as a facilitator does: add it, open its link, and wait until it is ready."""
    added = par(server.folder, "devices", "add", name, "--address", server.address)
    page.goto(added["link"])
    expect(page.locator("#pairing")).to_contain_text(name)
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ready", timeout=30_000)
    ready(page)
    return added


def tell(page: Page, server: Served, person: Person) -> str:
    """Choose the story, write, tick, and finish; return the digits of the code on the slip."""
    page.goto(f"{server.address}/tell?lang={person.lang}")
    page.locator(".way.first a").click()
    return write_and_finish(page, person)


def write(page: Page, person: Person) -> str:
    """Write in an open telling until it is kept; return the digits of its code."""
    page.wait_for_selector(".your-code")
    code = code_of(page)
    page.fill("#telling", person.telling)
    page.fill("#title", person.title)
    page.locator(f"input[name=group][value={person.group}]").check()
    for use, wish in person.wishes.items():
        page.set_checked(f"#consent-{use}", wish)
    kept(page)
    return code


def write_and_finish(page: Page, person: Person) -> str:
    """Write in an open telling and finish it; return the digits of the code on the slip."""
    code = write(page, person)
    assert finish(page) == code
    return code


def hand_over(page: Page) -> None:
    """Leave the slip as the last thing a person does."""
    page.locator("[data-hand-over]").click()
    page.wait_for_url(re.compile(r"/tell(\?.*)?$"))


def waiting(page: Page) -> tuple[int, int]:
    """Return how many stories wait on the tablet to be sent, and how many were refused."""
    found = page.evaluate(
        """async () => {
            const {summary} = await import("/static/js/tablet/queue.js");
            const {waiting, quarantined} = await summary();
            return [waiting, quarantined];
        }"""
    )
    return found[0], found[1]


def told(folder: Path) -> list[Person]:
    """Return what the inquiry keeps, as the people who told it, by their words."""
    with open_database(folder) as db:
        assert db.value("select count(*) from siblings") == 0
        found = [
            Person(
                story.answers["telling"],
                story.answers.get("title", ""),
                story.answers["group"],
                consents.today(db, story.id),
                story.language,
            )
            for story in stories.listing(db)
        ]
    return sorted(found, key=lambda one: one.telling)


def send_all(page: Page, server: Served) -> None:
    """Open the page of this tablet, press the button, and wait until nothing waits."""
    page.goto(f"{server.address}/tell/device")
    page.locator("#send").click()
    expect(page.locator("#waiting")).to_have_text("Nothing", timeout=30_000)
