"""Promise 1, where the power goes: what was acknowledged is on disk, and not only handed over."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.storage import devices
from par_toolkit.storage.database import open_database
from tests.browser.server import free_port, wait_until_healthy
from tests.faults import power_cut
from tests.faults.runs import new_client
from tests.faults.tablet import Story, Tablet

WRITER = r"""
import os, sys, uuid
from par_toolkit.storage import stories
from par_toolkit.storage.database import open_database

folder, setting, count = sys.argv[1:]
db = open_database(folder)
db.conn.execute(f"pragma synchronous={setting}")
# a small WAL: what was moved into private.db meanwhile must hold as well
db.conn.execute("pragma wal_autocheckpoint=60")
for _ in range(int(count)):
    one = str(uuid.uuid4())
    told = stories.Told(
        uuid=one, form="story", form_version=1, language="en",
        answers={"telling": one * 200}, words=("telling",),
        consent={"analyse": True}, wording=1, source="web",
    )
    os.write(1, f"{stories.keep(db, told).status} {one}\n".encode())
"""


def run_writer(folder: Path, place: Path, setting: str, *, count: int) -> list[power_cut.Note]:
    """Let a program keep `count` stories with a setting of `synchronous`; return what it did."""
    library, log = power_cut.recorder(place), place / "noted"
    command = [sys.executable, "-c", WRITER, str(folder), setting, str(count)]
    environment = power_cut.environment(library, folder, log)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return power_cut.read_notes(log)


def wrong_after_cuts(
    folder: Path, start: Mapping[str, bytes], notes: list[power_cut.Note], *, most: int
) -> tuple[int, list[str]]:
    """Play cuts of the power; return how many, and what was wrong with what each left."""
    tried, wrong = 0, []
    for known, files in power_cut.cuts(start, notes, most=most):
        place = folder.with_name(f"cut {tried}")
        for name, held in files.items():
            path = place / Path(name).relative_to(folder.resolve())
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(held)
        wrong += [f"cut {tried}: {one}" for one in faults(place, known)]
        tried += 1
    return tried, wrong


def faults(folder: Path, known: set[str]) -> list[str]:
    """Say what is wrong with an inquiry that was found after a cut, and should hold `known`.

    What each story tells begins with its own uuid, so that one put in another's place is seen.
    """
    with open_database(folder) as db:
        if not (db.sound() and db.consistent()):
            return ["damaged"]
        kept = {row["uuid"]: row["answers"] for row in db.rows("select uuid, answers from stories")}
    lost = known - set(kept)
    altered = [one for one, held in kept.items() if json.loads(held) != {"telling": one * 200}]
    return [f"{what} {len(some)}" for what, some in (("lost", lost), ("altered", altered)) if some]


def test_promise_01_a_cut_of_the_power_loses_nothing(inquiry: Any, tmp_path: Path) -> None:
    start = power_cut.files_in(inquiry.folder)
    notes = run_writer(inquiry.folder, tmp_path, "full", count=60)
    tried, wrong = wrong_after_cuts(inquiry.folder, start, notes, most=40)
    assert tried > 60 and not wrong


@pytest.mark.long
def test_promise_01_a_thousand_cuts_of_the_power_lose_nothing(inquiry: Any, tmp_path: Path) -> None:
    start = power_cut.files_in(inquiry.folder)
    notes = run_writer(inquiry.folder, tmp_path, "full", count=400)
    tried, wrong = wrong_after_cuts(inquiry.folder, start, notes, most=1_000)
    assert tried > 1_000 and not wrong


@pytest.mark.parametrize("setting", ["normal", "off"])
def test_promise_01_a_cut_shows_what_a_weaker_setting_loses(
    inquiry: Any, tmp_path: Path, setting: str
) -> None:
    start = power_cut.files_in(inquiry.folder)
    notes = run_writer(inquiry.folder, tmp_path, setting, count=20)
    _, wrong = wrong_after_cuts(inquiry.folder, start, notes, most=10)
    assert any("lost" in one for one in wrong), f"synchronous={setting} must be caught"


@contextmanager
def noted_server(folder: Path, place: Path) -> Iterator[str]:
    """Serve an inquiry with each call noted in `place`; it is killed at the end."""
    port, log = free_port(), place / "server.log"
    environment = power_cut.environment(power_cut.recorder(place), folder, place / "noted")
    command = [sys.executable, "-m", "par_toolkit", "--inquiry", str(folder), "serve"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--port", str(port)], env=environment, stdout=output, stderr=output
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process=server, log=log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def test_promise_01_the_server_says_received_when_the_disk_holds_it(
    inquiry: Any, tmp_path: Path
) -> None:
    """The same for `par serve` as a whole, where stories that come together share a commit."""
    with open_database(inquiry.folder) as db:
        tokens = [devices.add(db, f"Tablet {number}") for number in range(4)]
    start = power_cut.files_in(inquiry.folder)
    tablets = [OwnWords(token, random.Random(number)) for number, token in enumerate(tokens)]

    async def tell(tablet: Tablet, address: str) -> None:
        async with new_client(address) as client:
            for _ in range(8):
                tablet.tell()
                await tablet.send_round(client)

    async def all_of_them(address: str) -> None:
        await asyncio.gather(*(tell(tablet, address) for tablet in tablets))

    with noted_server(inquiry.folder, tmp_path) as address:
        asyncio.run(all_of_them(address))
    notes = power_cut.read_notes(tmp_path / "noted")
    heard = {uuid for tablet in tablets for uuid in tablet.acknowledged}
    assert len(heard) == 32
    assert heard == set().union(*map(power_cut.acknowledged, notes)), "each answer was noted"
    tried, wrong = wrong_after_cuts(inquiry.folder, start, notes, most=30)
    assert tried > 40 and not wrong


class OwnWords(Tablet):
    """A tablet whose stories each tell their own uuid, so that one in another's place is seen."""

    def tell(self) -> Story:
        """Finish one telling."""
        story = super().tell()
        told = {**story.told, "answers": {"telling": story.uuid * 200}}
        own = replace(story, told=told)
        self.told[own.uuid] = self.queue[own.uuid] = own
        self.bodies[own.uuid] = own.plain()
        return own
