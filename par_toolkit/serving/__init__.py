"""Serve an inquiry on one port: Flask at `/`, the live findings under `/findings/`."""

from __future__ import annotations

from .errors import ServingError
from .findings import FindingsApp
from .root import make_app
from .server import serve

__all__ = ["FindingsApp", "ServingError", "make_app", "serve"]
