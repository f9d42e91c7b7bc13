"""`par retention` shows what is past its time, and erases nothing that was not said ahead."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click.testing
import pytest

from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import periods
from par_toolkit.publishing import follow_withdrawals
from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase

DAY = timedelta(days=1)


def par(folder: Path, *arguments: str) -> click.testing.Result:
    """Run `par` on an inquiry."""
    return click.testing.CliRunner().invoke(main, ["--inquiry", str(folder), *arguments])


@pytest.fixture
def old(tell: Callable[..., Any]) -> int:
    """Tell a story six years ago; return its id."""
    six_years_ago = datetime.now(UTC) - 6 * 366 * DAY
    told = tell("A made-up CANARY.", told_at=six_years_ago.isoformat(timespec="seconds"))
    return int(told.story_id)


def said_for_a_month(folder: Path) -> None:
    """Let the program have run on three days, the first of them a month ago."""
    for days in (31, 20, 10):
        assert periods.keep(folder, at=datetime.now(UTC) - days * DAY).doubt is None


def test_it_shows_what_will_go_and_from_when(inquiry: Inquiry, old: int) -> None:
    month = (datetime.now(UTC) + 30 * DAY).date()
    said = par(inquiry.folder, "retention")
    assert f"1 are past that. From {month} on they are erased" in said.output
    kinds = json.loads(par(inquiry.folder, "retention", "--json").output)["kinds"]
    assert (kinds[0]["kind"], kinds[0]["past"], kinds[0]["kept_for"]) == ("stories", 1, "5 years")
    assert (
        f"note  time to keep: Stories are kept for 5 years. Of 1, 1 are past that. From {month}"
        in (par(inquiry.folder, "check").output)
    )


def test_what_was_not_said_for_a_month_stays(
    inquiry: Inquiry, db: PrivateDatabase, old: int
) -> None:
    said = par(inquiry.folder, "retention", "--erase", "--yes")
    assert (said.exit_code, stories.count(db)) == (0, 1)
    assert "Nothing may be erased for its age today." in said.output


def test_what_is_overdue_is_to_mend_and_goes_to_its_last_byte(
    inquiry: Inquiry, db: PrivateDatabase, old: int
) -> None:
    said_for_a_month(inquiry.folder)
    checked = par(inquiry.folder, "check")
    assert checked.exit_code == 1
    assert "They are overdue: start par serve, or run par retention --erase." in checked.output
    asked = par(inquiry.folder, "retention", "--erase")
    assert (asked.exit_code, stories.count(db)) == (1, 1)  # nobody said yes
    done = par(inquiry.folder, "retention", "--erase", "--yes")
    assert done.exit_code == 0
    assert "Erased because their time was over: 1 of stories." in done.output
    db.close()
    assert par(inquiry.folder, "erase", "--yes").exit_code == 0
    held = [p for p in inquiry.folder.rglob("*") if p.is_file() and b"CANARY" in p.read_bytes()]
    assert held == []


def test_a_server_keeps_to_the_times_once_a_day(
    inquiry: Inquiry, db: PrivateDatabase, old: int
) -> None:
    said_for_a_month(inquiry.folder)
    daily = periods.Daily()
    daily(inquiry.folder)
    follow_withdrawals(inquiry.folder)
    assert stories.count(db) == 0
    assert db.value("select count(*) from clock_seen") == 1
    db.change("delete from clock_seen")
    daily(inquiry.folder)
    assert db.value("select count(*) from clock_seen") == 0  # it has done its work today


def test_a_server_that_has_much_to_erase_stops_for_withdrawals_and_goes_on(
    inquiry: Inquiry,
    db: PrivateDatabase,
    tell: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    six_years_ago = datetime.now(UTC) - 6 * 366 * DAY
    for _ in range(12):
        tell("A made-up CANARY.", told_at=six_years_ago.isoformat(timespec="seconds"))
    said_for_a_month(inquiry.folder)
    monkeypatch.setattr(periods, "AT_A_TIME", 5)
    daily, left = periods.Daily(), []
    for _ in range(4):
        daily(inquiry.folder)
        left.append(stories.count(db))
    assert left == [7, 2, 0, 0]


def test_a_clock_that_leapt_is_refused_until_somebody_says_that_it_is_right(
    inquiry: Inquiry, db: PrivateDatabase, old: int
) -> None:
    db.change(
        "insert into clock_seen values (1, :at)",
        {"at": (datetime.now(UTC) - 730 * DAY).isoformat(timespec="seconds")},
    )
    refused = par(inquiry.folder, "retention", "--erase", "--yes")
    assert refused.exit_code == 1
    assert "730 days after the last time that was noted here" in refused.output
    assert "MEND  time to keep" in par(inquiry.folder, "check").output
    assert par(inquiry.folder, "retention", "--preview", "--clock-is-right").exit_code == 2
    assert par(inquiry.folder, "retention", "--clock-is-right", "--yes").exit_code == 0
    assert "note  time to keep" in par(inquiry.folder, "check").output
    assert stories.count(db) == 1


@pytest.mark.parametrize(
    "written",
    [
        'stories = "5 yeras"',
        "stories = 5",
        'stories = "0 days"',
        'stories = "900 years"',
        'stores = "1 year"',
    ],
)
def test_a_time_that_cannot_be_read_is_refused_with_its_line(
    inquiry: Inquiry, written: str
) -> None:
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('stories = "5 years"', written), "utf-8")
    refused = par(inquiry.folder, "retention")
    assert refused.exit_code == 1
    assert "inquiry.toml, line" in refused.output
    assert '"35 days", "6 months" or "5 years"' in refused.output or "[retention]" in refused.output
