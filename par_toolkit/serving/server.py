"""Run the ASGI root with uvicorn: one process, one port."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import uvicorn

from . import certificates
from .errors import ServingError
from .patience import Patient
from .root import Work, make_app

#: Connections that may wait while all are being answered.
BACKLOG: Final = 512
#: What --host is where the server listens on every address of this machine.
EVERYWHERE: Final = ("0.0.0.0", "::")  # nosec B104: compared with, not bound to
HTTPS_PORT: Final = 443


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], object]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def serve(
    folder: Path | str,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    tls_cert: Path | str | None = None,
    tls_key: Path | str | None = None,
    on_started: Callable[[str], object] | None = None,
    background: Sequence[Work] | None = None,
    lock_after: float | None = None,
) -> None:
    """Serve the inquiry in `folder` until it is stopped; `on_started` is told the address.

    Port 0 takes any free one. An encrypted inquiry is locked after `lock_after` seconds in which
    nobody did anything, or never. Raises ServingError where the port or the certificate will not
    do.
    """
    certificate = _check_tls(tls_cert, tls_key)
    app = make_app(folder, background=background, lock_after=lock_after)
    listening = _listen(host, port)
    try:
        address = _address(listening, host, certificate)
        config = uvicorn.Config(
            app,
            workers=1,
            http=Patient,
            lifespan="on",
            access_log=False,  # addresses can hold what people searched for
            log_config=None,
            log_level=logging.WARNING,
            server_header=False,
            timeout_graceful_shutdown=10,
            ssl_certfile=tls_cert and str(tls_cert),
            ssl_keyfile=tls_key and str(tls_key),
        )
        _Server(config, lambda: on_started(address) if on_started else None).run([listening])
    except KeyboardInterrupt:
        pass  # Ctrl+C is how a person stops it
    finally:
        listening.close()


def _check_tls(cert: Path | str | None, key: Path | str | None) -> certificates.Certificate | None:
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise ServingError("HTTPS needs both --tls-cert and --tls-key.")
    return certificates.usable(cert, key)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is started, so that the reason can be told plainly."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves delayed sending on and each answer takes 40 ms longer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as problem:
        listening.close()
        reason = getattr(problem, "strerror", None) or str(problem)
        raise ServingError(
            f"Cannot listen on {host} port {port} ({reason}). Choose another with --port."
        ) from problem
    listening.setblocking(False)
    return listening


def _address(
    listening: socket.socket, host: str, certificate: certificates.Certificate | None
) -> str:
    """Return where people reach the server; who listens everywhere has its certificate's name."""
    port = listening.getsockname()[1]
    if certificate is None:
        return f"http://{_shown(host)}:{port}"
    if host in EVERYWHERE:
        host = next((name for name in certificate.names if "*" not in name), host)
    return f"https://{_shown(host)}" + ("" if port == HTTPS_PORT else f":{port}")


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
