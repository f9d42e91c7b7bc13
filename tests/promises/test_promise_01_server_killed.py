"""Promise 1, at the server's own door: kill -9 under load, and nothing acknowledged is missing."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from par_toolkit.storage import devices
from par_toolkit.storage.database import open_database
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


def kill_again_and_again(folder: Path, *, rounds: int, recipient: str | None = None) -> int:
    """Kill the server `rounds` times under load; return how many stories came through.

    Half of the tablets send sealed stories where there is a `recipient`. After each kill, what had
    been acknowledged until then is looked for; at the end, everything that was told.
    """
    with open_database(folder) as db:
        tokens = [devices.add(db, f"Tablet {number}") for number in range(TABLETS)]
    tablets = [
        Tablet(token, random.Random(number), recipient=recipient if number % 2 else None)
        for number, token in enumerate(tokens)
    ]
    server = Served(folder)
    server.start()
    try:
        with under_load(tablets, server.address):
            for number in range(rounds):
                time.sleep(random.Random(number).uniform(0.05, 0.5))
                server.kill()
                acknowledged = [replace(one, told=dict(one.acknowledged)) for one in tablets]
                assert not missing(folder, acknowledged), f"after kill {number}"
                server.start()
    finally:
        server.stop()
    server.check_log()
    with open_database(folder) as db:
        assert db.value("pragma integrity_check") == "ok"
        assert db.consistent()
        wrong = [compare(db, device_of(db, one), one) for one in tablets]
    assert not any(wrong), wrong
    assert not any(one.queue for one in tablets), "all of it came through in the end"
    return sum(len(one.acknowledged) for one in tablets)


def missing(folder: Path, tablets: list[Tablet]) -> list[str]:
    """Return the uuids that were acknowledged and are not on disk."""
    with open_database(folder) as db:
        kept = {row["uuid"] for row in db.rows("select uuid from stories")}
    return [one for tablet in tablets for one in tablet.told if one not in kept]


def device_of(db: Any, tablet: Tablet) -> devices.Device:
    device = devices.by_token(db, tablet.token)
    assert device is not None
    return device


def test_promise_01_the_server_is_killed_under_eight_tablets(inquiry: Any) -> None:
    assert kill_again_and_again(inquiry.folder, rounds=5) > TABLETS


@pytest.mark.long
def test_promise_01_the_server_is_killed_fifty_times(inquiry: Any) -> None:
    assert kill_again_and_again(inquiry.folder, rounds=50) > 50 * TABLETS
