"""What each person changes for themselves, and what wrong passwords cost whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import known_browsers, limits
from tests.web.desk.conftest import PASSWORD, Desk
from tests.web.pages import forms_of, text_of
from tests.web.test_web_limits import Clock

ACCOUNT = "/desk/account"
NEW = "other made up words"


def try_in(client: FlaskClient, name: str, password: str, address: str) -> TestResponse:
    """Try a password from an address."""
    there = {"REMOTE_ADDR": address}
    page = client.get("/desk/sign-in?lang=en", environ_base=there)
    fields = forms_of(page)["/desk/sign-in"].fields | {"name": name, "password": password}
    return client.post("/desk/sign-in", data=fields, environ_base=there)


@pytest.fixture
def clock(app: Flask) -> Clock:
    """Have tries counted by a clock that stands."""
    clock = Clock()
    app.extensions[limits.PLACE] = limits.Limits(tries=limits.Tries(clock=clock))
    return clock


def test_a_password_is_changed_by_whoever_knows_it(
    app: Flask, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    who = desk("evaluator")
    other = Desk(app.test_client(), who.name)
    assert try_in(other.client, who.name, PASSWORD, "10.0.0.2").status_code == 303
    for old, new, again, words in (
        ("wrong", NEW, NEW, "that you have now is not right"),
        (PASSWORD, NEW, "another", "not alike"),
        (PASSWORD, "short", "short", "at least 10"),
        (PASSWORD, "qwertyuiop", "qwertyuiop", "easy to guess"),
        (PASSWORD, f"{who.name}1", f"{who.name}1", "easy to guess"),
        (PASSWORD, "Made-up inquiry 1", "Made-up inquiry 1", "easy to guess"),
    ):
        act = f"{ACCOUNT}/password"
        refused = who.press(f"{ACCOUNT}?lang=en", act, {"old": old, "new": new, "again": again})
        assert refused.status_code == 422 and words in text_of(refused)
    assert people.sign_in(db, who.name, PASSWORD), "nothing was changed"
    fields = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert who.press(ACCOUNT, f"{ACCOUNT}/password", fields).status_code == 303
    assert who.get("/desk/").status_code == 200 and other.get("/desk/").status_code == 303
    assert people.sign_in(db, who.name, PASSWORD) is None
    assert people.sign_in(db, who.name, NEW)


def test_a_password_counts_to_its_last_letter(db: PrivateDatabase) -> None:
    longest = "word " * 199 + "words"
    people.set_password(db, people.add(db, "Example Ama", "steward"), longest)
    assert people.sign_in(db, "Example Ama", longest)
    for other in (longest[:-1], longest + "x", longest.upper(), longest + " "):
        assert people.sign_in(db, "Example Ama", other) is None


def test_a_stranger_who_tries_passwords_is_slowed_and_shuts_nobody_out(
    app: Flask, desk: Callable[..., Desk], clock: Clock
) -> None:
    who = desk("steward")
    stranger = app.test_client()
    answers = [try_in(stranger, who.name, "wrong", "10.0.0.9").status_code for _ in range(30)]
    assert answers[:10] == [422] * 10 and answers[11:] == [429] * 19
    # waiting is no way to learn whether the password is right
    assert try_in(stranger, who.name, PASSWORD, "10.0.0.9").status_code == 429
    # the person themselves comes in: elsewhere, and from this very address in their own browser
    assert try_in(app.test_client(), who.name, PASSWORD, "10.0.0.2").status_code == 303
    who.press("/desk/", "/desk/sign-out")
    assert try_in(who.client, who.name, PASSWORD, "10.0.0.9").status_code == 303
    # and so does anybody else at the address
    other = desk("evaluator")
    assert try_in(app.test_client(), other.name, PASSWORD, "10.0.0.9").status_code == 303
    clock.now += 300
    assert try_in(stranger, who.name, PASSWORD, "10.0.0.9").status_code == 303


def test_a_stolen_mark_of_a_browser_opens_nothing_and_is_slowed_as_well(
    app: Flask, desk: Callable[..., Desk], clock: Clock, db: PrivateDatabase
) -> None:
    who = desk("steward")
    cookie = who.client.get_cookie(known_browsers.COOKIE, path=known_browsers.PATH)
    assert cookie is not None and cookie.http_only and cookie.same_site == "Strict"
    assert who.name not in cookie.decoded_value
    thief = app.test_client()
    thief.set_cookie(known_browsers.COOKIE, cookie.value, path=known_browsers.PATH)
    assert thief.get("/desk/").status_code == 303
    answers = [try_in(thief, who.name, "wrong", f"10.0.1.{n}").status_code for n in range(12)]
    assert answers[11] == 429, "the mark is counted, wherever it is sent from"


@pytest.mark.parametrize("value", ["", "x", "W10.x.y", "\x00", "a" * 3_000])
def test_a_made_up_mark_is_no_mark(app: Flask, desk: Callable[..., Desk], value: str) -> None:
    who, client = desk("steward"), app.test_client()
    client.set_cookie(known_browsers.COOKIE, value, path=known_browsers.PATH)
    assert try_in(client, who.name, PASSWORD, "10.0.0.2").status_code == 303


def test_a_new_password_ends_what_was_known_of_browsers(
    app: Flask, desk: Callable[..., Desk], clock: Clock, db: PrivateDatabase
) -> None:
    who = desk("steward")
    people.set_password(db, people.add(db, who.name, "steward"), NEW)
    answers = [try_in(who.client, who.name, "wrong", "10.0.0.9").status_code for _ in range(12)]
    assert answers[11] == 429
    assert try_in(app.test_client(), who.name, NEW, "10.0.0.9").status_code == 429, "as a stranger"


def test_waits_by_hand() -> None:
    """Three free, then 1, 2, 4 … seconds, at most 300; an hour later everything is forgotten."""
    clock = Clock()
    tries = limits.Tries(3, clock=clock)
    assert [tries.begin("x") for _ in range(4)] == [0, 0, 0, 1]
    waits = []
    for _ in range(11):
        wait = tries.begin("x")
        waits.append(wait)
        clock.now += wait
        assert tries.begin("x") == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert tries.begin("another") == 0
    tries.right("x")
    assert [tries.begin("x") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += limits.GUESSING_SECONDS
    assert tries.begin("x") == 0


@given(pauses=st.lists(st.floats(0, 4_000), max_size=60))
def test_however_it_is_timed_no_place_has_more_tries_than_said(pauses: list[float]) -> None:
    """At most the free ones and one each five minutes, over any time without an hour's rest."""
    clock = Clock()
    tries = limits.Tries(5, clock=clock)
    begun: list[float] = []
    for pause in pauses:
        clock.now += pause
        if tries.begin("x") == 0:
            begun.append(clock.now)
    for first in begun:
        within = [at for at in begun if first <= at < first + 300]
        # five free ones before an hour's rest and after it, and 9 growing waits
        assert len(within) <= 5 + 10 + 5
