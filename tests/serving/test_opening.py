"""One server, locked and open by turns: nobody's words are lost, and nothing stays open."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from par_toolkit import tone_errors
from par_toolkit.serving import make_app, opening, root
from par_toolkit.storage import devices, letterbox, people, stories, vault
from par_toolkit.storage.database import open_database
from par_toolkit.web.activity import Activity
from par_toolkit.web.intake import open_waiting
from tests import locked
from tests.locked import PASSPHRASE, field, telling_fields
from tests.sealed import sealed
from tests.serving.conftest import living
from tests.web.test_web_api import UUID, story

PASSWORD = "a long password"


class Clock:
    """A clock that stands until it is told otherwise, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Served:
    """A running server: its inquiry, a browser, and the clock by which it sees who is idle."""

    def __init__(self, folder: Path, browser: httpx.AsyncClient, clock: Clock, token: str) -> None:
        self.folder, self.browser, self.clock, self.token = folder, browser, clock, token

    async def send(self, **headers: str) -> httpx.Response:
        """Send a story as a tablet does."""
        named = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/age"}
        body = sealed(self.folder, story())
        return await self.browser.put(f"/api/stories/{UUID}", content=body, headers=named | headers)

    async def post(self, address: str, **fields: str) -> httpx.Response:
        """Post the form of a page."""
        token = field((await self.browser.get(address)).text, "csrf_token")
        return await self.browser.post(address, data={"csrf_token": token} | fields)

    async def open(self) -> None:
        """Open the inquiry at the desk."""
        answer = await self.post("/desk/unlock", passphrase=PASSPHRASE)
        assert answer.headers["Location"] == "/desk/sign-in"

    async def sign_in(self) -> None:
        """Sign in at the desk."""
        answer = await self.post("/desk/sign-in", name="Amara", password=PASSWORD)
        assert answer.status_code == 303
        assert (await self.browser.get("/desk/")).status_code == 200

    async def is_locked(self) -> bool:
        """Say what the server says of itself."""
        return bool((await self.browser.get("/api/health")).json()["locked"])

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so, for half a minute at the most."""
        async with asyncio.timeout(30):
            while not so():
                await asyncio.sleep(0.02)


@pytest_asyncio.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """Serve an encrypted inquiry that begins locked, and locks itself after an hour."""
    folder = locked.new_inquiry(tmp_path / "encrypted", monkeypatch)
    with open_database(folder) as db:
        token = devices.add(db, "Made-up tablet")
        people.set_password(db, people.add(db, "Amara", "steward"), PASSWORD)
    vault.lock(folder)
    clock = Clock()
    monkeypatch.setattr(root, "Activity", lambda: Activity(clock))
    monkeypatch.setattr(root, "BACKGROUND_EVERY", 0.05)
    monkeypatch.setattr(opening, "LOOK_EVERY", 0.02)
    app: Any = make_app(folder, background=(open_waiting,), lock_after=3600)
    async with living(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            yield Served(folder, browser, clock, token)
    vault.lock(folder)


def kept(folder: Path) -> int:
    """Count the stories of an inquiry that is open."""
    with open_database(folder) as db:
        return stories.count(db)


def held_open(folder: Path) -> list[str]:
    """List what this process has open beside private.db, as every connection to it has."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(one)
        except OSError:
            continue
        if target.startswith(str(folder / "private.db-")):
            found.append(target)
    return found


@pytest.mark.asyncio
async def test_it_opens_at_the_desk_and_what_came_meanwhile_comes_in(served: Served) -> None:
    assert await served.is_locked()
    assert (await served.send()).status_code == 201
    page = (await served.browser.get("/tell/story")).text
    told = await served.browser.post("/tell/story", data=telling_fields(page, "Told on the page."))
    assert told.status_code == 303
    assert (await served.browser.get("/findings/")).status_code == 200
    assert (await served.browser.get("/desk/")).status_code == 503
    assert letterbox.waits(served.folder) == 2
    await served.open()
    assert (await served.browser.get("/desk/sign-in")).status_code == 200
    await served.until(lambda: kept(served.folder) == 2)
    assert letterbox.waits(served.folder) == 0
    assert (await served.send()).status_code == 200  # it is there by now
    assert kept(served.folder) == 2


@pytest.mark.asyncio
async def test_it_locks_itself_when_nobody_is_there(served: Served) -> None:
    await served.open()
    await served.sign_in()
    assert not await served.is_locked()
    if Path("/proc/self/fd").exists():
        assert held_open(served.folder)
    with open_database(served.folder) as db:
        tone_errors.measured(db)
    assert served.folder in tone_errors._last
    served.clock.now = 3500.0
    assert (await served.browser.get("/desk/")).status_code == 200  # somebody is there after all
    served.clock.now = 7000.0
    await asyncio.sleep(0.2)
    assert not await served.is_locked()
    served.clock.now = 7200.0
    await served.until(lambda: not vault.unlocked(served.folder))
    assert await served.is_locked()
    assert (await served.browser.get("/desk/")).status_code == 503
    if Path("/proc/self/fd").exists():
        assert held_open(served.folder) == []
    assert served.folder not in tone_errors._last
    assert (await served.send()).status_code == 201
    await served.open()
    assert (await served.browser.get("/desk/")).status_code == 303  # the session ended with it
    await served.sign_in()
    assert "in another place" not in (await served.browser.get("/desk/")).text


@pytest.mark.asyncio
async def test_only_what_people_do_keeps_it_open(served: Served) -> None:
    await served.open()
    await served.sign_in()
    served.clock.now = 3500.0
    assert (await served.send()).status_code == 201
    for address in ("/api/health", "/tell/kit.json", "/findings/", "/static/css/site.css"):
        assert (await served.browser.get(address)).status_code in (200, 404)
    left_open = await served.browser.get("/desk/", headers={"Sec-Fetch-Mode": "cors"})
    assert left_open.status_code == 200
    served.clock.now = 3600.0
    await served.until(lambda: not vault.unlocked(served.folder))


@pytest.mark.asyncio
async def test_somebody_who_begins_to_tell_keeps_it_open(served: Served) -> None:
    await served.open()
    assert (await served.browser.get("/desk/sign-in")).status_code == 200
    served.clock.now = 3500.0
    page = (await served.browser.get("/tell/story")).text
    served.clock.now = 3700.0
    await asyncio.sleep(0.2)
    assert not await served.is_locked()
    fields = telling_fields(page, "It took a while.")
    assert (await served.browser.post("/tell/story", data=fields)).status_code == 303


@pytest.mark.asyncio
async def test_a_telling_that_was_begun_before_it_locked_keeps_its_words(served: Served) -> None:
    await served.open()
    page = (await served.browser.get("/tell/story")).text
    served.clock.now = 9000.0
    await served.until(lambda: not vault.unlocked(served.folder))
    fields = telling_fields(page, "It took a while longer.")
    again = await served.browser.post("/tell/story", data=fields)
    assert again.status_code == 400
    assert "It took a while longer." in again.text
    kept = await served.browser.post("/tell/story", data=telling_fields(again.text, "It took."))
    assert kept.status_code == 303
    assert letterbox.waits(served.folder) == 1


@pytest.mark.asyncio
async def test_many_who_come_the_moment_it_opens_or_locks_are_all_answered(served: Served) -> None:
    """Opening and locking under load: each is answered by whole pages of one kind."""

    async def visitor(number: int) -> list[int]:
        statuses = []
        for _ in range(12):
            answer = await served.send() if number % 2 else await served.browser.get("/desk/")
            statuses.append(answer.status_code)
        return statuses

    async def keeper() -> None:
        for turn in range(1, 4):
            vault.unlock(served.folder, PASSPHRASE)
            await served.browser.get("/")
            served.clock.now = turn * 10_000.0
            await served.until(lambda: not vault.unlocked(served.folder))

    *found, _ = await asyncio.gather(*(visitor(number) for number in range(6)), keeper())
    answered = {number % 2: set[int]() for number in range(2)}
    for number, statuses in enumerate(found):
        answered[number % 2] |= set(statuses or ())
    assert answered[1] <= {200, 201, 202}
    assert answered[0] <= {303, 503}
    vault.unlock(served.folder, PASSPHRASE)
    await served.browser.get("/")
    await served.until(lambda: kept(served.folder) == 1 and not letterbox.waits(served.folder))


@pytest.mark.asyncio
async def test_what_cannot_be_opened_stays_locked_and_takes_stories(served: Served) -> None:
    database = served.folder / "private.db"
    whole = database.read_bytes()
    database.write_bytes(os.urandom(4096) + whole[4096:])
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    await served.open()
    assert (await served.browser.get("/desk/sign-in")).status_code == 503
    assert (await served.send()).status_code == 201
    assert await served.is_locked()
