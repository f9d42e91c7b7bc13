"""Search takes anything a person or a program types, and never fails."""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from datasette_plugins.search import (
    LONGEST_WORD,
    MOST_WORDS,
    as_written,
    excerpt,
    marked,
    match,
    words,
)
from datasette_plugins.word_forms import fold
from tests.datasette_plugins.conftest import Get

HOSTILE = (
    '"', '""', "*", "a*", "NOT", "a OR", "text:", "NEAR(a b)", "^a", "-", "+", "{a}", "(", "a AND",
    "\x00", "a\x00b", "\ud800", "'; drop table quotes; --", "e\u0301" * 500, "\u202e abc", "🙂",
    "कान्ह", "ไม่มีวัน", "_", "a_b", '"a', 'a"b"c*', "%", "\\", "a" * 5000,
)  # fmt: skip


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute(
        "create virtual table found using fts5(text, tokenize='unicode61 remove_diacritics 2')"
    )
    db.execute("insert into found values ('The nurse was kind all summer, été 2026')")
    return db


def finds(index: sqlite3.Connection, typed: str) -> bool:
    wanted = match(typed)
    sql = "select count(*) from found where found match :match"
    return bool(wanted) and index.execute(sql, {"match": wanted}).fetchone()[0] > 0


def test_all_words_are_needed_and_the_last_may_be_a_beginning(index: sqlite3.Connection) -> None:
    assert finds(index, "kind nurse")
    assert finds(index, "KIND sum")
    assert finds(index, "ete")
    assert not finds(index, "sum kind")
    assert not finds(index, "nurse rude")


def test_operators_are_words_like_others() -> None:
    assert match('kind NOT "rude*') == '"kind" "NOT" """rude*"*'


def test_what_has_no_letter_or_number_is_left_out() -> None:
    assert match(' !!! * " \x00 ') == ""
    assert words("a ! b") == ["a", "b"]


@given(st.text(alphabet=st.characters(), max_size=400))
@example("\x00")
def test_any_text_is_a_query_that_the_index_takes(typed: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute(
        "create virtual table found using fts5(text, tokenize='unicode61 remove_diacritics 2')"
    )
    if wanted := match(typed):
        db.execute("select * from found where found match :match", {"match": wanted}).fetchall()
    db.close()
    assert len(words(typed)) <= MOST_WORDS
    assert all(len(word) <= LONGEST_WORD for word in words(typed))


@given(st.text(max_size=200), st.text(max_size=60))
def test_marking_changes_no_letter(text: str, typed: str) -> None:
    assert "".join(piece for piece, _ in marked(text, as_written(typed))) == text


@given(st.text(alphabet="abc é", max_size=2_000), st.sampled_from(["a", "abc", "zz", "é b"]))
def test_an_excerpt_is_short_and_cut_out_of_the_text(text: str, typed: str) -> None:
    whole = "".join(piece for piece, _ in excerpt(text, as_written(typed)))
    assert whole.removeprefix("… ").removesuffix(" …") in text and len(whole) <= 310
    assert any(found for _, found in excerpt(text, as_written(typed))) == any(
        found for _, found in marked(text, as_written(typed))
    )


def test_marking_finds_what_the_index_finds() -> None:
    assert marked("Un été, deux étés", as_written("ete")) == [
        ("Un ", False),
        ("été", True),
        (", deux ", False),
        ("étés", True),
    ]
    assert marked("nothing", as_written("")) == [("nothing", False)]
    assert marked("snow_white", as_written("white")) == [("snow_", False), ("white", True)]
    assert fold("ÉTÉ") == "ete" and fold("Œuvre") == "oeuvre"


@pytest.mark.asyncio
@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_searches_get_a_page(get: Get, typed: str) -> None:
    """No 5xx for anything in any field, as text and as raw bytes."""
    sent = quote(typed.encode("utf-8", "surrogatepass"))
    for path in (
        f"/search?q={sent}",
        f"/search?theme={sent}&language={sent}&kind={sent}&form={sent}&page={sent}&lang={sent}",
    ):
        assert (await get(path)).status_code == 200
    for path in (f"/theme/{sent}", f"/story/{sent}", f"/library/{sent}", f"/library/quotes/{sent}"):
        assert (await get(path)).status_code in (302, 400, 404)
    for path in (f"/library/quotes?_search={sent}", f"/library/quotes?_sort={sent}&_next={sent}"):
        assert (await get(path)).status_code in (200, 302, 400)


@pytest.mark.asyncio
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=60))
async def test_any_bytes_get_a_page(get: Get, raw: bytes) -> None:
    assert (await get(f"/search?q={quote(raw)}&page={quote(raw[:9])}")).status_code == 200
