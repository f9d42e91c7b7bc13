"""What other sites have a browser send: refused at every address, before anything is looked at."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from par_toolkit.storage import devices, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import origins
from par_toolkit.web.quick import QuickWay
from tests.web.pages import open_telling, send, text_of
from tests.web.routes import Reached, changing, knocks, path_of
from tests.web.test_web_api import Tablet, said, story

ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "http://localhost:8001"},
    {"Referer": "https://elsewhere.example/localhost"},
)
HERE = (
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {"Referer": "http://localhost/tell/story"},
)


@pytest.fixture
def reached(app: Flask) -> Reached:
    """Note which views are run, and run none; tokens of forms are the next lock, tried below."""
    app.config["WTF_CSRF_ENABLED"] = False
    return Reached(app, shut=True)


def test_no_address_changes_anything_for_another_site(
    app: Flask, client: FlaskClient, reached: Reached
) -> None:
    for rule, method in changing(app):
        for headers in ELSEWHERE:
            answer = client.open(path_of(app, rule), method=method, headers=headers)
            assert (answer.status_code, reached.names) == (403, []), (method, rule.rule, headers)
    assert len(changing(app)) > 60


@pytest.mark.parametrize("headers", HERE)
def test_our_own_pages_and_programs_are_let_in(
    client: FlaskClient, reached: Reached, headers: dict[str, str]
) -> None:
    assert client.post("/tell/story", headers=headers).status_code == 200
    assert reached.names == ["tell.tell"]


def test_reading_from_a_link_elsewhere_is_no_change(client: FlaskClient) -> None:
    assert client.get("/tell", headers=ELSEWHERE[0]).status_code == 200


def test_every_form_needs_its_token(app: Flask, client: FlaskClient) -> None:
    """The second lock: one of our own pages would do, and without its token nothing is done."""
    reached = Reached(app, shut=True)
    for rule, method in changing(app):
        if rule.endpoint != "api.put_story":  # has a key of its own, and takes no cookie
            answer = client.open(path_of(app, rule), method=method, headers=HERE[1])
            assert answer.status_code in (400, 303, 401, 422), (method, rule.rule)
            assert reached.names == [], (method, rule.rule)


def test_no_address_that_only_reads_takes_a_form(app: Flask) -> None:
    """HEAD and GET change nothing, so what changes something is asked for with another method."""
    both = {rule.endpoint for rule, method in knocks(app) if method in ("GET", "HEAD")}
    same = both & {rule.endpoint for rule, _ in changing(app)}
    assert same == set(), "give reading and changing a view each"


def test_the_refusal_says_what_to_do_and_shows_nothing_that_was_sent(client: FlaskClient) -> None:
    fields = open_telling(client) | {"telling": "Zanzibarquartz."}
    answer = client.post("/tell/story?lang=en", data=fields, headers=ELSEWHERE[0])
    assert "Open this site by its own address" in text_of(answer)
    assert "Zanzibarquartz" not in answer.get_data(as_text=True)
    assert send(client, "/tell/story", fields).status_code == 303


def test_a_tablets_story_is_taken_from_its_own_pages_and_from_programs_alone(
    client: FlaskClient, db: PrivateDatabase
) -> None:
    tablet = Tablet(client, devices.add(db, "Made-up tablet"))
    for headers in ELSEWHERE:
        answer = tablet.put(story(), headers=headers)
        assert answer.status_code == 403
        assert said(answer)["stored"] is False
    assert stories.count(db) == 0
    assert tablet.put(story(), headers=HERE[1]).status_code == 201


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_the_quick_way_leaves_other_sites_to_the_page(
    app: Flask, db: PrivateDatabase, headers: dict[str, str]
) -> None:
    token = devices.add(db, "Made-up tablet")
    environ = {
        "PATH_INFO": "/api/stories/0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "CONTENT_TYPE": "application/json",
        "HTTP_HOST": "localhost",
    }
    more = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
    body = json.dumps(story()).encode()
    assert QuickWay(app)(environ | more, body, db) is None
    assert stories.count(db) == 0
    assert QuickWay(app)(environ, body, db) is not None
    assert stories.count(db) == 1


HOSTS = ("hall.example", "hall.example.elsewhere.example", "elsewhere.example", "hall.exampl", "")


@given(
    scheme=st.sampled_from(["http://", "https://", "file://", "//", ""]),
    user=st.sampled_from(["", "hall.example@", "hall.example:80@"]),
    host=st.sampled_from(HOSTS),
    rest=st.sampled_from(["", "/", "#@hall.example", "?//hall.example", "/@hall.example"]),
)
def test_an_origin_is_ours_only_where_its_host_is(
    scheme: str, user: str, host: str, rest: str
) -> None:
    address = f"{scheme}{user}{host}{rest}"
    ours = bool(scheme) and not user and host == "hall.example"
    if address:
        assert origins.began_here("hall.example", origin=address) is ours


@given(origin=st.text(min_size=1, max_size=60))
@example(origin="http://[")
@example(origin="http://hall.example\\@elsewhere.example")
def test_any_text_as_origin_is_answered(origin: str) -> None:
    assert origins.began_here("hall.example", origin=origin) in (True, False)


def test_a_port_is_part_of_the_origin() -> None:
    assert origins.began_here("hall.example:8443", origin="https://hall.example:8443") is True
    assert origins.began_here("hall.example:8443", origin="https://hall.example") is False
