"""What the benchmarks share: servers as processes of their own, and the machine in a sentence."""

from __future__ import annotations

import os
import platform
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from par_toolkit import inquiry  # noqa: E402
from par_toolkit.storage import devices, vault  # noqa: E402
from par_toolkit.storage.database import open_database  # noqa: E402
from par_toolkit.wording import remember_wording  # noqa: E402


def new_inquiry(folder: Path, *, passphrase: str | None = None) -> tuple[Path, str]:
    """Make an inquiry with one paired tablet and return its folder and the tablet's token.

    With a `passphrase` it is encrypted.
    """
    here = inquiry.create(folder, name="Benchmark", locality="Nowhere")
    if passphrase:
        vault.begin(folder, passphrase)
    with open_database(folder, create=True) as db:
        remember_wording(db, here)
        return folder, devices.add(db, "Benchmark")


def par_serve(folder: Path) -> Callable[[int], list[str]]:
    """Return the command of `par serve` for the inquiry in `folder`."""
    par = [sys.executable, "-m", "par_toolkit", "--inquiry", str(folder)]
    return lambda port: [*par, "serve", "--port", str(port)]


def memory_of(port: int) -> float:
    """Return the most memory, in MB, that the server begun by `serving` on `port` took so far."""
    status = _lines(f"/proc/{_processes[port]}/status")
    most = next((line for line in status if line.startswith("VmHWM:")), "VmHWM: nan kB")
    return float(most.split()[1]) / 1000


#: The servers that run, by their port.
_processes: dict[int, int] = {}


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds on the clock and on the processor, and its peak in MB."""

    seconds: float
    cpu: float
    peak: float


def run(folder: Path, *command: str) -> Cost:
    """Run one `par` command as a process of its own; fail with what it said if it fails."""
    par = [sys.executable, "-m", "par_toolkit", "--inquiry", str(folder), *command]
    with tempfile.TemporaryFile() as said:
        before = time.perf_counter()
        process = subprocess.Popen(par, stdout=said, stderr=said, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - before
        if os.waitstatus_to_exitcode(status):
            said.seek(0)
            raise SystemExit(said.read().decode("utf-8", "replace"))
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3)


@contextmanager
def serving(command: Callable[[int], Sequence[str]]) -> Iterator[int]:
    """Run the server that `command` starts on a free port, and give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    _processes[port] = process.pid
    try:
        _wait_until_open(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("A server did not start.")


def wait_for_findings(port: int) -> None:
    """Wait until a build is served: the server is there a little before it."""
    for _ in range(100):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/findings/")
        if connection.getresponse().status not in (404, 503):
            return
        time.sleep(0.1)
    raise SystemExit("The findings were not served.")


def p95(times: Sequence[float]) -> float:
    """Return the 95th percentile of seconds, in milliseconds; nan where there are none."""
    return 1000 * sorted(times)[int(0.95 * len(times))] if times else float("nan")


def machine(*packages: str) -> str:
    """Name the processor, memory, versions of Python, SQLite and `packages`, and the load."""
    processor = _first("/proc/cpuinfo", "model name") or platform.machine()
    cores = len([line for line in _lines("/proc/cpuinfo") if line.startswith("processor")]) or 1
    memory = int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 1e6
    load = (_lines("/proc/loadavg") or ["unknown"])[0].split()[0]
    versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    versions += [f"{name} {version(name)}" for name in packages]
    return (
        f"{platform.system()}, {processor}, {cores} cores, {memory:.1f} GB; "
        f"load before: {load}\n{', '.join(versions)}"
    )


def _first(path: str, name: str) -> str | None:
    found = (line.split(":", 1)[1].strip() for line in _lines(path) if line.startswith(name))
    return next(found, None)


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
