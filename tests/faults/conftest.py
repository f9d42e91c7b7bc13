"""A running server for the tests of bad lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.server import Served, served


@pytest.fixture
def server(inquiry: Any) -> Iterator[Served]:
    """Serve `inquiry` as a process of its own."""
    with served(inquiry.folder) as running:
        yield running
