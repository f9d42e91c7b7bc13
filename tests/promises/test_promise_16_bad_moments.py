"""Promises 1 and 16 at other bad moments: a wrong clock, a folder that is read-only, a crowd."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from par_toolkit.storage import audit, devices, receipts, stories, withdrawals
from par_toolkit.storage.database import open_database
from tests.browser.server import free_port, wait_until_healthy
from tests.faults.power_cut import compiled
from tests.faults.runs import compare, new_client
from tests.faults.server import served
from tests.faults.tablet import Tablet
from tests.promises.test_promise_01_server_killed import device_of
from tests.web import pages

CLOCK = Path(__file__).parents[1] / "faults" / "other_clock.c"
TWO_YEARS = 2 * 365 * 86_400
#: How many press the button at once, in the short run and in the long one.
CROWDS = [60, pytest.param(500, marks=pytest.mark.long)]
CODE = "4711471147114711"


def run_with_clock(folder: Path, seconds: int, place: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start `par` on a machine whose clock is off by so many seconds."""
    library = compiled(CLOCK, place)
    environment = {**os.environ, "LD_PRELOAD": str(library), "OTHER_CLOCK": str(seconds)}
    command = [sys.executable, "-m", "par_toolkit", "--inquiry", str(folder), *words]
    with (place / "par.log").open("ab") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


@contextmanager
def served_with_clock(folder: Path, seconds: int, place: Path) -> Iterator[str]:
    """Serve an inquiry on a machine whose clock is off; give its address."""
    port = free_port()
    process = run_with_clock(folder, seconds, place, "serve", "--port", str(port))
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process=process, log=place / "par.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def send(tablet: Tablet, address: str) -> None:
    """Tell three stories and send them, once."""

    async def once() -> None:
        async with new_client(address) as client:
            await tablet.send_round(client)

    for _ in range(3):
        tablet.tell()
    asyncio.run(once())
    assert not tablet.queue, "each was acknowledged"


@pytest.mark.parametrize("seconds", [TWO_YEARS, -TWO_YEARS], ids=["ahead", "behind"])
def test_promise_16_a_clock_two_years_off_loses_and_erases_nothing(
    inquiry: Any, tell: Any, tmp_path: Path, seconds: int
) -> None:
    """Told yesterday, and again on a machine whose clock is wrong since."""
    tell("Told yesterday.")
    with open_database(inquiry.folder) as db:
        tablet = Tablet(devices.add(db, "Made-up tablet"), random.Random(1))
    with served_with_clock(inquiry.folder, seconds, tmp_path) as address:
        send(tablet, address)
    run_with_clock(inquiry.folder, seconds, tmp_path, "check").wait(60)
    log = (tmp_path / "par.log").read_text("utf-8")
    assert "Traceback" not in log
    if seconds < 0:
        assert "Set its clock" in log
    tell("Told when the clock was right again.")
    with open_database(inquiry.folder) as db:
        told = [row["at"][:4] for row in db.rows("select told_at as at from stories order by id")]
        year = str(datetime.now(UTC).year)
        assert told[0] == told[-1] == year and len(told) == 5 and year not in told[1:-1]
        assert not compare(db, device_of(db, tablet), tablet)
        assert audit.verify(db).whole and db.sound()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write in a folder, not even the system's administrator."""
    if os.geteuid():
        changed = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
        files = [path for path in folder.rglob("*") if path.is_file()]
        for path in [*files, *changed]:
            path.chmod(path.stat().st_mode & ~0o222)
        try:
            yield
        finally:
            for path in [*reversed(changed), *files]:
                path.chmod(path.stat().st_mode | 0o200)
        return
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if mount is None or unmount is None:
        pytest.skip("The administrator may write everywhere here.")
    if subprocess.run([mount, "--bind", folder, folder], capture_output=True).returncode:
        pytest.skip("Nothing can be mounted here.")
    try:
        subprocess.run([mount, "-o", "remount,ro,bind", folder], check=True)
        yield
    finally:
        subprocess.run([unmount, "-l", folder], check=True)


def test_promise_16_a_read_only_folder_is_said_and_not_stumbled_over(
    client: FlaskClient, inquiry: Any, tmp_path: Path
) -> None:
    fields = pages.open_telling(client) | {"telling": "The bell rang."}
    client.application.extensions["par_connections"].close()
    with read_only(inquiry.folder):
        told = pages.send(client, "/tell/story", fields)
        assert told.status_code == 503
        assert "The bell rang." in told.get_data(as_text=True), "no word is lost"
        for words in ("verify", "backup"):
            command = [sys.executable, "-m", "par_toolkit", "--inquiry", inquiry.folder, words]
            ran = subprocess.run([str(word) for word in command], capture_output=True, text=True)
            assert "Traceback" not in ran.stdout + ran.stderr, words
            assert ran.returncode == 1 and "writ" in ran.stdout + ran.stderr, words
    again = pages.send(client, "/tell/story", fields)
    assert again.status_code == 303, "without starting it again"
    with open_database(inquiry.folder) as db:
        assert stories.count(db) == 1


@pytest.mark.parametrize("crowd", CROWDS)
def test_promise_01_a_hall_that_sends_at_once_is_each_kept_once(inquiry: Any, crowd: int) -> None:
    """Everybody presses the button at the same moment, and again where no answer came."""
    with open_database(inquiry.folder) as db:
        tokens = [devices.add(db, f"Tablet {number}") for number in range(crowd)]
    tablets = [Tablet(token, random.Random(number)) for number, token in enumerate(tokens)]

    async def one(tablet: Tablet, address: str) -> None:
        async with new_client(address) as client:
            while tablet.queue:
                await tablet.send_round(client)

    async def all_of_them(address: str) -> None:
        await asyncio.gather(*(one(tablet, address) for tablet in tablets))

    with served(inquiry.folder) as server:
        for tablet in tablets:
            tablet.tell()
        asyncio.run(all_of_them(server.address))
    told = {uuid: story.told["answers"] for one in tablets for uuid, story in one.told.items()}
    with open_database(inquiry.folder) as db:
        kept = {story.uuid: story.answers for story in stories.listing(db, limit=2 * crowd)}
        assert db.value("select count(*) from siblings") == 0
    assert kept == told and len(kept) == crowd


def test_promise_06_a_reader_that_never_ends_holds_up_neither_telling_nor_taking_back(
    inquiry: Any, tell: Any
) -> None:
    """Another program began to read and was left so: what is withdrawn is erased once it ends."""
    tell("Zanzibarquartz.", receipt=CODE)
    reader = open_database(inquiry.folder)
    reader.conn.execute("begin")
    reader.value("select count(*) from stories")
    with open_database(inquiry.folder) as db:
        tell("Told meanwhile.", receipt=receipts.new_code())
        withdrawals.withdraw(db, CODE)
        assert not withdrawals.finish_erasure(db).done
        assert [story.answers["telling"] for story in stories.listing(db)] == ["Told meanwhile."]
    reader.close()
    with open_database(inquiry.folder) as db:
        assert withdrawals.finish_erasure(db).done
    for path in inquiry.folder.glob("private.db*"):
        assert b"Zanzibarquartz" not in path.read_bytes()
