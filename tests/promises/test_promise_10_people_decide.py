"""Promise 10: nothing that only a machine proposed is published."""

from __future__ import annotations

import json
from pathlib import Path

from par_toolkit.publishing import preview, publish
from par_toolkit.storage import redactions, releases, shaping
from par_toolkit.storage.errors import Refused
from tests.publishing.inquiries import Place


def test_promise_10_a_proposed_theme_is_absent_until_somebody_endorses_it(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"The bus, number {n}.") for n in range(3)]
    theme = place.propose(told, words=("bus", "number"))
    assert preview(place.folder).themes_waiting == 1
    published = publish(place.folder)
    assert (published.themes, published.quotes) == (0, 3)
    assert place.rows("select * from quote_themes") == []
    shaping.endorse(place.db, theme, by=place.two)
    publish(place.folder)
    (row,) = place.rows("select * from themes")
    assert (row["name"], row["named_by_people"]) == ("bus · number", 0)
    assert json.loads(row["words"]) == ["bus", "number"]
    assert row["endorsed_role"] == "steward"
    assert len(place.rows("select * from quote_themes")) == 3
    shaping.rename(place.db, theme, "Getting there", by=place.two)
    publish(place.folder)
    assert place.rows("select name, named_by_people from themes") == [
        {"name": "Getting there", "named_by_people": 1}
    ]


def test_promise_10_a_story_put_forward_for_an_endorsed_theme_waits_for_its_own_yes(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path / "inquiry")
    theme = place.theme([place.tell("The bus, one.")])
    later = place.tell("The bus, two.")
    place.db.change(
        """
        insert into theme_stories (theme, story, score, question, start_at, end_at, source)
        values (:theme, :story, 0.9, 'telling', 0, 8, 'machine')
        """,
        {"theme": theme, "story": later},
    )
    publish(place.folder)
    assert len(place.rows("select * from quote_themes")) == 1
    shaping.endorse(place.db, theme, by=place.two)
    publish(place.folder)
    assert len(place.rows("select * from quote_themes")) == 2


def test_promise_10_rejected_and_merged_themes_are_absent(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    one = place.theme([place.tell("The bus, one.")], name="One")
    two = place.theme([place.tell("The bus, two.")], name="Two")
    three = place.theme([place.tell("The bus, three.")], name="Three")
    shaping.reject(place.db, one, by=place.two)
    shaping.merge(place.db, two, into=three, by=place.two)
    assert publish(place.folder).themes == 0  # the one they were merged into needs a new yes
    shaping.endorse(place.db, three, by=place.two)
    publish(place.folder)
    assert [row["name"] for row in place.rows("select name from themes")] == ["Three"]


def test_promise_10_a_suggested_redaction_neither_redacts_nor_passes(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    story = place.tell("It was Made-up Marta.", release=False)
    redactions.suggest(place.db, story, {"telling": [(7, 20, "name", "rule")]})
    try:
        releases.approve(place.db, story, by=place.one)
    except Refused as refusal:
        assert refusal.reason == "undecided"
    assert publish(place.folder).quotes == 0
    (suggested,) = redactions.for_story(place.db, story)
    redactions.decide(place.db, suggested.id, accept=False, by=place.one)
    place.release(story)
    publish(place.folder)
    assert place.rows("select text from quotes") == [{"text": "It was Made-up Marta."}]


def test_promise_10_no_name_becomes_a_themes_word(tmp_path: Path) -> None:
    """A word that one person used, or that stands only in redactions, is not published."""
    place = Place(tmp_path / "inquiry")
    told = [
        place.tell("Marta drove the bus to Farworld.", receipt="1111222233334444"),
        place.tell("Marta missed the bus.", receipt="1111222233334445"),
        place.tell("Farworld again.", receipt="1111222233334444"),  # the same person again
    ]
    for story in told[:2]:
        place.redact(story, "Marta")
    place.theme(told, name=None, words=("marta", "bus", "farworld"))
    publish(place.folder)
    assert place.rows("select name, words from themes") == [{"name": "bus", "words": '["bus"]'}]
