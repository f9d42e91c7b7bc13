"""What every answer tells the browser, and what the cookie is bound to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit import web
from par_toolkit.inquiry import Inquiry, InquiryError
from par_toolkit.web.app import create_app
from par_toolkit.web.headers import HEADERS

PATHS = ["/", "/tell", "/tell/story", "/tell/done", "/mine", "/desk/", "/nowhere", "/api/health"]
TEMPLATES = sorted((Path(web.__file__).parent / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", [*PATHS, "/static/css/site.css"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        for name, value in HEADERS.items():
            assert response.headers[name] == value


def test_nothing_may_run_but_our_own_files(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy and "http:" not in policy and "*" not in policy


@pytest.mark.parametrize("path", PATHS)
def test_promise_03_pages_are_never_stored(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_our_files_may_be_kept_while_they_do_not_change(client: FlaskClient) -> None:
    with client.get("/static/css/site.css") as first:
        assert "no-store" not in first.headers["Cache-Control"]
    known = {"If-None-Match": first.headers["ETag"]}
    with client.get("/static/css/site.css", headers=known) as again:
        assert again.status_code == 304
    assert client.get("/static/nothing.css").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_the_cookie_is_bound_to_the_browser_and_to_https(
    client: FlaskClient, scheme: str, secure: bool
) -> None:
    response = client.get("/tell/story", base_url=f"{scheme}://localhost")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-par=" if secure else "par=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/;" in f"{cookie};"
    assert "Domain" not in cookie
    assert ("Secure" in cookie) is secure
    assert "Expires" not in cookie and "Max-Age" not in cookie


def test_reading_a_page_without_a_form_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers


def test_a_form_over_https_is_taken_only_from_our_own_pages(client: FlaskClient) -> None:
    """The check needs the referrer, which is why the policy is same-origin."""
    from tests.web.pages import open_telling

    fields = open_telling(client) | {"telling": "Words."}
    cookie = client.get_cookie("par")
    assert cookie is not None
    client.set_cookie("__Host-par", cookie.value, secure=True)
    for referrer, status in (("https://elsewhere.example/", 403), ("https://localhost/tell", 303)):
        response = client.post(
            "/tell/story", data=fields, base_url="https://localhost", headers={"Referer": referrer}
        )
        assert response.status_code == status


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_no_template_has_a_style_or_a_script_in_it(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=\s*[\"']|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script
    assert "|safe" not in text.replace(" ", "") and "Markup(" not in text


@pytest.mark.parametrize("damage", [None, "", "zz", "ab" * 8, "not hex " * 8])
def test_a_lost_or_damaged_session_key_is_said_plainly(
    inquiry: Inquiry, damage: str | None
) -> None:
    path = inquiry.keys / "session.key"
    path.unlink()
    if damage is not None:
        path.write_text(damage, "ascii")
    with pytest.raises(InquiryError, match=r"session\.key"):
        create_app(inquiry.folder)


def test_the_key_signs_the_cookie(app: Flask, inquiry: Inquiry) -> None:
    client = app.test_client()
    client.get("/tell/story")
    cookie = client.get_cookie("par")
    assert cookie is not None
    (inquiry.keys / "session.key").write_text("ab" * 32, "ascii")
    other = create_app(inquiry.folder).test_client()
    other.set_cookie("par", cookie.value)
    with other.session_transaction() as session:
        assert dict(session) == {}


@given(cookie=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80))
def test_any_cookie_is_no_session(cookie: str) -> None:
    from par_toolkit.web.sessions import Sessions

    app = Flask("nothing")
    app.secret_key = b"k" * 32
    with app.test_request_context("/", headers={"Cookie": f"session={cookie}"}) as context:
        session = Sessions().open_session(app, context.request)
        assert dict(session or {}) == {}
