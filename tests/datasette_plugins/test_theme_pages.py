"""The page of a theme: whose words, how it was made, who spoke of it, and voices in no theme."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.datasette_plugins.builds import make_build
from tests.datasette_plugins.conftest import Get

pytestmark = pytest.mark.asyncio
THEME = "/theme/theme-waiting"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a build in which groups stand beside quotes, a run is named and one voice is alone."""
    path = make_build(tmp_path_factory.mktemp("themes"))
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            insert into runs values
                (1, '2026-Q3', 'bagged-1', 0, '{"count": 3}', '{"scipy": "1.2"}', '[]');
            update themes set run = 1, looks = 20, came_again = 18 where id = 'theme-waiting';
            update themes set threshold = 20 where id = 'theme-waiting';
            update inquiry set beside_quotes = 'group';
            update quotes set kind = null;
            update quotes set stakeholder_group = 'nurses', group_en = 'Nurses & aides',
                group_fr = 'Infirmières' where id = 'q-a';
            update quotes set stakeholder_group = 'carers', group_en = 'Unpaid carers',
                group_fr = 'Proches aidants' where id in ('q-c', 'q-f');
            insert into quotes (id, text, language) values ('q-z', 'Only I say this.', 'en');
            """
        )
        db.executemany(
            """
            insert into quotes (id, text, language, stakeholder_group, group_en, group_fr)
            values (:id, :id, 'en', 'nurses', 'Nurses & aides', 'Infirmières')
            """,
            [{"id": f"many-{n:02d}"} for n in range(24)],
        )
        db.execute(
            "insert into quote_themes select id, 'theme-waiting' from quotes where id like 'many-%'"
        )
        db.execute("insert into quotes_fts (quotes_fts) values ('rebuild')")
        db.commit()
    return path


async def test_quotes_are_narrowed_by_group_and_never_counted_by_it(
    file: Path, serve_build: Any
) -> None:
    get: Get = (await serve_build(file)).client.get
    page = (await get(THEME)).text
    assert "27 quotes" in page and "This counts quotes, not people." in page
    assert page.count("Nurses &amp; aides") > 1 and "Page 1 of 2" in page
    link = re.search(r'href="([^"]*beside=nurses)"', page)
    assert link, "nothing leads to the quotes of one group"
    nurses = (await get(link[1])).text
    assert nurses.count('<blockquote class="quote">') == 20
    assert "Unpaid carers</span>" not in nurses
    assert "Page 1<" in nurses and " of " not in nurses.split("Page 1<")[1][:20]
    assert not re.search(r"\b2[0-9] quote", nurses), "quotes are counted by group"
    last = (await get(f"{THEME}?beside=nurses&page=2")).text
    assert last.count('<blockquote class="quote">') == 5 and 'rel="next"' not in last
    assert (await get(f"{THEME}?beside=nobody")).text.count('<blockquote class="quote">') == 20
    assert "Infirmières" in (await get(f"{THEME}?lang=fr")).text


async def test_a_page_says_how_its_theme_was_made(file: Path, serve_build: Any) -> None:
    get: Get = (await serve_build(file)).client.get
    page = (await get(THEME)).text
    assert "(run 1, July to September 2026)" in page
    assert "It looked 20 times" in page and "again 18 times" in page
    assert "A steward of the community stands behind it (October to December 2026)." in page
    assert "counts at least 20 people, where others count 10" in page
    other = (await get("/theme/theme-kindness")).text
    assert "People put these stories side by side themselves." in other
    assert "something sensitive" not in other


async def test_a_single_voice_stands_where_it_can_be_seen(file: Path, serve_build: Any) -> None:
    get: Get = (await serve_build(file)).client.get
    for path in ("/themes", "/alone"):
        page = (await get(path)).text
        assert "Only I say this." in page and "Voices outside every theme" in page
    assert '"/alone"' in (await get(THEME)).text
    assert "I waited four hours" not in (await get("/alone")).text


@pytest.mark.parametrize("circles", ["before", "none"])
async def test_a_build_that_says_less_has_a_page_for_each_theme(
    tmp_path: Path, serve_build: Any, circles: str
) -> None:
    get: Get = (await serve_build(make_build(tmp_path, circles=circles))).client.get
    for path in (THEME, f"{THEME}?beside=nurses", "/themes", "/alone"):
        response = await get(path)
        assert response.status_code == 200, path
        assert "Who spoke of it" not in response.text or circles == "none"


async def test_a_theme_named_like_markup_is_only_a_name(tmp_path: Path, serve_build: Any) -> None:
    path = make_build(tmp_path)
    name = "<script>alert('\"');</script>; drop table themes; -- ملعب" + "x" * 300
    with closing(sqlite3.connect(path)) as db:
        db.execute("update themes set name = :n where id = 'theme-waiting'", {"n": name})
        db.commit()
    get: Get = (await serve_build(path)).client.get
    for address in (THEME, "/themes"):
        page = (await get(address)).text
        assert "<script" not in page and "&lt;script&gt;" in page


async def test_what_stands_beside_words_stands_there_wherever_they_are_found(
    file: Path, serve_build: Any
) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("update stories set stakeholder_group = 'carers', group_en = 'Unpaid carers'")
        db.commit()
    get: Get = (await serve_build(file)).client.get
    assert "Nurses &amp; aides</span>" in (await get("/search?q=waited")).text
    for path in ("/stories", "/story/s-a", "/search?q=driver", "/search/stories?q=driver"):
        assert "Unpaid carers</span>" in (await get(path)).text, path


async def test_promise_11_page_csv_and_json_have_the_same_figures_of_a_theme(
    file: Path, serve_build: Any
) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            """
            delete from theme_people;
            delete from member_checks;
            insert into theme_people values
                ('theme-waiting', 'residents', 'Residents', 'Habitants', 1240, 'shown'),
                ('theme-waiting', 'carers', 'Unpaid carers', 'Proches aidants', null, 'hidden'),
                ('theme-waiting', 'all', 'Everybody', 'Tout le monde', 1265, 'shown');
            insert into member_checks values
                ('theme-waiting', 'not_that', null, 'hidden'),
                ('theme-waiting', 'thats_it', 35, 'shown'),
                ('theme-waiting', 'change_it', null, 'hidden'),
                ('theme-waiting', 'all', 45, 'shown');
            """
        )
    get: Get = (await serve_build(file)).client.get
    page = (await get(THEME)).text
    for section, column, shown in (
        ("who", "stakeholder_group", ["1,240", "hidden", "1,265"]),
        ("checked", "answer", ["35", "hidden", "hidden", "45"]),
    ):
        part = page.split(f'<section aria-labelledby="{section}">')[1].split("</section>")[0]
        cells = re.findall(r"<td>(?:<[^>]+>)?([^<]+)", part)
        assert cells == shown
        address = re.search(r'href="([^"]*\.json\?[^"]*)"', part)
        assert address, "no way to the very query"
        data = (await get(address[1].replace("&amp;", "&"))).json()
        rows = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
        told = ["hidden" if row["people"] is None else f"{row['people']:,}" for row in rows]
        assert sorted(told) == sorted(shown) and len({row[column] for row in rows}) == len(rows)
        csv = (await get(address[1].replace("&amp;", "&").replace(".json?", ".csv?"))).text
        assert [line.split(",")[0] for line in csv.splitlines()[1:]] == [
            row[column] for row in rows
        ]
    assert "1\N{NARROW NO-BREAK SPACE}240" in (await get(f"{THEME}?lang=fr")).text
    quiet = (await get("/theme/theme-kindness")).text
    assert "No figures are shown yet." in quiet
