"""The findings pages: what each says, in both languages, with and without anything to show."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from datasette_plugins.policy import POLICY
from tests.datasette_plugins.builds import SMILED, WAITED, make_build
from tests.datasette_plugins.conftest import Get

pytestmark = pytest.mark.asyncio

PAGES = (
    "/", "/themes", "/theme/theme-waiting", "/theme/theme-words", "/search", "/search?q=waited",
    "/search?theme=theme-waiting&language=fr", "/stories", "/story/s-a", "/changes", "/about",
    "/heard", "/how", "/data", "/library/quotes", "/library/quotes?_facet=language",
    "/library/quotes/q-a",
    "/library", "/library/quote_themes", "/library/participation", "/library?sql=select+1",
)  # fmt: skip
#: Pages that must answer 404 in plain words.
MISSING = ("/theme/nobody", "/story/nobody", "/library/nothing", "/nowhere", "/theme/~00")


class Outline(HTMLParser):
    """Collects from a page what people with and without a mouse find their way by."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_stands_on_its_own_without_scripts(get: Get, path: str) -> None:
    response = await get(path)
    page = Outline(response.text)
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == POLICY
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.all("a")[0] == {"class": "skip", "href": "#content"}
    assert page.all("html")[0] == {"lang": "en", "dir": "ltr"}
    assert not page.all("script") and not page.all("style")
    assert not [tag for tag, attributes in page.tags if "style" in attributes]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_is_french_when_asked_and_stays_so(get: Get, path: str) -> None:
    name = "_lang" if path.startswith("/library") else "lang"
    response = await get(path + ("&" if "?" in path else "?") + name + "=fr")
    page = Outline(response.text)
    assert page.all("html")[0]["lang"] == "fr"
    assert "Aller au contenu" in response.text
    ours = re.compile(r"/(themes?|search|stories|story|changes|about|heard|how)?(/[^/]*)?(\?.*)?")
    links = [link["href"] or "" for link in page.all("a") if "hreflang" not in link]
    for href in filter(ours.fullmatch, links):
        assert "lang=fr" in href, f"{href} forgets French"


@pytest.mark.parametrize(
    "path", ["/?", "/search?q=zzzz&", "/themes?", "/changes?", "/about?", "/heard?", "/how?"]
)
async def test_french_pages_have_no_english_left(get: Get, path: str) -> None:
    """Leave out what was told or is data, which stands in the language in which it was written."""
    page = (await get(path + "lang=fr")).text
    ours = re.sub(
        r"<(\w+)[^>]* dir=\"auto\".*?</\1>|<text.*?</text>|<h1>.*?</h1>|<d[dt]>",
        "",
        page,
        flags=re.DOTALL,
    )
    text = re.sub(r"<[^>]+>", " ", ours)
    for word in ("Search", "Themes", "People", "people", "hidden", "story", "with", "the", "and"):
        assert not re.search(rf"\b{word}\b", text), f"{word!r} is left on {path}"


async def test_the_inquirys_first_language_is_the_default(tmp_path: Path, serve_build: Any) -> None:
    datasette = await serve_build(make_build(tmp_path, languages=("fr", "en")))
    home = (await datasette.client.get("/")).text
    assert '<html lang="fr"' in home and "Comment est-ce" in home
    assert '<html lang="en"' in (await datasette.client.get("/?lang=en")).text
    assert '<html lang="fr"' in (await datasette.client.get("/?lang=xx")).text


async def test_it_tells_who_took_part_and_hides_what_is_hidden(get: Get) -> None:
    home = (await get("/")).text
    assert "What is it like to be looked after here?" in home
    assert "48,000 people live here" in home
    assert "About 160 people have taken part" in home
    assert "fewer than 10 people" in home
    assert home.count('class="hidden"') == 1  # the total of drivers
    heard = (await get("/heard")).text
    assert heard.count('class="hidden"') == 5  # two cycles of carers; both and the total of drivers
    assert "No number stands here for these groups: Bus drivers." in heard
    assert "so about one in 300 was heard" in heard
    assert 'class="unknown"' in home and 'class="known"' in home
    assert "48\N{NARROW NO-BREAK SPACE}000 personnes" in (await get("/?lang=fr")).text


async def test_a_theme_named_by_a_machine_says_so(get: Get) -> None:
    """Promise 10: a row of typical words is not passed off as people's name for a theme."""
    assert "have not given this theme a name" in (await get("/theme/theme-words")).text
    assert "have not given this theme a name" not in (await get("/theme/theme-waiting")).text


async def test_a_theme_says_who_stands_behind_it(get: Get) -> None:
    theme = (await get("/theme/theme-waiting")).text
    assert "A steward of the community" in theme
    assert "October to December 2026" in theme


async def test_quotes_keep_their_own_language_and_direction(get: Get) -> None:
    theme = (await get("/search?language=ar&lang=fr")).text
    assert '<p lang="ar" dir="auto">كان الانتظار طويلا</p>' in theme
    assert "Arabe" in theme


async def test_facets_count_quotes_and_say_so(get: Get) -> None:
    page = (await get("/search?theme=theme-kindness")).text
    assert "The numbers count quotes, not people." in page
    assert re.search(r"How we work together</span></a> <span class=\"number\">1<", page)


async def test_search_finds_accents_beginnings_and_marks_them(get: Get) -> None:
    assert "J&#39;ai attendu" not in (await get("/search?q=receptionist")).text
    page = (await get("/search?q=APRES+mot")).text
    assert "<mark>après</mark>" in page and "<mark>mot</mark>" in page
    assert (
        SMILED.replace("receptionist", "<mark>receptionist</mark>")
        in (await get("/search?q=recep")).text
    )


async def test_nothing_found_says_what_to_do(get: Get) -> None:
    page = (await get("/search?q=zzzz")).text
    assert "0 quotes found" in page and "Try fewer words" in page


async def test_pages_are_turned_and_a_wild_page_number_is_the_nearest(get: Get) -> None:
    first = (await get("/search")).text
    assert "Page 1 of 3" in first and 'rel="next"' in first and 'rel="prev"' not in first
    for wild in ("0", "-1", "x", "9" * 30, "1e3", "٣", ""):
        assert (await get(f"/search?page={wild}")).status_code == 200
    assert "Page 3 of 3" in (await get("/search?page=999999")).text


async def test_a_whole_story_is_shown_with_its_answers(get: Get) -> None:
    story = (await get("/story/s-a?lang=fr")).text
    assert "I told the driver.\n\nHe waited." in story
    assert "Que faudrait-il ensuite" in story and "A later bus." in story


@pytest.mark.parametrize("path", MISSING)
async def test_what_is_not_there_is_said_in_plain_words(get: Get, path: str) -> None:
    response = await get(path)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.text
    assert "Traceback" not in response.text


async def test_an_empty_build_says_something_true(tmp_path: Path, serve_build: Any) -> None:
    datasette = await serve_build(make_build(tmp_path, empty=True))
    for path in PAGES:
        assert (await datasette.client.get(path)).status_code in (200, 404), path
    home = (await datasette.client.get("/")).text
    for sentence in (
        "No theme has been agreed yet",
        "No words have been released yet",
        "at least 10",
    ):
        assert sentence in home
    assert "No words have been released yet" in (await datasette.client.get("/search")).text


async def test_an_example_says_that_it_is_one_on_every_page(
    tmp_path: Path, serve_build: Any
) -> None:
    datasette = await serve_build(make_build(tmp_path, example=True))
    for path in (*PAGES, *MISSING):
        page = (await datasette.client.get(path)).text
        assert "This is an example." in page, path


async def test_ways_to_tell_are_shown_only_beside_the_inquiry(
    build: Path, serve_build: Callable[..., Awaitable[Any]]
) -> None:
    alone = await serve_build(build)
    beside = await serve_build(build, base_url="/findings/")
    assert 'href="/tell' not in (await alone.client.get("/")).text
    assert 'href="/tell"' in (await beside.client.get("/")).text
    assert 'href="/mine?lang=fr"' in (await beside.client.get("/?lang=fr")).text


async def test_words_are_escaped(tmp_path: Path, serve_build: Any) -> None:
    datasette = await serve_build(make_build(tmp_path, word="<script>alert(1)</script> & so"))
    for path in ("/search?q=script", "/search?q=%3Cscript%3E", "/library/quotes/q-word"):
        page = (await datasette.client.get(path)).text
        assert "<script" not in page, path
    assert WAITED in (await datasette.client.get("/search?q=nobody")).text.replace(
        "<mark>", ""
    ).replace("</mark>", "")
