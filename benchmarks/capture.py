"""Measure capture: durable submissions a second through HTTP, beside a bare loop of inserts.

    .venv/bin/python benchmarks/capture.py [--form story long] [--door json age page]
        [--clients 1 8 50 500] [--seconds 4]

Serves a new inquiry with `par serve` as a process of its own and tells stories to it over the
loopback: `PUT /api/stories/<uuid>` as a paired tablet does, in JSON or sealed (age), and the posted
page `/tell/<form>`. `story` is the shipped form, `long` one of 250 questions. The clients are
connections of one process of their own (senders.py) and share the machine with the server. The
bare loop writes the same rows with sqlite3 alone, `journal_mode=wal` and `synchronous=full`, one
commit a story; `stories.keep` is what the server calls. At the end every story that was
acknowledged must be on disk, each under its own uuid.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import tellings  # noqa: E402
from benchmarks.shared import machine, new_inquiry, p95, par_serve, serving  # noqa: E402
from par_toolkit.storage import devices, receipts, stories  # noqa: E402
from par_toolkit.storage.database import open_database  # noqa: E402

#: Tablets that send; each may send 20,000 stories an hour and no more.
TABLETS = 50


@dataclass(frozen=True)
class Measured:
    """What one run gave: stories a second, 95th percentile in ms, acknowledged, failed."""

    rate: float
    p95: float
    kept: frozenset[str]
    failed: int = 0


def main() -> None:
    """Run the benchmark and print the machine, the versions and the table."""
    options = _options()
    print(f"{machine('flask', 'uvicorn')}\n{options.seconds} s each, loopback\n", flush=True)
    print(f"{'':44}{'stories/s':>10}{'p95 ms':>10}{'failed':>8}{'of bare':>9}")
    for form in options.form:
        with tempfile.TemporaryDirectory() as place:
            measure(form, Path(place), options)


def measure(form: str, place: Path, options: argparse.Namespace) -> None:
    """Measure one form: the bare loop, `stories.keep`, and every door with so many clients."""
    bare = bare_loop(form, place / "bare", options.seconds)
    _show(f"{form}: bare inserts, synchronous=full", bare, bare)
    _show(f"{form}: stories.keep", keep_loop(form, place / "kept", options.seconds), bare)
    folder, tokens = _inquiry(place / "served")
    kept: set[str] = set()
    with serving(par_serve(folder)) as port:
        for clients in options.clients:
            for door in options.door:
                one = send(port, folder, tokens, door, form, clients, options.seconds)
                _show(f"{form}: {door}, {clients} clients", one, bare)
                kept |= one.kept
    with open_database(folder) as db:
        on_disk = {row["uuid"] for row in db.rows("select uuid from stories")}
    lost = len(kept - on_disk)
    print(f"acknowledged {len(kept):,}, on disk {len(kept & on_disk):,}, lost {lost:,}\n")
    if lost:
        raise SystemExit("Stories were lost.")


def _inquiry(folder: Path) -> tuple[Path, list[str]]:
    """Make an inquiry with the long form and all tablets; return the tablets' tokens."""
    folder, token = new_inquiry(folder)
    tellings.write_long_form(folder / "forms")
    with open_database(folder) as db:
        more = [devices.add(db, f"Tablet {number}") for number in range(2, TABLETS + 1)]
    return folder, [token, *more]


def send(
    port: int,
    folder: Path,
    tokens: list[str],
    door: str,
    form: str,
    clients: int,
    seconds: float,
) -> Measured:
    """Tell stories from several connections at once, for a set time."""
    command = [sys.executable, str(ROOT / "benchmarks" / "senders.py")]
    command += ["--port", str(port), "--folder", str(folder), "--door", door, "--form", form]
    command += ["--clients", str(clients), "--seconds", str(seconds), "--tokens", *tokens]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if ran.returncode:
        raise SystemExit(f"The clients failed:\n{ran.stderr}")
    told = json.loads(ran.stdout)
    if told["failed"]:
        print(f"  other answers: {told['failed']}")
    kept, failed = told["kept"], sum(told["failed"].values())
    return Measured(len(kept) / told["took"], p95(told["times"]), frozenset(kept), failed)


def keep_loop(form: str, folder: Path, seconds: float) -> Measured:
    """Keep stories through storage alone, one after another."""
    here, _ = new_inquiry(folder)
    times: list[float] = []
    answers, words = tellings.answers(form), tellings.words(form)
    with open_database(here) as db:
        began = time.perf_counter()
        while (before := time.perf_counter()) < began + seconds:
            stories.keep(
                db,
                stories.Told(
                    uuid=str(uuid4()),
                    form=form,
                    form_version=1,
                    language="en",
                    answers=answers,
                    words=words,
                    consent=tellings.CONSENT,
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
        :uuid, :form, 1, 1, 'en', :answers, :words, 'residents', 'tablet',
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
        for use, given in tellings.CONSENT.items()
    ),
    "update counters set value = value + 1 where name = 'stories_in'",
)


def bare_loop(form: str, place: Path, seconds: float) -> Measured:
    """Insert the same rows into the same tables with sqlite3 alone: one durable commit a story."""
    folder, _ = new_inquiry(place)
    fixed = {
        "form": form,
        "answers": json.dumps(tellings.answers(form)),
        "words": json.dumps(tellings.words(form)),
    }
    times: list[float] = []
    with closing(sqlite3.connect(folder / "private.db", isolation_level=None)) as db:
        db.execute("pragma journal_mode=wal")
        db.execute("pragma synchronous=full")
        assert db.execute("pragma synchronous").fetchone() == (2,)
        began = time.perf_counter()
        while (before := time.perf_counter()) < began + seconds:
            row = fixed | {"uuid": str(uuid4()), "mark": secrets.token_hex(32)}
            db.execute("begin immediate")
            for statement in BARE:
                db.execute(statement, row)
            db.execute("commit")
            times.append(time.perf_counter() - before)
        return _measured(times, time.perf_counter() - began)


def _measured(times: list[float], took: float) -> Measured:
    return Measured(len(times) / took, p95(times), frozenset())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure durable submissions through HTTP.")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds for each measurement")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 50, 500])
    parser.add_argument("--form", nargs="+", choices=("story", "long"), default=["story", "long"])
    doors = ("json", "age", "page")
    parser.add_argument("--door", nargs="+", choices=doors, default=list(doors))
    return parser.parse_args()


def _show(name: str, one: Measured, bare: Measured) -> None:
    share = f"{one.rate / bare.rate:9.1%}"
    print(f"{name:44}{one.rate:10,.0f}{one.p95:10.1f}{one.failed:8,}{share}", flush=True)


if __name__ == "__main__":
    main()
