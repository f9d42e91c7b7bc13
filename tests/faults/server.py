"""The real `par serve` as a process that can be stopped, killed, and started on the same port."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.browser.server import free_port, stop, wait_until_healthy


class Served:
    """One inquiry's server on one port. `address` stays the same, however often it starts."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder.parent / f"{folder.name}-server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> None:
        """Start it and return once it answers; `more` are options of `par serve`."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command(more), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        wait_until_healthy(self.address, process=self._process, log=self.log)

    def stop(self) -> None:
        """Ask it to end, as Ctrl+C does, and wait until nothing listens."""
        if self._process is not None:
            stop(self._process)
            self._process = None

    def kill(self) -> None:
        """End it between two instructions, as a power cut does to the program."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def check_log(self) -> None:
        """Fail if it has logged a traceback."""
        written = self.log.read_text(encoding="utf-8", errors="replace")
        assert "Traceback" not in written, f"The server stumbled:\n{written[-4000:]}"

    def _command(self, more: Sequence[str]) -> list[str]:
        par = [sys.executable, "-m", "par_toolkit", "--inquiry", str(self.folder)]
        return [*par, "serve", "--port", str(self.port), *more]


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve the inquiry in `folder`; at the end it is stopped, and must not have stumbled."""
    server = Served(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
    server.check_log()
