"""Odd inquiries and hostile words, published, served on one port, and by a plain Datasette."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from par_toolkit.publishing import publish, verify_build
from tests.crawling import crawl
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting
from tests.serving.conftest import Served

HTML = "<script>alert(1)</script><img src=x onerror='alert(2)'>\"><b>"
SQL = "'); drop table quotes; -- \" [ ] % _ \\"
URDU = "انتظار بہت طویل تھا، کسی نے کچھ نہیں بتایا"
LONG = "Waiting " * 37 + "long"
FORMULA = '=HYPERLINK("http://evil.example";"look")'
TEMPLATE = "{{ 7 * 7 }} {% include 'x' %} ${7*7} %(name)s {0}"
TURNED = "\u202eevil \u2066words\u2069 e" + "\u0301" * 30
NAMES = (HTML, SQL, URDU, LONG, FORMULA, TEMPLATE, "+44 20", "@SUM(A1)", "../../etc?x#y")
WHOLE = ("analyse", "quote", "publish")
assert len(LONG) == 300


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Publish an inquiry in which all that has a name or words is called something hostile."""
    place = Place(tmp_path_factory.mktemp("hostile") / "inquiry")
    place.change('name = "Made-up inquiry"', f"name = '''{HTML}'''")
    place.change('en = "Residents"', f"en = '''{FORMULA}'''")
    for n, name in enumerate(NAMES):
        told = place.tell(f"{name} {n}", answers={"title": name}, consent=WHOLE)
        place.theme([told], name=name, words=(f"word{n}", name[:20]))
    place.tell(TURNED, answers={"title": TURNED}, consent=WHOLE)
    meeting = Meeting(place, {"residents": 6, "carers": 6})
    item = meeting.item(HTML)
    meeting.negotiate(item, {"residents": FORMULA, "carers": URDU}, "full", action=SQL)
    for name in (HTML, FORMULA, URDU):
        meeting.put(name, {"residents": "+++++-"}, reasons={"residents-": name})
    meeting.close()
    meeting.release_all()
    publish(place.folder)
    place.db.close()
    yield place.folder


def build_of(folder: Path) -> Path:
    (file,) = (folder / "findings").glob("build-*.db")
    return file


def opens_as_a_formula(cell: str) -> bool:
    """Say whether a spreadsheet calculates when it opens this cell; written anew for the tests."""
    seen = unicodedata.normalize("NFKC", cell.lstrip(" \t\r\n\0\u00a0\u200b\ufeff"))
    try:
        float(cell)
    except ValueError:
        return seen[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n", "\0")
    return False


class Runs(HTMLParser):
    """Find what a browser would run of a page, but for scripts in files of their own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that brings something to run with it."""
        given = dict(attrs)
        calls = any(name.startswith("on") for name in given)
        address = (given.get("href") or given.get("src") or "").strip().lower()
        made_up = tag == "img" and given.get("src") == "x"
        if calls or made_up or address.startswith(("javascript:", "data:text")):
            self.found.append(str(self.get_starttag_text()))

    def handle_data(self, data: str) -> None:
        """Note what stands inside a script of the page itself."""
        if self.cdata_elem == "script" and "alert" in data:
            self.found.append(data)


def looked_at(answers: dict[str, httpx.Response], *, but: set[str]) -> None:
    """Look through answers: none failed, and no page runs what somebody wrote."""
    failed = {path for path, answer in answers.items() if answer.status_code >= 400}
    assert failed <= but
    for path, answer in answers.items():
        allowed = [name for name in answer.headers if name.startswith("access-control")]
        assert allowed == [], f"{path} lets another origin read it"
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert Runs(answer.text).found == [], path


@pytest.mark.asyncio
async def test_hostile_words_are_words_on_every_page(hostile: Path, one_port: Served) -> None:
    assert verify_build(build_of(hostile)).sound
    answers = await crawl(
        await one_port(hostile), "/findings/", library="/findings/library", rows=1
    )
    looked_at(answers, but={"/findings/library.csv"})
    themes = unescape(answers["/findings/themes"].text)
    assert [name for name in NAMES if name not in themes] == []
    assert Runs(f"<p>{HTML}").found and Runs("<script>alert(1)</script>").found
    pages = [path for path in answers if path.startswith("/findings/theme/")]
    assert len(pages) == len(NAMES)
    assert len(answers) > 60


@pytest.mark.asyncio
async def test_hostile_words_are_words_in_a_plain_datasette(
    hostile: Path, plain: Callable[[Path], Any]
) -> None:
    answers = await crawl(plain(build_of(hostile)), "/", library="/build-000001", rows=1)
    elsewhere = {path for path in answers if path.startswith(("/tell", "/mine", "/desk"))}
    looked_at(answers, but={"/build-000001.csv", *elsewhere})
    assert len([path for path in answers if path.startswith("/theme/")]) == len(NAMES)


@pytest.mark.asyncio
async def test_promise_08_programs_get_the_very_words(hostile: Path, one_port: Served) -> None:
    get = await one_port(hostile)
    told = (await get("/findings/library/themes.json?_shape=array")).json()
    assert {row["name"] for row in told} == set(NAMES)
    told = (await get("/findings/themes.json")).json()
    assert {one["name"] for one in told["themes"]} == set(NAMES)


@pytest.mark.asyncio
async def test_no_cell_of_any_export_opens_as_a_formula(
    hostile: Path, one_port: Served, plain: Callable[[Path], Any]
) -> None:
    """Each table and a query, as pages and streamed, opened as a spreadsheet opens it."""
    found = 0
    served = {
        "/findings/library": await one_port(hostile),
        "/build-000001": plain(build_of(hostile)),
    }
    for library, get in served.items():
        told = (await get(f"{library}.json")).json()["tables"]
        tables = [f"{library}/{one['name']}" for one in told if "_fts" not in one["name"]]
        query = f"{library}.csv?sql=select+name,+'%3D1%2B1'+as+\"%2Bx\"+from+themes"
        asked = [f"{table}.csv{more}" for table in tables for more in ("", "?_stream=1&_dl=1")]
        for address in (*asked, query):
            answer = await get(address)
            assert answer.status_code == 200, address
            cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
            assert [cell for cell in cells if opens_as_a_formula(cell)] == [], address
            found += sum(cell.startswith("'=") for cell in cells)
    assert found > 20
