"""Stories that come at the same moment share a transaction, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from filelock import FileLock

from par_toolkit.inquiry import Inquiry
from par_toolkit.serving import gathering, make_app
from par_toolkit.serving.gathering import Gathering
from par_toolkit.storage import connections, devices, locking, stories
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import DiskFull
from tests.serving.conftest import living
from tests.web.test_web_api import story


@pytest.fixture
def token(db: PrivateDatabase) -> str:
    """Pair a tablet and return its token."""
    return devices.add(db, "Made-up tablet")


@pytest_asyncio.fixture
async def tablet(inquiry: Inquiry, token: str) -> AsyncIterator[httpx.AsyncClient]:
    """Hand out a client that is paired with the inquiry's own pages."""
    app = make_app(inquiry.folder, background=())
    async with (
        living(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://inquiry.example",
            headers={"Authorization": f"Bearer {token}"},
        ) as client,
    ):
        yield client


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Give the number of stories in each transaction that was shared and committed."""
    sizes: list[int] = []
    answers = Gathering._answers

    def counted(self: Gathering, group: Any) -> Any:
        sizes.append(len(group))
        return answers(self, group)

    monkeypatch.setattr(Gathering, "_answers", counted)
    yield sizes


async def put(tablet: httpx.AsyncClient, body: Any, uuid: str = "") -> httpx.Response:
    return await tablet.put(f"/api/stories/{uuid or uuid4()}", json=body)


async def put_all(tablet: httpx.AsyncClient, bodies: list[Any]) -> list[httpx.Response]:
    return await asyncio.gather(*(put(tablet, body) for body in bodies))


@pytest.mark.asyncio
async def test_promise_01_stories_that_come_together_are_all_on_disk_when_answered(
    tablet: httpx.AsyncClient, inquiry: Inquiry, groups: list[int]
) -> None:
    bodies = [story(device_seq=seq) for seq in range(1, 101)]
    answers = await put_all(tablet, bodies)
    assert [answer.status_code for answer in answers] == [201] * 100
    assert max(groups) > 1, "some must have shared a transaction, or this tests nothing"
    with sqlite3.connect(inquiry.database) as other:
        kept = {uuid for (uuid,) in other.execute("select uuid from stories")}
    other.close()
    assert kept == {answer.json()["uuid"] for answer in answers}


@pytest.mark.asyncio
async def test_promise_02_fifty_at_once_with_one_uuid_make_one_row(
    tablet: httpx.AsyncClient, db: PrivateDatabase, groups: list[int]
) -> None:
    one, uuid = story(), str(uuid4())
    answers = await asyncio.gather(*(put(tablet, one, uuid) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert max(groups) > 1
    assert stories.count(db) == 1


@pytest.mark.asyncio
async def test_a_refused_story_takes_none_of_its_neighbours_along(
    tablet: httpx.AsyncClient, db: PrivateDatabase, groups: list[int]
) -> None:
    bodies = [story() if number % 3 else story(answers={}) for number in range(30)]
    answers = await put_all(tablet, bodies)
    assert [answer.status_code for answer in answers] == [
        201 if number % 3 else 422 for number in range(30)
    ]
    assert max(groups) > 1
    assert stories.count(db) == 20


@pytest.mark.asyncio
async def test_a_story_that_fails_half_way_leaves_nothing_of_itself_and_all_of_the_others(
    tablet: httpx.AsyncClient,
    db: PrivateDatabase,
    groups: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = devices.seen

    def fails(db: PrivateDatabase, device: Any, seq: int | None, **more: Any) -> None:
        if seq == 7:
            raise DiskFull("There is no room for this one.")
        seen(db, device, seq, **more)

    monkeypatch.setattr(devices, "seen", fails)
    answers = await put_all(tablet, [story(device_seq=seq) for seq in range(1, 21)])
    statuses = {answer.json().get("device_seq"): answer.status_code for answer in answers}
    assert statuses == {seq: 201 for seq in range(1, 21) if seq != 7} | {None: 507}
    assert max(groups) > 1
    kept = {row["device_seq"] for row in db.rows("select device_seq from stories")}
    assert kept == set(range(1, 21)) - {7}
    assert db.consistent()


@pytest.mark.asyncio
async def test_promise_01_nothing_is_acknowledged_where_the_shared_commit_fails(
    tablet: httpx.AsyncClient,
    db: PrivateDatabase,
    groups: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The commit fails after every story was written: each is then kept and answered by itself."""
    together = PrivateDatabase.together
    broken: list[int] = []

    @contextlib.contextmanager
    def breaks(db: PrivateDatabase) -> Iterator[PrivateDatabase]:
        with together(db):
            yield db
            broken.append(db.value("select count(*) from stories"))
            raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(PrivateDatabase, "together", breaks)
    answers = await put_all(tablet, [story(device_seq=seq) for seq in range(1, 21)])
    assert broken and max(broken) > 1, "no transaction was shared"
    assert [answer.status_code for answer in answers] == [201] * 20, "none is 200: none was there"
    assert stories.count(db) == 20


@pytest.mark.asyncio
async def test_promise_01_a_full_disk_refuses_the_story_that_has_no_room_and_keeps_the_others(
    tablet: httpx.AsyncClient,
    db: PrivateDatabase,
    groups: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most = db.value("pragma page_count") + 40

    def cramped(*given: Any, **more: Any) -> PrivateDatabase:
        opened = open_database(*given, **more)
        opened.conn.execute(f"pragma max_page_count={most}")
        return opened

    monkeypatch.setattr(connections, "open_database", cramped)
    bodies = [story(device_seq=seq) for seq in range(1, 11)]
    bodies[4] = story(device_seq=5, answers={"telling": "x" * 900_000})
    answers = await put_all(tablet, bodies)
    statuses = [answer.status_code for answer in answers]
    assert statuses == [201] * 4 + [507] + [201] * 5
    assert max(groups) > 1
    assert [answer.json()["stored"] for answer in answers].count(True) == stories.count(db) == 9


@pytest.mark.asyncio
async def test_promise_16_where_another_program_holds_the_inquiry_all_are_told_at_once(
    tablet: httpx.AsyncClient, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that hangs must not make each tablet wait for all those before it."""
    monkeypatch.setattr(locking, "WAIT_SECONDS", 1)
    bodies = [story(device_seq=seq) for seq in range(1, 21)]
    with FileLock(inquiry.folder / ".private.lock"):
        async with asyncio.timeout(10):
            answers = await put_all(tablet, bodies)
    assert {answer.status_code for answer in answers} == {503}
    assert all(answer.json()["status"] == "later" for answer in answers)
    assert all(answer.headers["Retry-After"] for answer in answers)
    again = await put_all(tablet, bodies)
    assert {answer.status_code for answer in again} == {201}


@pytest.mark.asyncio
async def test_a_revoked_tablet_is_refused_from_the_next_request_on(
    tablet: httpx.AsyncClient, db: PrivateDatabase
) -> None:
    assert {answer.status_code for answer in await put_all(tablet, [story()] * 10)} <= {200, 201}
    (device,) = devices.listing(db)
    devices.revoke(db, device.id)
    assert {answer.status_code for answer in await put_all(tablet, [story()] * 10)} == {401}


@pytest.mark.asyncio
async def test_a_long_body_and_another_method_go_the_ordinary_way(
    tablet: httpx.AsyncClient,
) -> None:
    kind = {"Content-Type": "application/json"}
    address = f"/api/stories/{uuid4()}"
    long = await tablet.put(address, content=b"x" * 9_000_000, headers=kind)
    assert long.status_code == 413 and long.json()["stored"] is False
    assert (await tablet.get(address)).status_code == 405


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Stand in for Flask: say what was sent; `/api/stories/fail` fails."""
    if environ["PATH_INFO"].endswith("fail"):
        raise RuntimeError("secret words")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


@pytest.mark.asyncio
async def test_a_fault_in_one_answer_is_a_plain_page_for_that_one_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    open_database(tmp_path, create=True).close()
    app = make_app(tmp_path, flask_app=echo, background=())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with living(app), httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        names = ["one", "fail", "two", "three"]
        answers = await asyncio.gather(
            *(client.put(f"/api/stories/{name}", content=name.encode()) for name in names)
        )
    assert [answer.status_code for answer in answers] == [200, 500, 200, 200]
    assert [answer.text for answer in answers if answer.status_code == 200] == [
        "one",
        "two",
        "three",
    ]
    assert "secret words" not in caplog.text


@pytest.mark.asyncio
async def test_a_transaction_holds_no_more_than_others_can_wait_for(
    tablet: httpx.AsyncClient, groups: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_TOGETHER", 3)
    await put_all(tablet, [story() for _ in range(20)])
    assert 1 < max(groups) <= 3
    groups.clear()
    size = len(json.dumps(story()))
    monkeypatch.setattr(gathering, "MOST_BYTES_TOGETHER", size)
    monkeypatch.setattr(gathering, "MOST_TOGETHER", 64)
    await put_all(tablet, [story() for _ in range(20)])
    assert max(groups) <= 2


def test_every_answer_is_closed(tmp_path: Path) -> None:
    """WSGI answers that hold something open are told when they have been read."""
    closed: list[bool] = []

    class Answer(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
        assert isinstance(environ["wsgi.input"], io.BytesIO)
        start_response("200 OK", [])
        return Answer([b"x"])

    async def otherwise(*_: Any) -> None:
        raise AssertionError

    sent = gathering._Sent({}, b"", None)  # type: ignore[arg-type]
    door = Gathering(app, tmp_path, otherwise=otherwise)  # type: ignore[arg-type]
    assert door._answers([sent]) == [(200, [], b"x")]
    assert closed == [True]
    door.close()
