"""Fixtures for all tests; each imports its room itself, so that a broken room fails alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from par_toolkit.inquiry import Inquiry
    from par_toolkit.storage.database import PrivateDatabase
    from par_toolkit.storage.stories import Kept

RECEIPT = "1234567890123456"

# A busy machine is slow now and then, which is no fault; where CI runs, each run tries the same.
settings.register_profile("steady", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("steady")


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    """Make a new inquiry in English and French, with the smallest threshold there may be, 5."""
    from par_toolkit.inquiry import FILE, create, load

    made = create(
        tmp_path / "inquiry", name="Made-up inquiry", locality="Exampleton", population=48_000
    )
    settings = made.folder / FILE
    text = settings.read_text(encoding="utf-8")
    assert "threshold = 10 " in text
    settings.write_text(text.replace("threshold = 10 ", "threshold = 5 "), encoding="utf-8")
    return load(made.folder)


@pytest.fixture
def db(inquiry: Inquiry) -> Iterator[PrivateDatabase]:
    """Open the private database of `inquiry`, and close it after the test."""
    from par_toolkit.storage.database import open_database

    database = open_database(inquiry.folder)
    yield database
    database.close()


@pytest.fixture
def tell(db: PrivateDatabase) -> Callable[..., Kept]:
    """Hand out `tell("What happened …", group="carers", consent={"quote": False}, …)`.

    It keeps a story through the real door, with consent to analyse and quote unless told otherwise;
    other keywords replace fields of `Told`, and `answers` adds answers.
    """
    from par_toolkit.storage.stories import Told, keep

    def keep_story(
        telling: str = "The bus to the clinic stopped running in May.",
        *,
        answers: dict[str, Any] | None = None,
        consent: dict[str, bool] | None = None,
        **fields: Any,
    ) -> Kept:
        given: dict[str, Any] = {
            "uuid": str(uuid4()),
            "form": "story",
            "form_version": 1,
            "language": "en",
            "wording": 1,
            "receipt": RECEIPT,
            "source": "web",
            "cycle": "cycle_1",
            "group": "residents",
            "device": None,
            "device_seq": None,
        } | fields
        given["answers"] = {"telling": telling, "group": given["group"]} | (answers or {})
        given["consent"] = {"analyse": True, "quote": True, "publish": False, "contact": False}
        given["consent"] |= consent or {}
        return keep(db, Told(**given))

    return keep_story


@pytest.fixture
def app(inquiry: Inquiry) -> Flask:
    """Make the Flask app of `inquiry`, as the server does."""
    from par_toolkit.web.app import create_app

    return create_app(inquiry.folder)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Hand out a client of `app` that keeps its cookies."""
    return app.test_client()
