"""Every figure on a page is the very cell of the query behind it, as CSV, as JSON and by SQL."""

from __future__ import annotations

import ast
import csv
import html
import io
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import pytest_asyncio

from datasette_plugins.trail import KINDS, OTHER, gathered
from datasette_plugins.words import Words
from tests.datasette_plugins.builds import make_build
from tests.datasette_plugins.conftest import Get, served

pytestmark = pytest.mark.asyncio
WORDS = Words("en")
ROOT = Path(__file__).parents[2]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a build with every table filled, groups and who lives here among them."""
    path = make_build(tmp_path_factory.mktemp("cells"), quotes=3)
    with closing(sqlite3.connect(path)) as db:
        db.executemany(
            """
            insert into groups values (:code, :code, :code, null, :people, 'made-up census', 2021,
                                       :position)
            """,
            [
                {"code": code, "people": people, "position": position}
                for position, (code, people) in enumerate(
                    (("residents", 40_000), ("nurses", 900), ("drivers", 120), ("carers", None))
                )
            ],
        )
        db.executemany(
            "insert into action_people values (?, ?, ?, ?, ?, ?)",
            [
                (state, group, group, group, people, "hidden" if people is None else "shown")
                for state, group, people in (
                    ("done", "residents", 25), ("done", "nurses", None), ("done", "all", 35),
                    ("open", "residents", 15),
                )
            ],
        )  # fmt: skip
        db.executemany(
            "insert into figures values (?, ?, ?, 1, ?)",
            [("participation", "", 10, "[]"), ("agreement", "st-large", 20, '["position"]'),
             ("agreement", "st-small", 20, '["position"]')],
        )  # fmt: skip
        db.execute("update items set theme = 'theme-waiting' where id in ('i-pays', 'i-bus')")
        db.commit()
    return path


@pytest_asyncio.fixture
async def get(build: Path) -> AsyncIterator[Get]:
    async with served(build) as datasette:
        yield datasette.client.get


def tables(page: str) -> dict[str, list[list[str]]]:
    """Return the cells of each table of figures on a page, head left out, by its caption."""
    found = {}
    for table in re.findall(r'<table class="figures">(.*?)</table>', page, re.DOTALL):
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table, re.DOTALL)
        assert caption, "a table without a name"
        body = table.split("<tbody>")[1]
        found[text(caption[1])] = [
            [text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
            for line in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
        ]
    return found


def text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


async def behind(get: Get, build: Path, page: str) -> list[list[Row]]:
    """Return the rows of each query that a page links to; CSV, JSON and SQL must agree on them."""
    found = []
    hrefs = [html.unescape(href) for href in re.findall(r'href="([^"]+\?sql=[^"]+)"', page)]
    for address in [href for href in hrefs if urlsplit(href).path.endswith(".json")]:
        asked = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
        with closing(sqlite3.connect(f"file:{build}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            by_sql = [dict(row) for row in db.execute(asked.pop("sql"), asked)]
        as_json = (await get(address + "&_shape=array")).json()
        as_csv = list(csv.DictReader(io.StringIO((await get(as_csv_of(address))).text)))
        assert as_json == by_sql, address
        assert as_csv == [
            {name: "" if cell is None else str(cell) for name, cell in row.items()}
            for row in by_sql
        ], address
        found.append(by_sql)
    return found


def as_csv_of(address: str) -> str:
    return address.replace(".json?", ".csv?", 1)


def shown(people: int | None) -> str:
    return "hidden" if people is None else WORDS.number(people)


async def test_promise_11_who_was_heard(get: Get, build: Path) -> None:
    page = (await get("/heard")).text
    figures, groups = await behind(get, build, page)
    cells = {(row["group_en"], row["cycle"]): row["people"] for row in figures}
    table = tables(page)["People who took part, by group and cycle"]
    assert len(table) * 3 == len(figures)
    for name, *numbers in table:
        assert numbers == [shown(cells[name, cycle]) for cycle in ("c1", "c2", "all")]
    beside = tables(page)["Each group among the people heard and among those who live here"]
    living = {row["code"]: row["population"] for row in groups}
    names = {row["group_en"]: row["stakeholder_group"] for row in figures}
    assert {line[0] for line in beside} == {"Residents", "Nurses", "Bus drivers"}
    for name, people, share, here, of_here in beside:
        heard = cells[name, "all"]
        assert people == shown(heard)
        assert share == ("hidden" if heard is None else WORDS.share(heard / 160))
        assert here == WORDS.number(living[names[name]])
        assert of_here == WORDS.share(living[names[name]] / 48_000)


async def test_promise_11_the_first_page(get: Get, build: Path) -> None:
    page = (await get("/")).text
    figures, themes, statements, actions = await behind(get, build, page)
    totals = {row["group_en"]: row["people"] for row in figures if row["cycle"] == "all"}
    assert dict(tables(page)["People who took part, by group"]) == {
        name: shown(people) for name, people in totals.items()
    }
    for theme in themes:
        entry = page.split(f">{theme['name']}</a>")[1].split("</li>")[0]
        assert re.search(rf"\b{theme['quotes']} quotes?\b", entry), theme["name"]
    for statement in (row for row in statements if row["minimum"] is not None):
        entry = text(page.split(f">{html.escape(statement['words'])}</a>")[1].split("</li>")[0])
        assert entry.startswith(WORDS.share(statement["minimum"]))
    assert [action["what"] in page for action in actions] == [True] * len(actions)


async def test_promise_11_agreement(get: Get, build: Path) -> None:
    page = (await get("/agreement")).text
    (statements,) = await behind(get, build, page)
    (table,) = tables(page).values()
    assert [line[1] for line in table] == [
        "hidden" if row["minimum"] is None else WORDS.share(row["minimum"]) for row in statements
    ]
    for statement in statements:
        page = (await get(f"/statement/{statement['id']}")).text
        (figures,) = await behind(get, build, page)
        (table,) = tables(page).values()
        cells = {(row["group_en"], row["position"]): row["people"] for row in figures}
        for name, *numbers in table:
            if (name, "agree") in cells:
                positions = ("agree", "disagree", "unsure", "all")
                assert numbers == [shown(cells[name, position]) for position in positions]
            else:
                assert numbers[0] in ("nobody answered", "not asked")


async def test_promise_11_where_we_stand_and_what_was_done(get: Get, build: Path) -> None:
    page = (await get("/standing")).text
    items, _cycles = await behind(get, build, page)
    (table,) = tables(page).values()
    counted = Counter(WORDS.state(row["state"]) for row in items)
    assert dict(table) == {name: str(number) for name, number in counted.items()}
    page = (await get("/done")).text
    people, actions = await behind(get, build, page)
    table, led = tables(page).values()
    counted = Counter(WORDS.action_state(row["state"]) for row in actions)
    assert dict(table) == {name: str(number) for name, number in counted.items()}
    cells = {(row["group_en"], row["state"]): shown(row["people"]) for row in people}
    for name, *numbers in led:
        assert numbers == [cells.get((name, state), "–") for state in ("done", "open")]


async def test_promise_11_how_figures_came_about(get: Get, build: Path) -> None:
    page = (await get("/how")).text
    assert tables(page)["The tables of people, and how they are protected"] == [
        ["Who agrees with a statement (2)", "20", "1", "answers other than ‘agree’"],
        ["Who took part", "10", "1", "–"],
    ]


async def test_promise_15_the_trail_in_words_counts_every_row(get: Get, build: Path) -> None:
    page = (await get("/how")).text
    rows = (await behind(get, build, page))[-1]
    table = tables(page)["Steps that were written down, by kind of work"]
    assert table == [[one.name, str(one.steps), one.roles] for one in gathered(rows, WORDS)]
    with closing(sqlite3.connect(build)) as db:
        (steps,) = db.execute("select count(*) from audit").fetchone()
    assert sum(int(line[1]) for line in table) == steps


async def test_an_action_without_a_name_is_still_counted() -> None:
    rows = [
        {"role": "steward", "action": "publish", "steps": 2},
        {"role": "steward", "action": "something_new", "steps": 3},
        {"role": "facilitator", "action": "approve_words", "steps": 1},
    ]
    found = gathered(rows, WORDS)
    assert [(one.name, one.steps) for one in found] == [
        ("Saying yes to words of circles, and publishing", 3), (OTHER, 3),
    ]  # fmt: skip
    assert found[0].roles == "a steward of the community and a facilitator"


@pytest.mark.parametrize(
    "path", ["/", "/heard", "/how", "/themes", "/theme/theme-waiting", "/standing", "/agreement",
             "/statement/st-large", "/unresolved", "/done", "/changes", "/about", "/stories",
             "/story/s-a", "/search?q=bus"],
)  # fmt: skip
async def test_every_page_links_to_what_is_behind_it(get: Get, build: Path, path: str) -> None:
    assert await behind(get, build, (await get(path)).text), f"{path} has no link to its data"


async def test_a_theme_leads_to_what_groups_say_of_it_and_to_what_is_done(get: Get) -> None:
    """What did people say about it, do the groups agree, and what is being done about it?"""
    home = (await get("/")).text
    theme = (await get(re.findall(r'href="([^"#]*/theme/theme-waiting)#answers"', home)[0])).text
    assert "I waited four hours" in theme
    made = theme.split('<h2 id="answers">')[1]
    assert "45 in 100 agree in the group that agrees least (Nurses)." in text(made)
    assert "The council moved the last bus to ten." in made
    statement = (await get(re.findall(r'href="([^"]*/statement/[^"]*)"', made)[0])).text
    assert "/theme/theme-waiting" in statement
    done = (await get("/done")).text
    for anchor in re.findall(r'href="[^"]*/done#([^"]+)"', made):
        assert f'id="{anchor}"' in done
    unresolved = (await get("/unresolved")).text
    assert 'id="i-pays"' in unresolved and "/statement/st-large" in unresolved


async def test_an_older_build_answers_the_new_pages_too(tmp_path: Path) -> None:
    async with served(make_build(tmp_path, circles="before")) as datasette:
        for path in ("/", "/heard", "/how", "/about"):
            assert (await datasette.client.get(path)).status_code == 200, path


async def test_every_action_of_the_trail_has_a_name_for_readers() -> None:
    """The desk has a sentence for each; readers are told its kind."""
    source = (ROOT / "par_toolkit" / "web" / "desk" / "trail_words.py").read_text("utf-8")
    function = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "act"
    )
    (sentences,) = (node for node in ast.walk(function) if isinstance(node, ast.Dict))
    named = {action for _, actions in KINDS for action in actions}
    known = {key.value for key in sentences.keys if isinstance(key, ast.Constant)}
    assert known - named == set()
