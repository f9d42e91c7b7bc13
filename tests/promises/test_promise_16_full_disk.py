"""Promises 1 and 16 on a full disk: only clear answers, nothing acknowledged lost, no restart.

With `--full-disk FILE` the tests of the web try each change on a full disk before they make it. The
long run does so for all of them; the short one for the ways in which people's words come and go.
"""

from __future__ import annotations

import functools
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit import sealing
from par_toolkit.storage import devices, stories, tombstones
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import DiskFull
from par_toolkit.storage.stories import Kept
from par_toolkit.web import intake
from tests.faults.full_disk import LATER, NO_ROOM, full_disk, trying_first
from tests.faults.runs import compare
from tests.faults.server import served
from tests.faults.tablet import Story, Tablet
from tests.promises.test_promise_01_server_killed import device_of, under_load
from tests.sealed import SealingTablet
from tests.web import pages
from tests.web.test_web_api import story

resource = pytest.importorskip("resource")

ROOT = Path(__file__).parents[2]
CODE = "4711471147114711"
#: These count how often somebody tried; with each try doubled they count to twice as many.
COUNTING = (
    "slowed or whatever_others_try or test_web_limits or commits_to_the_disk or "
    "test_web_protocol or test_web_quick or another_site"
)


def test_promise_16_telling_and_taking_back_on_a_full_disk_is_507(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trying_first(monkeypatch) as seen:
        code = pages.tell(client, "The bell rang.")
        mine = pages.forms_of(pages.show_mine(client, code))
        client.post("/mine/consent", data=mine["/mine/consent"].fields | {"consent-quote": "yes"})
        taken_back = mine["/mine/withdraw"].fields | {"confirmed": "yes"}
        assert client.post("/mine/withdraw", data=taken_back).status_code == 200
    assert not seen.wrong
    assert seen.no_room == {"tell.tell", "mine.consent", "mine.withdraw"} == seen.changing


@pytest.mark.parametrize("way", ["json", "sealed", "locked"])
def test_promise_16_a_tablet_is_told_507_and_tries_again(
    app: Flask, db: PrivateDatabase, inquiry: Any, tmp_path: Path, way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sealing.make_keys(inquiry.folder)
    tablet = SealingTablet(app.test_client(), devices.add(db, "Made-up tablet"), inquiry.folder)
    body = tablet.seal(story())
    if way == "locked":
        sealing.put_away(inquiry.folder, tmp_path / "stick.key")
    with trying_first(monkeypatch) as seen:
        answer = tablet.put(story()) if way == "json" else tablet.send(body)
    assert answer.status_code in (201, 202) and answer.get_json()["stored"]
    assert not seen.wrong
    assert seen.no_room == {"api.put_story"} == seen.changing


def test_promise_16_other_words_under_a_known_uuid_are_not_called_kept(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same telling sent twice, the second time with a word more: no slip says that it came."""
    fields = pages.open_telling(client) | {"telling": "The bell rang."}
    assert pages.send(client, "/tell/story", fields).status_code == 303
    with full_disk():
        again = pages.send(client, "/tell/story", fields | {"telling": "The bell rang twice."})
        same = pages.send(client, "/tell/story", fields)
    assert again.status_code == NO_ROOM
    assert "twice" not in again.get_data(as_text=True), "the next person may have pressed Back"
    assert same.status_code == 303, "that one is on disk"


def test_promise_06_a_line_of_the_ledger_that_had_no_room_swallows_no_other(
    db: PrivateDatabase,
) -> None:
    """A restore reads the ledger: what follows a line that was cut short must be found in it."""
    ledger = db.folder / "backups" / tombstones.LEDGER
    tombstones.add(db, "a" * 64, "story")
    with full_disk(), pytest.raises(DiskFull):
        tombstones.add(db, "b" * 64, "story")
    ledger.write_bytes(ledger.read_bytes() + b'{"kind": "sto')
    tombstones.add(db, "c" * 64, "story")
    marks = [entry["mark"][0] for entry in tombstones.read_ledger(ledger)]
    assert marks == ["a", "c"] == [entry["mark"][0] for entry in tombstones.entries(db)]


@dataclass
class Answers(Tablet):
    """A tablet that counts what it is answered, since it was last looked at and ever."""

    statuses: Counter[int] = field(default_factory=Counter)
    seen: set[int] = field(default_factory=set)

    def take(self, story: Story, status: int, answer: Mapping[str, Any]) -> None:
        """Note the status, and do as other tablets do."""
        self.statuses[status] += 1
        self.seen.add(status)
        super().take(story, status, answer)


def test_promise_16_a_server_on_a_full_disk_goes_on_when_there_is_room(inquiry: Any) -> None:
    """Tablets send all the time while the disk fills up, is full, and has room again."""
    sealing.make_keys(inquiry.folder)
    with open_database(inquiry.folder) as db:
        tokens = [devices.add(db, f"Tablet {number}") for number in range(4)]
    recipient = sealing.recipient(inquiry.folder)
    tablets = [
        Answers(token, random.Random(number), recipient if number % 2 else None)
        for number, token in enumerate(tokens)
    ]
    with served(inquiry.folder) as server, under_load(list(tablets), server.address):
        pid = server.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        for room in (200_000, 0, 50_000):
            log = inquiry.folder / "private.db-wal"
            size = (log.stat().st_size if log.exists() else 0) + room if room else 0
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
            until(lambda: all(tablet.statuses[NO_ROOM] > 2 for tablet in tablets))
            pages_there = httpx.get(f"{server.address}/tell/story", trust_env=False)
            assert pages_there.status_code == 200, "whoever opens a telling meanwhile can read it"
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
            for tablet in tablets:
                tablet.statuses.clear()
            until(lambda: all(tablet.statuses[201] or tablet.statuses[202] for tablet in tablets))
    assert {status for tablet in tablets for status in tablet.seen} <= {200, 201, 202, NO_ROOM}
    with open_database(inquiry.folder) as db:
        assert db.sound() and db.consistent()
        intake.open_inbox(db, inquiry)
        assert not [found for one in tablets for found in compare(db, device_of(db, one), one)]
    assert all(tablet.acknowledged and not tablet.queue for tablet in tablets)


def until(reached: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until something is so; fail where it never is."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


@pytest.mark.long
def test_promise_16_every_change_that_the_web_makes_is_tried_on_a_full_disk(
    app: Flask, tmp_path: Path
) -> None:
    noted = tmp_path / "noted.txt"
    command = [sys.executable, "-m", "pytest", "-q", "tests/web", "--full-disk", str(noted)]
    ran = subprocess.run(
        [*command, "-k", f"not ({COUNTING})", "--basetemp", str(tmp_path / "web")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout[-8000:]
    seen = {tuple(line.split()) for line in noted.read_text("utf-8").splitlines()}
    no_room = {where for what, where in seen if what == "no-room"}
    changing = {where for what, where in seen if what == "changing"}
    # the sentence of the last says that there is no room, and that what is live stays as it was
    assert changing - no_room <= LATER | {"desk.publish"}
    unsafe = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if {"POST", "PUT"} & (rule.methods or set())
    }
    print(f"Not seen to change anything: {sorted(unsafe - changing)}")
    assert len(changing) > 100


def test_promise_16_what_is_called_done_on_a_full_disk_is_caught(
    client: FlaskClient, app: Flask, tell: Callable[..., Kept], db: PrivateDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The check of these tests sees a view that says 'kept' whatever becomes of it."""
    from par_toolkit.web import mine

    kept = tell("Stays.", receipt=CODE)
    shown = pages.forms_of(pages.show_mine(client, CODE))["/mine/consent"].fields

    @functools.wraps(mine.consent)
    def careless() -> tuple[str, int]:
        try:
            with db.writing():
                db.change("update counters set value = value + 1")
        except DiskFull:
            pass
        return "Kept.", 200

    app.view_functions["mine.consent"] = careless
    with trying_first(monkeypatch) as seen:
        client.post("/mine/consent", data=shown)
    assert seen.wrong == ["mine.consent: 200 on a full disk, but nothing was kept"]
    assert stories.ids(db) == [kept.story_id]
