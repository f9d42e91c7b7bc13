"""Promise 2: a story is kept once; other content under the same uuid is kept as a sibling."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase, open_database

ONE = "0d5e9b1c-7a0e-4d19-9a55-3f6c0d1b2a77"
TOLD = stories.Told(
    uuid=ONE,
    form="story",
    form_version=1,
    language="en",
    answers={"telling": "The lift was broken for a month.", "kind": "challenge"},
    words=("telling",),
    consent={"analyse": True, "quote": False},
    wording=1,
    source="tablet",
    receipt="1234567812345678",
)


def keep_in_own_connection(folder: Path, told: stories.Told = TOLD) -> str:
    with open_database(folder) as db:
        return stories.keep(db, told).status


@pytest.mark.parametrize("many", ["threads", "processes"])
def test_promise_02_fifty_at_once_make_one_row(
    inquiry: Any, db: PrivateDatabase, many: str
) -> None:
    pool: Any = (
        ThreadPoolExecutor(50)
        if many == "threads"
        else ProcessPoolExecutor(4, mp_context=get_context("spawn"))
    )
    with pool:
        statuses = Counter(pool.map(keep_in_own_connection, [inquiry.folder] * 50))
    assert statuses == {"stored": 1, "same": 49}
    assert db.value("select count(*) from stories") == 1
    assert db.value("select count(*) from consents") == 4


def test_promise_02_case_and_order_make_no_other_story(db: PrivateDatabase) -> None:
    stories.keep(db, TOLD)
    turned = dict(reversed(list(TOLD.answers.items())))
    again = replace(TOLD, uuid=ONE.upper(), answers=turned)
    assert stories.keep(db, again).status == "same"


@pytest.mark.parametrize(
    "change",
    [
        {"answers": {"telling": "Other words."}},
        {"consent": {"analyse": True, "quote": True}},
        {"receipt": "8765432187654321"},
        {"language": "fr"},
    ],
)
def test_promise_02_other_content_is_kept_as_a_sibling(
    db: PrivateDatabase, change: dict[str, Any]
) -> None:
    first = stories.keep(db, TOLD)
    other = replace(TOLD, **change)
    assert stories.keep(db, other).status == "sibling"
    assert stories.keep(db, other).status == "sibling", "told again, it is still one sibling"
    assert stories.keep(db, TOLD).status == "same"
    story = stories.get(db, first.story_id or 0)
    assert story is not None
    assert story.answers == TOLD.answers, "the first is never overwritten"
    [sibling] = stories.siblings(db, story.id)
    assert sibling["answers"] == dict(other.answers)
    assert sibling["receipt"] is None, "the digits of a receipt are never kept"


def test_promise_02_the_schema_itself_refuses_a_second_row(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    kept = tell(uuid=ONE)
    columns = ", ".join(
        row["name"] for row in db.rows("pragma table_info(stories)") if row["name"] != "id"
    )
    with pytest.raises(sqlite3.IntegrityError, match="uuid"), db.writing():
        db.conn.execute(
            f"insert into stories ({columns}) select {columns} from stories where id = ?",
            (kept.story_id,),
        )
