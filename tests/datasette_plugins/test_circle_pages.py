"""The pages about circles: what they say with figures, with all of them hidden, with nothing."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from datasette_plugins import agreeing, bars
from datasette_plugins.words import Words
from tests.datasette_plugins.builds import make_build
from tests.datasette_plugins.circle_rows import BUS, LARGE, PAYS, SMALL
from tests.datasette_plugins.conftest import Get
from tests.datasette_plugins.test_pages import Outline

PATHS = ("/standing", "/agreement", "/statement/st-small", "/unresolved", "/done")

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("path", [*PATHS, "/statement/st-large"])
async def test_each_page_stands_on_its_own_in_both_languages(get: Get, path: str) -> None:
    for language in ("en", "fr"):
        response = await get(f"{path}?lang={language}")
        page = Outline(response.text)
        assert response.status_code == 200
        assert len(page.all("h1")) == 1
        assert page.all("html")[0] == {"lang": language, "dir": "ltr"}
        assert not page.all("script") and not page.all("style")
        assert not [tag for tag, attributes in page.tags if "style" in attributes]
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert "<title></title>" not in response.text
        for drawn in page.all("svg"):  # each chart has its name, and its table beside it
            assert drawn["role"] == "img"
            assert set((drawn["aria-labelledby"] or "").split()) <= set(ids)
        assert len(page.all("table")) >= len(page.all("svg"))


@pytest.mark.parametrize("path", [*PATHS, "/statement/st-large"])
async def test_french_pages_have_no_english_left(get: Get, path: str) -> None:
    """Leave out what was said, which stands in the language in which it was said."""
    page = (await get(f"{path}?lang=fr")).text
    said = r"<(\w+)[^>]* dir=\"auto\"[^>]*>.*?</\1>|<title.*?</title>|<h1.*?</h1>|<svg.*?</svg>"
    ours = re.sub(said, "", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<span class=\"aside\">.*?</span>", "", ours))
    for word in (
        "the",
        "and",
        "group",
        "groups",
        "people",
        "hidden",
        "Where",
        "You",
        "said",
        "not",
    ):
        assert not re.search(rf"\b{word}\b", text), f"{word!r} is left on {path}"


async def test_where_we_stand(get: Get) -> None:
    page = (await get("/standing")).text
    assert "We listened more than we acted." in page and "Act sooner." in page
    assert "What was open went on into the next cycle: Second round." in page
    assert "Planning" in page and "Closed" in page
    assert "What people say is worked with, all the way." in page  # the promise, in a sentence
    assert BUS in page and "The last bus goes at ten." in page
    assert "count what was said, not people" in page


async def test_the_headline_is_the_group_that_agrees_least(get: Get) -> None:
    page = (await get("/statement/st-large")).text
    headline = r"<strong>45 in 100</strong>\s+agree in the group that agrees least \(Nurses\)"
    assert re.search(headline, page)
    assert "Asked, but nobody answered: Unpaid carers." in page
    assert "Not asked: Bus drivers." in page
    assert "About 115 people in all." in page
    # nobody adds up groups: 65 people agree in all, and that stands nowhere
    assert ">65<" not in page and "No group is added to another" in page
    overview = (await get("/agreement")).text
    assert overview.index(LARGE) < overview.index(SMALL)  # what cannot be ordered comes last
    assert "45 in 100 · Nurses" in overview


async def test_why_people_do_not_agree_stands_beside_every_figure(get: Get) -> None:
    page = (await get("/statement/st-small")).text
    assert "A reason not to agree:" in page
    assert page.index("I pay for my petrol, and nobody asks.") < page.index("It is work.")
    other = (await get("/statement/st-large")).text
    assert "That does not mean that everybody agrees." in other
    assert "I pay for my petrol" in (await get("/agreement")).text


async def test_views_stand_side_by_side_and_a_single_voice_stays(get: Get) -> None:
    page = (await get("/unresolved")).text
    assert PAYS in page and "Their views stand side by side." in page
    for words in ("The council pays.", "All share the cost.", "We do not agree who pays."):
        assert words in page
    assert "One who sees it differently:" in page and "I would rather walk." in page
    assert "Views that stand alone" in page and "Night is my day." in page
    assert "Its words have not been released." in page
    assert "A group that is too small to be named" in page
    assert "Why nothing is done for now:" in page
    assert BUS not in page  # that is resolved


async def test_you_said_we_did(get: Get) -> None:
    page = (await get("/done")).text
    assert page.index("moved the last bus to ten") < page.index("step 1") < page.index("no money")
    assert re.search(rf"You said:</strong> <span dir=\"auto\">{re.escape(BUS)}", page)
    assert "planned for July to September 2026" in page  # of what is still to be done
    assert "The council meets in June." in page


async def test_with_every_figure_of_a_group_hidden_each_page_says_something_true(
    tmp_path: Path, serve_build: Any
) -> None:
    datasette = await serve_build(make_build(tmp_path, circles="small"))
    pages = {path: (await datasette.client.get(path)).text for path in PATHS}
    for path in ("/agreement", "/statement/st-small"):
        assert "These groups answered: Nurses, Residents, and Unpaid carers." in pages[path]
        assert "About 10 people in all." in pages[path]
        assert "What people say does not need a number." in pages[path]
        assert "I pay for my petrol, and nobody asks." in pages[path]
        assert " in 100" not in pages[path]
    pages["/"] = (await datasette.client.get("/")).text
    for path in ("/agreement", "/"):
        assert "every number by group is hidden, to protect them" in pages[path]
        assert "too few think otherwise" in pages[path]
        assert "Too few people answered" not in pages[path]  # about 10 did
    assert "on which groups agree least" not in pages["/"]  # nobody can say which
    bars_of = re.findall(r'<rect class="unknown"[^>]*width="(\d+)"', pages["/statement/st-small"])
    assert len(bars_of) == 3 and len(set(bars_of)) == 1  # their length says nothing
    assert "All share the cost." in pages["/unresolved"]
    assert "moved the last bus to ten" in pages["/done"]


@pytest.mark.parametrize("circles", ["none", "before"])
async def test_before_anything_was_said_each_page_says_so(
    tmp_path: Path, serve_build: Any, circles: str
) -> None:
    """A build of before there were circles has no such tables, and is served all the same."""
    datasette = await serve_build(make_build(tmp_path, circles=circles))
    sentences = {
        "/standing": "Nothing of this has been released yet.",
        "/agreement": "No statement has been released yet.",
        "/unresolved": "That does not mean that all is settled",
        "/done": "No action has been released yet.",
    }
    for path, sentence in sentences.items():
        response = await datasette.client.get(path)
        assert response.status_code == 200 and sentence in response.text
    assert (await datasette.client.get("/statement/nobody")).status_code == 404
    for path in ("/", "/themes", "/search", "/changes", "/about", "/library"):
        assert (await datasette.client.get(path)).status_code == 200
    home = (await datasette.client.get("/")).text
    assert ('href="/standing"' in home) == (circles == "none")


async def test_words_are_escaped(tmp_path: Path, serve_build: Any) -> None:
    path = make_build(tmp_path)
    with sqlite3.connect(path) as db:
        for table in ("items", "constructions", "statements", "reasons"):
            db.execute(f"update {table} set words = '<script>alert(1)</script>' || words")
        db.execute("update actions set what = '<script>' || what, said = '<script>' || said")
    db.close()
    datasette = await serve_build(path)
    for address in PATHS:
        page = (await datasette.client.get(address)).text
        assert "<script" not in page and "&lt;script&gt;" in page, address


async def test_bars_are_as_long_as_their_share_and_long_names_are_cut() -> None:
    shown = [
        bars.Shown("x" * 60, "30 of 40", (("agree", 30), ("disagree", 10)), whole=40),
        bars.Shown("Hidden", "hidden", (("agree", 3),), whole=4, hidden=True),
        bars.Shown("Nothing", "0", (("agree", 0),), whole=0),
    ]
    chart = bars.chart(shown)
    assert chart is not None
    assert [(p.kind, p.length) for p in chart.bars[0].parts] == [("agree", 254), ("disagree", 84)]
    assert [line for _, line in chart.bars[0].name] == ["x" * 40, "x" * 20]
    (long,) = bars.chart([bars.Shown("word " * 40, "")]).bars  # type: ignore[union-attr]
    assert len(long.name) == 2 and long.name[1][1].endswith("…")
    assert [(p.kind, p.length) for p in chart.bars[1].parts] == [("unknown", bars.STUB)]
    assert chart.bars[2].parts == ()
    assert bars.chart([]) is None


async def test_groups_come_by_name_so_that_their_order_says_nothing() -> None:
    rows = [{"id": "s", "words": "W", "cycle": "c", "item": None, "item_words": None,
             "minimum": None}]  # fmt: skip
    figures = [
        {"statement": "s", "stakeholder_group": code, "group_en": code.upper(), "group_fr": "",
         "position": "all", "people": None, "shown": shown}
        for code, shown in (("z", "hidden"), ("b", "not_asked"), ("a", "hidden"),
                            ("c", "nobody_answered"))
    ]  # fmt: skip
    (found,) = agreeing.read(rows, figures, [], "fr")
    assert [group.name for group in found.groups] == ["A", "Z", "C", "B"]
    assert found.without("not_asked") == ("B",) and found.everybody is None
    chart = agreeing.by_group(found, Words("en"))
    assert chart is not None and {bar.said for bar in chart.bars} == {
        "hidden: too few people to show"
    }
