"""The live findings behind one ASGI callable: follows the pointer, swaps builds, answers.

A new build gets a whole new Datasette, started and tried before the switch; the old one
finishes what it has begun. Each answer therefore comes from exactly one build.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from pathlib import Path
from typing import Final

from datasette_plugins import plain, static_files

from . import gate, pointer
from .asgi import Receive, Scope, Send, answer, header, log, respond
from .compressing import ENCODING, VARY, compressed, takes_gzip
from .live_build import LiveBuild
from .pointer import BuildProblem, Target

#: Seconds between looks at the pointer while nobody asks.
LOOK_EVERY: Final = 0.5
#: Seconds after which a build that was refused is tried again, each time twice as many up to the
#: longest: the machine may only have been busy, and what is shown may hold words taken back since.
TRY_AGAIN_AFTER: Final = 2.0
LONGEST_BETWEEN: Final = 60.0
#: Seconds during which one look is good enough for all who ask.
LOOK_AT_MOST_EVERY: Final = 0.05
#: Longest a reader waits for a new build to start before the old one answers.
LONGEST_WAIT: Final = 2.0
#: The same where no old one can answer: to say that nothing was published would be false.
LONGEST_FIRST_WAIT: Final = 30.0
_STYLE: Final = gate.BASE_URL + "-/findings/findings.css"


class FindingsApp:
    """Serves the live build of an inquiry `folder`, whatever is published meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._findings = Path(folder) / "findings"
        self._live: LiveBuild | None = None
        self._problem: str | None = None
        self._tried: Target | str | None = None
        self._looked = -LOOK_EVERY
        self._try_again = 0.0
        self._patience = TRY_AGAIN_AFTER
        self._swap: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._watcher: asyncio.Task[None] | None = None

    @property
    def build(self) -> str | None:
        """The file name of the build being served, or None before the first."""
        return self._live.name if self._live else None

    async def start(self) -> None:
        """Start serving the live build and watching for the next."""
        await self.refresh()
        self._watcher = asyncio.create_task(self._watch(), name="findings watcher")

    async def stop(self) -> None:
        """Stop watching, finish what was begun and close every file."""
        if self._watcher:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        if self._swap:
            await self._swap
        if self._live:
            live, self._live = self._live, None
            await live.retire()
        self._tried = None
        await asyncio.gather(*self._retiring)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.refresh()

    async def refresh(self) -> None:
        """Serve the build that the pointer names now, if it is sound; none where it names none."""
        if self._swap is None and self._pointer_moved():
            if self._tried is None:
                self._show_none()
            else:
                self._swap = asyncio.create_task(self._swap_build(), name="findings swap")
        if self._swap is not None:
            await asyncio.wait({self._swap}, timeout=LONGEST_WAIT)

    def _pointer_moved(self) -> bool:
        now = time.monotonic()
        if self._live is not None and now - self._looked < LOOK_AT_MOST_EVERY:
            return False
        self._looked = now
        try:
            target: Target | str | None = pointer.read(self._findings)
        except BuildProblem as problem:
            target = str(problem)
        if target == self._tried:
            return bool(self._problem) and now >= self._try_again
        self._patience = TRY_AGAIN_AFTER
        self._tried = target
        return True

    def _show_none(self) -> None:
        """Show no build: the pointer was taken away, so what it named must not be read on."""
        live, self._live, self._problem = self._live, None, None
        if live is not None:
            log.info("The findings show no build now.")
            self._retire(live)

    async def _swap_build(self) -> None:
        try:
            if not isinstance(self._tried, Target):
                raise BuildProblem(str(self._tried))
            await asyncio.to_thread(pointer.check, self._tried.path)
            fresh = await LiveBuild.start(self._tried)
        except BuildProblem as problem:
            self._refuse(str(problem))
        except Exception as problem:
            self._refuse(f"{self._name_tried} could not be started ({type(problem).__name__}).")
        else:
            old, self._live, self._problem = self._live, fresh, None
            log.info("The findings now show %s.", fresh.name)
            if old is not None:
                self._retire(old)
        finally:
            self._swap = None

    @property
    def _name_tried(self) -> str:
        return self._tried.path.name if isinstance(self._tried, Target) else "findings/current"

    def _refuse(self, why: str) -> None:
        self._try_again = time.monotonic() + self._patience
        self._patience = min(2 * self._patience, LONGEST_BETWEEN)
        if why == self._problem:  # said already
            return
        self._problem = why
        shown = f"{self.build} is still shown" if self._live else "No findings are shown"
        log.error("The new findings were refused: %s %s. Publish again or roll back.", why, shown)

    def _retire(self, old: LiveBuild) -> None:
        task = asyncio.create_task(old.retire(), name=f"retire {old.name}")
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for `/findings/…`."""
        if scope["path"] == _STYLE and scope["method"] in ("GET", "HEAD"):
            await self._send_style(scope, send)
            return
        notice = gate.refusal(scope)
        if notice is None:
            await self.refresh()
            if self._live is None and self._swap is not None:
                await asyncio.wait({self._swap}, timeout=LONGEST_FIRST_WAIT)
            if self._live is not None:
                await self._live(scope, receive, send)
                return
            is_there = self._problem or self._swap
            notice = plain.UNAVAILABLE if is_there else plain.BEFORE_THE_FIRST
        await answer(scope, send, notice, gate.BASE_URL)

    async def _send_style(self, scope: Scope, send: Send) -> None:
        """Send the style sheet, which is needed also where there is no build yet."""
        body, content_type = static_files.FILES["findings.css"]
        takes = takes_gzip(header(scope, b"accept-encoding"))
        small = _small_style() if takes else None
        headers = [
            (b"content-type", content_type.encode()),
            (b"cache-control", static_files.CACHE_CONTROL.encode()),
            VARY,
        ]
        if small is None:
            await respond(scope, send, 200, headers, body)
        else:
            await respond(scope, send, 200, [*headers, ENCODING], small)


@functools.cache
def _small_style() -> bytes | None:
    body, content_type = static_files.FILES["findings.css"]
    return compressed(body, content_type.encode())
