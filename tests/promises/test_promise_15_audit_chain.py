"""Promise 15: who did what is recorded and can be verified."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from par_toolkit.storage import audit, receipts, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.people import Person

CHAINS = ("audit", "audit_inside")
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
        for table in CHAINS:
            for trigger in (f"{table}_no_update", f"{table}_no_delete"):
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


@pytest.mark.parametrize("table", ["audit", "audit_inside"])
@pytest.mark.parametrize("rows", [1, 3])
def test_promise_15_rows_cut_off_the_end_are_missed(
    db: PrivateDatabase, table: str, rows: int
) -> None:
    trail(db)
    for number in range(3):
        audit.record(db, "consent", role="participant", subject=f"story {number}")
    assert audit.verify(db).whole
    tamper(
        db,
        f"delete from {table} where seq > (select max(seq) from {table}) - :rows",
        {"rows": rows},
    )
    verdict = audit.verify(db)
    assert not verdict.whole and "cut off" in verdict.sentence


@pytest.mark.parametrize("sql", ["delete from audit_end", "update audit_end set digest = :zeros"])
def test_promise_15_the_note_of_its_end_cannot_be_made_up(db: PrivateDatabase, sql: str) -> None:
    trail(db)
    tamper(db, sql, {"zeros": "0" * 64})
    assert not audit.verify(db).whole
    audit.record(db, "read")
    assert audit.verify(db).whole, "whoever has the key writes on, and says how far it goes"


def test_promise_15_an_inquiry_of_before_has_its_end_noted_when_it_is_opened(
    inquiry: Any, db: PrivateDatabase
) -> None:
    trail(db)
    with db.writing():
        db.conn.execute("drop table audit_end")
        db.conn.execute("delete from _sqlite_migrations where name = '026'")
        db.conn.execute("pragma user_version=25")
    with open_database(inquiry.folder) as opened:
        assert audit.verify(opened).whole
        tamper(opened, "delete from audit where seq = (select max(seq) from audit)")
        assert not audit.verify(opened).whole


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_promise_15_no_change_of_any_cell_and_no_row_gone_goes_unseen(
    db: PrivateDatabase, data: st.DataObject
) -> None:
    """A random trail of both chains, and one random thing done to it with a SQL shell."""
    roles = data.draw(st.lists(st.sampled_from(["steward", "participant"]), min_size=1, max_size=6))
    db.conn.execute("begin immediate")  # taken back at the end: each example begins with no row
    try:
        for number, role in enumerate(roles):
            audit.record(db, "read", role=role, subject=f"story {number}")
        assert audit.verify(db).whole
        table = data.draw(st.sampled_from([t for t in CHAINS if db.value(f"select 1 from {t}")]))
        columns = db.rows(f"select name from pragma_table_info('{table}')")
        column = data.draw(st.sampled_from([*(row["name"] for row in columns), "a whole row"]))
        last = db.value(f"select max(seq) from {table}")
        seq = data.draw(st.integers(1, last))
        for trigger in ("update", "delete"):
            db.conn.execute(f"drop trigger {table}_no_{trigger}")
        if column == "a whole row":
            db.conn.execute(f"delete from {table} where seq = :seq", {"seq": seq})
        else:
            other = f"update {table} set {column} = coalesce({column}, '') || '7' where seq = :seq"
            db.conn.execute(other, {"seq": seq})
        assert not audit.verify(db).whole, f"{column} of row {seq} of {table}"
    finally:
        db.conn.rollback()


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
