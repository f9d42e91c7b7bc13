"""Measure backups: how long one takes, how long coming back takes, and who waits for it meanwhile.

    .venv/bin/python benchmarks/keeping.py [--stories 10000 100000] [--tellers 4]

For each size it makes an inquiry of made-up stories with two keepers, and runs the commands as
people do, each as a process of its own: `par backup` (sealed), `par drill` and `par restore` into
an empty folder, which is the time until people can tell again. The peak is the most memory that the
process held at once.

Then the same backup is made while tellers send stories to `par serve` without a pause. It says for
how long at most the backup kept others from writing, which is the pause that it makes, and how long
tellers waited with and without one, which is also what two programs take from one another that
share a processor. The run fails if a story that was acknowledged before the backup began is not in
it, or if the pause was longer than 50 ms.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

from pyrage.x25519 import Identity

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import tellings  # noqa: E402
from benchmarks.made_inquiry import make  # noqa: E402
from benchmarks.shared import Cost, machine, p95, par_serve, run, serving  # noqa: E402
from par_toolkit.keeping import back_up  # noqa: E402
from par_toolkit.storage import devices, keepers, locking, receipts, stories  # noqa: E402
from par_toolkit.storage.database import open_database  # noqa: E402

#: What the tellers are promised: no longer pause than this, in milliseconds.
PAUSE = 50


@dataclass
class Waited:
    """How many seconds each answer took, and what was kept."""

    answers: list[float] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def main() -> None:
    """Run the benchmark and print the machine and the tables."""
    options = _options()
    print(f"{machine('pyrage', 'uvicorn')}\n", flush=True)
    with tempfile.TemporaryDirectory() as place:
        for count in options.stories:
            measure(Path(place) / str(count), count, options.tellers)


def measure(place: Path, count: int, tellers: int) -> None:
    """Measure one size."""
    folder, usb, key = place / "inquiry", place / "usb", place / "key.txt"
    place.mkdir()
    make(folder, count)
    steward, evaluator = Identity.generate(), Identity.generate()
    key.write_text(f"{steward}\n")
    with open_database(folder) as db:
        token = devices.add(db, "Benchmark")
        for role, one in (("steward", steward), ("evaluator", evaluator)):
            keepers.add(db, f"Example {role}", role, str(one.to_public()))
    size = (folder / "private.db").stat().st_size / 1e6
    print(f"{count:,} stories, private.db {size:,.1f} MB", flush=True)
    _say("backup, sealed", run(folder, "backup", "--to", str(usb)))
    (made,) = usb.glob("*.age")
    print(f"  {'':18}{made.stat().st_size / 1e6:9.1f} MB", flush=True)
    opening = ("--identity", str(key))
    _say("drill", run(folder, "drill", str(made), *opening))
    _say("restore", run(place / "new", "restore", str(made), *opening))
    pauses(folder, usb, token, tellers, key, place)


def _say(name: str, cost: Cost) -> None:
    print(f"  {name:18}{cost.seconds:9.2f} s{cost.peak:9.0f} MB at most", flush=True)


def pauses(folder: Path, usb: Path, token: str, tellers: int, key: Path, place: Path) -> None:
    """Make a backup while people tell, and compare their waits with those without one."""
    with serving(par_serve(folder)) as port:
        with telling(port, token, tellers) as beside:
            began = time.perf_counter()
            before = set(usb.glob("*.age"))
            time.sleep(2)
            known = list(beside.kept)
            with ProcessPoolExecutor(1, get_context("spawn")) as own:
                pause = own.submit(longest_hold, folder, usb).result()
            took = time.perf_counter() - began
        with telling(port, token, tellers) as alone:
            time.sleep(took)
    (made,) = set(usb.glob("*.age")) - before
    for name, waited in (("without", alone), ("with", beside)):
        print(
            f"  {name + ' a backup':18}{len(waited.answers):7,} stories, 95 % within "
            f"{p95(waited.answers):.0f} ms, the longest {1000 * max(waited.answers):.0f} ms",
            flush=True,
        )
    print(f"  nobody else could write for {pause:.1f} ms at most", flush=True)
    run(place / "again", "restore", str(made), "--identity", str(key))
    with open_database(place / "again") as restored:
        missing = set(known) - stories.uuids(restored)
    if missing or alone.failed or beside.failed:
        raise SystemExit(f"{len(missing)} acknowledged stories are missing: {beside.failed[:5]}")
    if pause > PAUSE:
        raise SystemExit(f"The backup kept others from writing for {pause:.0f} ms.")


def longest_hold(folder: Path, usb: Path) -> float:
    """Make a backup; return for how many milliseconds at most it kept all others from writing."""
    held, times = locking._WriteLock.held, []

    @contextmanager
    def timed(lock: locking._WriteLock) -> Iterator[None]:
        with held(lock):
            began = time.perf_counter()
            try:
                yield
            finally:
                times.append(1000 * (time.perf_counter() - began))

    locking._WriteLock.held = timed  # type: ignore[method-assign]
    back_up(folder, to=usb)
    return max(times)


class telling:
    """Tellers who send stories without a pause, for a block."""

    def __init__(self, port: int, token: str, tellers: int) -> None:
        self.waited, self.over = Waited(), threading.Event()
        self.threads = [
            threading.Thread(target=self._tell, args=(port, token)) for _ in range(tellers)
        ]

    def __enter__(self) -> Waited:
        for thread in self.threads:
            thread.start()
        return self.waited

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _tell(self, port: int, token: str) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        story = json.loads(tellings.as_json("story", receipt=receipts.new_code(), seq=1))
        del story["device_seq"]
        while not self.over.is_set():
            uuid, began = str(uuid4()), time.perf_counter()
            connection.request("PUT", f"/api/stories/{uuid}", json.dumps(story), headers)
            answer = connection.getresponse()
            answer.read()
            self.waited.answers.append(time.perf_counter() - began)
            if answer.status in (200, 201):
                self.waited.kept.append(uuid)
            else:
                self.waited.failed.append(answer.status)
            time.sleep(0.02)
        connection.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--tellers", type=int, default=4)
    return parser.parse_args()


if __name__ == "__main__":
    main()
