"""The real `par serve` as a process that can be stopped, killed, and started on the same port."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import forks
from tests.browser.server import free_port, stop, wait_until_healthy


class Served:
    """One inquiry's server on one port. `address` stays the same, however often it starts.

    `options` are given to `par serve`. With `tls`, the files of a certificate for localhost and of
    its key, it speaks HTTPS.
    """

    def __init__(self, folder: Path, *options: str, tls: tuple[Path, Path] | None = None) -> None:
        self.folder = folder
        self._options = options
        self.port = free_port()
        self.address = f"https://localhost:{self.port}" if tls else f"http://127.0.0.1:{self.port}"
        self._tls = tls
        self.log = folder.parent / f"{folder.name}-server.log"
        self._process: forks.Process | None = None

    @property
    def pid(self) -> int:
        """The number of the process that serves now."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and return once it answers."""
        self._process = forks.start(self._arguments(), self.log)
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

    def _arguments(self) -> list[str]:
        tls = ["--tls-cert", str(self._tls[0]), "--tls-key", str(self._tls[1])] if self._tls else []
        serve = ["serve", "--port", str(self.port), *tls, *self._options]
        return ["--inquiry", str(self.folder), *serve]


@contextmanager
def served(folder: Path, *, tls: tuple[Path, Path] | None = None) -> Iterator[Served]:
    """Serve the inquiry in `folder`; at the end it is stopped, and must not have stumbled."""
    server = Served(folder, tls=tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()
    server.check_log()
