"""Where the work on many texts is done: in this process, on all cores, or on a Dask cluster.

Texts are cut into parts of a size that does not depend on where they go, each text is worked on by
itself, and results come back in order: so every engine gives the same bytes. No more than a few
parts are under way at once, which bounds memory.
"""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from importlib import import_module
from typing import Any, Protocol, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")

PART = 250
"""Texts in a part: about a second of work."""

WORTH_SHARING = 4
"""Parts from which starting other processes costs less than it saves."""

SECONDS_TO_ANSWER = 20


class EngineError(ValueError):
    """Work cannot be done where it was asked for; the message says what to do."""


class Engine(Protocol):
    """Whatever applies a function to parts of texts."""

    def map(self, function: Callable[[In], Out], parts: Sequence[In]) -> Iterator[Out]:
        """Yield the result of each part, in order."""
        ...


class Here:
    """One part after the other, in this process."""

    def map(self, function: Callable[[In], Out], parts: Sequence[In]) -> Iterator[Out]:
        """Yield the result of each part, in order."""
        return map(function, parts)


class Local:
    """All cores of this machine; few parts are done in this process, which is quicker."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or _cores()

    def map(self, function: Callable[[In], Out], parts: Sequence[In]) -> Iterator[Out]:
        """Yield the result of each part, in order. Ctrl+C ends the other processes too."""
        if self.workers < 2 or len(parts) < WORTH_SHARING:
            yield from map(function, parts)
            return
        # started anew, not copied: a copy of a process that runs threads can hang
        pool = ProcessPoolExecutor(
            self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_end_with_the_first,
        )
        try:
            yield from _a_few_at_once(pool, function, parts, 2 * self.workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _cores() -> int:
    """Count the cores this process may use; macOS and Windows only tell how many there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _end_with_the_first() -> None:
    """End this process when the one that started it is gone, killed or not.

    It would wait for work without end, with people's words in its memory.
    """
    first = multiprocessing.parent_process()
    if first is None:
        return

    def watch() -> None:
        first.join()
        os._exit(1)

    threading.Thread(target=watch, name="par engine", daemon=True).start()


class Dask:
    """A cluster of `dask.distributed` that runs already, such as tcp://10.0.0.5:8786.

    Its workers need this package, of the same version. The texts go to them over the network.
    """

    def __init__(self, address: str) -> None:
        try:
            library = import_module("distributed")
        except ImportError:
            raise EngineError(
                "Dask is not installed. Install it with: pip install par-toolkit[dask]"
            ) from None
        try:
            self._client: Any = library.Client(
                address, timeout=SECONDS_TO_ANSWER, set_as_default=False
            )
        except (OSError, ValueError, TimeoutError):
            raise EngineError(
                f"No Dask scheduler answers at {address}. Start one, or look at its address, "
                "such as tcp://10.0.0.5:8786."
            ) from None
        if not self._client.scheduler_info()["workers"]:
            self.close()
            raise EngineError(f"The Dask scheduler at {address} has no workers. Start some.")

    def map(self, function: Callable[[In], Out], parts: Sequence[In]) -> Iterator[Out]:
        """Yield the result of each part, in order."""
        workers = self._client.scheduler_info()["workers"].values()
        at_once = 3 * sum(one["nthreads"] for one in workers)
        yield from _a_few_at_once(_Submitting(self._client), function, parts, at_once)

    def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        self._client.close()

    def __enter__(self) -> "Dask":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Submitting:
    """Give a Dask client the one method of an executor that is needed."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, function: Callable[[In], Out], part: In) -> Any:
        # the same texts may be asked for again: Dask must not answer from what it remembers
        return self._client.submit(function, part, pure=False)


def _a_few_at_once(
    pool: Executor | _Submitting,
    function: Callable[[In], Out],
    parts: Sequence[In],
    at_once: int,
) -> Iterator[Out]:
    """Yield results in order while at most `at_once` parts are under way."""
    under_way: deque[Any] = deque()
    try:
        for part in parts:
            under_way.append(pool.submit(function, part))
            if len(under_way) >= at_once:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        for one in under_way:
            one.cancel()


def parts_of(items: Sequence[In], size: int = PART) -> list[Sequence[In]]:
    """Cut a list into parts of `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]
