"""A second step when signing in: set up, asked for, lost, and ended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from par_toolkit import cli
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, people, second_factors
from par_toolkit.storage.database import PrivateDatabase
from tests.web.desk.conftest import PASSWORD, Desk
from tests.web.pages import forms_of, text_of

ACCOUNT, STEP, LOST = "/desk/account", "/desk/sign-in/second", "/desk/sign-in/lost"


class Clock:
    """The time of both devices, which stands until it is moved."""

    now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(second_factors, "time", clock)
    return clock


@pytest.fixture
def with_second(desk: Callable[..., Desk], clock: Clock) -> Iterator[tuple[Desk, str, list[str]]]:
    """Sign a steward in and set up their second step: who, the secret, the recovery codes."""
    who = desk("steward")
    yield who, *set_up(who, clock)


def set_up(who: Desk, clock: Clock) -> tuple[str, list[str]]:
    """Set up a second step on the pages, as a person does."""
    who.press(ACCOUNT, f"{ACCOUNT}/second", {"password": PASSWORD})
    page = who.get(ACCOUNT)
    secret = re.search(r'id="secret" dir="ltr">([A-Z2-7 ]+)<', page.get_data(as_text=True))
    assert secret and 'class="qr"' in page.get_data(as_text=True)
    code = pyotp.TOTP(secret[1].replace(" ", "")).at(int(clock.now))
    shown = who.press(ACCOUNT, f"{ACCOUNT}/second/confirm", {"code": code})
    codes = re.findall(r'<code dir="ltr">([^<]+)</code>', who.text(shown.headers["Location"]))
    assert len(set(codes)) == second_factors.RECOVERY_CODES
    assert "not shown any more" in who.text(f"{shown.headers['Location']}?lang=en")
    return secret[1].replace(" ", ""), codes


def password_only(app: Flask, name: str) -> FlaskClient:
    """Take the first step of signing in, in a new browser."""
    client = app.test_client()
    fields = forms_of(client.get("/desk/sign-in?lang=en"))["/desk/sign-in"].fields
    answer = client.post("/desk/sign-in", data=fields | {"name": name, "password": PASSWORD})
    assert answer.status_code == 303 and answer.headers["Location"].startswith(STEP)
    return client


def second(client: FlaskClient, code: str) -> TestResponse:
    """Type a code at the second step."""
    return client.post(STEP, data=forms_of(client.get(STEP))[STEP].fields | {"code": code})


def test_a_password_alone_opens_nothing_and_a_code_opens_once(
    app: Flask, with_second: tuple[Desk, str, list[str]], clock: Clock, db: PrivateDatabase
) -> None:
    who, secret, _codes = with_second
    client = password_only(app, who.name)
    before = len([r for r in audit.listing(db) if r["action"] == "sign_in"])
    assert client.get("/desk/").status_code == 303, "halfway is not in"
    clock.now += 30
    code = pyotp.TOTP(secret).at(int(clock.now))
    assert second(client, "000000" if code != "000000" else "000001").status_code == 422
    answer = second(client, f"{code[:3]} {code[3:]}")
    assert answer.headers["Location"] == "/desk/" and client.get("/desk/").status_code == 200
    assert len([r for r in audit.listing(db) if r["action"] == "sign_in"]) == before + 1
    again = password_only(app, who.name)
    assert second(again, code).status_code == 422, "no code is good twice"


@pytest.mark.parametrize(("away", "status"), [(-60, 422), (-30, 303), (30, 303), (60, 422)])
def test_a_clock_may_be_half_a_minute_off(
    app: Flask,
    with_second: tuple[Desk, str, list[str]],
    clock: Clock,
    away: int,
    status: int,
) -> None:
    who, secret, _codes = with_second
    clock.now += 300
    client = password_only(app, who.name)
    assert second(client, pyotp.TOTP(secret).at(int(clock.now) + away)).status_code == status


def test_recovery_codes_open_once_each(
    app: Flask, with_second: tuple[Desk, str, list[str]], db: PrivateDatabase
) -> None:
    who, _secret, codes = with_second
    typed = codes[3].upper().replace("-", " ")
    client = password_only(app, who.name)
    assert second(client, typed).headers["Location"] == ACCOUNT
    assert "9 recovery codes left" in text_of(client.get(f"{ACCOUNT}?lang=en"))
    assert second(password_only(app, who.name), typed).status_code == 422
    assert audit.listing(db)[1]["action"] == "use_recovery_code"


def test_somebody_else_helps_whoever_lost_it_with_a_link_that_works_once(
    app: Flask, desk: Callable[..., Desk], with_second: tuple[Desk, str, list[str]], db
) -> None:
    who, _secret, _codes = with_second
    helper = desk("facilitator")
    page = helper.press("/desk/people", "/desk/people/second", {"name": who.name})
    shown = helper.text(page.headers["Location"])
    link = re.search(rf'id="link" value="[^"#]+{LOST}#([^"]+)"', shown)
    assert link
    client = app.test_client()
    fields = forms_of(client.get(f"{LOST}?lang=en"))[LOST].fields | {"name": who.name}
    for wrong in ({"password": "not the password", "token": link[1]},
                  {"password": PASSWORD, "token": "x" * 32}):  # fmt: skip
        assert client.post(LOST, data=fields | wrong).status_code == 422
    right = fields | {"password": PASSWORD, "token": f"http://localhost{LOST}#{link[1]}"}
    assert client.post(LOST, data=right).headers["Location"] == ACCOUNT
    person = people.by_name(db, who.name)
    assert person is not None and not second_factors.active(db, person)
    assert client.post(LOST, data=right).status_code in (400, 422), "it works once"
    rows = {row["action"]: row for row in audit.listing(db)}
    assert rows["reset_second_step"]["person"] == helper.name
    assert rows["reset_second_step"]["subject"] == f"person {person.id}"
    assert rows["use_second_step_reset"]["person"] == who.name


def test_nobody_resets_their_own_and_no_link_outlives_its_day(
    desk: Callable[..., Desk],
    app: Flask,
    with_second: tuple[Desk, str, list[str]],
    db: PrivateDatabase,
) -> None:
    who, _secret, _codes = with_second
    assert "/desk/people/second" not in forms_of(who.get("/desk/people"))
    refused = who.post("/desk/people/second", {"name": who.name})
    assert refused.status_code == 422 and "Another person" in text_of(refused)
    helper, person = (people.by_name(db, one.name) for one in (desk("steward"), who))
    assert helper and person
    assert desk("facilitator").post("/desk/people/second", {"name": helper.name}).status_code == 422
    token = second_factors.give_reset(db, person, by=helper)
    db.change("update second_factors set reset_until = '2020-01-01T00:00:00+00:00'")
    assert second(password_only(app, who.name), token).status_code == 422


def test_a_new_password_by_link_asks_for_the_second_step_too(
    app: Flask, with_second: tuple[Desk, str, list[str]], db: PrivateDatabase
) -> None:
    who, _secret, _codes = with_second
    token = people.add(db, who.name, "steward")
    client = app.test_client()
    fields = forms_of(client.get("/desk/welcome"))["/desk/welcome"].fields
    typed = {"token": token, "password": "other made up words", "again": "other made up words"}
    answer = client.post("/desk/welcome", data=fields | typed)
    assert answer.headers["Location"].startswith(STEP)
    assert client.get("/desk/").status_code == 303


def test_codes_cannot_be_guessed_by_trying(
    app: Flask, with_second: tuple[Desk, str, list[str]]
) -> None:
    who, _secret, _codes = with_second
    answers = []
    for number in range(12):
        client = password_only(app, who.name) if number % 4 == 0 else client  # noqa: F821
        answers.append(second(client, f"{number:06d}").status_code)
    assert answers[:10] == [422] * 10 and answers[11] == 429


def test_halfway_ends_by_itself_and_with_a_new_password(
    app: Flask, with_second: tuple[Desk, str, list[str]], db: PrivateDatabase
) -> None:
    who, _secret, _codes = with_second
    client = password_only(app, who.name)
    with client.session_transaction() as session:
        session["halfway"] = [*session["halfway"][:2], int(time.time()) - 601]
    assert client.get(STEP).headers["Location"] == "/desk/sign-in"
    for value in (None, [], [1, 2, 3], ["1", "2", "3"], {"a": 1}, [10**30, "x", 1]):
        with client.session_transaction() as session:
            session["halfway"] = value
        assert client.get(STEP).status_code == 303
    client = password_only(app, who.name)
    people.disable(db, who.name)
    assert client.get(STEP).status_code == 303


def test_it_takes_the_password_to_begin_and_to_end_it(
    app: Flask, with_second: tuple[Desk, str, list[str]], db: PrivateDatabase
) -> None:
    """Whoever finds a laptop open can neither take it away nor shut its person out."""
    who, _secret, _codes = with_second
    person = people.by_name(db, who.name)
    assert person is not None
    assert who.post(f"{ACCOUNT}/second/stop", {"password": "wrong"}).status_code == 422
    assert who.post(f"{ACCOUNT}/second", {"password": PASSWORD}).status_code == 422
    assert second_factors.active(db, person)
    who.press(ACCOUNT, f"{ACCOUNT}/second/stop", {"password": PASSWORD})
    assert not second_factors.active(db, person)
    assert db.value("select count(*) from recovery_codes") == 0
    assert who.post(f"{ACCOUNT}/second", {"password": "wrong"}).status_code == 422
    assert who.post(f"{ACCOUNT}/second/confirm", {"code": "123456"}).status_code == 422


def test_whoever_keeps_the_machine_can_end_it(
    with_second: tuple[Desk, str, list[str]], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    who, _secret, _codes = with_second
    run = ["--inquiry", str(inquiry.folder), "people", "second-step", who.name, "--end"]
    assert CliRunner().invoke(cli.main, run[:-1]).output.strip().endswith("is asked for a code.")
    done = CliRunner().invoke(cli.main, [*run, "--yes"])
    assert done.exit_code == 0, done.output
    person = people.by_name(db, who.name)
    assert person is not None and not second_factors.active(db, person)
    assert CliRunner().invoke(cli.main, [*run, "--yes"]).exit_code == 1


def test_the_secret_and_the_codes_are_in_no_byte_of_the_folder(
    with_second: tuple[Desk, str, list[str]], inquiry: Inquiry
) -> None:
    who, secret, codes = with_second
    held = b"".join(p.read_bytes() for p in inquiry.folder.rglob("*") if p.is_file())
    assert who.name.encode() in held
    assert secret.encode() not in held
    assert not [code for code in codes if code.encode() in held]
    assert not [code for code in codes if code.replace("-", "").encode() in held]
