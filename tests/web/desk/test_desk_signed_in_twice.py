"""Whoever is signed in in two places is told in both, and can end the other one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import back_up, restore
from par_toolkit.storage import audit, people, sittings
from par_toolkit.storage.database import PrivateDatabase
from tests.web.desk.conftest import PASSWORD, Desk
from tests.web.pages import forms_of

TOLD, END = "in another place as well", "/desk/sign-out/elsewhere"


@pytest.fixture
def twice(app: Flask, desk: Callable[..., Desk]) -> tuple[Desk, Desk]:
    """Sign one person in from two browsers."""
    one = desk("steward")
    client = app.test_client()
    fields = forms_of(client.get("/desk/sign-in?lang=en"))["/desk/sign-in"].fields
    client.post("/desk/sign-in", data=fields | {"name": one.name, "password": PASSWORD})
    return one, Desk(client, one.name)


def test_whoever_is_signed_in_once_is_told_nothing(desk: Callable[..., Desk]) -> None:
    one = desk("steward")
    desk("facilitator")
    assert TOLD not in one.text("/desk/?lang=en")


def test_both_places_are_told_and_either_can_end_the_other(
    twice: tuple[Desk, Desk], db: PrivateDatabase
) -> None:
    one, two = twice
    assert TOLD in one.text("/desk/?lang=en") and TOLD in two.text("/desk/stories?lang=en")
    assert one.press("/desk/", END).status_code == 303
    assert TOLD not in one.text("/desk/?lang=en")
    assert two.get("/desk/").status_code == 303
    assert audit.listing(db)[0]["action"] == "sign_out_elsewhere"


def test_who_signs_out_is_nowhere_else_any_more_not_even_with_a_copied_cookie(
    app: Flask, twice: tuple[Desk, Desk]
) -> None:
    one, two = twice
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = two.client.get_cookie(name)
    assert cookie is not None
    two.press("/desk/", "/desk/sign-out")
    assert TOLD not in one.text("/desk/?lang=en")
    two.client.set_cookie(name, cookie.value)
    assert two.get("/desk/").status_code == 303


@pytest.mark.parametrize("after", ["an hour without a page", "the laptop went round"])
def test_who_signs_in_again_in_the_same_browser_is_not_told_of_themselves(
    desk: Callable[..., Desk], after: str
) -> None:
    """A warning that means nothing is one that nobody reads."""
    one = desk("steward")
    if after == "the laptop went round":
        assert one.post("/tell/handover").status_code == 303
    else:
        with one.client.session_transaction() as session:
            session["seen"] = 0
    assert one.get("/desk/").status_code == 303
    fields = forms_of(one.get("/desk/sign-in?lang=en"))["/desk/sign-in"].fields
    one.client.post("/desk/sign-in", data=fields | {"name": one.name, "password": PASSWORD})
    page = one.text("/desk/?lang=en")
    assert one.name in page and TOLD not in page


def test_who_leaves_quickly_leaves_no_cookie_behind_that_opens_the_desk(
    app: Flask, desk: Callable[..., Desk]
) -> None:
    one = desk("steward")
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = one.client.get_cookie(name)
    assert cookie is not None
    one.get("/leave", headers={"Sec-Fetch-Site": "same-origin"})
    one.client.set_cookie(name, cookie.value)
    assert one.get("/desk/").status_code == 303


def test_no_cookie_of_before_a_restore_opens_the_desk(
    app: Flask, desk: Callable[..., Desk], db: PrivateDatabase, inquiry: Inquiry
) -> None:
    """The backup knows nothing of who has signed out since, nor of a laptop that was stolen."""
    one, two = desk("steward"), desk("facilitator")
    name = app.config["SESSION_COOKIE_NAME"]
    made = back_up(inquiry.folder)
    cookie = one.client.get_cookie(name)
    assert cookie is not None
    one.press("/desk/", "/desk/sign-out")
    db.close()
    restore(made.path, inquiry.folder)
    one.client.set_cookie(name, cookie.value)
    assert [who.get("/desk/").status_code for who in (one, two)] == [303, 303]


def test_a_new_password_and_the_end_of_access_end_every_sitting(
    twice: tuple[Desk, Desk], db: PrivateDatabase
) -> None:
    one, two = twice
    person = people.by_name(db, one.name)
    assert person is not None
    people.set_password(db, people.add(db, person.name, person.role), "another made up password")
    assert [who.get("/desk/").status_code for who in (one, two)] == [303, 303]
    assert db.value("select count(*) from sittings where ended_at is null") == 0


def test_a_sitting_ends_by_itself_and_is_forgotten(
    twice: tuple[Desk, Desk], db: PrivateDatabase
) -> None:
    one, two = twice
    before = datetime.now(UTC) - timedelta(hours=sittings.HOURS, minutes=1)
    db.change(
        "update sittings set begun_at = :at where id = (select min(id) from sittings)",
        {"at": before.isoformat(timespec="seconds")},
    )
    assert TOLD not in two.text("/desk/?lang=en")
    assert one.get("/desk/").status_code == 303
    person = people.by_name(db, one.name)
    assert person is not None
    sittings.begin(db, person)
    assert db.value("select count(*) from sittings") == 2


def test_another_person_s_sitting_is_nobody_else_s(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    one, two = desk("steward"), desk("facilitator")
    found = people.by_name(db, one.name)
    assert found is not None
    theirs = db.value("select max(id) from sittings")
    assert not sittings.holds(db, theirs, found)
    one.post(END)
    assert two.get("/desk/").status_code == 200
