"""The desk says what is sensitive, and stewards say which small groups may be counted together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from par_toolkit.inquiry import load
from par_toolkit.storage import audit, joinings, people, shaping, topics
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import statements
from par_toolkit.web.current import PLACE
from tests.publishing.inquiries import Place
from tests.storage.sensemaking import tables
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

IDENTITY = """
[[wider_group]]
code = "first_peoples"
name = { en = "First peoples", fr = "Premiers peuples" }

[[group]]
code = "river_people"
name = { en = "River people", fr = "Peuple de la rivière" }
about = "identity"
joins = "first_peoples"

# Cycles of inquiry"""


@pytest.fixture
def place(app: Flask, db: PrivateDatabase) -> Place:
    """Give the inquiry of the desk's tests the helpers of those of publishing."""
    found = Place.__new__(Place)
    found.folder, found.db = db.folder, db
    for name, role in (("One", "facilitator"), ("Two", "steward")):
        people.add(db, name, role)
    found.one, found.two = (people.by_name(db, name) for name in ("One", "Two"))
    return found


@pytest.mark.parametrize("role", ["facilitator", "evaluator", "steward"])
def test_a_theme_is_marked_as_sensitive_and_the_mark_can_be_taken_off(
    desk: Callable[..., Desk], db: PrivateDatabase, place: Place, role: str
) -> None:
    theme = place.theme([place.tell()])
    page, at = f"/desk/topics/theme/{theme}", desk(role)
    assert "Getting there" in at.text(page)
    assert at.press(page, page, {"topic": ["health", "immigration"]}).status_code == 303
    assert topics.marks(db, "theme") == {theme: {"health", "immigration"}}
    assert "Immigration" in text_of(at.get(f"/desk/themes/{theme}"))
    assert audit.verify(db).whole
    # what is ticked comes ticked, so that one more mark loses none
    assert at.text(page).count(" checked") == 2
    at.press(page, page, {"topic": ["health"]})
    assert topics.of(db, "theme", theme) == {"health"}


def test_what_is_not_understood_marks_nothing(
    desk: Callable[..., Desk], db: PrivateDatabase, place: Place
) -> None:
    theme, at = place.theme([place.tell()]), desk("steward")
    page = f"/desk/topics/theme/{theme}"
    refused = at.press(page, page, {"topic": ["health", "<b>"]})
    assert refused.status_code == 422 and "Choose from the topics" in text_of(refused)
    for nowhere in ("/desk/topics/theme/999", "/desk/topics/statement/1", "/desk/topics/story/1"):
        assert at.get(nowhere).status_code == 404
        assert at.post(nowhere, {"topic": "health"}).status_code in (404, 405)
    assert topics.marks(db, "theme") == {}


def test_a_mark_follows_the_stories_into_another_theme(db: PrivateDatabase, place: Place) -> None:
    first = place.theme([place.tell() for _ in range(3)])
    second = place.theme([place.tell()], name="Papers")
    topics.mark(db, "theme", second, ["immigration"], known=["immigration"], by=place.one)
    shaping.merge(db, second, into=first, by=place.two)
    assert topics.of(db, "theme", first) == {"immigration"}
    story = db.value("select min(story) from theme_stories where theme = :t", {"t": first})
    part = shaping.split(db, first, [story], name="Apart", by=place.two)
    assert topics.of(db, "theme", part.id) == {"immigration"}


def test_a_mark_of_a_topic_that_left_the_settings_stays(db: PrivateDatabase, place: Place) -> None:
    theme = place.theme([place.tell()])
    topics.mark(db, "theme", theme, ["police"], known=["police"], by=place.one)
    topics.mark(db, "theme", theme, ["health"], known=["health"], by=place.one)
    assert topics.of(db, "theme", theme) == {"police", "health"}
    assert load(db.folder).threshold_for(topics.of(db, "theme", theme)) == 20


def test_a_statement_is_marked(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    tables.begin_cycle(db)
    by = tables.person(db)
    put = statements.put(db, "cycle_1", "Papers take too long.", groups=["residents"], by=by)
    at, page = desk("facilitator"), f"/desk/topics/statement/{put.id}"
    assert "Papers take too long." in at.text("/desk/topics")
    at.press(page, page, {"topic": ["immigration"]})
    assert topics.of(db, "statement", put.id) == {"immigration"}


def test_only_stewards_let_small_groups_of_identity_be_joined(
    desk: Callable[..., Desk], db: PrivateDatabase, app: Flask
) -> None:
    settings = db.folder / "inquiry.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("# Cycles of inquiry", IDENTITY, 1), "utf-8")
    app.extensions[PLACE] = load(db.folder)
    helper, steward = desk("facilitator"), desk("steward")
    pair = {"group": "river_people", "wider": "first_peoples"}
    assert "0 of 1 stewards have said yes." in text_of(helper.get("/desk/topics"))
    assert helper.post("/desk/topics/joining", pair | {"yes": "1"}).status_code == 403
    steward.press("/desk/topics", "/desk/topics/joining", {"yes": "1"})
    assert joinings.agreed(db) == {("river_people", "first_peoples"): (steward.name,)}
    other = steward.post("/desk/topics/joining", pair | {"wider": "residents", "yes": "1"})
    assert other.status_code == 422
    steward.press("/desk/topics", "/desk/topics/joining", {"yes": "0"})
    assert joinings.agreed(db) == {}
    # nor does the yes of a steward count who may sign in no longer
    steward.press("/desk/topics", "/desk/topics/joining", {"yes": "1"})
    people.disable(db, steward.name)
    assert joinings.agreed(db) == {}
