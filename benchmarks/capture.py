"""Measure capture: durable submissions a second through HTTP, beside a bare loop of inserts.

    .venv/bin/python benchmarks/capture.py [--seconds 4] [--clients 1 8 50]

Serves a new inquiry with `par serve` as a process of its own and tells stories to it over the
loopback through both doors: `PUT /api/stories/<uuid>` as a paired tablet does, and the posted page
`/tell/story`. The bare loop writes the same rows with sqlite3 alone, `journal_mode=wal` and
`synchronous=full`, one commit a story; `stories.keep` is what the server calls. At the end every
story that was acknowledged must be on disk. The clients are threads of this process and share the
machine with the server.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.shared import machine, new_inquiry, p95, par_serve, serving  # noqa: E402
from par_toolkit.storage import receipts, stories  # noqa: E402
from par_toolkit.storage.database import open_database  # noqa: E402

#: Made up; about as long as people's answers are.
TELLING = "I waited at the clinic for two hours and nobody said why. " * 5
CONSENT = {"analyse": True, "quote": True, "publish": False, "contact": False}
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Measured:
    """What one run gave: stories a second, 95th percentile in ms, acknowledged, failed."""

    rate: float
    p95: float
    kept: int
    failed: int


#: Tells one story and returns whether it was acknowledged as kept.
Tell = Callable[[], bool]
#: A connection of one client: how it tells, and how it closes.
Client = tuple[Tell, Callable[[], None]]


def main() -> None:
    """Run the benchmark and print the machine, the versions and the table."""
    options = _options()
    with tempfile.TemporaryDirectory() as place:
        folder, token = new_inquiry(Path(place) / "served")
        print(
            f"{machine('flask', 'a2wsgi', 'uvicorn')}\n{options.seconds} s each, loopback\n",
            flush=True,
        )
        print(f"{'':34}{'stories/s':>10}{'p95 ms':>10}{'failed':>8}")
        bare = _show("bare inserts, synchronous=full", bare_loop(Path(place), options.seconds))
        _show("stories.keep", keep_loop(Path(place) / "kept", options.seconds))
        kept, shares = 0, {}
        with serving(par_serve(folder)) as port:
            for clients in options.clients:
                for name, door in (
                    ("PUT /api/stories", _tablet(token)),
                    ("POST /tell/story", _page),
                ):
                    one = run(lambda door=door: door(port), clients, options.seconds)
                    _show(f"{name}, {clients} clients", one)
                    kept += one.kept
                    shares[f"{name} {clients}"] = round(one.rate / bare.rate, 3)
        with open_database(folder) as db:
            on_disk = stories.count(db)
    print(f"\nacknowledged {kept:,}, on disk {on_disk:,}, lost {max(0, kept - on_disk):,}")
    print(f"share of the bare loop, as JSON: {json.dumps(shares)}")
    if on_disk < kept:
        raise SystemExit("Stories were lost.")


def run(connect: Callable[[], Client], clients: int, seconds: float) -> Measured:
    """Tell stories from several connections at once, for a set time."""
    times: list[float] = []
    failed: list[int] = []
    ready = threading.Barrier(clients + 1)

    def client() -> None:
        tell, close = connect()
        ready.wait()
        end = time.perf_counter() + seconds
        while (before := time.perf_counter()) < end:
            if tell():
                times.append(time.perf_counter() - before)
            else:
                failed.append(1)
        close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return _measured(times, time.perf_counter() - started, len(failed))


def _measured(times: list[float], took: float, failed: int = 0) -> Measured:
    return Measured(len(times) / took, p95(times), len(times), failed)


def _tablet(token: str) -> Callable[[int], Client]:
    """Return a door that sends stories as a paired tablet does."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    numbers = count(1)

    def connect(port: int) -> Client:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)

        def tell() -> bool:
            story = {
                "form": "story",
                "form_version": 1,
                "language": "en",
                "device_seq": next(numbers),
                "receipt": receipts.new_code(),
                "answers": {"telling": TELLING, "group": "residents"},
                "consent": CONSENT | {"wording": 1},
            }
            connection.request("PUT", f"/api/stories/{uuid4()}", json.dumps(story), headers)
            return _status(connection) == 201

        return tell, connection.close

    return connect


def _page(port: int) -> Client:
    """Open the page once, as a browser does, and post stories with its cookie and token."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/tell/story")
    response = connection.getresponse()
    page = response.read().decode()
    cookies = SimpleCookie()
    for line in response.headers.get_all("Set-Cookie", []):
        cookies.load(line)
    found = CSRF.search(page)
    if found is None:
        raise SystemExit("The page of the telling has no token: it cannot be posted.")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={one.value}" for name, one in cookies.items()),
    }

    def tell() -> bool:
        fields = {
            "csrf_token": found[1],
            "uuid": str(uuid4()),
            "receipt": receipts.new_code(),
            "telling": TELLING,
            "group": "residents",
        } | {f"consent-{use}": "yes" for use, given in CONSENT.items() if given}
        connection.request("POST", "/tell/story", urlencode(fields), headers)
        return _status(connection) == 303

    return tell, connection.close


def _status(connection: HTTPConnection) -> int:
    response = connection.getresponse()
    response.read()
    return response.status


def keep_loop(folder: Path, seconds: float) -> Measured:
    """Keep stories through storage alone, one after another."""
    here, _ = new_inquiry(folder)
    times: list[float] = []
    with open_database(here) as db:
        began = time.perf_counter()
        while (before := time.perf_counter()) < began + seconds:
            stories.keep(
                db,
                stories.Told(
                    uuid=str(uuid4()),
                    form="story",
                    form_version=1,
                    language="en",
                    answers={"telling": TELLING, "group": "residents"},
                    words=("telling",),
                    consent=CONSENT,
                    wording=1,
                    source="tablet",
                    receipt=receipts.new_code(),
                ),
            )
            times.append(time.perf_counter() - before)
        return _measured(times, time.perf_counter() - began)


BARE = (
    "insert into receipts (mark) values (:mark)",
    """
    insert into stories (
        uuid, form, form_version, themed, language, answers, words, group_code, source, receipt,
        content, reviewed, told_at
    ) values (
        :uuid, 'story', 1, 1, 'en', :answers, '["telling"]', 'residents', 'tablet',
        last_insert_rowid(), :mark, :mark, '2026-01-01T00:00:00+00:00'
    )
    """,
    *(
        f"""
        insert into consents (story, use, granted, wording, source, at) values (
            (select max(id) from stories), '{use}', {int(given)}, 1, 'telling',
            '2026-01-01T00:00:00+00:00'
        )
        """
        for use, given in CONSENT.items()
    ),
    "update counters set value = value + 1 where name = 'stories_in'",
)


def bare_loop(place: Path, seconds: float) -> Measured:
    """Insert the same rows into the same tables with sqlite3 alone: one durable commit a story."""
    folder, _ = new_inquiry(place / "bare")
    answers = json.dumps({"telling": TELLING, "group": "residents"})
    times: list[float] = []
    with closing(sqlite3.connect(folder / "private.db", isolation_level=None)) as db:
        db.execute("pragma journal_mode=wal")
        db.execute("pragma synchronous=full")
        assert db.execute("pragma synchronous").fetchone() == (2,)
        began = time.perf_counter()
        while (before := time.perf_counter()) < began + seconds:
            row = {"uuid": str(uuid4()), "mark": secrets.token_hex(32), "answers": answers}
            db.execute("begin immediate")
            for statement in BARE:
                db.execute(statement, row)
            db.execute("commit")
            times.append(time.perf_counter() - before)
        return _measured(times, time.perf_counter() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure durable submissions through HTTP.")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds for each measurement")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 50])
    return parser.parse_args()


def _show(name: str, one: Measured) -> Measured:
    print(f"{name:34}{one.rate:10,.0f}{one.p95:10.1f}{one.failed:8,}", flush=True)
    return one


if __name__ == "__main__":
    main()
