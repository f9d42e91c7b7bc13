"""How theming grows with the number of texts, and what each engine costs (`theme.py --scale`).

Each size is a process of its own. CPU seconds are those of the process and of all it starts, from
the first text to the last theme; texts are made before. Memory is the highest of the process
itself; other local processes and workers come on top (about 250 MB each with vectors).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import theme_texts

THEMES = 20
ENGINES = ("here", "local", "dask")
WORKERS = 2
LINEAR = 1.25
"""A doubling may cost this much more than twice before growth is called more than linear."""


def measure(options: argparse.Namespace) -> list[str]:
    """Measure each size with each engine; print a row as soon as it is there; return verdicts."""
    print("| texts | different | by | engine | seconds | CPU s | ms a text | MB |")
    print("|---|---|---|---|---|---|---|---|")
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for size in options.scale:
        for engine in options.engine or ["local"]:
            one = found[size, engine] = in_child(options, size, engine)
            by = "words" if options.words_only else "vectors and words"
            print(
                f"| {size:,} | {one['different']:,} | {by} | {engine} | {one['seconds']:.0f} | "
                f"{one['cpu']:.0f} | {1000 * one['seconds'] / size:.2f} | {one['mb']:,} |",
                flush=True,
            )
    return verdicts(found)


def verdicts(found: dict[tuple[int, str], dict[str, Any]]) -> list[str]:
    """Say whether time grows with the texts, every engine gave the same, and Dask is in reach."""
    said = []
    for engine in dict.fromkeys(engine for _, engine in found):
        sizes = sorted(size for size, one in found if one == engine)
        for small, large in pairwise(sizes):
            more = found[large, engine]["cpu"] / found[small, engine]["cpu"] / (large / small)
            said.append(
                f"{engine}: {large / small:.1f} times the texts, {more * large / small:.1f} times "
                f"the CPU: {'linear' if more <= LINEAR else 'MORE than linear'}"
            )
    for size in dict.fromkeys(size for size, _ in found):
        ran = {engine: one for (at, engine), one in found.items() if at == size}
        if len(ran) > 1:
            same = len({one["themes"] for one in ran.values()}) == 1
            said.append(f"{size:,} texts: {'same bytes' if same else 'NOT the same'} everywhere")
        if "dask" in ran and "local" in ran:
            times = ran["dask"]["seconds"] / ran["local"]["seconds"]
            reached = "reached" if times <= 1.3 else "NOT reached"
            said.append(f"{size:,} texts: Dask takes {times:.2f} of local (goal 1.3: {reached})")
    return [f"- {one}" for one in said]


def in_child(options: argparse.Namespace, size: int, engine: str) -> dict[str, Any]:
    """Theme in a process of its own, beside a Dask cluster of local workers where one is asked."""
    with _cluster(engine) as address:
        job = json.dumps({"scale": size, "engine": engine, "address": address})
        command = [sys.executable, sys.argv[0], *sys.argv[1:], "--one", job]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{size} texts with {engine} failed:\n{done.stderr[-2_000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def run(options: argparse.Namespace, job: dict[str, Any]) -> dict[str, Any]:
    """Theme once, in this process."""
    import hashlib

    options.size = job["scale"]
    texts = theme_texts.read(options).texts
    different = len(set(texts))
    cpu, started = _cpu(), time.perf_counter()
    from analysis import engines, themes

    encoder = None if options.words_only else "installed"
    made = {"here": engines.Here, "local": engines.Local}
    engine = made[job["engine"]]() if job["engine"] in made else engines.Dask(job["address"])
    proposal = themes.propose(texts, count=THEMES, engine=engine, encoder=encoder)  # type: ignore[arg-type]
    seconds, cpu = time.perf_counter() - started, _cpu() - cpu
    return {
        "different": different,
        "seconds": seconds,
        "cpu": cpu,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "themes": hashlib.sha256(proposal.as_json().encode()).hexdigest(),
    }


def _cpu() -> float:
    """Return the CPU seconds of this process and of those that it started and that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


@contextmanager
def _cluster(engine: str) -> Iterator[str | None]:
    """Run a Dask scheduler with two workers of one thread each, as on an existing cluster."""
    if engine != "dask":
        yield None
        return
    from distributed import LocalCluster

    root = str(Path(__file__).resolve().parents[1])
    os.environ["PYTHONPATH"] = root  # workers need the package
    try:
        with LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            yield cluster.scheduler_address
    finally:
        del os.environ["PYTHONPATH"]
