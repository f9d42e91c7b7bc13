"""The demo, made once for all who look at it; nobody changes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from par_toolkit.demo import content, fill
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage.database import PrivateDatabase, open_database


@pytest.fixture(scope="module")
def told() -> content.DemoContent:
    return content.load()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    return fill.make(tmp_path_factory.mktemp("demo") / "demo")


@pytest.fixture
def made(demo: Inquiry) -> Iterator[PrivateDatabase]:
    with open_database(demo.folder) as db:
        yield db
