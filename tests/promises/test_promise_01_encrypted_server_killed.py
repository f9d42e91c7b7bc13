"""Promise 1 where nobody has given the passphrase: kill -9 under load, and nothing is missing."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from par_toolkit import sealing
from par_toolkit.inquiry import load
from par_toolkit.storage import devices, letterbox, vault
from par_toolkit.storage.database import open_database
from tests import locked
from tests.faults.server import Served
from tests.faults.tablet import Tablet
from tests.promises.test_promise_01_server_killed import TABLETS, check_all, under_load


def kill_again_and_again(folder: Path, *, rounds: int) -> int:
    """Kill the server of an encrypted inquiry, which stays locked, `rounds` times under load.

    After each kill, what had been acknowledged until then is looked for in the letterbox; at the
    end all of it is brought in and compared with what was told. Return how many came through.
    """
    recipient = sealing.recipient(folder)
    with open_database(folder) as db:
        tokens = [devices.add(db, f"Tablet {number}") for number in range(TABLETS)]
    vault.lock(folder)
    tablets = [
        Tablet(token, random.Random(number), recipient) for number, token in enumerate(tokens)
    ]
    server = Served(folder, "--locked")
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
    vault.unlock(folder, locked.PASSPHRASE)
    with open_database(folder) as db:
        assert letterbox.bring_in(db) >= sum(len(one.acknowledged) for one in tablets)
    check_all(load(folder), tablets, key=None)
    return sum(len(one.acknowledged) for one in tablets)


def missing(folder: Path, tablets: list[Tablet]) -> list[str]:
    """Return the uuids that were acknowledged and are not in the letterbox."""
    acknowledged = [uuid for tablet in tablets for uuid in list(tablet.acknowledged)]
    return [uuid for uuid in acknowledged if not letterbox.holds(folder, uuid)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an encrypted inquiry, open in this program."""
    return locked.new_inquiry(tmp_path / "encrypted", monkeypatch)


def test_promise_01_the_server_of_an_encrypted_inquiry_is_killed(folder: Path) -> None:
    assert kill_again_and_again(folder, rounds=2) > TABLETS


@pytest.mark.long
def test_promise_01_the_server_of_an_encrypted_inquiry_is_killed_two_hundred_times(
    folder: Path,
) -> None:
    assert kill_again_and_again(folder, rounds=200) > 100


def test_promise_01_a_missing_sealed_story_is_caught(folder: Path) -> None:
    """The same look sees a story that was acknowledged and then is not there."""
    tablet = Tablet("none", random.Random(1), sealing.recipient(folder))
    story = tablet.tell()
    tablet.acknowledged[story.uuid] = story
    assert missing(folder, [tablet]) == [story.uuid]
