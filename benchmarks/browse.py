"""Measure browsing: requests a second and 95th percentile, beside plain `datasette serve`.

    .venv/bin/python benchmarks/browse.py [--stories 10000] [--seconds 4] [--clients 8] [--closed]

Publishes the findings of made-up stories, serves them once as `par serve` does and once with
`datasette serve` and its defaults, each as a process of its own, and asks both over the loopback
for the same pages. 'first' asks for a page nobody asked for before (each has its own query
string); 'repeated' asks for one page again and again. Two goals are looked at: a page that is asked
for again comes at least 100 times as often as from plain Datasette, and none that is asked for
first comes less often than the table page of plain Datasette. That runs without our plugin,
so home, theme and search are its nearest pages: its index, the table filtered by theme, and the
table's own search. With --closed our findings are for named people, and one of them asks.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.made_inquiry import make  # noqa: E402
from benchmarks.shared import (  # noqa: E402
    machine,
    p95,
    par_serve,
    serving,
    wait_for_findings,
)
from par_toolkit import inquiry  # noqa: E402
from par_toolkit.publishing import publish  # noqa: E402
from par_toolkit.publishing.build import read_rows  # noqa: E402
from par_toolkit.storage import people  # noqa: E402
from par_toolkit.storage.database import open_database  # noqa: E402
from par_toolkit.web import sessions  # noqa: E402
from tests.serving.signing import signed  # noqa: E402

#: Addresses by page; {theme} is the public id of a theme.
OURS = {
    "home": "/findings/?",
    "theme": "/findings/theme/{theme}?",
    "search": "/findings/search?q=nurse+kind&",
    "table": "/findings/library/quotes?",
}
PLAIN = {
    "home": "/?",
    "theme": "/build-000001/quote_themes?theme={theme}&",
    "search": "/build-000001/quotes?_search=nurse+kind&",
    "table": "/build-000001/quotes?",
}
#: So many times plain Datasette's rate is the goal for a page that is asked for again.
TIMES = 100
# Datasette's own command; the line before it keeps our plugin out where the toolkit is installed.
SERVE_PLAIN = """
import sys
from datasette import plugins
for plugin in [p for p in plugins.pm.get_plugins() if p.__name__ == "datasette_plugins"]:
    plugins.pm.unregister(plugin)
from datasette.cli import cli
cli(["serve", "-i", sys.argv[1], "-p", sys.argv[2]])
"""


@dataclass(frozen=True)
class Measured:
    """What one run of one page gave: requests a second, and milliseconds."""

    rate: float
    p95: float
    failed: int


def main() -> None:
    """Run the benchmark and print the machine and the table."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "inquiry"
        make(place, options.stories)
        cookie = close_to_all_but_one(place) if options.closed else ""
        build = publish(place).path
        size = build.stat().st_size / 1e6
        theme = read_rows(build, "themes")[0]["id"]
        print(
            f"{machine('datasette', 'uvicorn')}\n{options.stories:,} stories, {size:.1f} MB, ",
            end="",
        )
        print(f"{options.clients} clients, {options.seconds} s each, loopback\n", flush=True)
        with serving(par_serve(place)) as port:
            wait_for_findings(port)
            ours = {
                name: measure(port, path.format(theme=theme), options, cookie)
                for name, path in OURS.items()
            }
        with serving(plain_datasette(build)) as port:
            plain = {
                name: measure(port, path.format(theme=theme), options)
                for name, path in PLAIN.items()
            }
    _print_table(ours, plain)


def close_to_all_but_one(folder: Path) -> str:
    """Open the findings to named people only, and return the cookie of one of them."""
    settings = folder / "inquiry.toml"
    text = settings.read_text("utf-8").replace('open_to = "everybody"', 'open_to = "people"')
    settings.write_text(text, "utf-8")
    with open_database(folder) as db:
        guest = people.set_password(db, people.add(db, "Benchmark", "guest"), "a long password")
    session = {"person": guest.id, "sitting": guest.session, "since": int(time.time())}
    return signed(session, sessions.session_key(inquiry.load(folder)))


def measure(
    port: int, path: str, options: argparse.Namespace, cookie: str = ""
) -> tuple[Measured, Measured]:
    """Return what `path` gives when asked for the first time, and again and again."""
    first = run(port, path, options, cookie, fresh=True)
    return first, run(port, path, options, cookie, fresh=False)


def run(port: int, path: str, options: argparse.Namespace, cookie: str, *, fresh: bool) -> Measured:
    """Ask for `path` from several connections at once, for a set time."""
    times: list[float] = []
    failed: list[int] = []
    headers = {"Cookie": cookie} if cookie else {}
    end = time.perf_counter() + options.seconds

    def ask(client: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        turn = 0
        while (before := time.perf_counter()) < end:
            turn += 1
            query = f"_fresh={time.monotonic_ns()}-{client}-{turn}" if fresh else "_again=1"
            connection.request("GET", path + query, headers=headers)
            response = connection.getresponse()
            response.read()
            times.append(time.perf_counter() - before)
            if response.status != 200:
                failed.append(response.status)
        connection.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(options.clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    return Measured(len(times) / took, p95(times), len(failed))


def plain_datasette(build: Path) -> Callable[[int], list[str]]:
    """Return the command of `datasette serve` for one build."""
    return lambda port: [sys.executable, "-c", SERVE_PLAIN, str(build), str(port)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure browsing beside plain Datasette.")
    parser.add_argument("--stories", type=int, default=10_000, help="stories of the inquiry")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds for each measurement")
    parser.add_argument("--clients", type=int, default=8, help="connections at once")
    parser.add_argument("--closed", action="store_true", help="findings for named people only")
    return parser.parse_args()


def _print_table(
    ours: dict[str, tuple[Measured, Measured]], plain: dict[str, tuple[Measured, Measured]]
) -> None:
    print(f"{'':18}{'par serve':>24}{'datasette serve':>26}")
    print(
        f"{'page':8}{'':10}{'requests/s':>12}{'p95 ms':>10}{'':6}{'requests/s':>10}{'p95 ms':>10}"
    )
    for name, measured in ours.items():
        for kind, one, other in zip(("first", "repeated"), measured, plain[name], strict=True):
            failed = f"  failed: {one.failed} / {other.failed}" if one.failed + other.failed else ""
            print(
                f"{name:8}{kind:10}{one.rate:12,.0f}{one.p95:10.1f}{'':6}"
                f"{other.rate:10,.0f}{other.p95:10.1f}{failed}"
            )
    _print_goals(ours, plain)
    rates = {name: [round(one.rate, 1) for one in measured] for name, measured in ours.items()}
    print(f"\nas JSON: {json.dumps(rates)}")


def _print_goals(
    ours: dict[str, tuple[Measured, Measured]], plain: dict[str, tuple[Measured, Measured]]
) -> None:
    print()
    for name, (first, again) in ours.items():
        times, least = again.rate / plain[name][1].rate, plain["table"][0].rate
        print(
            f"{name:8}again: {times:,.0f} times plain Datasette ({_said(times >= TIMES)}); first: "
            f"{first.rate:,.0f} a second, its table {least:,.0f} ({_said(first.rate >= least)})"
        )


def _said(reached: bool) -> str:
    return "reached" if reached else "not reached"


if __name__ == "__main__":
    main()
