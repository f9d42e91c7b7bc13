"""Tone at the desk: the teller first, each guess with its error, and nothing of it published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit.publishing import publish
from par_toolkit.storage import consents, tones
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.tone_errors import measured, spread
from tests.publishing.inquiries import Place
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

GOOD = ("kind", "gentle", "patient", "warm", "helpful")
BAD = ("late", "cold", "dirty", "rude", "closed")


@pytest.fixture
def marked(told: Callable[..., int]) -> Callable[[int], list[int]]:
    """Hand out `marked(n)`: n stories whose words tell a success from a challenge."""

    def tell(number: int) -> list[int]:
        return [
            told(
                f"The made-up clinic was {words[n % 5]} and {words[n // 5 % 5]} on day {n}.",
                kind=kind,
            )
            for n in range(number)
            for words, kind in [((GOOD, "success"), (BAD, "challenge"))[n % 2]]
        ]

    return tell


def test_what_the_teller_marked_comes_before_every_guess(
    desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    story = told("The nurse was very kind but I waited three hours.", kind="challenge")
    page = text_of(desk("evaluator").get(f"/desk/stories/{story}/tone"))
    assert page.index("The teller says: challenge") < page.index("TextBlob guesses")
    assert "58 of 100" in page, "too few marked here: what was measured elsewhere"
    assert "Nothing is suggested before 50 stories are marked" in page and "So far: 1." in page


def test_textblobs_error_here_stands_beside_the_commonest_mark(
    desk: Callable[..., Desk], marked: Callable[[int], list[int]], db: PrivateDatabase
) -> None:
    stories = marked(24)
    found = measured(db)
    assert (found.marked, found.learned) == (24, None)
    assert found.textblob.right is not None and found.textblob.right.total == 24
    page = text_of(desk("steward").get(f"/desk/stories/{stories[0]}/tone"))
    right = found.textblob.right
    assert f"({right.count} of 24)" in page and "success: 50%" in page
    assert "of 12 challenges for something good" in page


def test_from_fifty_marked_stories_a_suggestion_is_learned(
    desk: Callable[..., Desk], marked: Callable[[int], list[int]], told: Callable[..., int]
) -> None:
    at_desk = desk("facilitator")
    stories = marked(60)
    unmarked = told("The made-up clinic was rude and dirty on day 99.")
    page = text_of(at_desk.get(f"/desk/stories/{unmarked}/tone"))
    assert "Perhaps: challenge. A machine suggests it from 60 stories" in page
    assert "Why? Of the stories marked so, these are most like it: The made-up clinic was" in page
    assert "Learned here" in page and "Which way the learned suggestion errs" in page
    own = text_of(at_desk.get(f"/desk/stories/{stories[0]}/tone"))
    assert "nothing is suggested for it" in own and "Perhaps:" not in own


def test_a_yes_to_a_suggestion_and_an_own_reading_teach_it_and_are_taken_back(
    desk: Callable[..., Desk],
    marked: Callable[[int], list[int]],
    told: Callable[..., int],
    db: PrivateDatabase,
) -> None:
    at_desk = desk("facilitator", name="Made-up Ines")
    marked(60)
    story = told("The made-up clinic was rude and dirty on day 99.")
    act = f"/desk/stories/{story}/tone"
    at_desk.press(act, act, {"mark": "challenge", "source": "suggestion"})
    page = text_of(at_desk.get(act))
    assert "Made-up Ines, facilitator, reads it as: challenge." in page
    assert "They said yes to what the machine suggested." in page and "Perhaps:" not in page
    assert "60 stories that tellers marked and 1 that people at the desk read" in page
    at_desk.press(act, act, {"mark": "success"})
    assert tones.listing(db)[story].mark == "success"
    assert "Taken back" in text_of(at_desk.press(act, act, {"mark": "none"}, follow_redirects=True))
    assert tones.listing(db) == {}
    assert "Choose one of the answers" in text_of(at_desk.post(act, {"mark": "sad"}))


def test_a_readers_word_never_stands_over_the_tellers(
    desk: Callable[..., Desk], told: Callable[..., int], db: PrivateDatabase
) -> None:
    story = told("The nurse was very kind.", kind="challenge")
    act = f"/desk/stories/{story}/tone"
    at_desk = desk("evaluator")
    assert "How do you read it?" not in text_of(at_desk.get(act))
    assert "Their word stands" in text_of(at_desk.post(act, {"mark": "success"}))
    assert tones.listing(db) == {}


def test_many_are_taken_evenly_from_first_to_last() -> None:
    assert spread(range(10), 10) == list(range(10))
    assert spread(range(10), 5) == [0, 2, 4, 6, 8]


def test_a_suggestion_that_is_no_better_than_one_mark_for_all_is_not_made(
    desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    for n in range(60):
        told(f"The clinic on day {n}.", kind=("success", "challenge")[n * n // 7 % 2])
    story = told("The clinic on day 99.")
    page = text_of(desk("facilitator").get(f"/desk/stories/{story}/tone"))
    assert "not clearly better than always saying" in page and "Perhaps:" not in page


def test_promise_05_no_tool_reads_a_story_that_may_not_be_analysed(
    desk: Callable[..., Desk], marked: Callable[[int], list[int]], db: PrivateDatabase
) -> None:
    stories = marked(22)
    assert measured(db).marked == 22
    consents.change(
        db, stories[0], {"analyse": False}, wording=1, source="teller", role="participant"
    )
    assert measured(db).marked == 21
    page = text_of(desk("evaluator").get(f"/desk/stories/{stories[0]}/tone"))
    assert "no tool guesses anything" in page and "TextBlob guesses" not in page


def test_promise_10_no_guess_of_a_tone_is_published(tmp_path: Path) -> None:
    """Whatever was guessed or read at the desk, a build is the same to its figures and words."""
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"A lovely bus, number {n}.") for n in range(60)]
    place.theme(told, name="The bus")
    publish(place.folder)
    tables = ("themes", "quotes", "stories", "participation", "cycles", "quote_themes")
    before = {table: len(place.rows(f"select * from {table}")) for table in tables}
    for n, story in enumerate(told[:55]):
        mark = ("success", "challenge")[n % 2]
        source = ("person", "suggestion")[n % 3 == 0]
        tones.read(place.db, story, mark, by=place.two, source=source)
    assert measured(place.db).learned is not None, "there is a guess that could have come out"
    publish(place.folder)
    for table in ("quotes", "stories"):
        assert all(not row["kind"] for row in place.rows(f"select * from {table}"))
    assert before == {table: len(place.rows(f"select * from {table}")) for table in tables}
    words = json.dumps([place.rows(f"select * from {table}") for table in tables]).lower()
    for told_by_a_tool in ("polarity", "textblob", "tone", "subjectivity", "sentiment"):
        assert told_by_a_tool not in words
