"""Limits that stop machines and no hall: by device, and by address for wrong tokens."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import devices, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import arrivals, limits
from tests.web.test_web_api import Tablet, said, story


class Clock:
    """A clock that stands until it is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Hand out a clock."""
    return Clock()


@pytest.fixture
def tablet(client: FlaskClient, db: PrivateDatabase) -> Tablet:
    """Pair a tablet."""
    return Tablet(client, devices.add(db, "Made-up tablet"))


def test_nine_thousand_stories_in_half_a_minute_do_not_meet_the_limit(clock: Clock) -> None:
    allowance = limits.Allowance(clock=clock)
    for number in range(300 * 30):
        clock.now = 1_000.0 + number / 300
        assert allowance.wait(1, 20_000) == 0


def test_an_allowance_by_hand(clock: Clock) -> None:
    """Six an hour: the seventh waits ten minutes, and every ten minutes one more may come."""
    allowance = limits.Allowance(6, clock=clock)
    assert [allowance.wait(1, 1) for _ in range(7)] == [0, 0, 0, 0, 0, 0, 600]
    assert allowance.wait(2, 1) == 0, "each device has its own"
    clock.now += 599
    assert allowance.wait(1, 1) == 1
    clock.now += 1
    assert [allowance.wait(1, 1), allowance.wait(1, 1)] == [0, 600]


def test_bytes_are_limited_by_the_day(clock: Clock) -> None:
    allowance = limits.Allowance(bytes_a_day=86_400, clock=clock)
    assert allowance.wait(1, 86_000) == 0
    assert allowance.wait(1, 500) == 100
    assert allowance.wait(1, 400) == 0
    clock.now += 86_400
    assert allowance.wait(1, 10**9) == 0, "one story that is larger than a day's may come alone"


@given(sizes=st.lists(st.tuples(st.integers(0, 5_000), st.floats(0, 60)), max_size=50))
def test_whoever_waits_as_told_is_let_in(sizes: list[tuple[int, float]]) -> None:
    clock = Clock()
    allowance = limits.Allowance(100, 10_000, clock=clock)
    for size, pause in sizes:
        clock.now += pause
        wait = allowance.wait(1, size)
        assert 0 <= wait <= 86_400
        if wait:
            clock.now += wait
            assert allowance.wait(1, size) == 0


def test_promise_16_too_much_is_429_keeps_nothing_and_says_when(
    app: Flask, tablet: Tablet, db: PrivateDatabase
) -> None:
    limits.init_app(app, limits.Limits(allowance=limits.Allowance(2)))
    told = [f"0b9fd1c2-5a6e-4f7b-8c1d-00000000000{n}" for n in range(3)]
    answers = [tablet.put(story(), uuid=uuid) for uuid in told]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert answers[2].headers["Retry-After"] == "1800"
    assert (said(answers[2])["status"], said(answers[2])["stored"]) == ("later", False)
    assert stories.count(db) == 2
    french = tablet.put(story(), uuid=told[2], headers={"Accept-Language": "fr"})
    assert "Tout reste sur la tablette" in said(french)["message"]
    limits.init_app(app, limits.Limits())
    assert tablet.put(story(), uuid=told[2]).status_code == 201


def attempt(client: FlaskClient, token: str) -> int:
    """Ask with a token, and return the status."""
    header = {"Authorization": f"Bearer {token}"}
    return client.get("/api/device", headers=header).status_code


def test_whoever_guesses_is_slowed_down_and_the_hall_goes_on(
    app: Flask, client: FlaskClient, tablet: Tablet, db: PrivateDatabase
) -> None:
    clock = Clock()
    limits.init_app(app, limits.Limits(guesses=limits.Guesses(5, clock=clock)))
    shut_out = devices.add(db, "Lost tablet")
    devices.revoke(db, devices.listing(db)[0].id)
    assert [attempt(client, shut_out) for _ in range(20)] == [401] * 20
    assert [attempt(client, f"guess {n}") for n in range(7)] == [401] * 5 + [429] * 2
    assert attempt(client, "guess 0") == 401, "the same one again learns nothing"
    assert attempt(client, devices.add(db, "Paired just now")) == 200
    assert attempt(client, tablet.token) == 200
    assert attempt(client, shut_out) == 401
    answer = client.get("/api/device", headers={"Authorization": "Bearer guess 9"})
    assert answer.headers["Retry-After"] == "3600"
    assert (said(answer)["status"], said(answer)["stored"]) == ("later", False)
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    header = {"Authorization": "Bearer guess 9"}
    there = client.get("/api/device", headers=header, environ_base=elsewhere)
    assert there.status_code == 401
    clock.now += 3_600
    assert attempt(client, "guess 9") == 401


def test_a_token_that_is_revoked_later_is_told_so_even_among_guesses(
    app: Flask, client: FlaskClient, tablet: Tablet, db: PrivateDatabase
) -> None:
    limits.init_app(app, limits.Limits(guesses=limits.Guesses(2)))
    assert attempt(client, tablet.token) == 200
    for number in range(4):
        attempt(client, f"guess {number}")
    devices.revoke(db, devices.listing(db)[0].id)
    assert attempt(client, tablet.token) == 401


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 3)
    guesses = limits.Guesses(2)
    for number in range(9):
        guesses.wait(f"192.0.2.{number}", "guess")
        guesses.wait("192.0.2.200", f"{number}")
    assert len(guesses._addresses) == 3
    assert len(guesses._addresses["192.0.2.200"].tokens) == 2


NUMBERS = st.text(st.sampled_from("0123456789- +,.e\u0661"), max_size=40)


@given(numbers=NUMBERS, seq=NUMBERS)
def test_any_header_is_read_strictly_or_not_at_all(numbers: str, seq: str) -> None:
    found, number = arrivals.numbers(numbers), arrivals._seq(seq)
    if found is not None:
        assert f"{found[0]}-{found[1]}" == numbers
        assert 1 <= found[0] <= found[1] + 1 <= 2**53 + 1
    if number is not None:
        assert (str(number), number > 0) == (seq, True)


@pytest.mark.parametrize(
    "numbers",
    ["", "1", "-", "0-3", "3-1", "01-3", "1-3, 4-5", "1–3", "9" * 20 + "-" + "9" * 21, "1-\u0663"],
)
def test_a_bad_header_refuses_no_story_and_changes_no_report(tablet: Tablet, numbers: str) -> None:
    sent = {"Par-Device-Numbers": numbers.encode().decode("latin-1"), "Par-Device-Seq": "x"}
    assert tablet.put(story(device_seq=2), headers=sent).status_code == 201
    report = report_of(tablet)
    assert (report["arrived"], report["of"], report["missing"]) == (1, 2, [1])


def report_of(tablet: Tablet) -> dict[str, Any]:
    """Ask what arrived."""
    header = {"Authorization": f"Bearer {tablet.token}"}
    return said(tablet.client.get("/api/device", headers=header))
