"""Who may look, for every address of the findings, every choice of the community, and everybody."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from par_toolkit.inquiry import Inquiry, load
from par_toolkit.serving import make_app
from par_toolkit.serving.door import HOLDS
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import sessions, visitors
from tests.datasette_plugins.builds import make_build, point
from tests.serving.conftest import echo, living
from tests.serving.signing import signed

pytestmark = pytest.mark.asyncio

WORD = "Blue Heron Seven"
CHOICES = ("everybody", "word", "people")
#: Everybody who may come, and the choices with which they look.
WHO = {
    "nobody": {"everybody"},
    "forged": {"everybody"},
    "other key": {"everybody"},
    "word": {"everybody", "word"},
    "old word": {"everybody"},
    "guest": set(CHOICES),
    "safeguarding": set(CHOICES),
    "steward": set(CHOICES),
    "disabled": {"everybody"},
    "long ago": {"everybody"},
    "new password since": {"everybody"},
    "seat": {"everybody"},
}
STYLE = "/findings/-/findings/findings.css"
ADDRESSES = (
    "/findings", "/findings/", "/findings/?lang=fr", "/findings/themes", "/findings/themes.json",
    "/findings/theme/theme-waiting", "/findings/search?q=bus", "/findings/stories",
    "/findings/feed", "/findings/data", "/findings/data.json", "/findings/changes.json",
    "/findings/about", "/findings/changes", "/findings/agreement", "/findings/no-such-page",
    "/findings/library", "/findings/library.json", "/findings/library.db",
    "/findings/library?sql=select+*+from+quotes", "/findings/library.json?sql=select+1",
    "/findings/library/quotes", "/findings/library/quotes.json", "/findings/library/quotes.csv",
    "/findings/library/quotes.csv?_stream=1", "/findings/library/quotes/q-a",
    "/findings/library/quotes/q-a.json", "/findings/-/static/app.css", "/findings/-/versions.json",
    "/findings/private.db", "/library", "/library.db", "/library?sql=select+1",
    "/library/quotes.csv", "/%66indings/library/quotes.csv", "/findings/%6cibrary/quotes.csv",
    "/findings/question/said.json", "/findings/search/stories?q=driver", "/findings//library",
    "/findings/themes?_format=csv",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND")
#: Words that stand in the build and nowhere else.
SECRETS = ("four hours", "receptionist", "Kindness at the door", "SQLite format")


@pytest.fixture
def choose(inquiry: Inquiry) -> Path:
    """Publish a first build in a whole inquiry."""
    make_build(inquiry.folder, 1)
    point(inquiry.folder, 1)
    return inquiry.folder


def set_choice(folder: Path, choice: str, word: str = WORD) -> Inquiry:
    path = folder / "inquiry.toml"
    text = path.read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("open_to ="):
            text = text.replace(line, f'open_to = "{choice}"')
        if line.startswith("word ="):
            text = text.replace(line, f'word = "{word if choice == "word" else ""}"')
    path.write_text(text, "utf-8")
    return load(folder)


def cookies(inquiry: Inquiry, db: PrivateDatabase) -> dict[str, str]:
    """Return the cookie of everybody in WHO; of nobody an empty one."""
    key = sessions.session_key(inquiry)
    held: dict[str, str] = {"nobody": "", "forged": "par=eyJwZXJzb24iOjF9.aaaa.bbbb"}
    mark = {visitors.MARK: visitors.word_mark(WORD, key)}
    held["word"] = signed(mark, key)
    held["other key"] = signed(mark, b"k" * 32)
    held["old word"] = signed({visitors.MARK: visitors.word_mark("an older word", key)}, key)
    held["seat"] = signed({"seat": 1, "seat_sitting": 1, "joined": "x"}, key)
    for name in ("guest", "safeguarding", "steward", "disabled", "long ago", "new password since"):
        role = name if name in people.ROLES else "guest"
        link = people.add(db, f"Example {name}", role)
        person = people.set_password(db, link, "a long password")
        since = 0 if name == "long ago" else int(time.time())
        known = {"person": person.id, "sitting": person.session, "since": since}
        held[name] = signed(known, key)
    people.disable(db, "Example disabled")
    again = people.add(db, "Example new password since", "guest")
    people.set_password(db, again, "another long password")
    return held


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the inquiry as it is now, without its own pages."""
    async with AsyncExitStack() as stack:
        app = make_app(folder, flask_app=echo, background=())
        await stack.enter_async_context(living(app))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        yield await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://inquiry.example")
        )


def untimed(text: str) -> str:
    """Return an answer without how long its query took."""
    return re.sub(r'"query_ms": [\d.]+', "", text)


async def ask(
    client: httpx.AsyncClient, address: str, cookie: str, *, method: str = "GET", **headers: str
) -> httpx.Response:
    request = client.build_request(method, "/", headers={"cookie": cookie} | headers)
    request.url = request.url.copy_with(raw_path=address.encode())
    return await client.send(request)


@pytest.mark.parametrize("choice", CHOICES)
async def test_every_address_for_everybody(
    choose: Path, inquiry: Inquiry, db: PrivateDatabase, choice: str
) -> None:
    """Who may look gets what the public would get; who may not gets nothing of the build."""
    held = cookies(inquiry, db)
    async with served(choose) as public:
        open_answers = {address: await ask(public, address, "") for address in ADDRESSES}
    set_choice(choose, choice)
    async with served(choose) as client:
        for who, choices in WHO.items():
            for address, usual in open_answers.items():
                answer = await ask(client, address, held[who])
                where = f"{address} by {who} where {choice} may look"
                if choice in choices:
                    assert answer.status_code == usual.status_code, where
                    assert untimed(answer.text) == untimed(usual.text), where
                else:
                    assert answer.status_code == 401, where
                    assert not [words for words in SECRETS if words in answer.text], where
                    assert "etag" not in answer.headers, where
                closed = choice != "everybody"
                kept = answer.headers.get("cache-control")
                assert (kept == "private, no-store") is closed, where
                assert ("Cookie" in answer.headers.get("vary", "")) is closed, where
                assert ("x-robots-tag" in answer.headers) is closed, where


@pytest.mark.parametrize("choice", ["word", "people"])
async def test_no_method_and_no_header_gets_round_the_door(choose: Path, choice: str) -> None:
    set_choice(choose, choice)
    tricks = (
        {}, {"accept": "application/json"}, {"accept": "text/html"}, {"range": "bytes=0-100"},
        {"x-original-url": "/findings/"}, {"x-forwarded-prefix": "/findings"},
        {"x-http-method-override": "GET"}, {"authorization": "Bearer x"},
        {"if-none-match": "*"}, {"host": "localhost"}, {"x-forwarded-for": "127.0.0.1"},
        {"cookie2": "par=1"}, {"x-rewrite-url": "/findings/-/findings/findings.css"},
    )  # fmt: skip
    async with served(choose) as client:
        for address in ADDRESSES:
            for method in METHODS:
                for trick in tricks:
                    answer = await ask(client, address, "", method=method, **trick)
                    where = f"{method} {address} {trick}"
                    assert answer.status_code in (303, 401), where
                    assert not [words for words in SECRETS if words in answer.text], where
            for odd in (f"{STYLE}/..{address}", f"{STYLE}%00{address}"):
                answer = await ask(client, odd, "")
                assert answer.status_code == 401, odd


@pytest.mark.parametrize("choice", ["word", "people"])
async def test_a_page_that_others_have_read_is_not_handed_on(
    choose: Path, inquiry: Inquiry, db: PrivateDatabase, choice: str
) -> None:
    held = cookies(inquiry, db)
    set_choice(choose, choice)
    async with served(choose) as client:
        for _ in range(2):
            read = await ask(client, "/findings/library/quotes", held["steward"])
            assert read.status_code == 200
        tag = read.headers["etag"]
        for more in ({}, {"if-none-match": tag}):
            answer = await ask(client, "/findings/library/quotes", held["nobody"], **more)
            assert answer.status_code == 401


@pytest.mark.parametrize(("choice", "way"), [("word", "/look"), ("people", "/desk/sign-in")])
async def test_readers_are_led_to_the_page_that_asks_and_know_where_they_wanted(
    choose: Path, choice: str, way: str
) -> None:
    set_choice(choose, choice)
    async with served(choose) as client:
        for address in ADDRESSES:
            answer = await ask(client, address, "", accept="text/html,*/*;q=0.8")
            assert answer.status_code == 303 and not answer.content
            led = urlsplit(answer.headers["location"])
            assert (led.scheme, led.netloc, led.path) == ("", "", way)
            assert parse_qs(led.query)["next"] == [address]
            assert ("lang" in parse_qs(led.query)) is ("lang=" in address)
        long = await ask(client, "/findings/search?q=" + "a" * 5_000, "", accept="text/html")
        assert long.headers["location"] == f"{way}?next=%2Ffindings%2F"
        odd = await ask(client, "/findings/search?q=%0d%0aSet-Cookie:x", "", accept="text/html")
        assert "\n" not in odd.headers["location"]


async def test_programs_get_a_sentence_or_json_in_their_language(choose: Path) -> None:
    set_choice(choose, "people")
    async with served(choose) as client:
        plain = await ask(client, "/findings/library/quotes.csv", "")
        assert plain.headers["content-type"].startswith("text/plain")
        assert "Sign in with a browser" in plain.text and plain.headers["www-authenticate"]
        for answer in (
            await ask(client, "/findings/library/quotes.json", ""),
            await ask(client, "/findings/library/quotes", "", accept="application/json"),
        ):
            assert answer.json()["ok"] is False and "Sign in" in answer.json()["error"]
        french = await ask(client, "/findings/library.json", "", **{"accept-language": "fr"})
        assert "Connectez-vous" in french.json()["error"]


async def test_the_style_sheet_is_for_every_page(choose: Path) -> None:
    set_choice(choose, "word")
    async with served(choose) as client:
        answer = await client.get(STYLE)
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert (await client.post(STYLE)).status_code == 401


async def test_somebody_who_is_shut_out_is_out_within_a_moment(
    choose: Path, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    held = cookies(inquiry, db)
    set_choice(choose, "people")
    async with served(choose) as client:
        assert (await ask(client, "/findings/", held["guest"])).status_code == 200
        people.disable(db, "Example guest")
        await asyncio.sleep(HOLDS + 0.05)
        assert (await ask(client, "/findings/", held["guest"])).status_code == 401


async def test_another_choice_holds_when_the_server_starts_again(
    choose: Path, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    held = cookies(inquiry, db)
    for choice, word, status in (
        ("everybody", "", {"nobody": 200, "word": 200}),
        ("word", WORD, {"nobody": 401, "word": 200, "guest": 200}),
        ("word", "quite another word", {"word": 401, "guest": 200}),
        ("people", "", {"word": 401, "guest": 200}),
        ("everybody", "", {"nobody": 200}),
    ):
        set_choice(choose, choice, word)
        async with served(choose) as client:
            for who, expected in status.items():
                answer = await ask(client, "/findings/themes", held[who])
                assert answer.status_code == expected, (choice, who)


async def test_before_the_first_build_the_door_is_shut_too(inquiry: Inquiry) -> None:
    set_choice(inquiry.folder, "word")
    async with served(inquiry.folder) as client:
        assert (await ask(client, "/findings/", "")).status_code == 401


async def test_settings_that_cannot_be_read_open_nothing(choose: Path) -> None:
    from par_toolkit.inquiry import InquiryError

    (choose / "inquiry.toml").unlink()
    with pytest.raises(InquiryError):
        make_app(choose, flask_app=echo, background=())


async def test_a_private_database_that_is_away_opens_nothing(
    choose: Path, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    held = cookies(inquiry, db)
    set_choice(choose, "people")
    (choose / "private.db").rename(choose / "elsewhere")
    async with served(choose) as client:
        answer = await ask(client, "/findings/", held["guest"])
        assert answer.status_code == 500 and "four hours" not in answer.text


async def test_the_rest_of_the_site_is_not_behind_the_door(choose: Path) -> None:
    set_choice(choose, "people")
    async with served(choose) as client:
        for path in ("/", "/tell", "/findingsx", "/libraryx", "/api/health"):
            assert (await client.get(path)).status_code == 200
