"""Measure what safe keeping costs: encryption, the audit chain, signing in, memory, withdrawal.

    .venv/bin/python benchmarks/safe_keeping.py [--seconds 4] [--clients 8 500] [--withdrawals 20]
        [--stories 1000]

A plain and an encrypted inquiry are told the same stories in turns of a quarter of a second, so
that whatever else the machine does meets both alike: through `stories.keep`, with and without a row
of the audit chain in the same transaction (telling itself writes none), and then through the
tablets' door of `par serve`. Memory is that of the server's process at its highest, with so many
connections open at once. For withdrawals a published inquiry is served; each teller withdraws
on the page, and a reader asks for their passage until it is gone.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import made_inquiry, tellings  # noqa: E402
from benchmarks.capture import send  # noqa: E402
from benchmarks.shared import (  # noqa: E402
    machine,
    memory_of,
    new_inquiry,
    p95,
    par_serve,
    serving,
    wait_for_findings,
)
from par_toolkit.publishing import publish  # noqa: E402
from par_toolkit.storage import audit, devices, people, published, receipts, stories  # noqa: E402
from par_toolkit.storage.database import PrivateDatabase, open_database  # noqa: E402

PASSPHRASE = "made up for a benchmark only"
PASSWORD = "four made up words"
KINDS = ("plain", "encrypted")
#: Seconds of a turn of one of the inquiries.
TURN = 0.25
#: Tablets that send; each may send 20,000 stories an hour and no more.
TABLETS = 50
#: Seconds after which a passage that is still there counts as a failure.
PROMISED = 60


def main() -> None:
    """Run all, and print the machine, the versions and the tables."""
    options = _options()
    os.environ["PAR_PASSPHRASE"] = PASSPHRASE
    print(f"{machine('flask', 'uvicorn', 'sqlcipher3', 'cryptography')}\n", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folders = {
            kind: new_inquiry(
                Path(place) / kind, passphrase=PASSPHRASE if kind == "encrypted" else None
            )[0]
            for kind in KINDS
        }
        keep_in_turns(folders, options.seconds)
        sign_in(folders)
        for clients in options.clients:
            through_the_door(folders, clients, options.seconds)
        withdraw(Path(place) / "published", options.stories, options.withdrawals)


def keep_in_turns(folders: dict[str, Path], seconds: float) -> None:
    """Keep stories in each inquiry in turns, with and without a row of the audit chain."""
    ways = [(kind, chained) for kind in KINDS for chained in (False, True)]
    times: dict[tuple[str, bool], list[float]] = {way: [] for way in ways}
    with ExitStack() as opened:
        dbs = {kind: opened.enter_context(open_database(folders[kind])) for kind in KINDS}
        for _ in range(int(seconds / TURN)):
            for kind, chained in ways:
                end = time.perf_counter() + TURN
                while (before := time.perf_counter()) < end:
                    _keep(dbs[kind], chained)
                    times[kind, chained].append(time.perf_counter() - before)
    plain = 1 / _mean(times["plain", False])
    print(f"{'stories.keep':44}{'stories/s':>10}{'p95 ms':>10}{'of plain':>10}")
    for (kind, chained), took in times.items():
        name = f"{kind}{', and a row of the audit chain' if chained else ''}"
        rate = 1 / _mean(took)
        print(f"{name:44}{rate:10,.0f}{p95(took):10.2f}{rate / plain:10.1%}", flush=True)


def _keep(db: PrivateDatabase, chained: bool) -> None:
    with db.writing():
        stories.keep(
            db,
            stories.Told(
                uuid=str(uuid4()),
                form="story",
                form_version=1,
                language="en",
                answers=tellings.answers("story"),
                words=tellings.words("story"),
                consent=tellings.CONSENT,
                wording=1,
                source="tablet",
                receipt=receipts.new_code(),
            ),
        )
        if chained:
            audit.record(db, "consent", role="participant", subject="story 1")


def sign_in(folders: dict[str, Path], *, tries: int = 10) -> None:
    """Sign somebody in, with the right and with a wrong password; it should take as long."""
    print(f"\n{'signing in':44}{'mean ms':>10}{'p95 ms':>10}")
    for kind, folder in folders.items():
        with open_database(folder) as db:
            people.set_password(db, people.add(db, "Example", "steward"), PASSWORD)
            for name, password in (("right", PASSWORD), ("wrong", "not that one")):
                times = []
                for _ in range(tries):
                    before = time.perf_counter()
                    assert bool(people.sign_in(db, "Example", password)) is (name == "right")
                    times.append(time.perf_counter() - before)
                said = f"{kind}, {name} password"
                print(f"{said:44}{1000 * _mean(times):10.0f}{p95(times):10.0f}", flush=True)


def through_the_door(folders: dict[str, Path], clients: int, seconds: float) -> None:
    """Serve both at once, and send sealed stories to one and then the other, twice."""
    said = f"PUT, sealed, {clients} clients"
    print(f"\n{said:44}{'stories/s':>10}{'p95 ms':>10}{'failed':>10}{'MB':>8}")
    for kind in (*KINDS, *KINDS):
        folder = folders[kind]
        with open_database(folder) as db:
            tokens = [devices.add(db, "Benchmark") for _ in range(TABLETS)]
            before = stories.count(db)
        with serving(par_serve(folder)) as port:
            one = send(port, folder, tokens, "age", "story", clients, seconds)
            most = memory_of(port)
        with open_database(folder) as db:
            lost = len(one.kept) - (stories.count(db) - before)
        if lost > 0:
            raise SystemExit(f"{lost} stories were lost.")
        print(f"{kind:44}{one.rate:10,.0f}{one.p95:10.0f}{one.failed:10,}{most:8.0f}", flush=True)


def withdraw(folder: Path, count: int, withdrawals: int) -> None:
    """Withdraw stories one after another on the page, and ask for their passages until gone."""
    made_inquiry.make(folder, count)
    build = publish(folder).build
    with open_database(folder) as db:
        quoted = [use for use in published.uses(db, build) if use.kind == "quote"]
    uses = {use.story: use.public_id for use in quoted}
    times = []
    with serving(par_serve(folder)) as port:
        wait_for_findings(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            for story in sorted(uses)[:withdrawals]:
                passage = f"/findings/library/quotes/{uses[story]}.json"
                assert client.get(passage).status_code == 200, passage
                before = time.perf_counter()
                _withdraw(client, made_inquiry.code_of(story - 1))
                for _ in _until(PROMISED):
                    if client.get(passage).status_code == 404:
                        break
                times.append(time.perf_counter() - before)
    print(f"\n{'from withdrawing on the page to gone':44}{'mean s':>10}{'p95 s':>10}{'most s':>10}")
    name = f"{count:,} stories, {len(times)} withdrawals"
    print(f"{name:44}{_mean(times):10.1f}{p95(times) / 1000:10.1f}{max(times):10.1f}")


def _withdraw(client: httpx.Client, code: str) -> None:
    headers = {"Origin": str(client.base_url).rstrip("/")}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/mine").text)
    assert token
    fields = {"csrf_token": token[1], "code": code, "confirmed": "yes"}
    client.post("/mine", data=fields, headers=headers)
    answer = client.post("/mine/withdraw", data=fields, headers=headers)
    if answer.status_code != 200:
        raise SystemExit(f"A withdrawal was answered with {answer.status_code}.")


def _until(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.05)
    raise SystemExit(f"A passage was still there after {seconds} s.")


def _mean(times: list[float]) -> float:
    return sum(times) / len(times)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what safe keeping costs.")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds for each measurement")
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 500])
    parser.add_argument("--stories", type=int, default=1_000)
    parser.add_argument("--withdrawals", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
