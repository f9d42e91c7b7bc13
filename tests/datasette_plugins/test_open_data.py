"""What programs and feed readers get: a feed of changes, what each column means, a social card."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from datasette_plugins.dictionary import read
from tests.datasette_plugins.builds import SMILED, WAITED, make_build
from tests.datasette_plugins.conftest import Get

pytestmark = pytest.mark.asyncio

ATOM = {"a": "http://www.w3.org/2005/Atom"}
Serve = Callable[..., Awaitable[Any]]


async def test_the_feed_has_an_entry_for_each_build(get: Get, build: Path) -> None:
    response = await get("/feed")
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    with sqlite3.connect(build) as conn:
        rows = conn.execute("select build, quarter, note_en from builds order by build desc")
        builds = rows.fetchall()
    entries = root.findall("a:entry", ATOM)
    assert [one.findtext("a:summary", "", ATOM) for one in entries] == [row[2] for row in builds]
    for entry, (number, quarter, _) in zip(entries, builds, strict=True):
        assert f"Build {number} ·" in entry.findtext("a:title", "", ATOM)
        month = {"1": "01", "2": "04", "3": "07", "4": "10"}[quarter[-1]]
        updated = entry.findtext("a:updated", "", ATOM)
        assert updated == f"{quarter[:4]}-{month}-01T00:00:00Z", "no date is finer than a quarter"
    ids = [one.text for one in root.iter(f"{{{ATOM['a']}}}id")]
    assert len(ids) == len(set(ids)) == len(builds) + 1
    assert all((one or "").startswith("urn:uuid:") for one in ids)
    for words in (WAITED, SMILED):
        assert words[:20] not in response.text


async def test_the_feed_is_the_same_wherever_it_is_served_and_speaks_french(
    serve_build: Serve, tmp_path: Path
) -> None:
    path = make_build(tmp_path)
    here = await serve_build(path)
    there = await serve_build(path, base_url="/findings/")
    ids = [
        re.findall(r"urn:uuid:[0-9a-f-]+", (await one.client.get("/feed")).text)
        for one in (here, there)
    ]
    assert ids[0] and ids[0] == ids[1]
    french = (await here.client.get("/feed?lang=fr")).text
    assert 'xml:lang="fr"' in french and "Ce qui est nouveau : Harbour Voices" in french


async def test_a_name_that_xml_cannot_hold_is_written_without_that(
    serve_build: Serve, tmp_path: Path
) -> None:
    path = make_build(tmp_path)
    with sqlite3.connect(path) as conn:
        conn.execute("update inquiry set name = '<b>\x01\x0b ]]> 🦊 & شارع\ufffe'")
    datasette = await serve_build(path)
    root = ElementTree.fromstring((await datasette.client.get("/feed")).content)
    assert root.findtext("a:author/a:name", "", ATOM) == "<b> ]]> 🦊 & شارع"


async def test_every_page_names_the_feed_and_a_card_without_anybodys_words(get: Get) -> None:
    for path in ("/", "/story/s-a", "/theme/theme-waiting", "/library/quotes/q-a", "/search?q=bus"):
        text = (await get(path)).text
        card = re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', text)
        assert [name for name, _ in card] == ["type", "title", "description"], path
        assert dict(card)["title"].startswith("Harbour Voices"), path
        assert 'type="application/atom+xml"' in text, path
        assert len({*card}) == 3
    assert WAITED[:15] not in str(card)


async def test_the_dictionary_names_every_column_there_is(get: Get, build: Path) -> None:
    told = (await get("/data.json")).json()
    with sqlite3.connect(build) as conn:
        names = [
            row[0]
            for row in conn.execute(
                "select name from sqlite_master where type = 'table' and name not like '%\\_fts%' "
                "escape '\\'"
            )
        ]
        columns = {
            name: [row[1] for row in conn.execute(f"pragma table_info({name})")] for name in names
        }
    assert {one["name"]: [c["name"] for c in one["columns"]] for one in told["tables"]} == columns
    assert told["inquiry"]["licence"] and told["inquiry"]["build"] == 1
    page = (await get("/data")).text
    for name, theirs in columns.items():
        assert f'id="table-{name}"' in page
        assert all(f"<dt>{column}</dt>" in page for column in theirs)


async def test_a_dictionary_is_read_from_the_words_of_a_schema() -> None:
    table = read(
        "made_up",
        """create table made_up (
    -- what it holds,
    -- and why
    id text primary key,               -- new in each build
    people integer,                    -- rounded to 5;
                                       -- empty where hidden
    state text not null check (state in ('open', 'shut')),
    item text references items(id),
    primary key (id, item)
)""",
    )
    assert table.note == "what it holds, and why"
    ident, people, state, item = table.columns
    assert (ident.note, ident.may_be_empty) == ("new in each build", False)
    assert (people.type, people.note) == ("integer", "rounded to 5; empty where hidden")
    assert people.may_be_empty and not state.may_be_empty
    assert state.codes == ("open", "shut") and item.refers_to == "items.id"


async def test_a_build_of_before_there_were_circles_has_both(
    serve_build: Serve, tmp_path: Path
) -> None:
    datasette = await serve_build(make_build(tmp_path, circles="before"))
    for path in ("/feed", "/data", "/data.json", "/themes.json", "/changes.json"):
        assert (await datasette.client.get(path)).status_code == 200


async def test_programs_get_the_rows_that_the_pages_show(get: Get, build: Path) -> None:
    told = (await get("/themes.json")).json()
    assert told["inquiry"]["build"] == 1 and told["inquiry"]["name"] == "Harbour Voices"
    page = (await get("/themes")).text
    for theme in told["themes"]:
        assert f"/theme/{theme['id']}" in page
        assert isinstance(theme["words"], list) and theme["named_by_people"] in (True, False)
    with sqlite3.connect(build) as conn:
        names = [row[0] for row in conn.execute("select name from themes order by position")]
        builds = conn.execute("select count(*) from builds").fetchone()[0]
    assert [theme["name"] for theme in told["themes"]] == names
    assert len((await get("/changes.json")).json()["builds"]) == builds


async def test_where_no_build_is_served_programs_are_told_so(serve_build: Serve) -> None:
    from datasette.app import Datasette

    empty = Datasette([], memory=True)
    for path in ("/themes.json", "/changes.json", "/data.json"):
        answer = await empty.client.get(path)
        assert answer.status_code == 404 and answer.json()["ok"] is False


async def test_datasette_knows_the_licence_and_what_columns_mean(
    serve_build: Serve, build: Path
) -> None:
    datasette = await serve_build(build)
    with sqlite3.connect(build) as conn:
        licence = conn.execute("select licence from inquiry").fetchone()[0]
    told = (await datasette.client.get("/library/quotes.json")).json()
    assert told["license"] == licence
    known = datasette.metadata("columns", database="library", table="themes")
    assert known["words"] == "JSON list of typical words"
    assert "random" in known["id"]
    assert datasette.metadata("license", database="library", table="nothing") == licence
    assert "/data#table-quotes" in (await datasette.client.get("/library/quotes")).text


async def test_what_is_no_build_has_nothing_said_of_it(tmp_path: Path) -> None:
    from datasette.app import Datasette

    path = tmp_path / "other.db"
    with sqlite3.connect(path) as conn:
        conn.execute("create table words (id integer)")
    other = Datasette([str(path)])
    told = (await other.client.get("/other/words.json")).json()
    assert "license" not in told
