"""What keeps the server from starting."""

from __future__ import annotations


class ServingError(Exception):
    """The server cannot start; the message says what to do."""
