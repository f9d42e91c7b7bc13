"""Engines: the same results in order wherever they are worked out, few parts at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from analysis import engines, themes, vectors
from tests.analysis.test_analysis_themes import BUS, FRENCH, NURSE


class ByLength:
    """In place of the model: it goes to other processes as any encoder does."""

    name = "by length"
    languages = frozenset({"en", "fr"})
    dimensions = 3

    def encode(self, texts: Sequence[str]) -> vectors.Vectors:
        return np.array([[len(text) % number for number in (3, 5, 7)] for text in texts], "f4")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as found:
            yield found


@pytest.mark.parametrize("make", [engines.Here, lambda: engines.Local(2)])
def test_results_come_in_order(make: Callable[[], engines.Engine]) -> None:
    parts = engines.parts_of(list(range(50)), 6)
    assert [len(part) for part in parts] == [6] * 8 + [2]
    assert list(make().map(sum, parts)) == [sum(part) for part in parts]
    with pytest.raises(ValueError, match="chr"):
        list(make().map(chr, [65, 66, 67, -1, 68]))


def test_other_processes_end_when_the_first_is_killed(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys\n"
            "from analysis.engines import Local\n"
            "from tests.analysis.holding import hold\n"
            "if __name__ == '__main__': list(Local(2).map(hold, [sys.argv[1]] * 4))",
            str(tmp_path),
        ],
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    while len(held := list(tmp_path.glob("*.held"))) < 2:
        assert first.poll() is None, "it must wait for the others"
        time.sleep(0.05)
    first.kill()
    first.wait()
    for one in held:
        with FileLock(one.with_suffix(".lock"), timeout=60):
            pass


def test_few_parts_are_done_in_this_process() -> None:
    seen: list[threading.Thread] = []
    local = engines.Local(8)
    assert list(local.map(lambda part: seen.append(threading.current_thread()), [[1], [2]]))
    assert seen == [threading.current_thread()] * 2


def test_where_the_system_does_not_say_which_cores_all_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on macOS and Windows."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert engines.Local().workers == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert engines.Local().workers == 1


def test_only_a_few_parts_are_under_way() -> None:
    class Future:
        def __init__(self, value: int) -> None:
            self.value = value

        def result(self) -> int:
            under_way.remove(self.value)
            return self.value

        def cancel(self) -> None:
            cancelled.append(self.value)

    class Pool:
        def submit(self, function: Callable[[int], int], part: int) -> Future:
            under_way.append(part)
            most.append(len(under_way))
            return Future(function(part))

    under_way: list[int] = []
    most: list[int] = []
    cancelled: list[int] = []
    results = engines._a_few_at_once(Pool(), abs, list(range(20)), 3)  # type: ignore[arg-type]
    assert [next(results), next(results)] == [0, 1] and max(most) == 3
    results.close()  # type: ignore[attr-defined]
    assert cancelled == under_way, "what was under way is called off"


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_bytes(cluster: Any) -> None:
    texts = [*BUS, *NURSE, *FRENCH, *(f"{text} {place}" for place, text in enumerate(BUS * 9))]
    with engines.Dask(cluster.scheduler_address) as dask:
        there = themes.propose(texts, encoder=ByLength(), engine=dask)
    assert there.as_json() == themes.propose(texts, encoder=ByLength()).as_json()


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SECONDS_TO_ANSWER", 1)
    with pytest.raises(engines.EngineError, match="No Dask scheduler answers at tcp"):
        engines.Dask("tcp://127.0.0.1:9")


def test_without_dask_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(engines, "import_module", gone)
    with pytest.raises(engines.EngineError, match=r"pip install par-toolkit\[dask\]"):
        engines.Dask("tcp://127.0.0.1:9")


@pytest.mark.long
def test_all_cores_give_the_same_bytes() -> None:
    if vectors.installed() is None:
        pytest.skip("the package with the sentence vectors is not installed")
    texts = [f"{BUS[place % 3]} {place}" for place in range(engines.PART * engines.WORTH_SHARING)]
    languages = ["en"] * len(texts)
    there = themes.propose(texts, languages=languages, count=3, engine=engines.Local(2))
    assert there.as_json() == themes.propose(texts, languages=languages, count=3).as_json()
