"""Promise 11: the published trail counts nobody; what people at a table do is sealed in it.

Promise 15 with it: the inner part of the trail, too, cannot change without being found out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit.publishing import publish, verify_build
from par_toolkit.storage import audit, consents, receipts, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    able_to_act,
    appeals,
    checks,
    circles,
    heard_from_others,
    items,
    own,
    positions,
    seats,
)
from par_toolkit.storage.sensemaking.word_uses import Use
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting
from tests.storage.sensemaking import tables


def a_meeting(folder: Path, people: int) -> Place:
    """Hold one meeting with so many people of a group, all of whom do all that one can do."""
    place = Place(folder)
    meeting = Meeting(place, {"residents": people, "carers": 1})
    db, mara = place.db, meeting.mara
    with db.writing():
        late = meeting.item("The bus is late.", release=False)
        meeting.put("A later bus.", {"residents": "+" * people}, item=late)
        for seat in meeting.seats["residents"]:
            able_to_act.give(db, "yes", seat=seat, by=seat)
            heard_from_others.say(db, "carers", "They drive.", seat=seat, by=seat)
            positions.take_back(db, 1, seat=seat, by=seat)
            asked = appeals.add(db, late, "Look again.", by=seat)
            appeals.answer(db, asked.id, "We did.", upheld=False, by=place.two)
            items.add(
                db, kind="claim", words="It runs.", group="residents", cycle="cycle_1",
                source="circle", circle=seat.circle, by=seat,
            )  # fmt: skip
            seats.go_on_without(db, seat.id, by=mara)
            seats.leave(db, seat.id)
            seats.come_back(db, seat.id)
            # the same on paper, keyed in by somebody at the desk
            paper, _code = seats.join(db, seat.circle, paper=True, by=mara)
            own.save(db, paper, "I wait.", by=mara)
            able_to_act.give(db, "no", "No time.", seat=paper, by=mara)
        meeting.close()
    for _ in range(people):
        story = place.tell("The bus stopped.", release=False)
        theme = place.theme([story]) if story == 1 else 1
        if story == 1:
            said = checks.say(db, Use(story, "theme", theme), "not_that")
            checks.reply(db, said.id, "We looked.", by=mara)
        consents.change(db, story, {"quote": False}, wording=1, source="web", role="participant")
        withdrawals.withdraw_story(db, story, by=mara, reason="lost_slip")
    publish(place.folder)
    assert verify_build(place.live()).sound and audit.verify(db).whole
    return place


def test_promise_11_the_published_trail_is_the_same_for_few_people_and_for_many(
    tmp_path: Path,
) -> None:
    few, many = a_meeting(tmp_path / "few", 1), a_meeting(tmp_path / "many", 3)
    shown = "select seq, quarter, role, action from audit order by seq"
    assert few.rows(shown) == many.rows(shown)
    assert {row["role"] for row in few.rows(shown)} <= {"facilitator", "steward", "command line"}
    assert audit.count(few.db) < audit.count(many.db)
    acts = {row["action"] for row in audit.listing(few.db, limit=500) if row["inside"]}
    assert {"join_circle", "answer_statement", "appeal", "answer_appeal", "go_on_without",
            "reply_to_teller", "change_consent", "withdraw_for_teller"} <= acts  # fmt: skip


def a_trail(db: PrivateDatabase) -> None:
    """Write rows of both chains in turn; the inner ones are 1 to 4."""
    mara = tables.person(db)
    for number in range(4):
        audit.record(db, "join_circle", role="member", subject=f"circle {number}")
        audit.record(db, "open_circle", by=mara, subject=f"circle {number}")


@pytest.mark.parametrize(
    "change",
    [
        "update audit_inside set role = 'x' where seq = 2",
        "update audit_inside set subject = null where seq = 2",
        "update audit_inside set hash = previous where seq = 4",
        "delete from audit_inside where seq = 2",
        "delete from audit_inside where seq = 4",
        "delete from audit_inside",
        "update audit set inside = 3 where inside = 2",
        "update audit set inside = null where inside = 2",
        "update audit set inside = 2 where inside = 3",
    ],
)
def test_promise_15_any_change_of_what_stays_inside_is_found(
    db: PrivateDatabase, change: str
) -> None:
    a_trail(db)
    assert audit.verify(db).whole
    with db.writing():
        for table in ("audit", "audit_inside"):
            for what in ("update", "delete"):
                db.conn.execute(f"drop trigger {table}_no_{what}")
        db.conn.execute(change)
    verdict = audit.verify(db)
    assert not verdict.whole
    if change == "delete from audit_inside":
        assert "seals a row of those who take part that is missing" in verdict.sentence


def test_promise_15_what_was_written_anew_inside_is_found_beside_the_published_part(
    db: PrivateDatabase,
) -> None:
    """Whoever has the keys could make the inner chain anew; the published rows seal the old one."""
    a_trail(db)
    with db.writing():
        db.conn.execute("drop trigger audit_inside_no_delete")
        db.conn.execute("delete from audit_inside")
        for number in range(4):
            audit.record(db, "leave_circle", role="member", subject=f"circle {number}")
    assert not audit.verify(db).whole


def test_the_desk_reads_both_parts_in_the_order_in_which_they_were_written(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    code = receipts.new_code()
    tell("Once.", receipt=code)
    a_trail(db)
    withdrawals.withdraw(db, code)
    rows = audit.listing(db, limit=4)
    assert [(row["action"], row["inside"]) for row in rows] == [
        ("withdraw", 1), ("open_circle", 0), ("join_circle", 1), ("open_circle", 0),
    ]  # fmt: skip
    assert [row["subject"] for row in rows[1:]] == ["circle 3", "circle 3", "circle 2"]
    assert audit.listing(db, limit=2, offset=1) == rows[1:3]
    assert circles.listing(db, cycle="cycle_1") == []
