"""Connections that stay open between two uses, and what must not come of that."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.storage import stories, withdrawals
from par_toolkit.storage.connections import Connections
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Damaged, InquiryTooNew, NotAnInquiry
from tests.promises.test_promise_01_on_disk import is_durable

Tell = Callable[..., stories.Kept]


@pytest.fixture
def connections(inquiry: Any) -> Iterator[Connections]:
    """Hand out connections to the inquiry, and close them."""
    made = Connections(inquiry.folder)
    yield made
    made.close()


def test_a_connection_is_used_again(connections: Connections) -> None:
    with connections.lent() as first:
        pass
    with connections.lent() as second:
        assert second is first


def test_two_at_once_get_two_connections(connections: Connections) -> None:
    with connections.lent() as first, connections.lent() as second:
        assert first is not second


def test_promise_01_every_connection_that_is_lent_commits_to_the_disk(
    connections: Connections,
) -> None:
    for _ in range(2):
        with connections.lent() as one, connections.lent() as other:
            assert is_durable(one) and is_durable(other)
    with connections.lent() as db:
        for weaker in ("normal", "off"):
            db.conn.execute(f"pragma synchronous={weaker}")
            assert not is_durable(db), f"synchronous={weaker} must be caught"
        db.conn.execute("pragma synchronous=full")


def test_another_thread_may_use_what_one_gave_back(connections: Connections) -> None:
    with connections.lent() as first:
        pass
    seen: list[Any] = []

    def use() -> None:
        with connections.lent() as db:
            seen.append((db, stories.count(db)))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert seen == [(first, 0)]


def test_after_a_failure_a_connection_is_not_lent_again(connections: Connections) -> None:
    with pytest.raises(RuntimeError), connections.lent() as broken:
        raise RuntimeError
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        stories.count(broken)
    with connections.lent() as db:
        assert stories.count(db) == 0


def test_one_that_comes_back_in_a_transaction_is_closed(
    connections: Connections, inquiry: Any
) -> None:
    db = connections.take()
    db.conn.execute("begin immediate")
    connections.give_back(db)
    with open_database(inquiry.folder) as other, other.writing():
        pass  # nobody holds it up


def test_a_new_file_under_the_old_name_is_seen(
    connections: Connections, inquiry: Any, tell: Tell, tmp_path: Path
) -> None:
    """As after a restore over a file that could not be opened."""
    tell("Told before the copy.")
    with connections.lent() as db:
        db.conn.execute("vacuum into :copy", {"copy": str(tmp_path / "copy.db")})
    tell("Told after the copy.")
    with connections.lent() as db:
        assert stories.count(db) == 2
    for ending in ("", "-wal", "-shm"):
        Path(f"{inquiry.database}{ending}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "copy.db", inquiry.database)
    with connections.lent() as db:
        assert stories.count(db) == 1


def test_an_inquiry_that_became_too_new_is_left_alone(
    connections: Connections, inquiry: Any
) -> None:
    with connections.lent():
        pass
    with sqlite3.connect(inquiry.database) as newer:
        newer.execute("pragma user_version=999")
    newer.close()
    with pytest.raises(InquiryTooNew):
        connections.take()


def test_a_file_that_is_gone_or_damaged_is_told_of(connections: Connections, inquiry: Any) -> None:
    with connections.lent():
        pass
    os.rename(inquiry.database, inquiry.folder / "elsewhere.db")
    with pytest.raises(NotAnInquiry):
        connections.take()
    for wal in inquiry.folder.glob("private.db-*"):
        wal.unlink()
    inquiry.database.write_bytes(b"no database at all " * 500)
    with pytest.raises(Damaged):
        connections.take()


def test_promise_06_connections_that_wait_hold_up_no_erasure(
    connections: Connections, inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    tell("The word xanthophyll is here.", receipt="1111222233334444")
    with connections.lent() as first, connections.lent() as second:
        assert stories.count(first) == stories.count(second) == 1
    withdrawals.withdraw(db, "1111222233334444")
    assert withdrawals.finish_erasure(db).done
    for path in inquiry.folder.rglob("*"):
        if path.is_file():
            assert b"xanthophyll" not in path.read_bytes(), path.name
    with connections.lent() as db:
        assert stories.count(db) == 0


def test_what_is_lent_while_all_is_closed_is_closed_when_it_comes_back(inquiry: Any) -> None:
    connections = Connections(inquiry.folder)
    lent, waiting = connections.take(), connections.take()
    connections.give_back(waiting)
    connections.close()
    assert stories.count(lent) == 0, "whoever has it may finish"
    connections.give_back(lent)
    for db in (lent, waiting):
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            stories.count(db)
