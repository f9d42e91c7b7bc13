"""A paired tablet for the tests of telling."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.tablet.core import Server
from tests.browser.tablet.halls import ready
from tests.browser.tablet.tellers import forgive_network, pair
from tests.faults.server import Served, served

TABLET = {"width": 800, "height": 1180}


@pytest.fixture
def server() -> Server:
    """Answer a tablet as the test says, with no server behind it."""
    return Server()


@pytest.fixture
def village(inquiry: Inquiry) -> Iterator[Served]:
    """Serve the inquiry of this test; the server can be stopped and started on its port."""
    with served(inquiry.folder) as server:
        yield server


@pytest.fixture
def own_phone(new_page: Callable[..., Page], village: Served) -> Iterator[Page]:
    """Open a browser that is not paired."""
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    yield page
    forgive_network(page)


@pytest.fixture
def tablet(new_page: Callable[..., Page], village: Served, db: PrivateDatabase) -> Iterator[Page]:
    """Open a browser of a tablet's size, paired with the inquiry and ready for no network."""
    page = new_page(viewport=TABLET, has_touch=True)
    pair(page, village.address, devices.add(db, "Tablet 1"))
    page.reload()
    ready(page)
    yield page
    forgive_network(page)


@pytest.fixture
def profile() -> Iterator[Path]:
    """Hand out a folder for a browser's profile, by a name short enough for Chromium's socket."""
    with tempfile.TemporaryDirectory(prefix="par-", ignore_cleanup_errors=True) as place:
        yield Path(place)
