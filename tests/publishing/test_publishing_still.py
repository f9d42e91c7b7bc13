"""Going back, and saying yes, to a build that was made when fewer people were asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from par_toolkit.publishing import PublishError, approve, live_build, publish, rollback
from par_toolkit.storage import people, topics
from tests.publishing.inquiries import Place

HARD = {"kind": "challenge"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Publish, where k is 5, what twelve people said of the clinic and marked as hard."""
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"The clinic, number {n}.", answers=HARD) for n in range(12)]
    place.clinic = place.theme(told, name="The clinic")  # type: ignore[attr-defined]
    publish(place.folder)
    return place


def test_promise_11_no_rolling_back_to_figures_of_fewer_people_than_are_asked_for_now(
    place: Place,
) -> None:
    assert place.rows("select people from theme_people where people is not null")
    place.change("threshold = 5 ", "threshold = 20 ")
    publish(place.folder)
    assert not place.rows("select people from theme_people where people is not null")
    with pytest.raises(PublishError, match="too few people share"):
        rollback(place.folder)
    assert live_build(place.folder) == 2
    place.change("threshold = 20 ", "threshold = 5 ")
    assert rollback(place.folder) == 1


def test_promise_11_nor_to_those_of_a_theme_that_is_sensitive_since(place: Place) -> None:
    topics.mark(
        place.db,
        "theme",
        place.clinic,  # type: ignore[attr-defined]
        ["health"],
        known=["health"],
        by=place.two,
    )
    publish(place.folder)
    with pytest.raises(PublishError, match="too few people share"):
        rollback(place.folder)


def test_promise_11_nor_to_what_stood_beside_quotes(place: Place) -> None:
    assert place.rows("select kind from quotes where kind is not null")
    place.change('beside_quotes = "kind"', 'beside_quotes = "nothing"')
    publish(place.folder)
    with pytest.raises(PublishError, match="too few people share"):
        rollback(place.folder)


def test_promise_08_no_going_back_to_a_word_of_a_theme_that_was_redacted_since(
    place: Place,
) -> None:
    """No quote shows the word, so that the quotes read as they did."""
    told = [place.tell(f"The bus stopped. Zalinka drove it, {n}.") for n in range(2)]
    place.theme(told, name=None, words=("bus", "zalinka"), span=(0, 16))
    before = publish(place.folder).build
    assert "zalinka" in str(place.rows("select name, words from themes"))
    for story in told:
        place.redact(story, "Zalinka")
    publish(place.folder)
    assert "zalinka" not in str(place.rows("select name, words from themes"))
    with pytest.raises(PublishError, match="redacted or taken back since"):
        rollback(place.folder, before)


def test_where_nothing_more_is_asked_for_a_build_comes_back(place: Place) -> None:
    publish(place.folder)
    assert rollback(place.folder) == 1


def test_promise_11_no_yes_to_figures_of_fewer_people_than_are_asked_for_now(place: Place) -> None:
    place.change("approvals = 0 ", "approvals = 1 ")
    build = publish(place.folder).build
    place.change("threshold = 5 ", "threshold = 20 ")
    steward = people.by_name(place.db, "Example Steward")
    assert steward
    with pytest.raises(PublishError, match="too few people share"):
        approve(place.folder, build, by=steward)
    assert live_build(place.folder) == 1
