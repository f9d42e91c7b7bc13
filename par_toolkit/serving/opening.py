"""Going over from the pages of a locked inquiry to those of the open one, and back when idle.

Somebody gives the passphrase at the desk, and the next request is answered by open pages. Where
nobody did anything for a while, or the server ends, all that was opened is closed again: what is
under way is finished, connections are closed, the key and every word in memory are let go.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from par_toolkit.inquiry import InquiryError
from par_toolkit.storage import vault
from par_toolkit.storage.errors import StorageError
from par_toolkit.web import sessions
from par_toolkit.web.activity import Activity
from par_toolkit.web.forgetting import forget

from .asgi import Receive, Scope, Send, log
from .pages import Pages

#: Seconds between looks whether anybody is there.
LOOK_EVERY: Final = 1.0
#: Seconds that answers under way may go on once the inquiry is to be locked.
DRAIN_SECONDS: Final = 20.0
#: Work that people began and that goes on by itself; nothing is locked in the middle of it.
AT_WORK: Final = frozenset({"par theming", "par coding"})


class Worker(Protocol):
    """What works in the background while the inquiry is open."""

    def start(self) -> None: ...
    def stop(self, patience: float | None = 10) -> None: ...


class Opening:
    """Answers with the pages that fit the inquiry in `folder` just now.

    `make` makes them anew, told whether for a locked inquiry. After `lock_after` seconds in which
    nobody did anything (None: never) an encrypted inquiry is locked.
    """

    def __init__(
        self,
        folder: Path,
        make: Callable[[bool], Pages],
        worker: Worker,
        activity: Activity,
        *,
        lock_after: float | None,
    ) -> None:
        self._folder = folder
        self._make = make
        self._worker = worker
        self._activity = activity
        self._lock_after = lock_after
        self._pages = make(not vault.unlocked(folder))
        self._one_at_a_time = asyncio.Lock()
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start what runs beside the answers."""
        await self._begin()
        if self._lock_after is not None and vault.encrypted(self._folder):
            self._watcher = asyncio.create_task(self._watch(), name="lock watcher")

    async def stop(self) -> None:
        """Finish what was begun and close every file."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        async with self._one_at_a_time:
            await asyncio.to_thread(self._worker.stop)
            await self._pages.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._pages.locked and vault.unlocked(self._folder):
            await self._open()
        await self._pages(scope, receive, send)

    async def lock(self) -> None:
        """Lock an encrypted inquiry that is open: nothing of it stays open or in memory.

        Who asks meanwhile waits, and what was asked before is answered first.
        """
        async with self._one_at_a_time:
            if self._pages.locked or not vault.encrypted(self._folder):
                return
            await self._go_over(locked=True)
            vault.lock(self._folder)
            await asyncio.to_thread(forget, self._folder)
        log.info("Nobody was there for a while: the inquiry was locked.")

    async def _open(self) -> None:
        """Go over to open pages, where another request has not done so meanwhile."""
        async with self._one_at_a_time:
            if not self._pages.locked or not vault.unlocked(self._folder):
                return
            self._activity.note()
            try:
                await self._go_over(locked=False)
            except (InquiryError, StorageError) as problem:
                vault.lock(self._folder)
                log.error("The inquiry cannot be opened: %s", problem)
                return
        log.info("The inquiry was opened.")

    async def _go_over(self, *, locked: bool) -> None:
        sessions.end_all(self._folder)
        before, self._pages = self._pages, await asyncio.to_thread(self._make, locked)
        await asyncio.to_thread(self._worker.stop, None)
        await before.finished(DRAIN_SECONDS)
        await before.stop()
        await self._begin()

    async def _begin(self) -> None:
        await self._pages.start()
        if not self._pages.locked:
            self._worker.start()

    async def _watch(self) -> None:
        assert self._lock_after is not None
        while True:
            await asyncio.sleep(min(LOOK_EVERY, self._lock_after))
            if self._activity.idle < self._lock_after or self._pages.locked or _at_work():
                continue
            try:
                await self.lock()
            except Exception as problem:  # it is tried again with the next look
                log.error("The inquiry could not be locked (%s).", type(problem).__name__)


def _at_work() -> bool:
    return any(thread.name in AT_WORK for thread in threading.enumerate())
