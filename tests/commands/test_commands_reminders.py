"""What whoever looks after an inquiry is told early: no backup, one person alone, plain backups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyrage.x25519 import Identity

from par_toolkit.commands import serve
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import backups
from par_toolkit.storage.database import PrivateDatabase

Par = Callable[..., Any]


def days_ago(db: PrivateDatabase, days: int) -> None:
    """Let the newest backup have been made so long ago."""
    moment = datetime.now(UTC) - timedelta(days=days, hours=1)
    db.change("delete from backups")
    backups.note(db, made_at=moment.isoformat(timespec="seconds"), size=1, keepers=0)


def test_a_week_without_a_backup_is_said_wherever_people_look(
    par: Par,
    par_json: Par,
    tell: Callable[..., Any],
    inquiry: Inquiry,
    db: PrivateDatabase,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell()
    for days, late in ((7, False), (9, True)):
        days_ago(db, days)
        found = {one["check"]: one for one in par_json("check")["checks"]}
        assert ("9 days have gone" in found["backups"]["sentence"]) is late
        assert (found["backups"]["state"] == "note") is late
        serve.prepare(inquiry.folder)
        assert ("9 days have gone since the last backup" in capsys.readouterr().err) is late
    par("backup")
    assert backups.overdue(db) is None


def test_an_inquiry_that_never_had_a_backup_is_reminded_once_there_is_something_to_lose(
    tell: Callable[..., Any], db: PrivateDatabase
) -> None:
    began = (datetime.now(UTC) - timedelta(days=30)).isoformat(timespec="seconds")
    db.change("insert or replace into consent_wordings values (99, '{}', :began)", {"began": began})
    assert backups.overdue(db) is None
    tell()
    assert backups.overdue(db) == 30


def test_one_person_is_told_early_that_they_can_release_nothing_alone(
    par: Par,
    inquiry: Inquiry,
    db: PrivateDatabase,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for role, alone in (("facilitator", True), ("steward", False)):
        said = par("people", "add", f"Example {role}", "--role", role).stdout
        assert ("there are not two yet" in said) is alone
        serve.prepare(inquiry.folder)
        assert ("none of their words can be shown" in capsys.readouterr().err) is alone


def test_backups_that_anybody_can_read_are_named(par: Par, par_json: Par, inquiry: Inquiry) -> None:
    def said() -> list[str]:
        checks = par_json("check")["checks"]
        return [one["sentence"] for one in checks if one["check"] == "keepers"]

    par("backup")
    assert "not sealed: whoever finds one" in said()[0]
    for name, role in (("Example One", "steward"), ("Example Two", "evaluator")):
        public = str(Identity.generate().to_public())
        par("keepers", "add", name, "--role", role, "--recipient", public)
        told = said()
        assert ("Name a second" in told[0]) is (role == "steward") and "1 backups in" in told[1]
    for path in inquiry.backups.glob("*.par"):
        path.unlink()
    assert said() == ["Backups are sealed, and the key of any of 2 opens them."]


def test_erasing_names_the_backups_that_are_from_before(
    par: Par, par_json: Par, tell: Callable[..., Any], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    tell(receipt="1111222233334444")
    par("backup")
    assert par_json("erase", "--yes")["earlier_backups"] == []
    par("withdraw", "1111222233334444", "--yes")
    (made,) = inquiry.backups.glob("*.par")
    assert par_json("erase", "--yes")["earlier_backups"] == [str(made)]
    said = par("erase", "--yes").stdout
    assert "1 backup in" in said and "deleted when they are 35 days old" in said
