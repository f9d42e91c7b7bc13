"""Every door × every role × every method: who gets in is what the one table says, and nothing else.

The routes are read from the application, so a new one is tested without being listed here.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from par_toolkit.inquiry import Inquiry
from par_toolkit.permissions import ACTIONS, ROLES, SIGNED_IN, may
from par_toolkit.storage import devices, people, sittings
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept
from par_toolkit.web import guards
from par_toolkit.web.app import create_app
from par_toolkit.web.current import PLACE
from par_toolkit.web.guards import guarded
from tests import quick
from tests.storage.sensemaking.tables import circle, seat
from tests.web.pages import text_of
from tests.web.routes import knocks, path_of

CODE = "4711471147114711"
SIGN_IN = "/desk/sign-in"


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
        path = path_of(self.app, rule)
        headers = {"Authorization": f"Bearer {self.token}"} if role == "device" else {}
        data = {"code": CODE} if role == "participant" and method == "POST" else None
        return client.open(path, method=method, headers=headers, data=data)


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


#: What no browser form sends, and any program may.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "NONSENSE")


def test_a_method_that_an_address_does_not_take_runs_nothing(
    doors: Doors, clients: dict[str, FlaskClient]
) -> None:
    """With all that could help one in at once: a steward's session, a tablet's token, a code."""
    answers: dict[str, set[str]] = {}
    for rule in doors.app.url_map.iter_rules():
        path = path_of(doors.app, rule)
        # another address may have this one's form, as /desk/stories/… has for any story
        adapter = doors.app.url_map.bind("localhost")
        answers.setdefault(path, set()).update(adapter.allowed_methods(path))
    tried = 0
    for path, taken in answers.items():
        for method in (one for one in METHODS if one not in taken):
            doors.reached = ""
            headers = {"Authorization": f"Bearer {doors.token}"}
            answer = clients["steward"].open(
                path, method=method, headers=headers, data={"code": CODE}
            )
            assert answer.status_code == 405 and not doors.reached, f"{method} {path}"
            assert set(answer.headers["Allow"].split(", ")) == taken, f"{method} {path}"
            tried += 1
    assert tried > 500


@pytest.mark.parametrize("role", ["anyone", "steward", "device"])
def test_asking_for_options_runs_nothing_and_tells_nothing(
    doors: Doors, clients: dict[str, FlaskClient], role: str
) -> None:
    for rule in doors.app.url_map.iter_rules():
        answer = doors.knock(rule, "OPTIONS", role, clients[role])
        assert answer.status_code == 200 and not answer.data and not doors.reached, rule.rule


#: Cookies of somebody who was let in, here or elsewhere, and is so no more.
ENDED = ("another inquiry", "expired", "left open", "signed out", "disabled", "halfway")


@pytest.mark.parametrize("how", ENDED)
def test_a_cookie_that_is_good_no_more_opens_what_is_open_to_anyone(
    doors: Doors,
    db: PrivateDatabase,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    how: str,
) -> None:
    """Over every address: each of these was a steward, who may do most there is to do."""
    app = doors.app
    if how == "another inquiry":  # where the same person has the same number and role
        made = quick.new_inquiry(tmp_path_factory.getbasetemp() / "new inquiry")
        app = create_app(quick.copy_of(made, tmp_path / "another"))
        (app.extensions[PLACE].keys / "session.key").write_text("ab" * 32)
        app = create_app(app.extensions[PLACE].folder)
    person = people.set_password(db, people.add(db, "Made-up Sam", "steward"), "a long password")
    sitting = sittings.begin(db, person)
    client = app.test_client()
    sign_in(client, person)
    with client.session_transaction() as session:
        session["place"], session["seen"] = sitting, int(time.time())
        if how == "expired":
            session["since"] -= 13 * 3_600
        elif how == "left open":
            session["seen"] -= 2 * 3_600
            session["since"] -= 3 * 3_600
        elif how == "halfway":
            session["halfway"] = [session.pop("person"), session["sitting"], int(time.time())]
    cookie = client.get_cookie("par")
    assert cookie is not None
    thief = doors.app.test_client()
    thief.set_cookie("par", cookie.value)
    if how in ("signed out", "disabled"):
        assert thief.get("/desk/").status_code == 200, "until then it is good"
        if how == "disabled":
            people.disable(db, person.name)
        else:
            sittings.end(db, sitting)
    for rule, method in knocks(doors.app):
        action = guards.action_of(doors.app, rule.endpoint, method)
        doors.knock(rule, method, "anyone", thief)
        where = f"{method} {rule.rule} ({action})"
        assert (doors.reached == rule.endpoint) is may("anyone", action), where


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
