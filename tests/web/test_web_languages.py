"""Which language a page speaks, and what languages are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit.inquiry import create
from par_toolkit.storage.database import open_database
from par_toolkit.web import languages
from par_toolkit.web.app import create_app
from tests.web.pages import text_of


@pytest.mark.parametrize(
    ("path", "accepts", "spoken"),
    [
        ("/", None, "en"),
        ("/", "fr", "fr"),
        ("/", "fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ("/", "de,fr;q=0.5", "fr"),
        ("/", "de", "en"),
        ("/", "*", "en"),
        ("/", "\x01;;;q=x", "en"),
        ("/?lang=fr", "en", "fr"),
        ("/?lang=xx", "fr", "fr"),
        ("/?lang=", "fr", "fr"),
        ("/?lang=en", "fr", "en"),
    ],
)
def test_the_language_asked_for_then_the_browsers_then_the_first(
    client: FlaskClient, path: str, accepts: str | None, spoken: str
) -> None:
    headers = {"Accept-Language": accepts} if accepts and accepts.isprintable() else {}
    assert f'<html lang="{spoken}"' in client.get(path, headers=headers).get_data(as_text=True)


def test_a_choice_is_remembered(client: FlaskClient) -> None:
    client.get("/?lang=fr")
    assert '<html lang="fr"' in client.get("/tell").get_data(as_text=True)
    client.get("/?lang=en")
    assert '<html lang="en"' in client.get("/tell").get_data(as_text=True)


@pytest.mark.parametrize(
    ("code", "name", "direction"),
    [
        ("en", "English", "ltr"),
        ("fr", "Français", "ltr"),
        ("ar", "العربية", "rtl"),
        ("pa", "ਪੰਜਾਬੀ", "ltr"),
        ("fr-CA", "Français (Canada)", "ltr"),
        ("xx", "Xx", "ltr"),
        ("not a code", "Not a code", "ltr"),
    ],
)
def test_a_language_is_named_in_itself(code: str, name: str, direction: str) -> None:
    assert languages.own_name(code) == name
    assert languages.direction(code) == direction


def test_a_language_without_a_catalogue_falls_back_text_by_text(tmp_path: Path) -> None:
    folder = tmp_path / "inquiry"
    create(folder, name="Made-up", locality="Exampleton", languages=("fr", "ar", "xx"))
    open_database(folder, create=True).close()
    client = create_app(folder).test_client()
    page = client.get("/?lang=ar")
    html = page.get_data(as_text=True)
    assert '<html lang="ar" dir="rtl"' in html
    assert "Raconter" in text_of(page)
    assert client.get("/tell/story?lang=xx").status_code == 200
    assert '<a href="/?lang=fr" lang="fr"' in html


def test_the_switch_keeps_what_is_asked_for_and_leaves_posted_pages(app: Flask) -> None:
    with app.test_request_context("/desk/stories?state=read&lang=en"):
        assert languages.in_language("fr") == "/desk/stories?state=read&lang=fr"
    with app.test_request_context("/mine", method="POST", query_string={"x": "1"}):
        assert languages.in_language("fr", "/mine") == "/mine?lang=fr"
        assert languages.in_language("fr") == "/?lang=fr"
    with app.test_request_context(environ_overrides={"PATH_INFO": "//evil.example/"}):
        assert languages.in_language("fr").startswith("/evil")


def test_an_inquiry_in_one_language_shows_no_switch(tmp_path: Path) -> None:
    folder = tmp_path / "inquiry"
    create(folder, name="Made-up", locality="Exampleton", languages=("en",))
    open_database(folder, create=True).close()
    client = create_app(folder).test_client()
    for path in ("/", "/tell", "/tell/story"):
        assert "lang=fr" not in client.get(path).get_data(as_text=True)
        assert 'class="languages' not in client.get(path).get_data(as_text=True)
