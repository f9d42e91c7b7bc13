"""Fixtures for tests of publishing: an inquiry, and a meeting of two groups in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publishing.inquiries import Place
from tests.publishing.meetings import TWO, Meeting


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Make a new inquiry, which a test fills as it likes."""
    return Place(tmp_path / "inquiry")


@pytest.fixture
def meeting(place: Place) -> Meeting:
    """Seat six residents and six carers in circles of their own."""
    return Meeting(place, TWO)
