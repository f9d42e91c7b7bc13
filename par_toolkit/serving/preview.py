"""The build that waits for stewards to say yes, as readers would see it, under `/preview/`."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Final

from datasette_plugins import plain
from par_toolkit.publishing.build import file_of
from par_toolkit.storage import approving
from par_toolkit.storage.connections import Connections
from par_toolkit.storage.errors import NotAnInquiry
from par_toolkit.web.visitors import PREVIEW

from . import gate, pointer
from .asgi import Receive, Scope, Send, answer, log
from .live_build import LiveBuild
from .pointer import BuildProblem, Target

__all__ = ["PREVIEW", "Preview"]

#: Seconds between looks whether what is shown still waits, while nobody asks: words that were
#: taken back are erased only once no program holds their file.
LOOK_EVERY: Final = 1.0


class Preview:
    """Serves the build of an inquiry `folder` that waits, and nothing once it waits no more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connections = Connections(folder)
        self._shown: LiveBuild | None = None
        self._one_at_a_time = asyncio.Lock()
        self._retiring: set[asyncio.Task[None]] = set()
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start watching for what waits no more; the first build is opened when somebody asks."""
        self._watcher = asyncio.create_task(self._watch(), name="preview watcher")

    async def stop(self) -> None:
        """Stop watching, finish what was begun and close every file."""
        if self._watcher:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        self._put_away()
        await asyncio.gather(*self._retiring)
        self._connections.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for `/preview/…`; who may ask is asked before."""
        notice = gate.refusal(scope, PREVIEW)
        if notice is None:
            shown = await self._current()
            if shown is not None:
                await shown(scope, receive, send)
                return
            notice = plain.NOTHING_WAITS
        await answer(scope, send, notice, gate.BASE_URL)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._shown is not None:
                try:
                    await self._current()
                except Exception as problem:
                    log.error("What waits cannot be looked up (%s).", type(problem).__name__)
                    self._put_away()

    async def _current(self) -> LiveBuild | None:
        """Return what waits now, opened where it is not yet."""
        async with self._one_at_a_time:
            path = await asyncio.to_thread(self._waiting)
            if self._shown is not None and self._shown.target.path != path:
                self._put_away()
            if self._shown is None and path is not None:
                target = Target(path, (None, pointer.state(path)))
                try:
                    await asyncio.to_thread(pointer.check, path)
                    self._shown = await LiveBuild.start(target, base_url=PREVIEW)
                except BuildProblem as problem:
                    log.error("The build that waits cannot be shown: %s", problem)
            return self._shown

    def _waiting(self) -> Path | None:
        try:
            with self._connections.lent() as db:
                found = approving.waiting(db)
        except NotAnInquiry:
            return None
        return file_of(self._folder, found.build) if found else None

    def _put_away(self) -> None:
        old, self._shown = self._shown, None
        if old is not None:
            task = asyncio.create_task(old.retire(), name=f"retire {old.name}")
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)
