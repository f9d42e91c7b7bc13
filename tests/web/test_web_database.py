"""The connections behind the pages: durable, current, few, and given back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from flask import Flask, Response

from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping.backup import back_up
from par_toolkit.keeping.restore import restore
from par_toolkit.serving import make_app
from par_toolkit.storage import devices, stories
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.web import arrivals
from par_toolkit.web.database import get_db
from tests.promises.test_promise_01_on_disk import is_durable
from tests.serving.conftest import listening
from tests.web.test_web_api import story

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def headers(db: PrivateDatabase) -> dict[str, str]:
    """Pair a tablet and return what it sends along."""
    return {"Authorization": f"Bearer {devices.add(db, 'Made-up tablet')}"}


def put(tablet: httpx.Client, uuid: str = "") -> int:
    return tablet.put(f"/api/stories/{uuid or uuid4()}", json=story()).status_code


@pytest.mark.parametrize("setting, expected", [("full", True), ("normal", False), ("off", False)])
def test_promise_01_the_connection_of_every_request_commits_to_the_disk(
    app: Flask, headers: dict[str, str], setting: str, expected: bool
) -> None:
    """Looked at while requests are answered; a weaker setting is seen."""
    durable: list[bool] = []

    @app.after_request
    def look(response: Response) -> Response:
        durable.append(is_durable(get_db()))
        return response

    client = app.test_client()
    for _ in range(3):
        assert client.put(f"/api/stories/{uuid4()}", json=story(), headers=headers).status == (
            "201 CREATED"
        )
        if setting != "full":
            with app.test_request_context():
                get_db().conn.execute(f"pragma synchronous={setting}")
    assert durable[0] is True
    assert durable[1:] == [expected, expected]


def test_promise_01_the_connection_that_stories_share_commits_to_the_disk(
    inquiry: Inquiry, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    durable: list[bool] = []
    take = arrivals.take

    def look(db: PrivateDatabase, *given: Any, **more: Any) -> arrivals.Arrived:
        durable.append(is_durable(db))
        return take(db, *given, **more)

    monkeypatch.setattr(arrivals, "take", look)
    with (
        listening(make_app(inquiry.folder, background=())) as address,
        httpx.Client(base_url=address, headers=headers, timeout=30) as tablet,
    ):
        assert [put(tablet) for _ in range(5)] == [201] * 5
    assert durable == [True] * 5


def test_a_revoked_tablet_is_refused_at_its_next_request(
    inquiry: Inquiry, db: PrivateDatabase, headers: dict[str, str]
) -> None:
    (device,) = devices.listing(db)
    with (
        listening(make_app(inquiry.folder, background=())) as address,
        httpx.Client(base_url=address, headers=headers, timeout=30) as tablet,
    ):
        assert [put(tablet) for _ in range(3)] == [201] * 3
        devices.revoke(db, device.id)
        assert put(tablet) == 401


def test_a_restore_while_the_server_runs_is_seen_by_the_next_request(
    inquiry: Inquiry, headers: dict[str, str], tmp_path: Path
) -> None:
    before, after = str(uuid4()), str(uuid4())
    with (
        listening(make_app(inquiry.folder, background=())) as address,
        httpx.Client(base_url=address, headers=headers, timeout=30) as tablet,
    ):
        assert put(tablet, before) == 201
        kept = back_up(inquiry.folder, to=tmp_path)
        assert put(tablet, after) == 201
        restore(kept.path, inquiry.folder)
        assert (put(tablet, before), put(tablet, after)) == (200, 201)
    with open_database(inquiry.folder) as db:
        assert stories.count(db) == 2


@pytest.mark.asyncio
async def test_promise_16_two_hundred_tablets_at_once_and_somebody_who_reads(
    inquiry: Inquiry, db: PrivateDatabase, headers: dict[str, str]
) -> None:
    """None fails, and the pages are answered between."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    with listening(make_app(inquiry.folder, background=())) as address:
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as hall:

            async def tell() -> int:
                path = f"/api/stories/{uuid4()}"
                return (await hall.put(path, json=story(), headers=headers)).status_code

            async def read() -> int:
                return (await hall.get("/tell")).status_code

            told = [tell() for _ in range(200)]
            answers = await asyncio.gather(*told[:100], *(read() for _ in range(8)), *told[100:])
    assert sorted(answers) == [200] * 8 + [201] * 200
    assert stories.count(db) == 200


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="only Linux lists what is open")
def test_two_hundred_requests_leave_nothing_open(
    inquiry: Inquiry, db: PrivateDatabase, headers: dict[str, str]
) -> None:
    def still_open() -> int:
        return sum(
            "private.db" in str(one.readlink()) for one in DESCRIPTORS.iterdir() if one.is_symlink()
        )

    at_rest = still_open()
    with (
        listening(make_app(inquiry.folder, background=())) as address,
        httpx.Client(base_url=address, headers=headers, timeout=30) as tablet,
    ):

        def ask() -> None:
            assert put(tablet) == 201
            assert tablet.get("/tell").status_code == 200
            assert tablet.get("/api/health").status_code == 200

        for _ in range(10):
            ask()
        warm = still_open()
        for _ in range(67):
            ask()
        assert still_open() <= warm
    assert still_open() <= max(warm, at_rest)
