"""A live build of before there were circles: what a withdrawal and a new build make of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from par_toolkit.publishing import (
    PublishError,
    follow_withdrawals,
    live_build,
    publish,
    rollback,
    verify_build,
)
from par_toolkit.publishing.build import FORMAT
from par_toolkit.storage import withdrawals
from tests.publishing.inquiries import Place, rows_of

EARLIER = Path(__file__).parents[1] / "datasette_plugins" / "schema-1.sql"
CANARY = "Zirkonkatze"


def older(path: Path) -> None:
    """Rewrite a build as it was written before there were circles."""
    made = path.with_suffix(".older")
    with closing(sqlite3.connect(made)) as db:
        db.executescript(EARLIER.read_text("utf-8"))
        db.execute("attach :path as new", {"path": str(path)})
        for (table,) in db.execute(
            "select name from main.sqlite_master where type = 'table' and name not like '%fts%'"
        ).fetchall():
            columns = ", ".join(
                # an earlier build said of each quote which form it came from
                "coalesce(form, 'story')" if row[0] == "form" else row[0]
                for row in db.execute(f"select name from pragma_table_info('{table}')")
            )
            db.execute(f"insert into main.{table} select {columns} from new.{table} order by rowid")
        db.execute("update inquiry set format = 1")
        for index in ("quotes_fts", "stories_fts"):
            db.execute(f"insert into {index}({index}) values ('rebuild')")
        db.commit()
        db.execute("detach new")
        db.execute("vacuum")
    made.replace(path)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"{CANARY} number {n}.", receipt=f"{n}" * 16) for n in (1, 2)]
    place.theme(told)
    publish(place.folder)
    older(place.live())
    return place


def test_promise_06_a_withdrawal_reaches_it_and_the_rest_stays(place: Place) -> None:
    before = rows_of(place.live(), "select * from builds")
    withdrawals.withdraw(place.db, "1" * 16)
    assert follow_withdrawals(place.folder, db=place.db)
    assert live_build(place.folder) == 2
    assert [row["text"] for row in place.rows("select text from quotes")] == [f"{CANARY} number 2."]
    assert len(place.rows("select * from quote_themes")) == 1
    assert place.rows("select format from inquiry") == [{"format": FORMAT}]
    (build,) = place.rows("select * from builds")
    assert build == before[0] | {
        "items_new": 0, "constructions_new": 0, "statements_new": 0, "actions_new": 0,
    }  # fmt: skip
    assert verify_build(place.live()).sound, verify_build(place.live()).sentences


def test_a_new_build_follows_it(place: Place) -> None:
    publish(place.folder)
    builds = place.rows("select build, quotes_new, items_new from builds order by build")
    assert builds == [
        {"build": 1, "quotes_new": 2, "items_new": 0},
        {"build": 2, "quotes_new": 0, "items_new": 0},
    ]
    assert verify_build(place.live()).sound


def test_it_is_named_and_does_not_come_again(place: Place) -> None:
    assert "is written in format 1" in " ".join(verify_build(place.live()).sentences)
    publish(place.folder)
    with pytest.raises(PublishError, match="format 1"):
        rollback(place.folder, 1)
