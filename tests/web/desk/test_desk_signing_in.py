"""Coming to the desk and leaving it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from par_toolkit.storage import audit, people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.desk.signing_in import safe_next
from tests.web.desk.conftest import PASSWORD, Desk
from tests.web.pages import forms_of, text_of


def sign_in(client, name: str, password: str, **more: str):
    fields = forms_of(client.get("/desk/sign-in?lang=en"))["/desk/sign-in"].fields
    return client.post("/desk/sign-in", data=fields | {"name": name, "password": password} | more)


def test_a_one_time_link_leads_to_a_password_and_in(client, db: PrivateDatabase) -> None:
    token = people.add(db, "Made-up Reader", "evaluator")
    fields = forms_of(client.get("/desk/welcome?lang=en"))["/desk/welcome"].fields
    typed = {"token": f" http://localhost/desk/welcome#{token} ", "password": PASSWORD}
    answer = client.post("/desk/welcome", data=fields | typed | {"again": PASSWORD})
    assert answer.headers["Location"] == "/desk/"
    assert "Made-up Reader, evaluator" in text_of(client.get("/desk/"))
    client.post("/desk/sign-out", data=forms_of(client.get("/desk/"))["/desk/sign-out"].fields)
    fields = forms_of(client.get("/desk/welcome?lang=en"))["/desk/welcome"].fields
    again = client.post("/desk/welcome", data=fields | typed | {"again": PASSWORD})
    assert again.status_code == 422 and "used before or has ended" in text_of(again)


def test_passwords_that_differ_or_are_short_are_refused_with_the_code_kept(
    client, db: PrivateDatabase
) -> None:
    token = people.add(db, "Made-up Reader", "evaluator")
    fields = forms_of(client.get("/desk/welcome?lang=en"))["/desk/welcome"].fields
    for password, again, words in (
        (PASSWORD, "another", "not alike"),
        ("short", "short", "at least 10"),
        ("x" * 2000, "x" * 2000, "at most 1,000"),
    ):
        typed = {"token": token, "password": password, "again": again}
        answer = client.post("/desk/welcome", data=fields | typed)
        assert answer.status_code == 422 and words in text_of(answer)
        kept = forms_of(answer)["/desk/welcome"].fields
        assert kept["token"] == token and kept["password"] == ""


def test_a_wrong_name_and_a_wrong_password_read_the_same(client, desk: Callable[..., Desk]) -> None:
    known = desk("steward").name
    answers = [sign_in(client, known, "wrong words"), sign_in(client, "Nobody", PASSWORD)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("The name or the password is not right" in text_of(answer) for answer in answers)
    assert forms_of(answers[0])["/desk/sign-in"].fields["name"] == known
    assert forms_of(answers[0])["/desk/sign-in"].fields["password"] == ""


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/desk/../../elsewhere",
        "/desk\n/x",
        "/desk/%2e%2e/x",
        "javascript:alert(1)",
        "/tell",
        "/deskelsewhere",
        "/desk//elsewhere.example",
        "",
        None,
    ],
)
def test_signing_in_leads_inside_only(app: Flask, db: PrivateDatabase, wanted: str | None) -> None:
    steward, guest = (someone(db, role) for role in ("steward", "guest"))
    with app.test_request_context():
        assert safe_next(wanted, steward) == "/desk/"
        assert safe_next("/desk/stories/12", steward) == "/desk/stories/12"
        for address in (wanted, "/desk/stories/12"):
            assert safe_next(address, guest) == "/findings/"
        for person in (steward, guest):
            assert safe_next("/findings/search?q=bus", person) == "/findings/search?q=bus"


def someone(db: PrivateDatabase, role: str) -> people.Person:
    people.add(db, f"Example {role}", role)
    found = people.by_name(db, f"Example {role}")
    assert found is not None
    return found


def test_a_guest_is_led_to_the_findings_and_never_to_the_desk(
    app: Flask, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    link = people.add(db, "Example Gus", "guest")
    client = app.test_client()
    fields = forms_of(client.get("/desk/welcome?lang=en"))["/desk/welcome"].fields
    answer = client.post(
        "/desk/welcome", data=fields | {"token": link, "password": PASSWORD, "again": PASSWORD}
    )
    assert answer.headers["Location"] == "/findings/"
    assert client.get("/desk/").status_code == 403
    assert client.get("/desk/sign-in").headers["Location"] == "/findings/"
    home = client.get("/?lang=en")
    assert "You are signed in as Example Gus" in text_of(home)
    client.post("/desk/sign-out", data=forms_of(home)["/desk/sign-out"].fields)
    assert sign_in(client, "Example Gus", PASSWORD).headers["Location"] == "/findings/"


def test_promise_15_what_guests_do_stays_in_the_house(
    app: Flask, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    """A row for each sign-in of a guest would tell everybody how often people come to look."""
    desk("guest")
    assert "guest" in {row["role"] for row in audit.listing(db)}
    assert "guest" not in {row["role"] for row in audit.public_rows(db)}


def test_signing_in_goes_on_to_the_page_that_was_asked_for(
    app: Flask, desk: Callable[..., Desk]
) -> None:
    name = desk("steward").name
    client = app.test_client()
    assert client.get("/desk/people").headers["Location"] == "/desk/sign-in?next=/desk/people"
    answer = sign_in(client, name, PASSWORD, next="/desk/people")
    assert answer.headers["Location"] == "/desk/people"


def test_signing_out_ends_the_session(desk: Callable[..., Desk]) -> None:
    at_desk = desk("steward")
    assert at_desk.press("/desk/", "/desk/sign-out").headers["Location"] == "/desk/sign-in"
    assert at_desk.get("/desk/").status_code == 303


def test_ending_somebodys_access_ends_their_session_at_once(desk: Callable[..., Desk]) -> None:
    steward, evaluator = desk("steward"), desk("evaluator")
    assert evaluator.get("/desk/").status_code == 200
    steward.post("/desk/people/disable", {"name": evaluator.name})
    assert evaluator.get("/desk/").status_code == 303


def test_a_new_password_ends_sessions_on_other_devices(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    evaluator = desk("evaluator")
    people.set_password(db, people.add(db, evaluator.name, "evaluator"), "other made up words")
    assert evaluator.get("/desk/").status_code == 303


def test_a_form_without_its_token_is_refused(desk: Callable[..., Desk]) -> None:
    at_desk = desk("steward")
    answer = at_desk.client.post("/desk/people", data={"person": "Made-up X", "role": "steward"})
    assert answer.status_code == 400
    assert forms_of(answer)["/desk/people"].fields  # the page is there again, with what was typed
    assert "Made-up X" in answer.get_data(as_text=True)
