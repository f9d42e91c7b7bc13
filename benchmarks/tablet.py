"""Measure a tablet: what it must load, how soon it is ready for no network, sealing and sending.

    .venv/bin/python benchmarks/tablet.py [--stories 100] [--rounds 3]

Serves a new inquiry with `par serve`, and opens it in headless Chromium. The throttled line is
that of "slow 4G": 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back, one more round for each
new connection; all connections share it, the page's and its worker's. It carries what `par serve`
sends, as it sends it. Sizes are gzip at level 6 of the files. What has loaded when the first
question can be answered counts as "before".
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.shared import machine, new_inquiry, par_serve, serving  # noqa: E402
from par_toolkit.storage import stories  # noqa: E402
from par_toolkit.storage.database import open_database  # noqa: E402
from tests.browser import chromium  # noqa: E402
from tests.browser.tablet.halls import ready  # noqa: E402

#: "Slow 4G": bytes a second down and up, and seconds there and back.
DOWN, UP, ROUND_TRIP = 200_000, 93_750, 0.15
PIECE = 1_460
BUDGET = 60 * 1024
READY_BUDGET = 3.0

PAIR = """async token => {
    const {pair} = await import("/static/js/tablet/pairing.js");
    await pair(token);
}"""
SEAL = """async ({recipient, rounds}) => {
    const {seal, warmUp} = await import("/static/js/tablet/sealing.js");
    const telling = "I waited at the clinic for two hours and nobody said why. ".repeat(5);
    const story = {form: "story", form_version: 1, language: "en", device_seq: 1,
        receipt: "1234567812345678", answers: {telling, group: "residents"},
        consent: {analyse: true, wording: 1}};
    const before = performance.now();
    await warmUp();
    const loading = performance.now() - before;
    const times = [];
    for (let n = 0; n < rounds; n++) {
        const start = performance.now();
        await seal(story, recipient);
        times.push(performance.now() - start);
    }
    return {loading, times};
}"""
FILL = """async many => {
    const {finish} = await import("/static/js/tablet/queue.js");
    const {newCode, newUuid} = await import("/static/js/tablet/codes.js");
    const telling = "I waited at the clinic for two hours and nobody said why. ".repeat(5);
    const times = [];
    for (let n = 0; n < many; n++) {
        const story = {form: "story", form_version: 1, language: "en", receipt: newCode(),
            answers: {telling, group: "residents"}, consent: {analyse: true, wording: 1}};
        const start = performance.now();
        await finish(null, story, {uuid: newUuid()});
        times.push(performance.now() - start);
    }
    return times;
}"""
SEND = """async () => {
    const {sendNow} = await import("/static/js/tablet/sender.js");
    const start = performance.now();
    const found = await sendNow();
    return {...found, ms: performance.now() - start};
}"""


def main() -> None:
    """Measure, print, and fail where a story is not on disk at the end."""
    options = _options()
    print(f"{machine('playwright')}", flush=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder, token = new_inquiry(Path(place) / "served")
        with serving(par_serve(folder)) as port, chromium.launch(playwright) as browser:
            print(f"Chromium {browser.version}\n", flush=True)
            address = f"http://127.0.0.1:{port}"
            first_load(browser, address, token)
            with slow_line(port) as slow:
                soon = [ready_after(browser, slow) for _ in range(options.rounds)]
            after = max(ready_at - loaded_at for loaded_at, ready_at in soon)
            print("slow 4G, seconds from asking for the address until loaded, and until ready for")
            print(f"no network: {', '.join(f'{one:.2f} and {two:.2f}' for one, two in soon)}")
            verdict = "within" if after <= READY_BUDGET else "over"
            print(f"at most {after:.2f} s after the first load: {verdict} {READY_BUDGET:.0f} s\n")
            sealing_and_sending(browser, address, token, options.stories)
        with open_database(folder) as db:
            kept = stories.count(db)
    print(f"stories on disk: {kept} of {options.stories}")
    if kept != options.stories:
        raise SystemExit("Stories were lost or doubled.")


def first_load(browser: Browser, address: str, token: str) -> None:
    """Print what each of the two pages of a telling loads before and after its first question."""
    print(f"{'gzip bytes of':34}{'scripts':>9}{'styles':>9}{'together':>10}   budget {BUDGET:,}")
    for name, path, paired in (
        ("/tell/story, the server's page", "/tell/story?lang=en", False),
        ("/tell/story, kept on a tablet", "/tell/story?lang=en", True),
    ):
        with new_page(browser) as page:
            if paired:
                page.goto(f"{address}/tell/device")
                page.evaluate(PAIR, token)
                ready(page)
                page.reload()
            before, after = loaded(page, f"{address}{path}")
        _row(f"{name}: before", before)
        _row("    after it, until idle", after)
    vendored = sorted((ROOT / "par_toolkit/web/static/vendor").glob("*.js"))
    sizes = [f"{one.name} {len(gzip.compress(one.read_bytes(), 6)):,}" for one in vendored]
    print(f"of others, loaded when they are needed: {', '.join(sizes)}")


def loaded(page: Page, url: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the gzip bytes of scripts and styles loaded before and after the first question.

    It can be answered when the page's own scripts have run: the code is shown beside it.
    """
    got: list[tuple[str, int]] = []
    page.on("response", lambda answer: got.append((answer.url, 0)))
    page.goto(url, wait_until="commit")
    page.wait_for_selector("#telling:enabled")
    page.wait_for_selector(".your-code")
    early = {one for one, _ in got}
    page.wait_for_timeout(3_000)
    late = {one for one, _ in got} - early
    return _sizes(page, early), _sizes(page, late)


def _sizes(page: Page, urls: set[str]) -> dict[str, int]:
    sizes = {".js": 0, ".css": 0}
    for url in urls:
        kind = Path(urlsplit(url).path).suffix
        if kind in sizes:
            body = page.request.get(url).body()
            sizes[kind] += len(gzip.compress(body, 6))
    return sizes


def _row(name: str, sizes: dict[str, int]) -> None:
    together = sum(sizes.values())
    print(f"{name:34}{sizes['.js']:9,}{sizes['.css']:9,}{together:10,}", flush=True)


def ready_after(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds until the first page has loaded, and until no network is needed.

    Then it is tried: the line is cut, and a form opens.
    """
    with new_page(browser) as page:
        began = time.perf_counter()
        page.goto(f"{address}/tell", wait_until="load")
        loaded_at = time.perf_counter() - began
        ready(page)
        ready_at = time.perf_counter() - began
        page.context.set_offline(True)
        page.goto(f"{address}/tell/story?lang=en")
        page.wait_for_selector("#telling")
    return loaded_at, ready_at


@contextmanager
def slow_line(port: int) -> Iterator[str]:
    """Put a slow line before the server and give the address at its other end."""
    loop, ready_now = asyncio.new_event_loop(), threading.Event()
    ports: list[int] = []
    ending = asyncio.Event()

    async def run() -> None:
        down, up = Lane(DOWN), Lane(UP)

        async def connect(here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
            with suppress(OSError, asyncio.CancelledError):  # the browser is gone, or we end
                await asyncio.sleep(ROUND_TRIP)  # a connection is a round of its own
                there, on = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(up.carry(here, on), down.carry(there, back))

        server = await asyncio.start_server(connect, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready_now.set()
        await ending.wait()
        server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    ready_now.wait()
    try:
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(timeout=5)


class Lane:
    """One direction of a line: so many bytes a second for all connections together."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._free_at = 0.0

    async def carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        """Carry all bytes, each half a round trip later and no faster than the line is."""
        clock = asyncio.get_running_loop().time
        with suppress(OSError):
            while data := await source.read(PIECE):
                self._free_at = max(self._free_at, clock()) + len(data) / self._rate
                arrives = self._free_at + ROUND_TRIP / 2
                asyncio.get_running_loop().call_at(arrives, self._hand_over, to, data)
                await asyncio.sleep(self._free_at - clock())
            await asyncio.sleep(ROUND_TRIP / 2)
        to.close()

    @staticmethod
    def _hand_over(to: asyncio.StreamWriter, data: bytes) -> None:
        if not to.is_closing():
            to.write(data)


def sealing_and_sending(browser: Browser, address: str, token: str, many: int) -> None:
    """Print how long sealing one story, keeping `many`, and sending them takes."""
    with new_page(browser) as page:
        page.goto(f"{address}/tell/device")
        page.evaluate(PAIR, token)
        recipient = page.request.get(f"{address}/api/health").json()["recipient"]
        sealing = page.evaluate(SEAL, {"recipient": recipient, "rounds": 30})
        kept = page.evaluate(FILL, many)
        sent: dict[str, Any] = page.evaluate(SEND)
    times = sealing["times"]
    print(f"seal one story: {statistics.median(times):.1f} ms (median of {len(times)}), ", end="")
    print(f"the first {times[0]:.1f} ms, loading the crypto {sealing['loading']:.0f} ms")
    print(f"seal and keep one story: {statistics.median(kept):.1f} ms (median of {len(kept)})")
    print(f"send {many} that waited: {sent['ms'] / 1000:.2f} s, {json.dumps(sent)}")


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """Open a page in a browser that was never here."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="en-GB")
    try:
        yield context.new_page()
    finally:
        context.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what a tablet loads, seals and sends.")
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3, help="times to measure being ready")
    return parser.parse_args()


if __name__ == "__main__":
    main()
