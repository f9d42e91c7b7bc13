"""Comparing at the desk: what is small is hidden, what is unsure says so, words stand in quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from par_toolkit.storage import (
    accounting,
    audit,
    comparing,
    people,
    redactions,
    releases,
    shaping,
    themes,
)
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.web.desk import compared
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

Tell = Callable[..., int]
SHOWN = "/desk/compare?small=shown"
PATHS = [f"/desk/compare{page}" for page in ("", "/changes", "/words", "/together")]


@pytest.fixture
def person(db: PrivateDatabase) -> Person:
    return people.set_password(db, people.add(db, "Made-up Mara", "evaluator"), "a long password")


@pytest.fixture
def filled(db: PrivateDatabase, told: Tell, person: Person) -> tuple[int, int]:
    """Buses in 12 of 12 carers' stories and 2 of 20 residents'; the clinic in all of theirs."""
    carers = [
        told(f"The bus came late on day {n}.", group="carers", cycle="cycle_1") for n in range(12)
    ]
    residents = [
        told(f"The nurse was kind on day {n}.", group="residents", cycle="cycle_2")
        for n in range(20)
    ]
    held = {"Getting there": [*carers, *residents[:2]], "At the clinic": residents}
    ids = []
    for name, stories in held.items():
        theme = db.add(
            "insert into themes (name, words, state, at) values (:name, '[]', 'proposed', 'now')",
            {"name": name},
        )
        for story in stories:
            shaping.add_story(db, theme, story, by=person)
        shaping.endorse(db, theme, by=person)
        ids.append(theme)
    return ids[0], ids[1]


def compared_all(db: PrivateDatabase) -> compared.Stories:
    held = comparing.listing(db, endorsed=False)
    return compared.Stories(compared.Wanted("group", False, True), 0, held, {}, ("group",), True)


def rows_of(at_desk: Desk, path: str) -> list[dict[str, str]]:
    text = at_desk.get(path).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_empty_inquiry_has_nothing_to_compare(desk: Callable[..., Desk]) -> None:
    at_desk = desk("facilitator")
    for path in PATHS:
        for language in ("en", "fr"):
            assert at_desk.get(f"{path}?lang={language}").status_code == 200, path
    for page in ("themes", "changes", "words", "together"):
        assert rows_of(at_desk, f"/desk/compare/{page}.csv") == []


def test_shares_stand_beside_their_ranges(
    desk: Callable[..., Desk], filled: tuple[int, int]
) -> None:
    """12 of 12: Wilson 75.7 % to 100 %. 2 of 20 residents are under the threshold of 5."""
    page = text_of(desk("evaluator").get("/desk/compare"))
    assert "fewer than 5 people" in page and "hidden" in page and "2 of 20" not in page
    assert "100% (12 of 12; 76% to 100%)" in text_of(desk("evaluator").get(SHOWN))
    shown = text_of(desk("evaluator").get(SHOWN))
    assert "10% (2 of 20; 3% to 30%)" in shown and "for your eyes" in shown
    assert "more than the others" in shown and "less than the others" in shown


def test_promise_11_a_hidden_figure_is_in_no_form_of_the_page_nor_in_any_file(
    desk: Callable[..., Desk], filled: tuple[int, int]
) -> None:
    """One hidden figure hides another beside it; a file is never without protection."""
    at_desk = desk("steward")
    bus = filled[0]
    table = {
        (row["theme"], row["code"]): row for row in rows_of(at_desk, "/desk/compare/themes.csv")
    }
    small, cover = table[str(bus), "residents"], table[str(bus), "carers"]
    for row in (small, cover):
        assert (row["stories"], row["of"], row["share"], row["hidden"]) == ("", "", "", "hidden")
    assert list(table.values()) == rows_of(at_desk, "/desk/compare/themes.csv?small=shown")
    assert rows_of(at_desk, "/desk/compare/together.csv?small=shown") == []


def test_promise_11_what_is_shown_to_a_hall_is_rounded(
    desk: Callable[..., Desk], told: Tell, db: PrivateDatabase, person: Person
) -> None:
    """11 of 22 residents and 13 of 37 carers: 10 of 20 and 15 of 35 are told."""
    theme = db.add(
        "insert into themes (name, words, state, at) values ('X', '[]', 'proposed', 'n')"
    )
    for group, held, all_of_them in (("residents", 11, 22), ("carers", 13, 37)):
        for n in range(all_of_them):
            story = told(f"The bus {n} came late.", group=group)
            if n < held:
                shaping.add_story(db, theme, story, by=person)
            else:
                shaping.shelve(db, story, reason="made up", by=person)
    at_desk = desk("steward")
    rows = rows_of(at_desk, "/desk/compare/themes.csv")
    assert [(row["stories"], row["of"]) for row in rows] == [("15", "35"), ("10", "20")]
    page = text_of(at_desk.get("/desk/compare"))
    assert "10 of 20" in page and "11" not in page and "22" not in page and "37" not in page
    assert "11 of 22" in text_of(at_desk.get(SHOWN))


def test_what_changed_says_when_nobody_can_tell(
    desk: Callable[..., Desk],
    filled: tuple[int, int],
    told: Tell,
    db: PrivateDatabase,
    person: Person,
) -> None:
    at_desk = desk("evaluator")
    nothing = text_of(at_desk.get("/desk/compare/changes"))
    assert "No theme has enough people behind it in both" in nothing
    shown = text_of(at_desk.get("/desk/compare/changes?small=shown"))
    assert "−90%" in shown and "Less than before" in shown
    groups = text_of(at_desk.get("/desk/compare/changes?small=shown&by=group"))
    assert "More in " in groups and "Less in " in groups and "than before" not in groups
    assert "2 changes are clear" in shown
    for n in range(7):
        shaping.add_story(
            db, filled[1], told(f"A nurse, {n}.", group="carers", cycle="cycle_1"), by=person
        )
    for n in range(13):
        shaping.add_story(
            db, filled[0], told(f"A bus, {n}.", group="staff", cycle="cycle_2"), by=person
        )
    page = text_of(at_desk.get("/desk/compare/changes"))
    assert "Nobody can tell" in page
    same = text_of(at_desk.get("/desk/compare/changes?one=cycle_1&two=cycle_1"))
    assert "Choose two different ones" in same


def test_words_that_mark_stand_in_quotes_that_may_be_shown(
    desk: Callable[..., Desk], told: Tell, db: PrivateDatabase, person: Person
) -> None:
    two = people.set_password(db, people.add(db, "Made-up Noor", "steward"), "a long password")
    one = people.set_password(db, people.add(db, "Made-up Omar", "steward"), "a long password")
    theme = db.add(
        "insert into themes (name, words, state, at) values ('X', '[]', 'proposed', 'n')"
    )
    for n in range(120):
        carer = n % 2 == 0
        words = f"Marta saw the bus {n}." if carer else f"The ward was warm {n}."
        consent = {"quote": n != 2, "publish": n == 2}
        story = told(words, group="carers" if carer else "residents", consent=consent)
        if carer:
            redactions.add(db, story, question="telling", start=0, end=5, label="name", by=person)
        if n in (0, 2):
            releases.approve(db, story, by=one)
            releases.approve(db, story, by=two)
        shaping.add_story(db, theme, story, by=person)
    at_desk = desk("evaluator")
    page = text_of(at_desk.get("/desk/compare/words?one=carers"))
    assert "bus in nearly all stories here" in page, "all of them: no figure"
    assert "[name] saw the bus 0." in page, "released, and to be quoted"
    assert "saw the bus 2." not in page, "released, but not to be quoted"
    assert "saw the bus 4." not in page, "not released"
    assert "not to be quoted, are not quoted here" in page and "59" not in page
    assert "Marta" not in page and "marta" not in page
    shown = text_of(at_desk.get("/desk/compare/words?one=carers&small=shown"))
    assert "[name] saw the bus 4." in shown and "arta" not in shown
    assert "bus in 60 stories here" in shown
    listed = rows_of(at_desk, "/desk/compare/words.csv?one=carers")
    assert {"bus", "see"} & {row["word"] for row in listed} and listed[0]["code"] == "carers"


def test_themes_together(desk: Callable[..., Desk], filled: tuple[int, int]) -> None:
    """2 of 32 stories hold both; chance gives 14 · 20 / 32 = 8.75, which is 0.2 times chance."""
    at_desk = desk("evaluator")
    page = text_of(at_desk.get("/desk/compare/together"))
    assert "One more pair is hidden: fewer than 5 people told of both" in page
    shown = text_of(at_desk.get("/desk/compare/together?small=shown"))
    assert "8.8" in shown and "Less often than by chance" in shown


def test_a_theme_named_like_a_formula_is_words_in_the_file(
    desk: Callable[..., Desk], filled: tuple[int, int], db: PrivateDatabase, person: Person
) -> None:
    shaping.rename(db, filled[0], '=HYPERLINK("http://evil.example")', by=person)
    for row in rows_of(desk("evaluator"), "/desk/compare/themes.csv"):
        assert row["title"].startswith(("'=HYPERLINK", "At the clinic"))


def test_a_file_calls_no_theme_by_a_word_that_is_hidden_or_one_persons_own(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Tell, person: Person
) -> None:
    theme = db.add(
        "insert into themes (words, state, at) values (:words, 'proposed', 'now')",
        {"words": '["bus", "mara", "quinceblossom"]'},
    )
    for n in range(12):
        said = "Mara saw the bus" + (", a quinceblossom." if n == 0 else ".")
        story = told(said, group="carers", receipt=f"{n:016d}")
        shaping.add_story(db, theme, story, by=person)
        redactions.add(db, story, question="telling", start=0, end=4, label="name", by=person)
    assert {row["title"] for row in rows_of(desk("evaluator"), "/desk/compare/themes.csv")} == {
        "bus"
    }


def test_promise_05_a_story_that_may_not_be_analysed_is_compared_no_more(
    desk: Callable[..., Desk], filled: tuple[int, int], db: PrivateDatabase
) -> None:
    from par_toolkit.storage import consents

    first = themes.members(db, filled[0])[0].story
    consents.change(db, first, {"analyse": False}, wording=1, source="teller", role="participant")
    page = text_of(desk("evaluator").get(SHOWN))
    assert "100% (11 of 11" in page


def test_promise_10_comparing_leaves_no_trace_and_publishes_nothing(
    desk: Callable[..., Desk], filled: tuple[int, int], db: PrivateDatabase
) -> None:
    at_desk = desk("evaluator")
    before = len(audit.listing(db, limit=1000))
    for path in PATHS:
        assert at_desk.get(f"{path}?small=shown").status_code == 200
    assert len(audit.listing(db, limit=1000)) == before


@pytest.mark.parametrize(
    "query", ["by=%00", "by=place", "one=x&two=y", "small=%F0%9F%98%80", "themes=&by=", "by=kind"]
)
def test_whatever_the_address_says_there_is_a_page(
    desk: Callable[..., Desk], filled: tuple[int, int], query: str
) -> None:
    at_desk = desk("facilitator")
    for path in PATHS:
        assert at_desk.get(f"{path}?{query}").status_code == 200, path
    assert at_desk.get("/desk/compare/nothing.csv").status_code == 404


def test_promise_09_what_is_compared_adds_up_to_what_was_placed(
    desk: Callable[..., Desk], filled: tuple[int, int], told: Tell, db: PrivateDatabase
) -> None:
    for n in range(7):
        told(f"A made-up wish, {n}.", group="")
    told("Still to be themed.")
    by = people.by_name(db, "Made-up Mara")
    assert by is not None
    for story in accounting.listing(db, "waiting")[:7]:
        shaping.shelve(db, story, reason="made up", by=by)
    account = accounting.account(db)
    found = compared_all(db)
    placed = sum(account.places[place] for place in ("in_a_theme", "stands_alone", "says_little"))
    table = compared.table(found)
    sizes = sum(column.stories or 0 for column in table.columns)
    assert account.balanced and (sizes, found.unsaid) == (32, 7) and sizes + 7 == placed
    assert "7 stories do not say where they belong" in text_of(desk("evaluator").get(SHOWN))
    assert "5 stories do not say where they belong" in text_of(desk("evaluator").get(PATHS[0]))


def test_places_are_compared_where_a_form_asks_for_them(
    desk: Callable[..., Desk], told: Tell, db: PrivateDatabase, person: Person
) -> None:
    theme = db.add(
        "insert into themes (name, words, state, at) values ('X', '[]', 'proposed', 'n')"
    )
    for n in range(12):
        story = told(f"The bus {n}.", place=("North", "South")[n % 2])
        shaping.add_story(db, theme, story, by=person)
    page = desk("evaluator").text("/desk/compare?by=place")
    assert 'value="place" selected' in page and "North" in page and "South" in page


def test_a_place_in_a_tellers_own_words_is_no_label(
    desk: Callable[..., Desk], told: Tell, db: PrivateDatabase, person: Person
) -> None:
    """It was never redacted, and the figures leave as a file."""
    theme = db.add(
        "insert into themes (name, words, state, at) values ('X', '[]', 'proposed', 'n')"
    )
    for n in range(12):
        words = ("telling", "place")
        story = told(f"The bus {n}.", place="behind Mara's house", words=words)
        shaping.add_story(db, theme, story, by=person)
    for path in ("/desk/compare?by=place", "/desk/compare/themes.csv?by=place"):
        assert "Mara" not in desk("evaluator").text(path)


def test_a_word_is_found_in_its_sentence() -> None:
    from par_toolkit.storage.comparing import Told
    from par_toolkit.storage.reviewed import Cut

    told = Told("telling", "Hello. Mara saw the bus. Bye.", "en", [Cut(7, 11, "name")], True)
    quote = compared.in_context(told, 1, "bus", "en")
    assert quote is not None
    assert (quote.before, quote.word, quote.after) == ("[name] saw the ", "bus", ".")
    assert compared.in_context(told, 1, "Mara", "en") is None


def test_the_report_of_a_run_is_a_file_without_words(
    desk: Callable[..., Desk], told: Tell, db: PrivateDatabase
) -> None:
    at_desk = desk("evaluator")
    assert at_desk.get("/desk/themes/run/report.html").status_code == 404
    for n in range(24):
        told(f"The Zanzibarquartz bus was late on day {n}.", language="en")
    at_desk.press("/desk/themes", "/desk/themes", {"count": "2"})
    for kind, begins in (("html", "<!doctype html>"), ("ipynb", "{")):
        answer = at_desk.get(f"/desk/themes/run/report.{kind}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        text = answer.get_data(as_text=True)
        assert text.startswith(begins) and "anzibarquartz" not in text
    french = at_desk.get("/desk/themes/run/report.html?lang=fr").get_data(as_text=True)
    assert "Comment l’analyse 1" in french
    assert at_desk.get("/desk/themes/run/report.pdf").status_code == 404
