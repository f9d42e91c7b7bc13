"""Tone at the desk: the teller first, each guess with its error, and nothing of it published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit.publishing import publish
from par_toolkit.storage import consents
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.desk import tone
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
    found = tone.measured(db)
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
    assert "Learned here" in page and "Which way the learned suggestion errs" in page
    own = text_of(at_desk.get(f"/desk/stories/{stories[0]}/tone"))
    assert "nothing is suggested for it" in own and "Perhaps:" not in own


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
    assert tone.measured(db).marked == 22
    consents.change(
        db, stories[0], {"analyse": False}, wording=1, source="teller", role="participant"
    )
    assert tone.measured(db).marked == 21
    page = text_of(desk("evaluator").get(f"/desk/stories/{stories[0]}/tone"))
    assert "no tool guesses anything" in page and "TextBlob guesses" not in page


def test_promise_10_no_guess_of_a_tone_is_published(tmp_path: Path) -> None:
    """Whatever was guessed at the desk, a build is the same to its figures and words."""
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"A lovely bus, number {n}.") for n in range(3)]
    place.theme(told, name="The bus")
    publish(place.folder)
    tables = ("themes", "quotes", "stories", "participation", "cycles", "quote_themes")
    before = {table: len(place.rows(f"select * from {table}")) for table in tables}
    tone.measured(place.db)
    publish(place.folder)
    assert before == {table: len(place.rows(f"select * from {table}")) for table in tables}
    words = json.dumps([place.rows(f"select * from {table}") for table in tables]).lower()
    for told_by_a_tool in ("polarity", "textblob", "tone", "subjectivity", "sentiment"):
        assert told_by_a_tool not in words
