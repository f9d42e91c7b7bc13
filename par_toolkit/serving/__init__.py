"""Serve an inquiry on one port: Flask at `/`, the live findings under `/findings/`."""

from __future__ import annotations

from .findings import FindingsApp
from .root import make_app
from .server import ServingError, serve

__all__ = ["FindingsApp", "ServingError", "make_app", "serve"]
