"""Fixtures for all tests; each imports its room itself, so that a broken room fails alone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import settings

from tests import quick

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from par_toolkit.inquiry import Inquiry
    from par_toolkit.storage.database import PrivateDatabase
    from par_toolkit.storage.stories import Kept

# A busy machine is slow now and then, which is no fault; where CI runs, each run tries the same.
settings.register_profile("steady", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("steady")
quick.compile_once()


@pytest.fixture(autouse=True)
def reading_ends() -> Iterator[None]:
    """Let the machine finish what it began to read for codes, so that no test meets another's."""
    yield
    for thread in threading.enumerate():
        if thread.name == "par coding":
            thread.join()


def pytest_configure(config: pytest.Config) -> None:
    """Let inquiries be encrypted that tests make for themselves."""
    if config.getoption("--encrypted"):
        from par_toolkit.storage.vault import wrapping
        from tests.encrypted import WANTED

        wrapping.COST = 10  # type: ignore[misc]
        os.environ[WANTED] = "1"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that are marked so twice: with a plain inquiry, and with an encrypted one."""
    marked = any(metafunc.definition.iter_markers("also_encrypted"))
    if marked and "encrypted" in metafunc.fixturenames:
        metafunc.parametrize("encrypted", [False, True], ids=["plain", "encrypted"], indirect=True)


@pytest.fixture
def encrypted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Say whether `inquiry` is encrypted; then it is open here, and `par` has the passphrase."""
    from par_toolkit.storage.vault import wrapping
    from tests.encrypted import PASSPHRASE

    wanted = getattr(request, "param", False) or request.config.getoption("--encrypted")
    if wanted:
        monkeypatch.setattr(wrapping, "COST", 10)
        monkeypatch.setenv("PAR_PASSPHRASE", PASSPHRASE)
    return bool(wanted)


@pytest.fixture
def inquiry(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, encrypted: bool) -> Inquiry:
    """Make a new inquiry in English and French, with the smallest threshold there may be, 5.

    It is as `par init` leaves it: settings, keys and an empty private database.
    """
    from par_toolkit.inquiry import load
    from par_toolkit.storage import vault
    from tests.encrypted import PASSPHRASE

    place = tmp_path_factory.getbasetemp() / ("new encrypted" if encrypted else "new inquiry")
    made = quick.new_inquiry(place, encrypted=encrypted)
    vault.unlock(made, PASSPHRASE)  # another test may have locked it
    return load(quick.copy_of(made, tmp_path / "inquiry"))


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

    It keeps a story through the real door: a new participant's unless `receipt` is given, with
    consent to analyse and quote unless `consent` says otherwise. `answers` adds answers, and ""
    leaves the telling out; other keywords replace fields of `Told`.
    """
    from par_toolkit.storage.receipts import new_code
    from par_toolkit.storage.stories import Told, keep

    def keep_story(
        telling: str = "The bus to the clinic stopped running in May.",
        *,
        group: str = "residents",
        answers: dict[str, Any] | None = None,
        consent: dict[str, bool] | None = None,
        **fields: Any,
    ) -> Kept:
        given: dict[str, Any] = {
            "uuid": str(uuid4()),
            "form": "story",
            "form_version": 1,
            "language": "en",
            "answers": ({"telling": telling} if telling else {})
            | {"group": group}
            | (answers or {}),
            "words": ("telling", "title", "changed", "next"),
            "consent": dict.fromkeys(("analyse", "quote"), True) | (consent or {}),
            "wording": 1,
            "source": "web",
            "receipt": new_code(),
            "cycle": "cycle_1",
        }
        return keep(db, Told(**given | fields))

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let tests have an encrypted inquiry, and those of the web meet a full disk before changes."""
    parser.addoption("--encrypted", action="store_true", help="give tests an encrypted inquiry")
    parser.addoption(
        "--full-disk", metavar="FILE", help="try each change on a full disk first; say so in FILE"
    )


@pytest.fixture(autouse=True)
def full_disk_first(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """With --full-disk, have whatever is posted tried on a full disk first, and note what came."""
    noted = request.config.getoption("--full-disk")
    if not noted:
        yield
        return
    from tests.faults.full_disk import trying_first

    with trying_first(monkeypatch) as seen:
        yield
    seen.write(Path(noted))
    assert not seen.wrong, seen.wrong
