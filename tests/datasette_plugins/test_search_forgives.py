"""Search forgives spelling and word forms in two languages, and says what it looked for."""

from __future__ import annotations

import html
import random
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins import search, vocabulary, word_forms
from tests.datasette_plugins.builds import make_build
from tests.datasette_plugins.conftest import Get, served

TOLD = (
    ("en", "The doctors waited for an appointment at the hospital"),
    ("en", "She drove the car; a carer came with the children"),
    ("en", "My neighbours felt welcome and told everybody"),
    ("en", "One doctor said the clinic shuts"),
    ("fr", "J’ai attendu l’infirmière tout l’été à l’hôpital"),
    ("fr", "Les hôpitaux manquent de travail"),
    ("fr", "Elle attend son œuvre"),
    ("ar", "انتظرت طويلاً"),
)
WHOLE = ("s-b", "The nurses of the night", "Long ago " * 90 + "they were waiting. " + "On " * 200)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a build of these quotes and one more whole story, and of nothing else told."""
    path = make_build(tmp_path_factory.mktemp("told"), empty=True)
    with sqlite3.connect(path) as db:
        for number, (language, text) in enumerate(TOLD):
            db.execute(
                "insert into quotes (id, text, form, language) values (?, ?, 'story', ?)",
                (f"q-{number}", text, language),
            )
        db.execute(
            "insert into stories (id, title, telling, answers, form, language) "
            "values (?, ?, ?, '[]', 'story', 'en')",
            WHOLE,
        )
        for index in ("quotes_fts", "stories_fts"):
            db.execute(f"insert into {index} ({index}) values ('rebuild')")
    db.close()
    return path


@pytest_asyncio.fixture
async def ask(told: Path) -> AsyncIterator[Get]:
    async with served(told) as datasette:
        yield datasette.client.get


@pytest.fixture(scope="module")
def known(told: Path) -> Iterator[vocabulary.Vocabulary]:
    db = sqlite3.connect(told)
    yield vocabulary.read(db)
    db.close()


def marks(page: str) -> list[str]:
    return [html.unescape(mark) for mark in re.findall(r"<mark>(.*?)</mark>", page)]


def said(page: str) -> str:
    found = re.search(r'<div class="note looked" role="status">(.*?)</div>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("typed", "marked", "sentence"),
    [
        ("doctor", {"doctor", "doctors"}, "For “doctor” we also looked for: doctors."),
        ("WAIT hospital", {"waited", "hospital"}, "For “wait” we also looked for:"),
        ("child", {"children"}, "For “child” we also looked for: children."),
        ("tell", {"told"}, "we also looked for: told."),
        ("apointment", {"appointment"}, "Nobody wrote “apointment”. We looked for words spelt"),
        ("nieghbour", {"neighbours"}, "spelt like it: neighbours."),
        ("hopital", {"hôpital", "hôpitaux"}, "For “hopital” we also looked for: hôpitaux."),
        ("attendre", {"attendu", "attend"}, "we also looked for: attend and attendu."),
        ("infirmiers", {"infirmière"}, "we also looked for: infirmière."),
        ("l'infirmier", {"infirmière"}, "we also looked for: infirmière."),
        ("infermiere", {"infirmière"}, "spelt like it: infirmière."),
        ("travaux", {"travail"}, "we also looked for: travail."),
        ("oeuvre", {"œuvre"}, ""),
        ("انتظرت", {"انتظرت"}, ""),
        ("clinic zzzzzz", {"clinic"}, "No text has all of these words."),
        ("what did they say about the clinic", {"clinic", "said"}, "No text has all"),
        ("appointm", {"appointment"}, ""),
        ("zzzzzz", set(), "Nobody whose words are here used these words"),
    ],
)
async def test_what_is_typed_is_found(
    ask: Get, typed: str, marked: set[str], sentence: str
) -> None:
    page = (await ask(f"/search?q={quote(typed)}")).text
    assert set(marks(page)) >= marked and bool(marks(page)) == bool(marked)
    assert sentence in said(page) and bool(sentence) == bool(said(page))


@pytest.mark.asyncio
async def test_a_form_counts_only_in_its_own_language(ask: Get) -> None:
    """By French rules `carer` is a form of `car`; in an English text it is somebody else."""
    page = (await ask("/search?q=car")).text
    assert "<mark>car</mark>; a <mark>carer</mark> came" in page  # as a beginning
    page = (await ask("/search?q=car+drove")).text
    assert "<mark>car</mark>; a carer came" in page and not said(page)


@pytest.mark.asyncio
async def test_what_was_typed_comes_before_other_forms_of_it(ask: Get) -> None:
    page = (await ask("/search?q=doctor+the")).text
    assert page.index("One <mark>doctor") < page.index("<mark>doctors</mark> waited")


@pytest.mark.asyncio
async def test_near_spellings_are_looked_for_only_where_nothing_else_is_found(ask: Get) -> None:
    """`told` is one slip from `toll`, but somebody wrote it."""
    assert "spelt like" not in (await ask("/search?q=told")).text
    assert "spelt like" not in (await ask("/search?q=tell")).text
    assert "spelt like" in (await ask("/search?q=toldt")).text


@pytest.mark.asyncio
async def test_narrowing_never_changes_what_is_looked_for(ask: Get) -> None:
    page = (await ask("/search?q=apointment&language=fr")).text
    assert "spelt like it: appointment." in said(page) and "0 quotes found" in page


@pytest.mark.asyncio
async def test_whole_stories_are_found_with_the_place_where(ask: Get) -> None:
    page = (await ask("/search?q=wait+nurse")).text
    assert "1 whole story found" in page and "0 quotes found" in page
    assert "The <mark>nurses</mark> of the night" in page
    assert "they were <mark>waiting</mark>." in page and "Long ago " * 50 not in page
    alone = (await ask("/search/stories?q=wait+nurse")).text
    assert "they were <mark>waiting</mark>." in alone
    rows = re.search(r'href="([^"]+\.json[^"]*)"', alone)
    assert rows is not None
    answer = (await ask(html.unescape(rows[1]) + "&_shape=array")).json()
    assert [row["id"] for row in answer] == ["s-b"]


@pytest.mark.asyncio
async def test_without_words_no_whole_story_is_found(ask: Get) -> None:
    for typed in ("", "?q=", "?q=%00", "?q=...&theme=t-a"):
        answer = await ask(f"/search/stories{typed}")
        assert answer.status_code == 200
        assert "0 whole stories found" in answer.text and 'href="/stories"' in answer.text


@pytest.mark.asyncio
async def test_what_was_narrowed_can_be_widened_again(ask: Get) -> None:
    page = (await ask("/search?q=waited&language=en&kind=challenge")).text
    ways = re.findall(r'href="([^"]*)">Any: ([^<]+)</a>', page)
    assert {(html.unescape(address), name) for address, name in ways} == {
        ("/search?q=waited&kind=challenge", "Language"),
        ("/search?q=waited&language=en", "What kind of story"),
    }


@pytest.mark.asyncio
async def test_in_french_the_page_says_it_in_french(ask: Get) -> None:
    page = (await ask("/search?q=infermiere&lang=fr")).text
    assert "Personne n’a écrit « infermiere »." in said(page)


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("en", "wait waits waited waiting"), ("en", "nurse nurses nursing"),
        ("en", "happy happiness"), ("fr", "attendre attends attendu attendait"),
        ("fr", "infirmier infirmiere infirmiers infirmieres"), ("fr", "hopital hopitaux"),
        ("fr", "ecouter ecoute ecoutee ecoutees ecoutaient"), ("fr", "perdre perdu perdue"),
    ],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(language: str, family: str) -> None:
    assert len({word_forms.stem(word, language) for word in family.split()}) == 1


def test_words_that_only_look_alike_do_not() -> None:
    for language, one, other in (
        ("en", "car", "carer"), ("en", "care", "car"), ("en", "bus", "busy"),
        ("fr", "mere", "merci"),
    ):  # fmt: skip
        assert word_forms.stem(one, language) != word_forms.stem(other, language)


@given(st.sampled_from([word for _, text in TOLD for word in text.split() if len(word) > 6]),
       st.data())  # fmt: skip
def test_one_slip_in_a_long_word_is_forgiven(
    known: vocabulary.Vocabulary, word: str, data: st.DataObject
) -> None:
    """A letter left out, put in, exchanged or swapped: the word is among what is looked for."""
    folded = word_forms.fold(search.words(word)[0].replace("’", " ")).split()[-1]
    place = data.draw(st.integers(0, len(folded) - 1))
    letter = data.draw(st.sampled_from("aeimnrst"))
    slip = data.draw(
        st.sampled_from(
            [
                folded[:place] + folded[place + 1 :],
                folded[:place] + letter + folded[place:],
                folded[:place] + letter + folded[place + 1 :],
                folded[:place] + folded[place : place + 2][::-1] + folded[place + 2 :],
            ]
        )
    )
    if len(slip) >= 4 and slip not in known.texts:
        assert folded in known.near(slip)


@given(st.text(max_size=80))
def test_any_text_makes_searches_that_the_index_takes(
    known: vocabulary.Vocabulary, told: Path, typed: str
) -> None:
    db = sqlite3.connect(told)
    wanted = search.as_written(typed)
    if wanted:
        forms = [(one, form) for one, form, *_ in search.possible_forms(wanted, known)]
        formed = search.with_forms(wanted, known, forms)
        for step in (formed, search.with_near(formed, known), search.with_some(formed, known)):
            if step:
                sql = "select count(*) from quotes_fts where quotes_fts match :match"
                db.execute(sql, {"match": step.match})
    db.close()


def fuzzed(known: vocabulary.Vocabulary, number: int) -> Iterator[str]:
    """Make searches of words of the build, slips in them, operators, signs and other alphabets."""
    draw = random.Random(20261122)
    signs = [*"\"'*():^-+{}[]_%\\/?#&=;,.", "NEAR", "AND", "OR", "NOT", "\x00", "é", "🙂", "क", "ط"]
    for _ in range(number):
        pieces = []
        for _ in range(draw.randint(1, 12)):
            word = draw.choice(known.ordered)
            place = draw.randrange(len(word) + 1)
            changed = word[:place] + draw.choice(signs) + word[place + draw.randint(0, 2) :]
            pieces.append(draw.choice([word, changed, draw.choice(signs), word.upper(), ""]))
        yield draw.choice([" ", "", "  "]).join(pieces)[:1_000]


async def search_often(path: Path, number: int) -> list[float]:
    """Search `number` times; every answer is a page. Return the seconds that each took."""
    db = sqlite3.connect(path)
    typed = list(fuzzed(vocabulary.read(db), number))
    db.close()
    took = []
    async with served(path) as datasette:
        for one in typed:
            began = time.perf_counter()
            answer = await datasette.client.get(f"/search?q={quote(one)}")
            took.append(time.perf_counter() - began)
            assert answer.status_code == 200, one
    return took


@pytest.mark.asyncio
async def test_hundreds_of_fuzzed_searches_are_pages(told: Path) -> None:
    """The short form of the ten thousand."""
    assert max(await search_often(told, 200)) < 2


@pytest.mark.long
@pytest.mark.asyncio
async def test_ten_thousand_fuzzed_searches_are_pages_in_bounded_time(tmp_path: Path) -> None:
    took = await search_often(make_build(tmp_path, quotes=2_000), 10_000)
    assert max(took) < 2
