"""The desk says what will be erased for its age, long before it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase
from tests.web.desk.conftest import Desk


def test_whoever_works_at_the_desk_reads_what_soon_will_go(
    desk: Callable[..., Desk], tell: Callable[..., Any]
) -> None:
    steward = desk("steward")
    assert "reach the end of their time" not in steward.text("/desk/")
    old = datetime.now(UTC) - timedelta(days=6 * 366)
    tell("A made-up story.", told_at=old.isoformat(timespec="seconds"))
    tell("A younger one.")
    page = steward.text("/desk/")
    assert "Stories and other answers: 1 reach the end of their time." in page
    times = steward.text("/desk/times")
    day = (datetime.now(UTC) + timedelta(days=30)).astimezone()
    assert f"{day.day} {day:%b %Y}" in times or f"{day.day} {day:%B %Y}" in times
    assert "5 years" in times


def test_a_clock_that_leapt_is_said_there(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    steward = desk("steward")
    audit.record(db, "sign_in")
    assert "par retention --clock-is-right" not in steward.text("/desk/times")
    db.change("insert into clock_seen values (1, '2020-01-01T00:00:00+00:00')")
    assert "par retention --clock-is-right" in steward.text("/desk/times")
