"""Promise 15: who did what is recorded and can be verified."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from par_toolkit.storage import audit, receipts, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person

FIELDS = {
    "at": "2020-01-01T00:00:00+00:00",
    "quarter": "2020-Q1",
    "role": "steward",
    "action": "nothing",
    "person": 99,
    "subject": "story 99",
    "digest": "0" * 64,
    "previous": "0" * 64,
    "hash": "0" * 64,
}


def trail(db: PrivateDatabase) -> None:
    for number in range(5):
        person = Person(number, f"Example {number}", "facilitator", "", False, True)
        audit.record(db, "read", by=person, subject=f"story {number}")


def tamper(db: PrivateDatabase, sql: str, parameters: dict[str, Any] | None = None) -> None:
    """Change the trail as somebody with the file and a SQL shell could."""
    with db.writing():
        for trigger in ("audit_no_update", "audit_no_delete"):
            db.conn.execute(f"drop trigger if exists {trigger}")
        db.conn.execute(sql, parameters or {})


def test_promise_15_the_trail_is_append_only(db: PrivateDatabase) -> None:
    trail(db)
    for statement in ("update audit set role = 'x'", "delete from audit"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.conn.execute(statement)
        db.conn.rollback()
    assert audit.verify(db).whole


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("row", [2, 3, 5])
def test_promise_15_any_change_of_a_row_is_found(db: PrivateDatabase, field: str, row: int) -> None:
    trail(db)
    assert audit.verify(db).rows == 5
    tamper(
        db,
        f"update audit set {field} = :value where seq = :row",
        {"value": FIELDS[field], "row": row},
    )
    verdict = audit.verify(db)
    assert not verdict.whole
    assert f"row {row}" in verdict.sentence


def test_promise_15_a_row_taken_out_is_found(db: PrivateDatabase) -> None:
    trail(db)
    tamper(db, "delete from audit where seq = 3")
    assert "missing" in audit.verify(db).sentence


def test_promise_15_it_verifies_after_a_withdrawal_and_holds_no_words(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    code = receipts.new_code()
    tell("The word heliotropium is in here.", receipt=code)
    trail(db)
    withdrawals.withdraw(db, code)
    assert withdrawals.finish_erasure(db).done
    assert audit.verify(db).whole
    everything = str([db.rows(f"select * from {one}") for one in ("audit", "audit_inside")])
    assert "heliotropium" not in everything
    assert code not in everything
    assert "withdraw" in everything


def test_promise_15_the_published_part_can_be_checked_alone(db: PrivateDatabase) -> None:
    trail(db)
    previous = audit.START
    for row in audit.public_rows(db):
        assert row["hash"] == audit.chain_hash(
            previous,
            seq=row["seq"],
            quarter=row["quarter"],
            role=row["role"],
            action=row["action"],
            details=row["details"],
        )
        assert set(row) == {"seq", "quarter", "role", "action", "details", "previous", "hash"}
        previous = row["hash"]
