"""Measure browsing: requests a second and 95th percentile, beside plain `datasette serve`.

    .venv/bin/python benchmarks/browse.py [--quotes 2000] [--seconds 4] [--clients 8] [--closed]

Makes a findings build of made-up words, serves it once as `par serve` does and once with
`datasette serve` and its defaults, each as a process of its own, and asks both over the loopback
for the same pages. 'first' asks for a page nobody asked for before (each has its own query
string); 'repeated' asks for one page again and again. Plain Datasette runs without our plugin,
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

from benchmarks.shared import machine, new_inquiry, p95, par_serve, serving  # noqa: E402
from par_toolkit import inquiry  # noqa: E402
from par_toolkit.storage import people  # noqa: E402
from par_toolkit.storage.database import open_database  # noqa: E402
from par_toolkit.web import sessions  # noqa: E402
from tests.datasette_plugins.builds import make_build, point  # noqa: E402
from tests.serving.signing import signed  # noqa: E402

OURS = {
    "home": "/findings/?",
    "theme": "/findings/theme/theme-waiting?",
    "search": "/findings/search?q=nurse+wait&",
    "table": "/findings/library/quotes?",
}
PLAIN = {
    "home": "/?",
    "theme": "/build-000001/quote_themes?theme=theme-waiting&",
    "search": "/build-000001/quotes?_search=nurse+waited&",
    "table": "/build-000001/quotes?",
}
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
        new_inquiry(Path(folder))
        cookie = close_to_all_but_one(Path(folder)) if options.closed else ""
        build = make_build(Path(folder), 1, quotes=options.quotes)
        point(Path(folder), 1)
        size = build.stat().st_size / 1e6
        print(
            f"{machine('datasette', 'uvicorn')}\n{options.quotes:,} quotes, {size:.1f} MB, ", end=""
        )
        print(f"{options.clients} clients, {options.seconds} s each, loopback\n", flush=True)
        with serving(par_serve(Path(folder))) as port:
            ours = {name: measure(port, path, options, cookie) for name, path in OURS.items()}
        with serving(plain_datasette(build)) as port:
            plain = {name: measure(port, path, options) for name, path in PLAIN.items()}
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
    parser.add_argument("--quotes", type=int, default=2_000, help="quotes in the build")
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
    rates = {name: [round(one.rate, 1) for one in measured] for name, measured in ours.items()}
    print(f"\nas JSON: {json.dumps(rates)}")


if __name__ == "__main__":
    main()
