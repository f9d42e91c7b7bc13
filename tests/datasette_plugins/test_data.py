"""The plain data: pages, CSV and JSON agree; nothing beside the build can be reached or used up."""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.datasette_plugins.builds import make_build
from tests.datasette_plugins.conftest import Get

pytestmark = pytest.mark.asyncio


def links(page: str, ending: str) -> list[str]:
    """Return the addresses on `page` whose path ends so, as a browser reads them."""
    hrefs = [html.unescape(href) for href in re.findall(r'href="([^"]+)"', page)]
    return [href for href in hrefs if href.split("?")[0].endswith(ending)]


def plain(page: str) -> list[str]:
    """Return the quotes on `page` as text."""
    found = re.findall(r'<blockquote class="quote"><p [^>]*>(.*?)</p>', page, re.DOTALL)
    return [html.unescape(re.sub(r"</?mark>", "", quote)) for quote in found]


@pytest.mark.parametrize(
    "path",
    ["/search?q=waited", "/search?language=fr&page=1", "/theme/theme-waiting?page=2", "/search"],
)
async def test_promise_11_page_csv_and_json_agree(get: Get, path: str) -> None:
    """The links behind a page run the very query of the page."""
    page = (await get(path)).text
    shown = plain(page)
    assert shown
    table = list(csv.DictReader(io.StringIO((await get(links(page, ".csv")[0])).text)))
    answer = (await get(links(page, ".json")[0] + "&_shape=array")).json()
    assert [row["text"] for row in table] == [row["text"] for row in answer] == shown


async def test_promise_11_figures_agree_everywhere(get: Get, build: Path) -> None:
    """Page, CSV, JSON and SQL all take their figures from the same suppressed table."""
    db = sqlite3.connect(build)
    stored = db.execute(
        "select stakeholder_group, cycle, people, shown from participation"
    ).fetchall()
    db.close()
    table = csv.DictReader(io.StringIO((await get("/library/participation.csv")).text))
    as_csv = {(row["stakeholder_group"], row["cycle"]): row["people"] for row in table}
    rows = (await get("/library/participation.json?_shape=array&_size=max")).json()
    as_json = {(row["stakeholder_group"], row["cycle"]): row["people"] for row in rows}
    heard = (await get("/heard")).text
    for group, cycle, people, shown in stored:
        assert as_json[group, cycle] == people
        assert as_csv[group, cycle] == ("" if people is None else str(people))
        assert (people is None) == (shown == "hidden")
        assert people is None or f"<td>{people}</td>" in heard


@pytest.mark.parametrize("ending", [".csv?_stream=on&", ".json?_shape=arrays&", "?_size=max&"])
async def test_a_query_gives_a_thousand_rows_at_most(get: Get, ending: str) -> None:
    sql = (
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 1500) select i from n"
    )
    answer = (await get(f"/library{ending}sql={quote(sql)}")).text
    assert re.search(r"\b1000\b", answer) and not re.search(r"\b1001\b", answer)


async def test_the_whole_build_can_be_taken_away(get: Get, build: Path) -> None:
    response = await get("/library.db")
    assert response.content == build.read_bytes()


async def test_the_tables_of_words_can_be_searched_by_programs(get: Get, build: Path) -> None:
    """Datasette knows the search index of a table only where it is written as it looks for it."""
    db = sqlite3.connect(build)
    found = db.execute("select count(*) from quotes where text like '%waited%'").fetchone()[0]
    every = db.execute("select count(*) from quotes").fetchone()[0]
    db.close()
    rows = await get("/library/quotes.json?_search=waited&_shape=array&_size=max")
    assert 0 < len(rows.json()) == found < every
    none = await get("/library/stories.json?_search=nothinglikeit&_shape=array")
    assert none.json() == []


@pytest.mark.parametrize(
    "sql",
    [
        "select * from pragma_database_list",
        "select zeroblob(100000000)",
        "select zeroblob(15000000) from quotes",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n",
        "select load_extension('x')",
        "select readfile('/etc/passwd')",
        "select * from private.stories",
        "select nothing",
    ],
)
async def test_promise_07_queries_stay_within_the_build(get: Get, sql: str, capsys: Any) -> None:
    """No other file, no path on the disk, no endless or huge answer; nothing is logged."""
    response = await get("/library", params={"sql": sql})
    assert response.status_code == 400
    assert "build-0000" not in response.text
    assert capsys.readouterr().err == ""


LONG = """with recursive
    b(x, n) as (select 'a', 0 union all select x || x, n + 1 from b where n < {doublings}),
    y(x) as (select x from b where n = {doublings})
"""


@pytest.mark.parametrize(
    "sql",
    [
        LONG.format(doublings=16) + "select instr(x, substr(x, 9) || 'b') from y",
        LONG.format(doublings=16) + "select replace(x, substr(x, 9) || 'b', '') from y",
        LONG.format(doublings=16) + "select trim(x, 'b' || x) from y",
        LONG.format(doublings=16) + "select json_patch('{}', x) from y",
        LONG.format(doublings=15) + "select x like '%' || substr(x, 1, 15000) || 'b' from y",
        LONG.format(doublings=15) + "select x glob '*' || substr(x, 1, 15000) || 'b' from y",
        LONG.format(doublings=23) + "select length(x) from y",
        LONG.format(doublings=18)
        + "select count(*) from quotes_fts, y where quotes_fts match y.x || ' ' || y.x",
    ],
)
async def test_promise_16_no_query_holds_a_thread_for_longer_than_its_second(
    get: Get, sql: str
) -> None:
    """One call of a function is one step, which no time limit ends: the slow ones are refused.

    Two of these stopped every search and held the words of a replaced build on disk.
    """
    assert (await get("/library.json", params={"sql": sql})).status_code == 400


async def test_a_long_story_sets_the_bound_of_its_build(tmp_path: Path, serve_build: Any) -> None:
    """A story of a million characters is shown, by page and by query."""
    path, story = make_build(tmp_path), "é" * 1_000_000
    db = sqlite3.connect(path)
    db.execute("update stories set telling = ?", (story,))
    db.commit()
    db.close()
    get = (await serve_build(path)).client.get
    assert story in (await get("/story/s-a")).text
    rows = await get("/library.json?sql=select+telling+from+stories&_shape=array")
    assert rows.json()[0]["telling"] == story


async def test_promise_03_nobody_sees_what_other_visitors_asked(get: Get) -> None:
    """SQLite can list the statements it holds ready, other people's words among them."""
    await get("/library.json", params={"sql": "select 'what another visitor looked for'"})
    answer = await get("/library.json", params={"sql": "select sql from sqlite_stmt"})
    assert answer.status_code == 400 and "another visitor" not in answer.text


@pytest.mark.parametrize(
    "sql", ["attach database 'x' as y", "delete from quotes", "pragma database_list", "vacuum"]
)
async def test_only_reading_statements_are_run(get: Get, sql: str) -> None:
    assert (await get("/library", params={"sql": sql})).status_code == 400


@pytest.mark.parametrize("path", ["/_internal", "/_internal/databases", "/_memory"])
async def test_promise_07_no_other_database_is_open(get: Get, path: str) -> None:
    assert (await get(path)).status_code in (403, 404)


async def test_a_failure_inside_is_told_without_its_words(
    get: Get, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    """Promise 16: a fault of ours gives a page that says so; the log says what kind and where."""

    async def fail(*_: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("datasette_plugins.queries.rows", fail)
    response = await get("/about")
    assert response.status_code == 500 and "not your doing" in response.text
    printed = capsys.readouterr()
    assert "secret words" not in response.text + caplog.text + printed.err + printed.out
    assert "RuntimeError in" in caplog.text


async def test_a_path_with_odd_characters_is_opened(tmp_path: Path, serve_build: Any) -> None:
    datasette = await serve_build(make_build(tmp_path / "what? 100% #1 été"))
    assert (await datasette.client.get("/")).status_code == 200


async def test_json_errors_are_json(get: Get) -> None:
    response = await get("/library/quotes.json?_sort=nothing")
    assert response.status_code == 400 and response.json()["ok"] is False
