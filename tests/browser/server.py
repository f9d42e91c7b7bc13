"""Start the real server of an inquiry as a process of its own, and stop it again."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import forks

START_SECONDS = 60
#: Whether it is the right certificate is for the tests of HTTPS to ask.
_any_certificate = ssl.create_default_context()
_any_certificate.check_hostname = False
_any_certificate.verify_mode = ssl.CERT_NONE
#: No proxy, whatever the environment says: the server is on this machine.
_local = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_any_certificate)
)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[str]:
    """Serve the inquiry in `folder` on a free port and hand out its address, with no / at the end.

    `options` are given to `par serve`.

    Fails the test when the server does not answer, ends early, or has logged a traceback.
    """
    address = f"http://127.0.0.1:{free_port()}"
    log = folder.parent / f"{folder.name}-server.log"
    log.unlink(missing_ok=True)
    port = address.rpartition(":")[2]
    process = forks.start(["--inquiry", str(folder), "serve", "--port", port, *options], log)
    try:
        wait_until_healthy(address, process=process, log=log)
        yield address
    finally:
        stop(process)
    written = log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in written, f"The server stumbled:\n{written[-4000:]}"


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(address: str, *, process: forks.Process, log: Path) -> None:
    """Return once /api/health says ok; fail with what the server wrote if it never does."""
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with _local.open(f"{address}/api/health", timeout=5) as answer:
                if json.load(answer)["ok"]:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    written = log.read_text(encoding="utf-8", errors="replace")
    raise AssertionError(f"The server did not start (exit {process.poll()}):\n{written[-4000:]}")


def stop(process: forks.Process) -> None:
    """Ask the server to end, and end it if it does not within 10 seconds."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
