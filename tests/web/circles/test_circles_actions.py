"""Actions at the desk, and 'you said, we did' for those whose words led there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from par_toolkit.storage import consents, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import actions, agendas
from par_toolkit.storage.sensemaking.actions import Action
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking.cycles import begun, close, item, someone, to_reflect
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, show_mine, text_of

CODE = "4711471147114711"
FIELDS = {"what": "Ask for the bus.", "owner": "The made-up council", "due": "2026-03-01"}


@pytest.fixture
def by(db: PrivateDatabase) -> Person:
    found = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", found)
    return found


def only(db: PrivateDatabase) -> Action:
    [found] = actions.of_cycle(db, "cycle_1")
    return found


def test_an_action_is_kept_with_its_issue_and_stories(
    desk: Callable[..., Desk], db: PrivateDatabase, by: Person, told: Callable[..., int]
) -> None:
    about, one, other = item(db, "cycle_1", by=by), told("The bus."), told("The train.")
    at_desk, path = desk("evaluator"), "/circles/actions"
    fields = FIELDS | {"item": str(about), "stories": f"No. {one}, {other};"}
    assert at_desk.press(path, path, fields).status_code == 303
    kept = only(db)
    assert (kept.item, kept.stories) == (about, (one, other))
    page = text_of(at_desk.get(f"/circles/actions/{kept.id}"))
    assert "Ask for the bus." in page and "The bus stopped." in page
    assert "Ask for the bus." in text_of(at_desk.get(f"/circles/items/{about}"))
    assert "overdue" in text_of(at_desk.get(path))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": ""}, "what"),
        ({"owner": " "}, "owner"),
        ({"due": "soon"}, "due"),
        ({"item": "99"}, "item"),
        ({"item": "x"}, "item"),
        ({"stories": "99"}, "stories"),
        ({"stories": "9" * 40}, "stories"),
        ({"stories": "1 " * 300}, "stories"),
    ],
)
def test_what_is_missing_is_said_at_its_place_and_no_word_is_lost(
    desk: Callable[..., Desk],
    db: PrivateDatabase,
    by: Person,
    wrong: dict[str, str],
    field: str,
) -> None:
    path = "/circles/actions"
    refused = desk().press(path, path, FIELDS | wrong)
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.get_data(as_text=True)
    kept = forms_of(refused)[path].fields
    for name in {"what", "owner", "due"} - {*wrong}:
        assert kept[name] == FIELDS[name]
    assert actions.of_cycle(db, "cycle_1") == []


def test_no_action_is_added_to_a_cycle_that_does_not_run(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    at_desk, path = desk(), "/circles/actions"
    assert path not in forms_of(at_desk.get(path))
    refused = at_desk.post(path, FIELDS | {"cycle": "cycle_1"})
    assert refused.status_code == 422 and "has not begun" in text_of(refused)


def test_what_became_of_it_is_said_in_a_sentence(
    desk: Callable[..., Desk], db: PrivateDatabase, by: Person
) -> None:
    kept = actions.add(db, "cycle_1", **FIELDS, by=by)
    at_desk, path = desk(), f"/circles/actions/{kept.id}"
    for wrong, field in (({"state": "done"}, "words"), ({"words": "It runs."}, "state")):
        refused = at_desk.press(path, path, wrong)
        assert refused.status_code == 422
        assert f'href="#{field}"' in refused.get_data(as_text=True)
    stale = forms_of(at_desk.get(path))[path].fields
    changed = {"state": "changed", "words": "Passed on.", "owner": "The county"}
    assert at_desk.press(path, path, changed | {"due": "2099-01-01"}).status_code == 303
    at_once = at_desk.client.post(path, data=stale | {"state": "done", "words": "It runs."})
    assert at_once.status_code == 422 and "since" in text_of(at_once)
    again = forms_of(at_once)[path].fields
    assert again["words"] == "It runs."
    assert at_desk.client.post(path, data=again | {"state": "done"}).status_code == 303
    kept = only(db)
    assert (kept.state, kept.owner, kept.due) == ("done", "The county", "2099-01-01")
    page = text_of(at_desk.get(path))
    assert "Passed on." in page and "From now on: The county." in page
    assert at_desk.get("/circles/actions/99").status_code == 404


def test_an_overdue_action_comes_to_the_next_cycle_by_itself(
    desk: Callable[..., Desk], db: PrivateDatabase, by: Person
) -> None:
    actions.add(db, "cycle_1", **FIELDS, by=by)
    to_reflect(db, "cycle_1", by)
    close(db, "cycle_1", "cycle_2", by)
    page = text_of(desk().get("/circles/cycle?cycle=cycle_2"))
    assert "Overdue: what did we say we would do?" in page
    assert "from the cycle before" in page and "Ask for the bus." in page


def test_an_overdue_action_comes_to_every_meeting_by_itself(
    desk: Callable[..., Desk], db: PrivateDatabase, by: Person
) -> None:
    late = actions.add(db, "cycle_1", **FIELDS, by=by)
    sheet = agendas.add(db, "cycle_1", "The made-up hall, in May", by=by)
    at_desk = desk()
    meetings = ("/circles/run", "/circles/agendas", f"/circles/agendas/{sheet.id}/sheet")
    for path in meetings:
        assert "Ask for the bus." in text_of(at_desk.get(path)), path
    actions.set_state(db, late.id, "dropped", words="No money.", after=late.step, by=by)
    for path in meetings:
        assert "Ask for the bus." not in text_of(at_desk.get(path)), path


def mine(client: FlaskClient) -> str:
    return text_of(show_mine(client, CODE))


def test_those_whose_words_led_there_read_what_we_did(
    client: FlaskClient, db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    story = tell(receipt=CODE).story_id or 0
    assert "You said, we did" not in mine(client)
    kept = actions.add(db, "cycle_1", **FIELDS, stories=[story], by=by)
    page = mine(client)
    assert "You said, we did" in page
    assert "Ask for the bus." in page and "This will be done." in page
    actions.set_state(db, kept.id, "done", words="It runs again.", after=kept.step, by=by)
    page = mine(client)
    assert "This was done." in page and "It runs again." in page
    assert "The made-up council" not in page and "Made-up Ama" not in page


def test_the_stories_of_an_issue_read_it_as_well_and_nobody_else(
    client: FlaskClient, db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    story, about = tell(receipt=CODE).story_id, item(db, "cycle_1", by=by)
    tell("Another.", receipt="1234123412341234")
    db.add(
        "insert into item_passages values (:item, :story, 'telling', 0, 7)",
        {"item": about, "story": story},
    )
    kept = actions.add(db, "cycle_1", **FIELDS, item=about, by=by)
    assert "Ask for the bus." in mine(client)
    other = text_of(show_mine(client, "1234123412341234"))
    assert "Ask for the bus." not in other
    consents.change(db, story or 0, {"analyse": False}, wording=1, source="mine")
    assert "Ask for the bus." not in mine(client)
    found = actions.get(db, kept.id)
    assert found is not None and found.stories == ()


def test_whoever_takes_consent_back_is_linked_no_more(
    client: FlaskClient, db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    story, gone = tell(receipt=CODE).story_id or 0, tell("Another.").story_id or 0
    kept = actions.add(db, "cycle_1", **FIELDS, stories=[story, gone], by=by)
    consents.change(db, story, {"analyse": False}, wording=1, source="mine")
    withdrawals.withdraw_story(db, gone)
    assert "Ask for the bus." not in mine(client)
    found = actions.get(db, kept.id)
    assert found is not None and found.stories == ()
    assert stories.get(db, story) is not None


def test_nothing_an_action_says_is_markup(
    desk: Callable[..., Desk], db: PrivateDatabase, by: Person
) -> None:
    fields: dict[str, Any] = FIELDS | {"what": "<script>alert(1)</script>"}
    kept = actions.add(db, "cycle_1", **fields, by=by)
    at_desk = desk()
    for path in ("/circles/actions", f"/circles/actions/{kept.id}", "/circles/cycle"):
        assert "<script>alert" not in at_desk.text(path)
