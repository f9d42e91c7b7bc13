"""Promise 1: an acknowledged story is on disk."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase, open_database

WRITER = """
import sys, uuid, hashlib, json
from par_toolkit.storage import stories
from par_toolkit.storage.database import open_database

db = open_database(sys.argv[1])
while True:
    one = str(uuid.uuid4())
    told = stories.Told(
        uuid=one, form="story", form_version=1, language="en",
        answers={"telling": one * 200}, words=("telling",),
        consent={"analyse": True}, wording=1, source="web",
    )
    print(stories.keep(db, told).status, one, flush=True)
"""
#: What the writer prints for each: "stored", a space and a uuid.
LINE = len("stored ") + 36


def is_durable(db: PrivateDatabase) -> bool:
    """Say whether a commit on this live connection reaches the disk before it returns."""
    return (
        db.value("pragma journal_mode") == "wal"
        # 2 is FULL: kill -9 cannot see a missing fsync, only a power cut can
        and db.value("pragma synchronous") == 2
    )


def test_promise_01_every_connection_commits_to_the_disk(db: PrivateDatabase) -> None:
    assert is_durable(db)
    for weaker in ("normal", "off"):
        db.conn.execute(f"pragma synchronous={weaker}")
        assert not is_durable(db), f"synchronous={weaker} must be caught"


def rounds_of_killing(folder: Path, *, rounds: int, writers: int) -> None:
    """Kill writers in mid-work again and again; compare what they were told with what is there."""
    acknowledged: set[str] = set()
    for number in range(rounds):
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True
            )
            for _ in range(writers)
        ]
        for process in processes:
            assert process.stdout is not None
            acknowledged.add(process.stdout.readline().split()[1])
        time.sleep(random.Random(number).uniform(0.05, 0.3))
        for process in processes:
            os.kill(process.pid, signal.SIGKILL)
        for process in processes:
            lines = process.communicate()[0].splitlines()
            # the last line may be cut short: what it said was not heard
            acknowledged |= {line.split()[1] for line in lines if len(line) == LINE}
    with open_database(folder) as db:
        assert db.value("pragma integrity_check") == "ok"
        kept = {row["uuid"]: row["answers"] for row in db.rows("select uuid, answers from stories")}
        assert db.value("select count(*) from stories") == len(kept)
    lost = acknowledged - set(kept)
    altered = [
        one for one, answers in kept.items() if json.loads(answers) != {"telling": one * 200}
    ]
    assert acknowledged, "the writers must have been told of something"
    assert (len(lost), len(altered)) == (0, 0)


def test_promise_01_kill_9_under_load_loses_nothing(inquiry: Any) -> None:
    rounds_of_killing(inquiry.folder, rounds=3, writers=3)


@pytest.mark.long
def test_promise_01_kill_9_fifty_times(inquiry: Any) -> None:
    rounds_of_killing(inquiry.folder, rounds=50, writers=4)


def test_promise_01_a_full_disk_says_so_and_harms_nothing(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    from par_toolkit.storage.errors import DiskFull

    first = tell("Before the disk was full.")
    pages = db.value("pragma page_count")
    db.conn.execute(f"pragma max_page_count={pages + 2}")
    with pytest.raises(DiskFull, match="Make room and try again"):
        tell("x" * 500_000)
    db.conn.execute("pragma max_page_count=1000000")
    again = tell("There is room again.")
    assert (first.status, again.status) == ("stored", "stored")
    assert stories.count(db) == 2
    assert db.value("pragma integrity_check") == "ok"


def test_promise_01_nothing_is_acknowledged_without_a_commit(
    inquiry: Any, db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    kept = tell("Seen by another connection at once.")
    other = sqlite3.connect(inquiry.database)
    found = other.execute("select answers from stories where id = ?", (kept.story_id,)).fetchone()
    other.close()
    assert "another connection" in found[0]
