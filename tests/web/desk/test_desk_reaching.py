"""Reaching a teller from the desk: a role, a reason, and a line that stewards see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit.storage import audit, contacts, reaching, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

CANARY = "Canary, 3 Example Lane"
REASON = {"reason": "at_risk", "words": "They wrote <b>that</b> they are afraid."}


@pytest.fixture
def story(tell: Callable[..., stories.Kept]) -> int:
    kept = tell(consent={"contact": True}, contact=CANARY, receipt="1111222233334444")
    assert kept.story_id is not None
    return kept.story_id


def address(story: int) -> str:
    return f"/desk/stories/{story}/contact"


def test_a_reason_opens_it_and_the_steward_sees_who_asked(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    reader = desk("facilitator", name="Example Reader")
    assert address(story) in reader.text(f"/desk/stories/{story}")
    assert CANARY not in reader.text(address(story))
    assert reaching.count_readings(db) == 0, "asking is not reading"
    shown = reader.press(address(story), address(story), REASON)
    assert CANARY in text_of(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    assert CANARY not in reader.text(address(story)), "each time anew"
    seen = desk("steward").text("/desk/audit/contacts")
    assert "Example Reader" in seen and "&lt;b&gt;that" in seen
    assert "Somebody may be in danger" in seen and CANARY not in seen
    assert "looked at how to reach a teller" in desk("steward").text("/desk/audit")
    assert audit.verify(db).whole


@pytest.mark.parametrize(
    "fields",
    [{}, {"reason": "", "words": "w"}, {"reason": "no", "words": "w"}, {"reason": "asked"}],
)
def test_without_a_reason_nothing_is_shown_or_lost(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase, fields: dict[str, str]
) -> None:
    answer = desk("steward").press(address(story), address(story), fields)
    assert answer.status_code == 422
    assert CANARY not in answer.get_data(as_text=True)
    assert fields.get("words", "") in answer.get_data(as_text=True)
    assert reaching.readings(db) == []


@pytest.mark.parametrize("role", ["evaluator", "safeguarding", "guest"])
def test_others_are_neither_led_there_nor_let_in(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase, role: str
) -> None:
    other = desk(role)
    if role == "evaluator":
        assert address(story) not in other.text(f"/desk/stories/{story}")
    assert other.get(address(story)).status_code == 403
    assert other.get("/desk/audit/contacts").status_code == 403
    assert reaching.readings(db) == []


def test_a_facilitator_does_not_see_who_else_looked(desk: Callable[..., Desk], story: int) -> None:
    assert desk("facilitator").get("/desk/audit/contacts").status_code == 403


def test_where_nothing_was_said_there_is_nothing_to_open(
    desk: Callable[..., Desk], tell: Callable[..., stories.Kept]
) -> None:
    story = tell(consent={"contact": True}).story_id
    reader = desk("steward")
    assert address(story or 0) not in reader.text(f"/desk/stories/{story}")
    assert reader.get(address(story or 0)).status_code == 404
    assert reader.post(address(story or 0), REASON).status_code == 404


def test_with_the_story_the_reasons_go_and_the_trail_stays_whole(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    desk("steward").press(address(story), address(story), REASON)
    withdrawals.withdraw(db, "1111222233334444")
    assert reaching.readings(db) == []
    assert contacts.faulty(db) == 0
    assert db.value("select count(*) from audit_inside where action = 'read_contact'") == 1
    assert audit.verify(db).whole


def test_for_a_teller_who_asks_it_is_erased_without_being_seen(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    reader = desk("facilitator")
    answer = reader.press(address(story), f"{address(story)}/erase", follow_redirects=True)
    assert "is erased" in text_of(answer) and address(story) not in answer.get_data(as_text=True)
    assert contacts.noted(db, story) is None and stories.get(db, story) is not None
    assert withdrawals.pending(db) == 1, "down to the last byte"
    assert reaching.readings(db) == []
    assert "erased how to reach a teller" in desk("steward").text("/desk/audit")
    assert reader.post(f"{address(story)}/erase").status_code == 404


def test_a_changed_cell_is_said_plainly_and_nothing_recorded(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    db.change("update contacts set cell = zeroblob(40)")
    answer = desk("steward").press(address(story), address(story), REASON)
    assert answer.status_code == 422
    assert "cannot be opened" in text_of(answer)
    assert reaching.readings(db) == []
