"""A story is withdrawn for its teller by two people; with the code, its teller needs nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from par_toolkit import cli
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, people, stories, withdrawal_requests
from par_toolkit.storage.database import PrivateDatabase
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, show_mine, tell, text_of


@pytest.fixture
def story(told: Callable[..., int]) -> int:
    return told("The nurse at the Bluebell clinic asked us twice.")


def at(story: int, act: str = "") -> str:
    return f"/desk/stories/{story}/withdraw{act}"


def test_promise_06_two_people_withdraw_for_a_teller_who_lost_the_slip(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    asker, other = desk("facilitator"), desk("steward")
    assert "cannot be undone" in text_of(asker.get(at(story)))
    asker.press(at(story), at(story), {"reason": "lost_slip"})
    assert stories.get(db, story) is not None, "one person alone erases nothing"
    assert at(story) in other.text("/desk/?lang=en"), "the other is told at the start"
    assert other.press(at(story), at(story, "/agree")).headers["Location"] == "/desk/stories"
    assert stories.get(db, story) is None
    assert db.value("select count(*) from withdrawal_requests") == 0
    rows = audit.listing(db, limit=10)
    done = [(row["action"], row["person"], row["subject"]) for row in rows if row["subject"]]
    assert done[:2] == [
        ("withdraw_for_teller", other.name, "lost_slip"),
        ("ask_to_withdraw_for_teller", asker.name, "lost_slip"),
    ]
    trail = text_of(desk("steward").get("/desk/audit?lang=en"))
    assert "asked to withdraw for a teller" in trail and "withdrew for a teller" in trail
    assert "withdraw_for_teller" not in str(audit.public_rows(db))
    assert audit.verify(db).whole


def test_nobody_agrees_with_themselves(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    asker = desk("steward")
    asker.press(at(story), at(story), {"reason": "lost_slip"})
    assert at(story, "/agree") not in forms_of(asker.get(at(story)))
    refused = asker.post(at(story, "/agree"))
    assert refused.status_code == 422 and "Another person" in text_of(refused)
    assert stories.get(db, story) is not None


def test_without_a_request_nobody_withdraws(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    one, other = desk("facilitator"), desk("steward")
    for act in ("/agree", "/leave"):
        assert one.post(at(story, act)).status_code == 422
    for reason in ("", "the nurse"):
        assert one.post(at(story), {"reason": reason}).status_code == 422
    one.press(at(story), at(story), {"reason": "asked_in_person"})
    assert other.post(at(story), {"reason": "lost_slip"}).status_code == 422, "one at a time"
    other.press(at(story), at(story, "/leave"))
    assert other.post(at(story, "/agree")).status_code == 422
    assert stories.get(db, story) is not None


@pytest.mark.parametrize("why", ["time", "access"])
def test_a_request_ends_with_time_and_with_the_access_of_who_asked(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase, why: str
) -> None:
    asker, other = desk("facilitator"), desk("steward")
    asker.press(at(story), at(story), {"reason": "lost_slip"})
    if why == "time":
        earlier = datetime.now(UTC) - timedelta(days=withdrawal_requests.DAYS, seconds=2)
        at_ = earlier.isoformat(timespec="seconds")
        db.change("update withdrawal_requests set asked_at = :at", {"at": at_})
    else:
        people.disable(db, asker.name)
    assert other.post(at(story, "/agree")).status_code == 422
    assert stories.get(db, story) is not None
    other.press(at(story), at(story), {"reason": "lost_slip"})
    assert len(withdrawal_requests.waiting(db)) == 1, "it can be asked once more"


def test_the_holder_of_the_code_needs_nobody_also_while_a_request_waits(
    desk: Callable[..., Desk], client, db: PrivateDatabase
) -> None:
    code = tell(client, "The bus stopped.")
    story = stories.listing(db)[0].id
    desk("facilitator").press(at(story), at(story), {"reason": "lost_slip"})
    fields = forms_of(show_mine(client, code))["/mine/withdraw"].fields
    client.post("/mine/withdraw", data=fields | {"confirmed": "yes"})
    assert stories.get(db, story) is None
    assert withdrawal_requests.waiting(db) == []


def test_whoever_keeps_the_machine_withdraws_one_story_by_its_number(
    inquiry: Inquiry, story: int, db: PrivateDatabase
) -> None:
    """In an inquiry with one person nobody could agree, and a teller must not wait for that."""
    run = CliRunner().invoke
    folder = ["--inquiry", str(inquiry.folder), "withdraw"]
    assert run(cli.main, [*folder, "--yes"]).exit_code == 2
    assert run(cli.main, [*folder, "1234123412341234", "--story", "1", "--yes"]).exit_code == 2
    assert run(cli.main, [*folder, "--story", str(story + 1), "--yes"]).exit_code == 1
    done = run(cli.main, [*folder, "--story", str(story), "--yes"])
    assert done.exit_code == 0 and "1 story is withdrawn" in done.output
    assert stories.get(db, story) is None
    row = audit.listing(db, limit=1)[0]
    assert (row["action"], row["role"]) == ("withdraw_for_teller", "command line")
