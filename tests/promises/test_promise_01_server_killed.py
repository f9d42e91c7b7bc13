"""Promise 1, at the server's own door: kill -9 under load, and nothing acknowledged is missing."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from par_toolkit import sealing
from par_toolkit.storage import accounting, devices, inbox
from par_toolkit.storage.database import open_database
from par_toolkit.web import intake
from tests.faults.runs import compare, new_client
from tests.faults.server import Served
from tests.faults.tablet import Tablet

TABLETS = 8
#: What waits on a tablet at most while the server is away.
MOST_WAITING = 5
#: Seconds between two tries of a tablet that the server does not answer.
PAUSE = 0.02


@contextmanager
def under_load(tablets: list[Tablet], address: str) -> Iterator[None]:
    """Let all tablets tell and send all the time; at the end each sends until nothing waits."""
    ending, broken = Event(), Event()

    async def work(tablet: Tablet) -> None:
        async with new_client(address) as client:
            while (tablet.queue or not ending.is_set()) and not broken.is_set():
                if not ending.is_set() and len(tablet.queue) < MOST_WAITING:
                    tablet.tell()
                before = len(tablet.queue)
                await tablet.send_round(client)
                if len(tablet.queue) == before:
                    await asyncio.sleep(PAUSE)

    async def all_of_them() -> None:
        await asyncio.gather(*(work(tablet) for tablet in tablets))

    thread = Thread(target=asyncio.run, args=(all_of_them(),))
    thread.start()
    try:
        yield
    except BaseException:
        broken.set()  # nothing would be sent any more: do not wait for it
        raise
    finally:
        ending.set()
        thread.join(timeout=120)
        broken.set()


def kill_again_and_again(
    inquiry: Any, *, rounds: int, locked_by: Path | None = None
) -> dict[str, int]:
    """Kill the server `rounds` times under load; return how many stories came through, by kind.

    Half of the tablets send sealed stories. With `locked_by` all do, and nobody can open them
    until the key is back from there. After each kill, what had been acknowledged until then is
    looked for; at the end, everything that was told.
    """
    folder = inquiry.folder
    sealing.make_keys(folder)
    recipient = sealing.recipient(folder)
    if locked_by:
        sealing.put_away(folder, locked_by)
    with open_database(folder) as db:
        tokens = [devices.add(db, f"Tablet {number}") for number in range(TABLETS)]
    tablets = [
        Tablet(token, random.Random(number), recipient if locked_by or number % 2 else None)
        for number, token in enumerate(tokens)
    ]
    server = Served(folder)
    server.start()
    try:
        with under_load(tablets, server.address):
            for number in range(rounds):
                time.sleep(random.Random(number).uniform(0.05, 0.5))
                server.kill()
                assert not missing(folder, tablets), f"after kill {number}"
                server.start()
    finally:
        server.stop()
    server.check_log()
    check_all(inquiry, tablets, key=sealing.read_key(locked_by) if locked_by else None)
    return {
        kind: sum(len(one.acknowledged) for one in tablets if bool(one.recipient) == sealed)
        for kind, sealed in (("json", False), ("sealed", True))
    }


def missing(folder: Path, tablets: list[Tablet]) -> list[str]:
    """Return the uuids that were acknowledged and are not on disk."""
    acknowledged = [uuid for tablet in tablets for uuid in list(tablet.acknowledged)]
    with open_database(folder) as db:
        kept = {
            row["uuid"] for row in db.rows("select uuid from stories union select uuid from inbox")
        }
    return [uuid for uuid in acknowledged if uuid not in kept]


def check_all(inquiry: Any, tablets: list[Tablet], *, key: str | None) -> None:
    """Open what is sealed, and compare everything that was told with everything that is kept."""
    with open_database(inquiry.folder) as db:
        assert db.value("pragma integrity_check") == "ok"
        assert db.consistent()
        assert not intake.open_inbox(db, inquiry, key=key).refusals
        assert inbox.waits(db).stories == 0
        wrong = [compare(db, device_of(db, one), one) for one in tablets]
        assert accounting.account(db).balanced
    assert not any(wrong), wrong
    assert not any(one.queue for one in tablets), "all of it came through in the end"


def device_of(db: Any, tablet: Tablet) -> devices.Device:
    device = devices.by_token(db, tablet.token)
    assert device is not None
    return device


def test_promise_01_the_server_is_killed_under_eight_tablets(inquiry: Any) -> None:
    kept = kill_again_and_again(inquiry, rounds=5)
    assert min(kept.values()) > TABLETS, kept


def test_promise_01_the_server_of_a_locked_inquiry_is_killed(inquiry: Any, tmp_path: Path) -> None:
    kept = kill_again_and_again(inquiry, rounds=3, locked_by=tmp_path / "stick.key")
    assert kept["json"] == 0 and kept["sealed"] > TABLETS, kept


@pytest.mark.long
def test_promise_01_the_server_is_killed_two_hundred_times(inquiry: Any) -> None:
    kept = kill_again_and_again(inquiry, rounds=200)
    assert min(kept.values()) > 200, kept


@pytest.mark.long
def test_promise_01_the_server_of_a_locked_inquiry_is_killed_two_hundred_times(
    inquiry: Any, tmp_path: Path
) -> None:
    kept = kill_again_and_again(inquiry, rounds=200, locked_by=tmp_path / "stick.key")
    assert kept["sealed"] > 100, kept


def test_promise_01_a_missing_story_is_caught(inquiry: Any) -> None:
    """The same look sees a story that was acknowledged and then is not there."""
    tablet = Tablet("none", random.Random(1))
    story = tablet.tell()
    tablet.acknowledged[story.uuid] = story
    assert missing(inquiry.folder, [tablet]) == [story.uuid]
