"""Measure publishing: time and memory as stories become more, a withdrawal, and swaps under load.

    .venv/bin/python benchmarks/publish.py [--stories 1000 10000 100000] [--swaps 10] [--clients 8]

For each size it makes an inquiry of made-up stories and runs the commands as people do, each as a
process of its own: `par publish` twice, `par verify`, and `par withdraw` of one story that is
quoted, up to the build without it. The peak is the most memory that the process held at once.

Then it publishes the smallest inquiry again and again while readers ask for its pages through
`par serve`. A page counts as mixed when it links to a theme of another build than the one that it
names. The run fails if any answer failed or was mixed. Last come the bytes of the home page.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import math
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.made_inquiry import make  # noqa: E402
from benchmarks.shared import (  # noqa: E402
    Cost,
    machine,
    p95,
    par_serve,
    run,
    serving,
    wait_for_findings,
)
from par_toolkit.publishing import build, live_build  # noqa: E402

#: What readers ask for while builds are swapped; each names its build and links to themes.
PAGES = ("/findings/", "/findings/themes", "/findings/search?q=bus")
NAMED = re.compile(r"Build ([\d,]+) \(")
THEME = re.compile(r'href="/findings/theme/([^"?]+)')
STYLE = re.compile(r'rel="stylesheet" href="([^"]+)"')


@dataclass
class Readers:
    """What readers got while builds were swapped."""

    times: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    #: the number of the build that a page named -> the themes that it linked to
    themes: dict[int, set[str]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)


def main() -> None:
    """Run the benchmark and print the machine and the tables."""
    options = _options()
    print(f"{machine('datasette', 'uvicorn')}\n", flush=True)
    print(f"{'stories':>9} {'command':18}{'seconds':>9}{'cpu s':>8}{'peak MB':>9}{'file MB':>9}")
    with tempfile.TemporaryDirectory() as place:
        costs = {}
        for count in options.stories:
            folder = Path(place) / str(count)
            costs[count] = publish_and_withdraw(folder, count)
        _print_growth(costs)
        swap_under_load(
            Path(place) / str(options.stories[0]), swaps=options.swaps, clients=options.clients
        )


def publish_and_withdraw(folder: Path, count: int) -> Cost:
    """Run every command on an inquiry of `count` stories; return what the first publish took."""
    code = make(folder, count)
    first = _report(folder, count, "publish")
    _report(folder, count, "publish", name="publish again")
    _report(folder, count, "verify")
    _report(folder, count, "withdraw", code, "--yes", name="withdraw one")
    return first


def _report(folder: Path, count: int, *command: str, name: str = "") -> Cost:
    cost = run(folder, *command)
    live = live_build(folder)
    size = build.file_of(folder, live).stat().st_size / 1e6 if live else 0.0
    print(
        f"{count:9,} {name or command[0]:18}{cost.seconds:9.2f}{cost.cpu:8.2f}"
        f"{cost.peak:9.0f}{size:9.1f}",
        flush=True,
    )
    return cost


def swap_under_load(folder: Path, *, swaps: int, clients: int) -> None:
    """Publish `swaps` times while readers read, and say what they got; fail if any was wrong."""
    got, done = Readers(), threading.Event()
    with serving(par_serve(folder)) as port:
        wait_for_findings(port)
        threads = [threading.Thread(target=_read, args=(port, got, done)) for _ in range(clients)]
        for thread in threads:
            thread.start()
        known = {}
        for _ in range(swaps):
            known |= _themes(folder)
            run(folder, "publish")
        known |= _themes(folder)
        time.sleep(3)
        done.set()
        for thread in threads:
            thread.join()
        weights = _weights(port)
    mixed = [number for number, them in got.themes.items() if not them <= known[number]]
    print(
        f"\n{swaps} swaps, {clients} readers: {len(got.times):,} answers out of "
        f"{len(got.answers)} builds, 95 % within {p95(got.times):.0f} ms, "
        f"failed: {len(got.failed)}, mixed builds: {len(mixed)}"
    )
    print("home page: " + ", ".join(f"{name} {size:,} bytes" for name, size in weights.items()))
    if got.failed or mixed:
        raise SystemExit(f"Readers were failed: {got.failed[:5]} {mixed[:5]}")


def _themes(folder: Path) -> dict[int, set[str]]:
    """Return the public ids of the themes of the live build, under its number."""
    live = live_build(folder)
    assert live is not None
    rows = build.read_rows(build.file_of(folder, live), "themes")
    return {live: {row["id"] for row in rows}}


def _read(port: int, got: Readers, done: threading.Event) -> None:
    """Ask for one page after the other, each with words of its own so that none comes kept."""
    turn = 0
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while not done.is_set():
        turn += 1
        path = PAGES[turn % len(PAGES)]
        fresh = f"{'&' if '?' in path else '?'}fresh={time.monotonic_ns()}" if turn % 2 else ""
        before = time.perf_counter()
        try:
            status, page = _get(connection, path + fresh)
        except (OSError, HTTPException) as error:
            got.failed.append(f"{path}: {type(error).__name__}")
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            continue
        got.times.append(time.perf_counter() - before)
        named = NAMED.search(page)
        if status != 200 or named is None:
            got.failed.append(f"{path}: {status}")
            continue
        number = int(named[1].replace(",", ""))
        got.answers[number] += 1
        got.themes.setdefault(number, set()).update(THEME.findall(page))


def _get(connection: HTTPConnection, path: str) -> tuple[int, str]:
    connection.request("GET", path, headers={"Accept-Language": "en"})
    response = connection.getresponse()
    return response.status, response.read().decode("utf-8")


def _weights(port: int) -> dict[str, int]:
    """Return the bytes of the home page and of its styles, each as gzip makes them."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    _, home = _get(connection, PAGES[0])
    style = STYLE.search(home)
    assert style is not None
    _, styles = _get(connection, style[1])
    sizes = {
        "page": len(gzip.compress(home.encode())),
        "styles": len(gzip.compress(styles.encode())),
    }
    return sizes | {"together": sum(sizes.values())}


def _print_growth(costs: dict[int, Cost]) -> None:
    """Say between each two sizes how `publish` grows: as a power of the stories (1: linear)."""
    sizes = list(costs)
    for small, large in itertools.pairwise(sizes):
        one, other = costs[small], costs[large]
        by = math.log(large / small)
        print(
            f"from {small:,} to {large:,} stories: time grows as n^"
            f"{math.log(other.cpu / one.cpu) / by:.2f}, memory as n^"
            f"{math.log(other.peak / one.peak) / by:.2f}"
        )


def _options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure publishing.")
    parser.add_argument("--stories", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--swaps", type=int, default=10)
    parser.add_argument("--clients", type=int, default=8)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
