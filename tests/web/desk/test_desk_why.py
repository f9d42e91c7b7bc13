"""Asking at the desk why a story stands under a theme."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from par_toolkit.storage import consents, people, redactions
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.desk.why import pieces
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

TOLD = (
    "The bus to the clinic was late and Marta would not wait.",
    "My bus was cancelled, so I missed the clinic.",
    "Buses never come on time to the clinic.",
)


@pytest.fixture
def themed(db: PrivateDatabase, told: Callable[..., int]) -> tuple[int, list[int]]:
    """Make a theme that a machine proposed, and another for what is unlike it."""
    held = [told(text) for text in TOLD]
    nurse = told("A kind nurse listened to my worries.")
    ids = []
    for words, stories in ((["bus", "clinic"], held), (["nurse"], [nurse])):
        theme = db.add(
            "insert into themes (words, state, at) values (:words, 'proposed', 'now')",
            {"words": json.dumps(words)},
        )
        for story in stories:
            db.change(
                """
                insert into theme_stories (theme, story, score, question, start_at, end_at, source)
                values (:theme, :story, 0.8, 'telling', 0, 80, 'machine')
                """,
                {"theme": theme, "story": story},
            )
        ids.append(theme)
    return ids[0], held


def test_the_words_that_drew_a_story_are_named_and_marked(
    desk: Callable[..., Desk], themed: tuple[int, list[int]]
) -> None:
    theme, stories = themed
    at_desk = desk("evaluator")
    address = f"/desk/themes/{theme}/why/{stories[0]}"
    assert address in at_desk.text(f"/desk/themes/{theme}")
    page = at_desk.text(address)
    assert '<mark class="word">bus</mark>' in page and '<mark class="word">clinic</mark>' in page
    words = text_of(at_desk.get(address))
    assert "Typical words of the theme that stand in it: bus · clinic" in words
    assert "Put here by a machine" in words and "Waits for a yes" in words
    assert "I missed the clinic" in words, "what it is like"
    assert "Its likeness to the rest of the theme is 0." in words
    assert "The nearest other theme has 0." in words


def test_what_is_hidden_is_in_no_answer(
    desk: Callable[..., Desk], themed: tuple[int, list[int]], db: PrivateDatabase
) -> None:
    theme, stories = themed
    by = people.set_password(db, people.add(db, "Made-up Ama", "steward"), "a long password")
    redactions.add(db, stories[0], question="telling", start=32, end=37, label="name", by=by)
    for story in stories:
        page = desk("evaluator").text(f"/desk/themes/{theme}/why/{story}")
        assert "Marta" not in page and "[name]" in page


def test_a_story_that_is_not_there_has_no_answer(
    desk: Callable[..., Desk], themed: tuple[int, list[int]], db: PrivateDatabase
) -> None:
    theme, stories = themed
    at_desk = desk("evaluator")
    assert at_desk.get(f"/desk/themes/99/why/{stories[0]}").status_code == 404
    assert at_desk.get(f"/desk/themes/{theme}/why/99").status_code == 404
    consents.change(
        db, stories[0], {"analyse": False}, wording=1, source="teller", role="participant"
    )
    assert at_desk.get(f"/desk/themes/{theme}/why/{stories[0]}").status_code == 404
    assert at_desk.get(f"/desk/themes/{theme}/why/{stories[1]}").status_code == 200


def test_pieces_keep_every_word() -> None:
    assert pieces("A bus, a busy bus", ["bus"]) == [
        ("A ", False),
        ("bus", True),
        (", a busy ", False),
        ("bus", True),
        ("", False),
    ]
    assert pieces("Nothing", []) == [("Nothing", False)]
