"""Several steps in one transaction: each is whole or not there, and all are on disk at its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import DiskFull

Tell = Callable[..., stories.Kept]


def on_disk(inquiry: Any) -> int:
    """Count the stories that another connection sees."""
    with sqlite3.connect(inquiry.database) as other:
        (found,) = other.execute("select count(*) from stories").fetchone()
    other.close()
    return int(found)


def test_nothing_is_there_before_the_end_and_everything_after_it(
    inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    with db.together():
        assert [tell("One."), tell("Two.")] and stories.count(db) == 2
        assert on_disk(inquiry) == 0
    assert on_disk(inquiry) == 2


def test_a_step_that_fails_takes_back_itself_only(
    inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    with db.together():
        tell("Before.")
        with pytest.raises(RuntimeError), db.writing():
            tell("Half a step: it joins the step around it.")
            raise RuntimeError
        tell("After.")
    assert on_disk(inquiry) == 2
    assert db.value("select value from counters where name = 'stories_in'") == 2


def test_where_the_whole_fails_nothing_is_there(
    inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    with pytest.raises(RuntimeError), db.together():
        tell("One.")
        raise RuntimeError
    assert on_disk(inquiry) == 0
    assert tell("Alone again.").status == "stored"
    assert on_disk(inquiry) == 1


def test_what_was_written_beside_a_step_goes_with_the_step(db: PrivateDatabase) -> None:
    undone: list[str] = []
    with db.together():
        with db.writing():
            db.undo.callback(undone.append, "kept")
        with pytest.raises(RuntimeError), db.writing():
            db.undo.callback(undone.append, "failed")
            raise RuntimeError
        assert undone == ["failed"]
    assert undone == ["failed"]


def test_what_was_written_beside_a_whole_goes_with_the_whole(db: PrivateDatabase) -> None:
    undone: list[str] = []
    with pytest.raises(RuntimeError), db.together():
        for name in ("first", "second"):
            with db.writing():
                db.undo.callback(undone.append, name)
        assert undone == []
        raise RuntimeError
    assert undone == ["second", "first"]


def test_promise_01_a_transaction_that_sqlite_gave_up_keeps_and_acknowledges_nothing(
    inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    """A failing disk makes SQLite roll everything back; what comes next must not slip through."""
    with pytest.raises(DiskFull), db.together():
        tell("One.")
        db.conn.rollback()
        with pytest.raises(DiskFull):
            tell("Two.")
    assert on_disk(inquiry) == 0
    assert not db.conn.in_transaction


def test_promise_01_a_full_disk_takes_the_whole_back_and_says_so(
    inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    """SQLite rolls back more than the step that found no room, so none may be acknowledged."""
    pages = db.value("pragma page_count")
    with pytest.raises(DiskFull), db.together():
        tell("Before the disk was full.")
        db.conn.execute(f"pragma max_page_count={pages + 4}")
        with pytest.raises(DiskFull, match="Make room and try again"):
            tell("x" * 500_000)
        with pytest.raises(DiskFull):
            tell("Small enough, but the transaction is gone.")
    assert on_disk(inquiry) == 0
    assert tell("Alone there is room.").status == "stored"
    assert on_disk(inquiry) == 1
    assert db.value("pragma integrity_check") == "ok"
