"""The one door to SQLite: what it refuses, and in which words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.storage import locking, stories
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import (
    Damaged,
    InquiryBusy,
    InquiryTooNew,
    NotAnInquiry,
    ReadOnly,
    StorageError,
)

Tell = Callable[..., stories.Kept]

HOLDER = """
import sys, time
from par_toolkit.storage.database import open_database
with open_database(sys.argv[1]) as db, db.writing():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_folder_without_an_inquiry(tmp_path: Path) -> None:
    with pytest.raises(NotAnInquiry, match="init --name"):
        open_database(tmp_path)
    assert list(tmp_path.iterdir()) == [], "looking leaves nothing behind"


def test_a_newer_inquiry_is_not_touched(inquiry: Any) -> None:
    with sqlite3.connect(inquiry.database) as connection:
        connection.execute("pragma user_version=999")
    connection.close()
    with pytest.raises(InquiryTooNew, match="newer version of par-toolkit"):
        open_database(inquiry.folder)


def test_a_damaged_file_says_where_help_is(inquiry: Any) -> None:
    for wal in inquiry.folder.glob("private.db-*"):
        wal.unlink()
    inquiry.database.write_bytes(b"this is no database at all" * 1000)
    with pytest.raises(Damaged, match="par restore"):
        open_database(inquiry.folder)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "private.db").mkdir()
    with pytest.raises(ReadOnly, match="Check that the folder is there"):
        open_database(tmp_path)


def test_another_program_that_writes_for_too_long(
    inquiry: Any, db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "WAIT_SECONDS", 0.3)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(inquiry.folder)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InquiryBusy, match="try again"):
            tell()
        assert stories.count(db) == 0, "reading goes on meanwhile"
        holder.kill()
    assert tell().status == "stored", "a killed program leaves no lock behind"


def test_another_thread_that_writes_for_too_long(
    inquiry: Any, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with open_database(inquiry.folder) as other, other.writing():
            held.set()
            done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    monkeypatch.setattr(locking, "WAIT_SECONDS", 0.2)
    with pytest.raises(InquiryBusy, match="try again"):
        tell()
    done.set()
    thread.join()
    assert tell().status == "stored"


def test_a_failure_inside_keeps_nothing_of_the_transaction(db: PrivateDatabase, tell: Tell) -> None:
    with pytest.raises(RuntimeError, match="half-way"), db.writing():
        tell("Half a step.")
        raise RuntimeError("half-way")
    assert stories.count(db) == 0
    assert tell().status == "stored"


def test_a_reader_that_never_ends_delays_erasure_and_it_says_so(
    inquiry: Any, db: PrivateDatabase, tell: Tell
) -> None:
    from par_toolkit.storage import withdrawals

    tell("The word xanthophyll is here.", receipt="1111222233334444")
    reader = sqlite3.connect(inquiry.database)
    reader.execute("begin")
    reader.execute("select count(*) from stories").fetchone()
    withdrawals.withdraw(db, "1111222233334444")
    db.conn.execute("pragma busy_timeout=100")
    late = withdrawals.finish_erasure(db)
    assert not late.done
    assert "par erase" in late.sentence
    reader.close()
    assert withdrawals.finish_erasure(db).done
    for path in inquiry.folder.rglob("*"):
        if path.is_file():
            assert b"xanthophyll" not in path.read_bytes(), path.name


def test_a_missing_key_is_a_sentence(inquiry: Any, tell: Tell) -> None:
    (inquiry.keys / "receipt.key").unlink()
    with pytest.raises(StorageError, match="Put it back from a backup"):
        tell()


@pytest.mark.parametrize("number", [2**63, -(2**70), 0])
def test_a_number_no_story_can_have_finds_nothing(db: PrivateDatabase, number: int) -> None:
    assert stories.get(db, number) is None


def test_migrations_run_once_and_make_the_file_private(inquiry: Any, db: PrivateDatabase) -> None:
    assert inquiry.database.stat().st_mode & 0o077 == 0
    applied = db.value("select count(*) from _sqlite_migrations")
    open_database(inquiry.folder).close()
    assert db.value("select count(*) from _sqlite_migrations") == applied
    columns = db.value("select sql from sqlite_master where name = 'stories'")
    assert "--" in columns, "columns carry their comments"
