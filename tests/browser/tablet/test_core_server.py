"""A tablet's browser and the real server: what was told arrives, once, and opens there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from par_toolkit import sealing
from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices, inbox, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.tablet.core import LOAD, Open
from tests.faults.server import Served, served

CODE = "1234567812345678"


@pytest.fixture
def hall(inquiry: Inquiry) -> Iterator[Served]:
    with served(inquiry.folder) as server:
        yield server


@pytest.fixture
def tablet(new_page: Open, hall: Served, db: PrivateDatabase) -> Iterator[Page]:
    """A paired browser on a page that runs nothing by itself, with all that it needs loaded."""
    page = new_page()
    page.goto(f"{hall.address}/static/favicon.svg")
    run(page, "await Promise.all(given.map(load))", ["codes", "queue", "sender"])
    run(page, "await (await load('sealing')).warmUp()")
    run(page, "await (await load('pairing')).pair(given)", devices.add(db, "Tablet 3"))
    yield page
    problems: list[str] = page.problems  # type: ignore[attr-defined]
    problems[:] = [line for line in problems if "Failed to load resource" not in line]


def run(page: Page, body: str, given: Any = None) -> Any:
    return page.evaluate(f"async (given) => {{ {LOAD} {body} }}", given)


def finish(page: Page, telling: str, **changes: Any) -> str:
    """Finish a story of the shipped form and return its uuid."""
    story = {
        "form": "story",
        "form_version": 1,
        "language": "en",
        "receipt": CODE,
        "answers": {"telling": telling, "kind": "success", "group": "residents"},
        "consent": {
            **dict.fromkeys(("analyse", "quote", "publish", "contact"), False),
            "wording": 1,
        },
    }
    done = run(
        page,
        """
        const uuid = (await load('codes')).newUuid();
        return (await load('queue')).finish(null, given, { uuid });
        """,
        story | changes,
    )
    return str(done["uuid"])


def send(page: Page) -> Any:
    return run(page, "return (await load('sender')).sendNow()")


def waiting(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(page, "return (await load('queue')).entries()")
    return found


def told(db: PrivateDatabase) -> dict[str, str]:
    """Return what the server has: uuid -> telling."""
    return {story.uuid: story.answers["telling"] for story in stories.listing(db)}


def test_what_was_finished_while_the_server_was_stopped_arrives_once_it_is_back(
    tablet: Page, hall: Served, db: PrivateDatabase
) -> None:
    hall.stop()
    tellings = ["The heron stood in the yard.", "Ein ä, ein 🐦.", "x" * 300_000]
    expected = {finish(tablet, telling): telling for telling in tellings}
    assert send(tablet) == {"sent": 0, "waiting": 3, "state": "offline"}
    hall.start()
    assert send(tablet) == {"sent": 3, "waiting": 0, "state": "sent"}
    assert told(db) == expected
    report = run(tablet, "return (await load('pairing')).arrivals()")
    assert (report["arrived"], report["of"], report["missing"]) == (3, 3, [])


def test_promise_02_an_answer_that_was_lost_on_the_way_makes_no_second_story(
    tablet: Page, db: PrivateDatabase
) -> None:
    finish(tablet, "The bridge is open again.")

    def lose(route: Any) -> None:
        route.fetch()
        route.abort("connectionreset")

    tablet.route("**/api/stories/*", lose)
    assert send(tablet)["waiting"] == 1
    assert stories.count(db) == 1
    tablet.unroute("**/api/stories/*")
    assert send(tablet) == {"sent": 1, "waiting": 0, "state": "sent"}
    assert stories.count(db) == 1


def test_a_locked_inquiry_takes_what_it_cannot_open(
    tablet: Page, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    sealing.put_away(inquiry.folder, tmp_path / "stick")
    finish(tablet, "The bridge is open again.")
    assert send(tablet) == {"sent": 1, "waiting": 0, "state": "sent"}
    assert (stories.count(db), len(inbox.ids(db))) == (0, 1)


def test_promise_06_what_was_withdrawn_before_it_arrived_is_shredded(
    tablet: Page, db: PrivateDatabase
) -> None:
    withdrawals.withdraw(db, CODE)
    finish(tablet, "The bridge is open again.")
    assert send(tablet) == {"sent": 0, "waiting": 0, "state": "sent"}
    assert waiting(tablet) == []
    assert stories.count(db) == 0


def test_a_revoked_tablet_keeps_its_queue_and_sends_it_when_it_is_paired_again(
    tablet: Page, db: PrivateDatabase
) -> None:
    uuids = {finish(tablet, f"Story {n}.") for n in range(3)}
    devices.revoke(db, 1)
    assert send(tablet) == {"sent": 0, "waiting": 3, "state": "pair_again"}
    assert {entry["uuid"] for entry in waiting(tablet)} == uuids
    token = devices.grouped(devices.add(db, "Tablet 3")).upper()
    run(tablet, "await (await load('pairing')).pair(given)", token)
    assert send(tablet) == {"sent": 3, "waiting": 0, "state": "sent"}
    assert set(told(db)) == uuids


def test_promise_16_a_refused_story_says_why_and_the_others_go_on(
    tablet: Page, db: PrivateDatabase
) -> None:
    refused = finish(tablet, "", answers={"telling": ""})
    accepted = finish(tablet, "The bridge is open again.")
    assert send(tablet) == {"sent": 1, "waiting": 0, "state": "refused"}
    (entry,) = waiting(tablet)
    assert (entry["uuid"], entry["status"]) == (refused, 422)
    assert len(entry["reason"]) > 20
    assert set(told(db)) == {accepted}


def test_promise_16_a_story_of_a_million_letters_goes_and_one_too_large_says_so(
    tablet: Page, db: PrivateDatabase
) -> None:
    long = finish(tablet, "x" * 1_000_000)
    large = finish(tablet, "x" * 9_000_000)
    assert send(tablet) == {"sent": 1, "waiting": 0, "state": "refused"}
    assert set(told(db)) == {long}
    (entry,) = waiting(tablet)
    assert (entry["uuid"], entry["status"]) == (large, 413)


def test_promise_16_the_file_of_a_tablet_brings_its_stories_in(
    tablet: Page, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    uuids = {finish(tablet, f"Story {n}.") for n in range(2)}
    text = run(tablet, "return (await (await load('queue')).exportFile()).text()")
    assert len(json.loads(text)["stories"]) == 2
    file = tmp_path / "par-waiting.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["--inquiry", str(inquiry.folder), "import", str(file)])
    assert ended.value.code == 0
    assert set(told(db)) == uuids
    # The tablet may send them all the same: each is there once.
    assert send(tablet) == {"sent": 2, "waiting": 0, "state": "sent"}
    assert set(told(db)) == uuids
