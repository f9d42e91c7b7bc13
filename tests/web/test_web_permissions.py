"""Every door × every role × every method: who gets in is what the one table says, and nothing else.

The routes are read from the application, so a new one is tested without being listed here.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from par_toolkit.inquiry import Inquiry
from par_toolkit.permissions import ACTIONS, ROLES, SIGNED_IN, may
from par_toolkit.storage import devices, people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept
from par_toolkit.web import guards
from par_toolkit.web.app import create_app
from par_toolkit.web.guards import guarded
from tests.storage.sensemaking.tables import circle, seat
from tests.web.pages import text_of

CODE = "4711471147114711"
SIGN_IN = "/desk/sign-in"
#: What stands in for each kind of thing that an address names.
ARGUMENTS = {"uuid": "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d", "name": "story"}


class Doors:
    """An application whose views only note that they were reached."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app, self.token = app, token
        self.reached = ""
        for endpoint, view in app.view_functions.items():
            app.view_functions[endpoint] = self._noted(endpoint, view)

    def _noted(self, endpoint: str, view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def note(*args: Any, **values: Any) -> str:
            self.reached = endpoint
            return "reached"

        return note

    def knock(self, rule: Rule, method: str, role: str, client: FlaskClient) -> TestResponse:
        """Ask for one address in one role; `reached` says whether the view was run."""
        self.reached = ""
        values = {name: ARGUMENTS.get(name, "1") for name in rule.arguments}
        adapter = self.app.url_map.bind("localhost")
        path = adapter.build(rule.endpoint, {**values, **numbers(rule)}, method=method)
        headers = {"Authorization": f"Bearer {self.token}"} if role == "device" else {}
        data = {"code": CODE} if role == "participant" and method == "POST" else None
        return client.open(path, method=method, headers=headers, data=data)


def numbers(rule: Rule) -> dict[str, int]:
    """Return a number for each argument of an address that must be one."""
    kinds = rule._converters
    return {name: 1 for name, kind in kinds.items() if type(kind).__name__ == "IntegerConverter"}


@pytest.fixture
def doors(app: Flask, db: PrivateDatabase, tell: Callable[..., Kept]) -> Doors:
    """Make the application, one story and one tablet; tokens of forms are another test's matter."""
    tell("Zanzibarquartz.", receipt=CODE)
    app.config["WTF_CSRF_ENABLED"] = False
    return Doors(app, devices.add(db, "Made-up tablet"))


@pytest.fixture
def clients(app: Flask, db: PrivateDatabase) -> dict[str, FlaskClient]:
    """Give each role a browser; those who read have signed in, and the member has a seat."""
    found = {}
    for role in ROLES:
        found[role] = app.test_client()
        if role in SIGNED_IN:
            token = people.add(db, f"Made-up {role}", role)
            sign_in(found[role], people.set_password(db, token, "a long password"))
    with found["member"].session_transaction() as session:
        # in another cycle: the stories of one that runs wait for the evaluator's seal
        held = seat(db, circle(db, cycle="another"))
        session["seat"], session["seat_sitting"] = held.id, held.sitting
    return found


def sign_in(client: FlaskClient, person: people.Person) -> None:
    """Begin a session as the desk's door does."""
    with client.session_transaction() as session:
        session["person"], session["sitting"] = person.id, person.session
        session["since"] = int(time.time())


def knocks(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Give every address with every method it answers, but for our files."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            if rule.endpoint != "static":
                yield rule, method


def test_every_door_opens_for_the_roles_in_the_table_and_no_others(
    doors: Doors, clients: dict[str, FlaskClient]
) -> None:
    tried = 0
    for rule, method in knocks(doors.app):
        action = guards.action_of(doors.app, rule.endpoint, method)
        for role in ROLES:
            # a participant is known by a posted code, so a page that is only read has none
            stands_as = "anyone" if role == "participant" and method != "POST" else role
            expected = may(stands_as, action) or may("anyone", action)
            response = doors.knock(rule, method, role, clients[role])
            where = f"{method} {rule.rule} ({action}) as {role}"
            assert (doors.reached == rule.endpoint) is expected, where
            assert expected or refused_plainly(response, role), where
            tried += 1
    assert tried > len(ROLES) * 30


def refused_plainly(response: TestResponse, role: str) -> bool:
    """Say whether a closed door tells what to do, and shows nothing of what is behind it."""
    if "Zanzibarquartz" in response.get_data(as_text=True):
        return False
    if response.status_code == 303:
        return role not in SIGNED_IN and response.headers["Location"].startswith(SIGN_IN)
    if response.status_code == 422:
        return 'name="code"' in response.get_data(as_text=True)
    return response.status_code == 401 or (response.status_code == 403 and role in SIGNED_IN)


def test_every_action_of_the_table_has_a_door(app: Flask) -> None:
    """A right that no door asks for would be a promise on paper."""
    asked = {guards.action_of(app, rule.endpoint, method) for rule, method in knocks(app)}
    elsewhere = {"see_closed_findings"}  # served beside Flask, and asked for at its door
    assert asked | elsewhere == set(ACTIONS)


def test_no_view_may_be_without_an_action(
    inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    from par_toolkit.web import home

    monkeypatch.delattr(home.welcome, "par_action")
    with pytest.raises(LookupError, match=r"home\.welcome"):
        create_app(inquiry.folder)


def test_a_view_added_later_without_an_action_stays_shut(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "Zanzibarquartz")
    response = app.test_client().get("/forgotten")
    assert response.status_code == 500
    assert "Zanzibarquartz" not in response.get_data(as_text=True)


def test_an_action_that_is_not_in_the_table_is_refused_when_it_is_named() -> None:
    with pytest.raises(KeyError, match="not an action"):
        guarded("read_minds")
    with pytest.raises(KeyError, match="not an action"):
        guarded("see_desk", post="read_minds")


def test_reading_and_posting_may_be_different_actions(app: Flask) -> None:
    app.add_url_rule(
        "/both", "both", guarded("see_people", post="publish")(lambda: ""), methods=["GET", "POST"]
    )
    asked = [guards.action_of(app, "both", method) for method in ("GET", "HEAD", "POST", "PUT")]
    assert asked == ["see_people", "see_people", "publish", "publish"]


def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(client: FlaskClient) -> None:
    response = client.get("/desk/?lang=fr")
    assert response.status_code == 303
    assert response.headers["Location"] == f"{SIGN_IN}?next=/desk/"


def test_a_disabled_person_is_out_at_once(app: Flask, db: PrivateDatabase) -> None:
    client = app.test_client()
    token = people.add(db, "Made-up Mara", "facilitator")
    sign_in(client, people.set_password(db, token, "a long password"))
    assert client.get("/desk/").status_code == 200
    people.disable(db, "Made-up Mara")
    assert client.get("/desk/").status_code == 303


def test_a_new_password_ends_older_sessions(app: Flask, db: PrivateDatabase) -> None:
    client = app.test_client()
    token = people.add(db, "Made-up Mara", "facilitator")
    sign_in(client, people.set_password(db, token, "a long password"))
    token = people.add(db, "Made-up Mara", "facilitator")
    people.set_password(db, token, "another long password")
    assert client.get("/desk/").status_code == 303


@pytest.mark.parametrize("value", ["1", None, -1, 10**30, True, {"id": 1}])
def test_a_session_that_names_no_person_is_nobody(client: FlaskClient, value: Any) -> None:
    with client.session_transaction() as session:
        session["person"] = value
    assert client.get("/desk/").status_code == 303


def test_promise_03_hand_over_ends_a_session_at_the_desk(app: Flask, db: PrivateDatabase) -> None:
    """A facilitator's tablet goes to a teller, and on to the next one."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    token = people.add(db, "Made-up Mara", "facilitator")
    sign_in(client, people.set_password(db, token, "a long password"))
    client.post("/tell/handover")
    assert client.get("/desk/").status_code == 303


@pytest.mark.parametrize(
    ("hours", "status"), [(0, 200), (11.9, 200), (12.1, 303), (-1, 303), (None, 303)]
)
def test_a_sitting_at_the_desk_ends_by_itself(
    client: FlaskClient, db: PrivateDatabase, hours: float | None, status: int
) -> None:
    """A copied cookie outlives signing out; it was good for a month and ends within the day."""
    token = people.add(db, "Example Ama", "facilitator")
    sign_in(client, people.set_password(db, token, "a long password"))
    with client.session_transaction() as session:
        session.pop("since")
        session["seen"] = int(time.time())
        if hours is not None:
            session["since"] = int(time.time() - hours * 3600)
    assert client.get("/desk/").status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (59, 200), (61, 303), (-1, 303)])
def test_a_laptop_that_is_left_open_is_signed_out(
    client: FlaskClient, db: PrivateDatabase, minutes: float, status: int
) -> None:
    token = people.add(db, "Example Ama", "facilitator")
    sign_in(client, people.set_password(db, token, "a long password"))
    with client.session_transaction() as session:
        session["since"] = int(time.time() - 7_200)
        session["seen"] = int(time.time() - minutes * 60)
    assert client.get("/desk/").status_code == status
    if status == 200:
        with client.session_transaction() as session:
            assert time.time() - session["seen"] < 60, "each page begins the hour anew"


def test_a_form_from_another_site_changes_nothing(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase
) -> None:
    from par_toolkit.storage import stories

    tell("Stays.", receipt=CODE)
    response = client.post("/mine/withdraw", data={"code": CODE, "confirmed": "yes"})
    assert response.status_code == 400
    assert "Type the receipt code from your slip" in text_of(response)
    assert stories.count(db) == 1
