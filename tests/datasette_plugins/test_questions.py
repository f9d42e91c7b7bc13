"""Stored queries: common questions, answered alike as a page, as CSV, as JSON and by SQL."""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from datasette_plugins import questions
from par_toolkit.publishing import common_questions, stored_queries
from tests.datasette_plugins.builds import make_build
from tests.datasette_plugins.circle_rows import BUS
from tests.datasette_plugins.conftest import Get

pytestmark = pytest.mark.asyncio
IDS = [query.id for query in common_questions.QUERIES]
ServeBuild = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a build that has an answer to every question."""
    path = make_build(tmp_path_factory.mktemp("asked"))
    with sqlite3.connect(path) as db:
        db.executescript(
            """
            insert into theme_people values
                ('theme-waiting', 'residents', 'Residents', 'Habitants', 45, 'shown'),
                ('theme-kindness', 'nurses', 'Nurses', 'Infirmières', null, 'hidden');
            insert into member_checks values
                ('theme-waiting', 'thats_it', 25, 'shown'),
                ('theme-waiting', 'all', null, 'hidden');
            """
        )
    db.close()
    return path


def cells(page: str) -> list[list[str]]:
    """Return the rows of the table on a page as text, or those of its cards."""
    cards = re.findall(r'<dl class="tables answer">(.*?)</dl>', page, re.DOTALL)
    if cards:
        return [
            [
                html.unescape(one)
                for one in re.findall(r'<dd dir="auto">(.*?)</dd>', card, re.DOTALL)
            ]
            for card in cards
        ]
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    return [
        [html.unescape(cell) for cell in re.findall(r'<td dir="auto">(.*?)</td>', row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body[1] if body else "", re.DOTALL)
    ]


@pytest.mark.parametrize("question", IDS)
async def test_page_csv_json_and_sql_give_the_same_answer(
    get: Get, build: Path, question: str
) -> None:
    query = next(one for one in common_questions.QUERIES if one.id == question)
    page = (await get(f"/question/{question}")).text
    answer = (await get(f"/question/{question}.json")).json()
    table = list(csv.DictReader(io.StringIO((await get(f"/question/{question}.csv")).text)))
    with sqlite3.connect(build) as db:
        db.row_factory = sqlite3.Row
        rows = db.execute(query.sql, dict.fromkeys(query.parameters, "")).fetchall()
    db.close()
    assert rows and answer["rows"] == [dict(row) for row in rows] and not answer["truncated"]
    as_text = [{name: _text(value) for name, value in row.items()} for row in answer["rows"]]
    assert [{name: cell.removeprefix("'") for name, cell in row.items()} for row in table] == (
        as_text
    )
    coded = questions.SAID.keys() | {name for name in as_text[0] if name.endswith("_fr")}
    for line, row in zip(cells(page), as_text, strict=True):
        assert {value or "–" for name, value in row.items() if name not in coded} <= set(line)


def _text(value: object) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("question", IDS)
async def test_every_column_has_a_heading_in_words(get: Get, question: str, lang: str) -> None:
    page = (await get(f"/question/{question}?lang={lang}")).text
    headings = re.findall(r'<th scope="col">(.*?)</th>', page)
    headings = headings or list(dict.fromkeys(re.findall(r"<dt>(.*?)</dt>", page)))
    place = 0 if lang == "en" else 1
    assert headings and len(set(headings)) == len(headings)
    named = {names[place] for names in stored_queries.COLUMNS.values()}
    assert {html.unescape(one) for one in headings} <= named


async def test_how_much_is_hidden_names_the_tables_in_words(get: Get) -> None:
    named = {row[0] for row in cells((await get("/question/hidden?lang=fr")).text)}
    assert "Qui a pris part" in named and not any("_" in name for name in named)


async def test_the_list_leads_to_each_question_and_says_so_to_programs(get: Get) -> None:
    page = (await get("/questions")).text
    assert [f'href="/question/{one}"' in page for one in IDS] == [True] * len(IDS)
    listed = (await get("/questions.json")).json()["questions"]
    assert [one["id"] for one in listed] == IDS
    assert [p["name"] for p in next(o for o in listed if o["id"] == "said")["parameters"]] == [
        "words"
    ]


async def test_a_question_is_asked_with_words(get: Get) -> None:
    """What was said, do the groups agree, what is being done: one answer from a word."""
    every = (await get("/question/way.json")).json()["rows"]
    some = (await get("/question/way.json?words=receptionist")).json()
    assert some["parameters"] == {"words": "receptionist"}
    assert 0 < len(some["rows"]) < len(every)
    assert {row["theme"] for row in some["rows"]} == {"Kindness at the door"}
    bus = (await get("/question/way.json?words=LATER+bus")).json()["rows"]
    assert any(row["item"] == BUS and row["theme"] is None and row["action"] for row in bus)
    page = (await get("/question/said?words=marmalade")).text
    assert "Nothing in these findings answers that." in page and 'value="marmalade"' in page


@pytest.mark.parametrize(
    "typed", ["'; drop table quotes; --", "%", "_", "a" * 5_000, "\x00", "🙂" * 300]
)
async def test_hostile_words_are_words(get: Get, typed: str) -> None:
    for path in ("question/said", "question/way", "question/theme"):
        for ending in ("", ".json", ".csv"):
            sent = f"/{path}{ending}?words={quote(typed)}&theme={quote(typed)}&question=x"
            assert (await get(sent)).status_code == 200


async def test_what_is_no_question_is_not_there(get: Get) -> None:
    for path in ("/question/nobody", "/question/said.xml", "/question/nobody.json"):
        assert (await get(path)).status_code == 404


@pytest.mark.parametrize(
    ("sql", "status"),
    [
        ("delete from quotes", 400),
        ("pragma database_list", 400),
        ("attach 'x.db' as x", 400),
        ("with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n",
         400),
        ("with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) "
         "select i as build from n", 200),
    ],
)  # fmt: skip
async def test_a_file_from_elsewhere_runs_within_the_limits(
    tmp_path: Path, serve_build: ServeBuild, sql: str, status: int
) -> None:
    path = make_build(tmp_path)
    with sqlite3.connect(path) as db:
        db.execute("update queries set sql = :sql where id = 'changes'", {"sql": sql})
    db.close()
    datasette = await serve_build(path)
    page = await datasette.client.get("/question/changes")
    assert page.status_code == status
    if status == 200:
        assert len(cells(page.text)) == 1_000 and "More than 1,000 rows" in page.text
        assert (await datasette.client.get("/question/changes.json")).json()["truncated"]


async def test_a_build_of_before_there_were_questions_says_so(
    tmp_path: Path, serve_build: ServeBuild
) -> None:
    datasette = await serve_build(make_build(tmp_path, circles="before"))
    assert "before questions were kept" in (await datasette.client.get("/questions")).text
    assert (await datasette.client.get("/questions.json")).json()["questions"] == []
    assert (await datasette.client.get("/question/said")).status_code == 404
