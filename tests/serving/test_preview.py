"""The build that waits, as readers would see it: exactly that build, for those who publish."""

from __future__ import annotations

import asyncio
import html
import re
import time
from pathlib import Path

import pytest

from par_toolkit import publishing
from par_toolkit.inquiry import load
from par_toolkit.publishing.build import file_of
from par_toolkit.serving import preview as previews
from par_toolkit.storage import approving, people, withdrawals
from par_toolkit.storage.people import Person
from par_toolkit.web import sessions
from tests.publishing.inquiries import Place
from tests.serving.signing import signed
from tests.serving.test_door import ask, served

pytestmark = pytest.mark.asyncio

QUOTES = ("/preview/library/quotes.csv", "/preview/library.json?sql=select+text+from+quotes")
WORDS = "Zanzibarquartz sat with me."


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a build wait for one steward, with one theme."""
    made = Place(tmp_path / "inquiry")
    made.change("approvals = 0", "approvals = 1")
    made.theme([made.tell(WORDS, consent=("analyse", "quote", "publish"))])
    publishing.publish(made.folder)
    return made


def cookie(place: Place, role: str) -> str:
    """Sign somebody of a role in."""
    link = people.add(place.db, f"Made-up {role}", role)
    person: Person = people.set_password(place.db, link, "a long password")
    session = {"person": person.id, "sitting": person.session, "since": int(time.time())}
    return signed(session, sessions.session_key(load(place.folder)))


@pytest.mark.parametrize(
    ("role", "status"),
    [("steward", 200), ("facilitator", 200), ("evaluator", 200), ("guest", 401),
     ("safeguarding", 401)],
)  # fmt: skip
async def test_who_publishes_reads_what_waits_and_nobody_else(
    place: Place, role: str, status: int
) -> None:
    mine = cookie(place, role)
    async with served(place.folder) as client:
        for address in ("/preview/", *QUOTES):
            read = await ask(client, address, mine)
            assert read.status_code == status
            assert read.headers["cache-control"] == "private, no-store"
            assert status == 200 or "Zanzibarquartz" not in read.text
        shown = await ask(client, "/preview/library/quotes.csv", mine)
        assert ("Zanzibarquartz" in shown.text) is (status == 200)
        public = await ask(client, "/findings/", mine)
        assert "Nothing has been published yet" in public.text
        for address in ("/preview/", "/preview/library.db"):
            assert (await ask(client, address, "")).status_code == 401
        led = await ask(client, "/preview/", "", accept="text/html")
        assert led.headers["location"] == "/desk/sign-in?next=%2Fpreview%2F"


async def test_every_link_of_what_waits_stays_in_it(place: Place) -> None:
    mine = cookie(place, "steward")
    seen: set[str] = set()
    todo = ["/preview/"]
    async with served(place.folder) as client:
        while todo:
            address = todo.pop()
            answer = await ask(client, address, mine)
            assert answer.status_code in (200, 302), address
            found = re.findall(r'(?:href|action)="([^"#]+)', answer.text)
            for href in [*map(html.unescape, found), answer.headers.get("location", "")]:
                inside = href.removeprefix("http://inquiry.example")
                shape = re.sub(r"[0-9a-f]{16}", "id", re.sub(r"\?.*", "", inside))
                if inside.startswith("/") and shape not in seen:
                    seen.add(shape)
                    assert inside.startswith(("/preview/", "/?", "/tell", "/mine")), href
                    assert not inside.startswith("/preview/preview")
                    todo += [inside] if inside.startswith("/preview/") else []
        for closed in ("/preview/-/versions.json", "/preview/private.db", "/preview/_internal"):
            assert (await ask(client, closed, mine)).status_code == 404
    assert {"/preview/library/quotes", "/preview/about", "/preview/themes"} <= seen


async def test_promise_06_what_is_taken_back_leaves_what_waits(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "LOOK_EVERY", 0.05)
    mine = cookie(place, "steward")
    async with served(place.folder) as client:
        assert "Zanzibarquartz" in (await ask(client, "/preview/library/quotes.csv", mine)).text
        story = place.db.value("select id from stories")
        withdrawals.withdraw_story(place.db, story, by=None, reason="asked_in_person")
        publishing.follow_withdrawals(place.folder)
        after = await ask(client, "/preview/library/quotes.csv", mine)
        assert after.status_code == 200 and "Zanzibarquartz" not in after.text


async def test_once_it_went_live_or_was_refused_nothing_is_shown(place: Place) -> None:
    mine = cookie(place, "steward")
    steward = people.by_name(place.db, "Made-up steward")
    assert steward is not None
    async with served(place.folder) as client:
        assert (await ask(client, "/preview/", mine)).status_code == 200
        publishing.approve(place.folder, 1, by=steward)
        gone = await ask(client, "/preview/", mine)
        assert gone.status_code == 404 and "No build waits" in gone.text
        assert "Zanzibarquartz" in (await ask(client, "/findings/library/quotes.csv", "")).text
        publishing.publish(place.folder)
        assert (await ask(client, "/preview/", mine)).status_code == 200
        publishing.refuse(place.folder, 2, by=steward)
        assert (await ask(client, "/preview/", mine)).status_code == 404
        publishing.publish(place.folder)
        waits = approving.waiting(place.db)
        assert waits is not None
        file_of(place.folder, waits.build).write_bytes(b"damaged")
        assert (await ask(client, "/preview/", mine)).status_code == 404


async def test_nothing_is_held_open_once_it_waits_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that were taken back stand on the disk for as long as somebody holds their file."""
    monkeypatch.setattr(previews, "LOOK_EVERY", 0.05)
    mine = cookie(place, "steward")
    steward = people.by_name(place.db, "Made-up steward")
    assert steward is not None
    async with served(place.folder) as client:
        await ask(client, "/preview/library/quotes", mine)
        publishing.refuse(place.folder, 1, by=steward)
        until = time.monotonic() + 10
        while held_open("build-000001.db") and time.monotonic() < until:
            await asyncio.sleep(0.05)
        assert not held_open("build-000001.db")


def held_open(name: str) -> bool:
    """Say whether this process has a file of this name open."""
    links = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(one.readlink()))
        except OSError:
            continue
    return any(name in link for link in links)
