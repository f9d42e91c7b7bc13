"""Promise 7 from the schema: of each private field a canary, in no byte and in no answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from par_toolkit.publishing import publish, verify_build
from par_toolkit.serving import make_app
from par_toolkit.storage import audit, shaping
from par_toolkit.storage.database import PrivateDatabase
from tests.crawling import crawl, tables_in
from tests.promises.test_promise_07_words_of_circles import fill
from tests.publishing import canaries
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting
from tests.serving.conftest import echo, living


@pytest.fixture(scope="module")
def sung(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Publish an inquiry in which each private field holds a canary."""
    place = Place(tmp_path_factory.mktemp("canaries") / "inquiry")
    whole = ("analyse", "quote", "publish")
    place.theme([place.tell(f"Kestrel number {n}.", consent=whole) for n in range(7)])
    place.tell("Canary telling", answers={"title": "Canary title"}, consent=whole, release=False)
    refused = place.theme([place.tell("Stays.")], words=("Canary", "words"))
    shaping.rename(place.db, refused, "Canary name", meaning="Canary meaning", by=place.two)
    shaping.reject(place.db, refused, by=place.two)
    meeting = Meeting(place, {"residents": 6, "carers": 5})
    fill(meeting)
    meeting.put("Canary statement", {"residents": "+"}, release=False)
    meeting.close()
    publish(place.folder)  # so that there is a build of before
    canaries.fill_empty(place.db)
    # a sealed story and a withdrawn one more than came through the doors
    place.db.change("update counters set value = value + 2 where name = 'stories_in'")
    canaries.sing_together(place.db)
    place.fields = canaries.sing_everywhere(place.db)  # type: ignore[attr-defined]
    for of_one in (False, True):
        audit.record(place.db, "read", by=place.one, subject="Canary subject", of_one=of_one)
    publish(place.folder)
    yield place
    place.db.close()


def every_field(db: PrivateDatabase) -> list[str]:
    return [
        f"{table}.{column}"
        for table in canaries.tables(db)
        for column, kind in canaries.columns(db, table).items()
        if kind in ("TEXT", "BLOB")
    ]


def takes_codes_only(db: PrivateDatabase, field: str) -> bool:
    """Say whether the schema lets nothing but a list of codes into a field."""
    table, column = field.split(".")
    sql = db.value("select sql from sqlite_master where name = :table", {"table": table})
    return re.search(rf"check \({column} in|{column} = '' or|\b{column} in \(", sql) is not None


def test_promise_07_no_field_was_forgotten(sung: Place) -> None:
    """Each holds a canary, or a code, or a date of something that has not happened."""
    db = sung.db
    silent = set(every_field(db)) - set(sung.fields)  # type: ignore[attr-defined]
    for field in sorted(silent):
        table, column = field.split(".")
        rows = db.value(
            f"select count(*) from {table} where cast({column} as text) like '%Canary%'"
        )
        expected = (
            table in canaries.CHAINS
            or field in canaries.CODE_COLUMNS | canaries.PUBLIC
            or column in canaries.CODES
            or (field in canaries.RELEASED and rows)
            or takes_codes_only(db, field)
            or (column.endswith("_at") and not db.value(f"select count({column}) from {table}"))
        )
        assert expected, f"no canary stands in {field}"
    assert len(sung.fields) > 150  # type: ignore[attr-defined]


def test_promise_07_no_canary_is_in_any_byte_of_any_build(sung: Place) -> None:
    files = sorted((sung.folder / "findings").glob("build-*.db"))
    assert len(files) > 1 and verify_build(sung.live()).sound
    secrets = [
        value.encode()
        for field in sorted(canaries.CODE_COLUMNS | {"audit_inside.hash", "audit_inside.digest"})
        for row in sung.db.rows("select {1} as v from {0}".format(*field.split(".")))
        for value in row.values()
        if isinstance(value, str) and re.fullmatch("[0-9a-f]{32,}", value)
    ]
    secrets += [key.read_bytes().strip() for key in (sung.folder / "keys").iterdir()]
    assert len(secrets) > 40
    assert b"Kestrel number 3." in sung.live().read_bytes()
    for file in files:
        held = file.read_bytes()
        assert [word for word in (*canaries.SONGS, *secrets) if word in held] == []


@pytest.mark.asyncio
async def test_promise_07_no_canary_is_in_any_answer_of_the_findings(sung: Place) -> None:
    app = make_app(sung.folder, flask_app=echo, background=())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with living(app), httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answers = await crawl(client.get, "/findings/", library="/findings/library")
        tables = tables_in(answers, "/findings/library")
        for path in tables:
            for end in (".json?_shape=array&_size=max", ".csv?_stream=1", "?_facet=rowid"):
                answers[path + end] = await client.get(path + end)
        answers["search"] = await client.get("/findings/search?q=Kestrel")
        answers["db"] = await client.get("/findings/library.db")
    assert {"/findings/", "/findings/themes", "/findings/feed", "/findings/library/quotes"} <= set(
        answers
    )
    assert len(tables) > 15 and len(answers) > 90
    assert answers["db"].content == sung.live().read_bytes()
    failed = {path for path, answer in answers.items() if answer.status_code >= 400}
    assert failed <= {"/findings/library.csv"}
    for path, answer in answers.items():
        said = answer.content + repr(answer.headers).encode()
        assert not [word for word in canaries.SONGS if word in said], path
