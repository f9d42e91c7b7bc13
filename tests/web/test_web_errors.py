"""What people read when something does not work: plain words, no traceback, no words in logs."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.exceptions import TooManyRequests

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import errors as storage
from par_toolkit.web import errors
from par_toolkit.web.guards import guarded
from tests.web.pages import text_of

STATUSES = (400, 401, 403, 404, 405, 410, 413, 422, 429, 500, 503, 507)


def add(app: Flask, path: str, view: object) -> None:
    """Give `app` one more page, open to anyone."""
    name = path.strip("/").replace("/", "_")
    app.add_url_rule(path, name, guarded("see_welcome")(view))  # type: ignore[type-var]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("status", STATUSES)
def test_each_status_has_a_page_that_says_what_to_do(app: Flask, status: int, lang: str) -> None:
    add(app, "/page", lambda: errors.page(status))
    add(app, "/api/page", lambda: errors.page(status))
    client = app.test_client()
    response = client.get(f"/page?lang={lang}")
    assert response.status_code == status
    with app.test_request_context(f"/?lang={lang}"):
        heading, sentence = errors.words_for(status)
    for words in (heading, sentence):
        assert " ".join(words.split()) in text_of(response)
    assert f'lang="{lang}"' in response.get_data(as_text=True)
    answer = client.get(f"/api/page?lang={lang}")
    assert answer.status_code == status
    if status == 413:
        sentence = {"en": "Save what waits there to a file", "fr": "dans un fichier"}[lang]
    assert sentence in answer.get_json()["message"], "a tablet has no page to go back to"


def test_french_errors_are_french(app: Flask) -> None:
    with app.test_request_context("/?lang=fr"):
        french = [errors.words_for(status) for status in STATUSES]
    with app.test_request_context("/?lang=en"):
        english = [errors.words_for(status) for status in STATUSES]
    assert not set(french) & set(english)


def test_a_fault_shows_no_traceback_and_logs_no_words(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> str:
        raise ValueError("Zanzibarquartz was told in secret")

    add(app, "/stumble", stumble)
    with caplog.at_level(logging.DEBUG):
        response = app.test_client().get("/stumble")
    assert response.status_code == 500
    assert "Zanzibarquartz" not in response.get_data(as_text=True)
    assert "Traceback" not in response.get_data(as_text=True)
    assert "Zanzibarquartz" not in caplog.text
    assert "ValueError" in caplog.text and "test_web_errors.py" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (storage.DiskFull("…"), 507),
        (storage.InquiryBusy("…"), 503),
        (storage.ReadOnly("…"), 503),
        (storage.Refused("why", "Do this instead."), 422),
        (storage.InquiryTooNew("…"), 500),
        (storage.Damaged("…"), 500),
        (storage.StorageError("…"), 500),
    ],
)
def test_trouble_in_storage_is_said_with_its_own_status(
    app: Flask, error: storage.StorageError, status: int
) -> None:
    def fail() -> str:
        raise error

    add(app, "/fail", fail)
    response = app.test_client().get("/fail?lang=en")
    assert response.status_code == status
    assert "Traceback" not in text_of(response)
    if status == 422:
        assert "Do this instead." in text_of(response)


def test_a_private_path_in_a_message_of_storage_is_not_shown(app: Flask) -> None:
    def fail() -> str:
        raise storage.ReadOnly("/home/someone/inquiry/private.db cannot be opened")

    add(app, "/fail", fail)
    assert "private.db" not in app.test_client().get("/fail").get_data(as_text=True)


def test_what_was_allowed_and_how_long_to_wait_stay_in_the_headers(app: Flask) -> None:
    def wait() -> str:
        raise TooManyRequests(retry_after=30)

    add(app, "/slow", wait)
    client = app.test_client()
    response = client.delete("/mine")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert client.get("/slow").headers["Retry-After"] == "30"


def test_a_redirect_is_no_error(app: Flask) -> None:
    add(app, "/lead", lambda: abort(app.redirect("/tell")))
    assert app.test_client().get("/lead").headers["Location"] == "/tell"


def test_a_database_that_cannot_be_opened_is_said_on_the_page(
    client: FlaskClient, inquiry: Inquiry
) -> None:
    path = inquiry.folder / "private.db"
    for one in inquiry.folder.glob("private.db*"):
        one.unlink()
    path.write_bytes(b"this is no database at all, " * 200)
    response = client.get("/api/health")
    assert response.status_code == 500
    assert response.get_json()["status"] == "later"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "/%2F%2Fevil.example"])
def test_links_of_an_error_page_lead_nowhere_else(client: FlaskClient, path: str) -> None:
    page = client.get(path, base_url="http://localhost").get_data(as_text=True)
    assert 'href="//' not in page and 'href="/\\' not in page
