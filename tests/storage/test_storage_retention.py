"""What is past its time goes, after it was said for a month; a clock that leaps erases nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from par_toolkit.inquiry import USES, Inquiry, Period, Retention
from par_toolkit.keeping import periods
from par_toolkit.storage import (
    accounting,
    audit,
    clock_seen,
    contacts,
    devices,
    people,
    retention,
    sittings,
    stories,
    tombstones,
    withdrawals,
)
from par_toolkit.storage.database import PrivateDatabase

FIVE_YEARS = Retention()
DAY = timedelta(days=1)


@pytest.fixture
def told(db: PrivateDatabase, tell: Callable[..., Any]) -> Callable[[datetime], int]:
    """Hand out `told(when)`, which keeps a story that was told then, and returns its id."""

    def at(when: datetime) -> int:
        return int(tell("A made-up CANARY.", told_at=when.isoformat(timespec="seconds")).story_id)

    return at


@pytest.fixture
def now() -> datetime:
    """Return the time the trail of a new inquiry begins at, so that its clock is believed."""
    return datetime.now(UTC)


def days(inquiry: Inquiry, since: datetime, *after: int) -> list[periods.Kept]:
    """Let the program run on these days after `since`."""
    return [periods.keep(inquiry.folder, at=since + day * DAY) for day in after]


def test_a_story_past_its_time_goes_a_month_after_it_was_first_said(
    db: PrivateDatabase, inquiry: Inquiry, told: Callable[[datetime], int], now: datetime
) -> None:
    told(now - 6 * 366 * DAY)
    young = told(now - 366 * DAY)
    assert [kept.erased["stories"] for kept in days(inquiry, now, 0, 1, 2, 29)] == [0] * 4
    (kept,) = days(inquiry, now, 30)
    assert kept.erased["stories"] == 1
    assert kept.sentences == ["Erased because their time was over: 1 of stories."]
    assert stories.ids(db) == [young]
    assert withdrawals.pending(db)
    assert audit.verify(db).whole
    assert audit.listing(db, limit=1)[0]["action"] == "erase_old_stories"


def test_promise_09_what_went_for_its_age_is_accounted_for_and_does_not_come_back(
    db: PrivateDatabase,
    inquiry: Inquiry,
    told: Callable[[datetime], int],
    tell: Callable[..., Any],
    now: datetime,
) -> None:
    old = told(now - 6 * 366 * DAY)
    uuid = stories.get(db, old).uuid
    days(inquiry, now, 0, 1, 2, 31)
    account = accounting.account(db)
    assert account.balanced and account.places["withdrawn"] == 1
    assert tombstones.refuses(db, uuid=uuid, receipt=None)
    assert tell("A made-up CANARY.", uuid=uuid).status == "withdrawn"


def test_said_on_two_days_only_is_not_said(
    db: PrivateDatabase, inquiry: Inquiry, told: Callable[[datetime], int], now: datetime
) -> None:
    """A clock that leaps by a month has said it once, and once more after the leap."""
    told(now - 6 * 366 * DAY)
    assert [kept.erased["stories"] for kept in days(inquiry, now, 0, 45)] == [0, 0]
    assert days(inquiry, now, 46)[0].erased["stories"] == 1


def test_a_shorter_period_gives_a_month_again(
    db: PrivateDatabase, inquiry: Inquiry, told: Callable[[datetime], int], now: datetime
) -> None:
    told(now - 2 * 366 * DAY)
    for day in range(0, 40, 10):
        retention.say_ahead(db, FIVE_YEARS, now + day * DAY)
    shorter = Retention(stories=Period(1, "year"))
    assert retention.erase(db, shorter, now + 40 * DAY)["stories"] == 0
    for day in range(40, 71, 10):
        retention.say_ahead(db, shorter, now + day * DAY)
    assert retention.erase(db, shorter, now + 69 * DAY)["stories"] == 0
    assert retention.erase(db, shorter, now + 70 * DAY)["stories"] == 1


def test_a_longer_period_holds_at_once(
    db: PrivateDatabase, told: Callable[[datetime], int], now: datetime
) -> None:
    told(now - 2 * 366 * DAY)
    for day in range(0, 40, 10):
        retention.say_ahead(db, Retention(stories=Period(1, "year")), now + day * DAY)
    assert retention.erase(db, FIVE_YEARS, now + 40 * DAY)["stories"] == 0
    always = Retention(stories=None)
    assert retention.erase(db, always, now + 40 * DAY)["stories"] == 0


@pytest.mark.parametrize("years", [2, -2])
def test_a_clock_two_years_off_erases_nothing_until_somebody_says_it_is_right(
    db: PrivateDatabase,
    inquiry: Inquiry,
    told: Callable[[datetime], int],
    now: datetime,
    years: int,
) -> None:
    """Whatever is recorded while the clock is wrong does not make it right."""
    told(now - 4 * 366 * DAY)
    days(inquiry, now, 0, 1, 2)
    wrong = years * 366
    for day in (0, 1, 2, 31, 32):
        audit.record(db, "sign_in")
        (kept,) = days(inquiry, now, wrong + day)
        assert kept.doubt is not None and not kept.erased
        assert "par retention --clock-is-right" in kept.sentences[0]
    assert stories.count(db) == 1
    assert days(inquiry, now, 3)[0].doubt is None  # it was set right again
    clock_seen.trust(db, now + wrong * DAY)
    assert days(inquiry, now, wrong)[0].doubt is None
    assert stories.count(db) == 1  # and even then it is said for a month first


def test_what_is_told_while_the_clock_is_years_back_is_not_erased_once_it_is_right(
    db: PrivateDatabase,
    inquiry: Inquiry,
    tell: Callable[..., Any],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A laptop whose battery is dead begins in another year, in a hall without a network."""
    tell("A made-up story of a right clock.")
    days(inquiry, now, 0, 10, 20, 30)
    back = (now - 6 * 366 * DAY).isoformat(timespec="seconds")
    for module in (clock_seen, contacts, stories):
        monkeypatch.setattr(module, "now", lambda: back, raising=False)
    came = tell(
        "A made-up CANARY.",
        consent=dict.fromkeys(USES, True),
        contact="Made-up CANARY street",
    )
    assert days(inquiry, now, -6 * 366)[0].doubt is not None
    (kept,) = days(inquiry, now, 31)
    assert kept.erased["stories"] == kept.erased["contact"] == 0
    assert stories.get(db, came.story_id).told_at == (now + 30 * DAY).isoformat(timespec="seconds")
    assert contacts.noted(db, came.story_id) == (now + 30 * DAY).isoformat(timespec="seconds")


def test_without_a_note_the_clock_is_held_against_the_trail(
    db: PrivateDatabase, now: datetime
) -> None:
    assert clock_seen.doubt(db, now) is None  # nothing to hold it against
    audit.record(db, "sign_in")
    assert clock_seen.doubt(db, now + 59 * DAY) is None
    assert clock_seen.doubt(db, now + 62 * DAY) is not None
    assert clock_seen.doubt(db, now - 2 * DAY) is not None


def test_a_tablet_is_forgotten_and_what_it_brought_stays(
    db: PrivateDatabase, tell: Callable[..., Any], now: datetime
) -> None:
    devices.add(db, "Example tablet")
    device = devices.listing(db)[0].id
    kept = tell("A made-up story.", device=device, device_seq=1, source="tablet")
    devices.revoke(db, device)
    (ended,) = [one for one in retention.due(db, FIVE_YEARS, now) if one.kind == "devices"]
    assert (ended.past, ended.soon) == (0, 0)
    assert retention.erase(db, FIVE_YEARS, now + 360 * DAY)["devices"] == 0
    assert retention.erase(db, FIVE_YEARS, now + 367 * DAY)["devices"] == 1
    assert devices.listing(db) == []
    assert stories.get(db, kept.story_id).answers["telling"] == "A made-up story."
    assert db.value("select count(*) from stories where device is not null") == 0


def test_how_to_reach_a_teller_goes_before_their_story(
    db: PrivateDatabase, inquiry: Inquiry, told: Callable[[datetime], int], now: datetime
) -> None:
    """Said ahead like a story; the row is gone, and erased to its last byte with the next round."""
    story, later = told(now - 2 * 366 * DAY), told(now - 2 * 366 * DAY)
    for one in (story, later):
        contacts.keep(db, "Made-up CANARY street", story=one)
    year_ago = (now - 366 * DAY).isoformat(timespec="seconds")
    db.change("update contacts set noted_at = :at where story = :id", {"at": year_ago, "id": story})
    due = {one.kind: one for one in retention.due(db, FIVE_YEARS, now)}["contact"]
    assert (due.kept, due.past, due.soon) == (2, 1, 0)
    assert [kept.erased["contact"] for kept in days(inquiry, now, 0, 1, 2, 30)] == [0, 0, 0, 1]
    assert [contacts.noted(db, one) is None for one in (story, later)] == [True, False]
    assert stories.count(db) == 2 and withdrawals.pending(db)


def test_who_was_signed_in_is_forgotten(
    db: PrivateDatabase, inquiry: Inquiry, now: datetime
) -> None:
    people.add(db, "Example Ama", "steward")
    (person,) = people.listing(db)
    old, young = (sittings.begin(db, person) for _ in range(2))
    day_ago = (now - DAY).isoformat(timespec="seconds")
    db.change("update sittings set begun_at = :at where id = :id", {"at": day_ago, "id": old})
    days(inquiry, now, 0)
    assert [row["id"] for row in db.rows("select id from sittings")] == [young]


def test_due_says_what_is_near_its_end_and_from_when(
    db: PrivateDatabase, told: Callable[[datetime], int], now: datetime
) -> None:
    told(now - 6 * 366 * DAY)
    told(FIVE_YEARS.stories.before(now) + 10 * DAY)
    told(now)
    due = retention.due(db, FIVE_YEARS, now)[0]
    assert (due.kept, due.past, due.soon) == (3, 1, 1)
    assert due.begins == (now + 30 * DAY).date()
    retention.say_ahead(db, FIVE_YEARS, now - 20 * DAY)
    assert retention.due(db, FIVE_YEARS, now)[0].begins == (now + 10 * DAY).date()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(st.integers(0, 3000), min_size=1, max_size=6),
    ran=st.lists(st.integers(0, 400), min_size=1, max_size=12, unique=True).map(sorted),
    period=st.one_of(
        st.builds(Period, st.integers(1, 900), st.just("day")),
        st.builds(Period, st.integers(1, 30), st.just("month")),
    ),
)
def test_nothing_young_and_nothing_unsaid_is_ever_within_reach(
    db: PrivateDatabase, ages: list[int], ran: list[int], period: Period
) -> None:
    """Against a model of its own: days on which it ran, each with what it could say then."""
    start = datetime(2026, 3, 31, 12, tzinfo=UTC)
    db.change("delete from said_ahead")
    kept = Retention(stories=period)
    for day in ran:
        at = start + day * DAY
        retention.say_ahead(db, kept, at)
        reach = retention.reach(db, "stories", period, at)
        for age in ages:
            told = start - age * DAY
            said_on = [
                one for one in ran if one <= day and told < period.before(start + (one + 30) * DAY)
            ]
            allowed = (
                told < period.before(at)
                and any(one <= day - 30 for one in said_on)
                and len(said_on) >= 3
            )
            if reach is not None and told < reach:
                assert allowed
            elif allowed and len([one for one in said_on if one <= day - 33]) >= 3:
                raise AssertionError("what was said long and often enough is not erased")


@given(
    number=st.integers(1, 600),
    unit=st.sampled_from(("day", "month", "year")),
    on=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)
def test_a_period_is_as_long_as_the_calendar_says(number: int, unit: str, on: datetime) -> None:
    period = Period(number if unit != "year" else number // 4 + 1, unit)
    back = period.before(on)
    shortest, longest = {"day": (1, 1), "month": (28, 31), "year": (365, 366)}[unit]
    assert period.number * shortest <= (on - back).days <= period.number * longest
    assert timedelta() <= on - period.after(back) <= 3 * DAY  # a shorter month in between
    later = on + DAY
    assert period.before(later) >= back


def test_months_end_where_they_end() -> None:
    end = datetime(2024, 3, 31)
    assert Period(1, "month").before(end).date() == date(2024, 2, 29)
    assert Period(1, "year").before(datetime(2024, 2, 29)).date() == date(2023, 2, 28)
    assert Period(13, "month").after(datetime(2023, 1, 31)).date() == date(2024, 2, 29)
    assert str(Period(1, "day")) == "1 day" and str(Period(35, "day")) == "35 days"
