"""Measure a meeting: how soon words are saved, and how soon everybody else has them on their page.

So many people sit at one table, each with a browser of their own. Each asks as often as the page's
script does whether something is new, loads the page where it is, and now and then saves a remark.
Beside it stands a plain Flask page that is asked for at the same pace.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.shared import machine, new_inquiry, p95, par_serve, serving
from par_toolkit.storage import people
from par_toolkit.storage.database import open_database
from par_toolkit.storage.sensemaking import (
    circles,
    contracts,
    joint,
    phases,
    remarks,
)
from par_toolkit.storage.sensemaking.contracts import Terms

#: Seconds between two questions of a page, as in static/js/circles/live.js, more or less a quarter.
PACE = 3.0
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SEEN = re.compile(r'data-seen="([^"]+)"')
WORDS = re.compile(r"remark \d+-\d+ of the meeting")


@dataclass
class Meeting:
    """What happened: seconds of each kind of request, and what was saved, when, and seen when."""

    joined: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    known_after: list[float] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)


class Person:
    """Somebody at the table, with a browser of their own."""

    def __init__(self, number: int, address: str, meeting: Meeting) -> None:
        self.number, self.meeting = number, meeting
        self.client = httpx.AsyncClient(base_url=address, timeout=60, trust_env=False)
        self.knows: set[str] = set()
        self.token = self.seen = ""
        self.writes = 0

    async def arrive(self, code: str) -> None:
        """Take a seat and save one's own."""
        before = time.perf_counter()
        await self._open("/circles?lang=en")
        await self._post("/circles/join", {"table_code": code})
        await self._open("/circles/table")
        await self._post("/circles/table/own", {"own": f"How number {self.number} sees it. " * 10})
        await self.load()
        self.meeting.joined.append(time.perf_counter() - before)

    async def stay(self, until: float, every: float) -> None:
        """Ask, load and save until the meeting ends."""
        saves_at = time.perf_counter() + random.uniform(0, every)
        while (present := time.perf_counter()) < until:
            if present >= saves_at:
                await self.save()
                saves_at += every
            await asyncio.sleep(PACE * random.uniform(0.75, 1.25))
            await self.ask()

    async def save(self) -> None:
        """Save a remark to what the circle says."""
        self.writes += 1
        words = f"remark {self.number}-{self.writes} of the meeting"
        before = time.perf_counter()
        await self._post("/circles/table/remark", {"construction": "1", "remark": words})
        self.meeting.at[words] = time.perf_counter()
        self.meeting.saved.append(self.meeting.at[words] - before)
        await self.load()

    async def ask(self) -> None:
        """Ask whether something is new, and load the page where it is."""
        before = time.perf_counter()
        answer = await self.client.get("/circles/table/now", params={"seen": self.seen})
        self.meeting.asked.append(time.perf_counter() - before)
        if answer.status_code == 200:
            await self.load()

    async def load(self) -> None:
        """Load the page of the table, and note which words stand there for the first time."""
        before = time.perf_counter()
        page = await self._open("/circles/table")
        present = time.perf_counter()
        self.meeting.loaded.append(present - before)
        self.seen = SEEN.findall(page)[0]
        for words in set(WORDS.findall(page)) - self.knows:
            self.knows.add(words)
            if not words.startswith(f"remark {self.number}-"):
                self.meeting.known_after.append(
                    max(0.0, present - self.meeting.at.get(words, present))
                )

    async def _open(self, path: str) -> str:
        answer = await self.client.get(path)
        answer.raise_for_status()
        self.token = unescape(TOKEN.findall(answer.text)[0])
        return answer.text

    async def _post(self, path: str, fields: dict[str, str]) -> None:
        answer = await self.client.post(path, data={"csrf_token": self.token} | fields)
        if answer.status_code != 303:
            raise SystemExit(f"{path} answered {answer.status_code}, not 303.")


async def hold(address: str, code: str, options: argparse.Namespace) -> Meeting:
    """Hold a meeting and return what happened."""
    meeting = Meeting()
    present = [Person(number, address, meeting) for number in range(options.people)]
    await asyncio.gather(*(one.arrive(code) for one in present))
    until = time.perf_counter() + options.seconds
    await asyncio.gather(*(one.stay(until, options.every) for one in present))
    await asyncio.gather(*(one.load() for one in present))
    for one in present:
        await one.client.aclose()
        if one.knows != set(meeting.at):
            raise SystemExit(f"Number {one.number} does not know all that was saved.")
    return meeting


async def plain(address: str, options: argparse.Namespace) -> list[float]:
    """Ask for a plain page at the pace of the meeting, and return the seconds of each answer."""
    times: list[float] = []

    async def visit() -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as client:
            until = time.perf_counter() + options.seconds
            while time.perf_counter() < until:
                await asyncio.sleep(PACE * random.uniform(0.75, 1.25))
                before = time.perf_counter()
                (await client.get("/")).raise_for_status()
                times.append(time.perf_counter() - before)

    await asyncio.gather(*(visit() for _number in range(options.people)))
    return times


def table(folder: Path) -> str:
    """Open a circle with a first version, and return the code of its table."""
    with open_database(folder) as db:
        people.add(db, "Benchmark", "facilitator")
        by = people.by_name(db, "Benchmark")
        assert by is not None
        words = dict.fromkeys(("purpose", "stake", "confidentiality", "promised"), "Measured.")
        contracts.add(db, Terms(promise="inform", **words), after=None, by=by)
        phases.start(db, "cycle_1", by=by)
        made = circles.open(db, group="residents", cycle="cycle_1", topic="Measured", by=by)
        joint.write(db, made.id, "What the circle says. " * 40, by=by)
        return made.table_code


PLAIN = """
from flask import Flask
app = Flask(__name__)
app.add_url_rule("/", "page", lambda: "<!doctype html><title>Plain</title><p>Plain.</p>")
"""


def plain_flask(folder: Path) -> Sequence[str]:
    """Write a plain Flask application, and return the command that serves it."""
    (folder / "plain_page.py").write_text(PLAIN, encoding="utf-8")
    return [sys.executable, "-m", "flask", "--app", str(folder / "plain_page.py"), "run"]


def main() -> None:
    """Hold the meeting, ask for the plain page, and print both."""
    parser = argparse.ArgumentParser(description="Measure a meeting at one table.")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=30, help="seconds between a person's saves")
    options = parser.parse_args()
    print(machine("flask", "uvicorn"))
    with tempfile.TemporaryDirectory() as name:
        folder, _token = new_inquiry(Path(name) / "inquiry")
        code = table(folder)
        with serving(par_serve(folder)) as port:
            meeting = asyncio.run(hold(f"http://127.0.0.1:{port}", code, options))
        with open_database(folder) as db:
            kept = {one.words for one in remarks.of_circle(db, 1).get(1, [])}
        if kept != set(meeting.at):
            raise SystemExit("Not everything that was acknowledged was kept.")
        command = [*plain_flask(Path(name)), "--port"]
        with serving(lambda port: [*command, str(port)]) as port:
            beside = asyncio.run(plain(f"http://127.0.0.1:{port}", options))
    report(options, meeting, beside)


def report(options: argparse.Namespace, meeting: Meeting, beside: list[float]) -> None:
    """Print the figures as a table."""
    print(f"{options.people} people for {options.seconds:g} s, a save each {options.every:g} s;")
    print(f"all {len(meeting.at)} that were acknowledged were kept, and seen by everybody.\n")
    print("| | requests | 95 %, ms |\n|---|---|---|")
    rows = {
        "come, and save one's own (all at once)": meeting.joined,
        "save a remark": meeting.saved,
        "ask whether something is new": meeting.asked,
        "load the page of the table": meeting.loaded,
        "plain Flask page at the same pace": beside,
        f"see what another saved (asked each {PACE:g} s)": meeting.known_after,
    }
    for name, times in rows.items():
        print(f"| {name} | {len(times):,} | {p95(times):,.1f} |")


if __name__ == "__main__":
    main()
