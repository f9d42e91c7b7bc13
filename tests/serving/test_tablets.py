"""Tablets that send over the wire: sealed or plain, many at once, too long, and while locked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from par_toolkit import sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.serving import make_app
from par_toolkit.storage import devices, inbox, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.intake import open_waiting
from tests.sealed import sealed
from tests.serving.conftest import listening
from tests.web.test_web_api import UUID, story

AGE = "application/age"


@pytest.fixture
def tablet(inquiry: Inquiry, db: PrivateDatabase) -> Iterator[httpx.Client]:
    """Serve the inquiry as `par serve` does, and hand out a paired tablet."""
    sealing.make_keys(inquiry.folder)
    header = {"Authorization": f"Bearer {devices.add(db, 'Made-up tablet')}"}
    app = make_app(inquiry.folder, background=(open_waiting,))
    with (
        listening(app) as address,
        httpx.Client(base_url=address, headers=header, timeout=60) as client,
    ):
        yield client


def put(client: httpx.Client, body: Any, kind: str, *, uuid: str = UUID) -> httpx.Response:
    """Send one story."""
    named = {"Content-Type": kind, "Par-Device-Numbers": "1-41", "Par-Device-Seq": "41"}
    return client.put(f"/api/stories/{uuid}", content=body, headers=named)


def test_promise_02_fifty_identical_sealed_submissions_over_the_wire_are_one_row(
    tablet: httpx.Client, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    body = sealed(inquiry.folder, story())
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: put(tablet, body, AGE), range(50)))
    assert Counter(one.status_code for one in answers) == {201: 1, 200: 49}
    assert all(one.json()["stored"] for one in answers)
    assert stories.count(db) == 1
    report = tablet.get("/api/device").json()
    assert (report["arrived"], report["of"], report["missing"][-1]) == (1, 41, 40)


def test_promise_16_50_megabytes_are_refused_as_json(tablet: httpx.Client) -> None:
    for kind in (AGE, "application/json"):
        answer = put(tablet, b"x" * 50_000_000, kind)
        assert (answer.status_code, answer.json()["status"]) == (413, "too_large")
        assert answer.json()["stored"] is False
    pieces = (b"x" * 1_000_000 for _ in range(50))
    answer = put(tablet, pieces, AGE)
    assert (answer.status_code, answer.json()["status"]) == (413, "too_large")


def test_a_story_in_pieces_of_unknown_length_is_taken_whole(
    tablet: httpx.Client, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    body = sealed(inquiry.folder, story(answers={"telling": "é" * 131_584}))  # 257 KB
    answer = put(tablet, (body[at : at + 9_999] for at in range(0, len(body), 9_999)), AGE)
    assert answer.status_code == 201
    assert len(stories.listing(db)[0].answers["telling"]) == 131_584


def test_what_came_while_locked_is_opened_once_the_key_is_back(
    tablet: httpx.Client, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    sealing.put_away(inquiry.folder, tmp_path / "stick")
    body = sealed(inquiry.folder, story())
    with ThreadPoolExecutor(50) as pool:
        statuses = Counter(pool.map(lambda _: put(tablet, body, AGE).status_code, range(50)))
    assert statuses == {201: 1, 200: 49}
    assert inbox.waits(db).stories == 1
    sealing.put_back(inquiry.folder, sealing.read_key(tmp_path / "stick"))
    end = time.monotonic() + 30
    while inbox.waits(db).stories and time.monotonic() < end:
        time.sleep(0.1)
    assert (inbox.waits(db).stories, stories.count(db)) == (0, 1)
