"""Bad input in every field: each gets a page that a person can act on, and harms nothing kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept
from tests.web.pages import forms_of, open_telling, send, text_of

BAD = {
    "nothing": "",
    "spaces": " \n\t\u00a0",
    "one megabyte": "a" * 1_000_000,
    "NUL": "a\x00b",
    "controls": "\x01\x02\x1b[31m",
    "bidi override": "\u202etxt.exe",
    "marks": "a" + "\u0301" * 100_000,
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://evil.example")',
    "quotes": "'; drop table stories; --\"",
    "template": "{{ 7 * 7 }}{% raise %}",
    "format": "%s %(x)s {0} %n",
    "emoji": "🏴\U000e0067\U000e0062\U000e007f👩‍👩‍👧",
    "replacement": "\ufffd",
    "joiners": "\u200d" * 1000,
    "line ends": "\r\r\n\u2028\x85",
}
NAMELESS = b"--B\r\nContent-Disposition: nothing\r\n\r\nx\r\n--B--"
FIELDS = (
    "telling", "title", "kind", "group", "changed", "next", "consent-analyse", "uuid", "receipt",
    "csrf_token", "join_code", "language",
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_promise_16_a_telling_with_bad_input_in_any_field_gets_a_page(
    client: FlaskClient, db: PrivateDatabase, bad: str
) -> None:
    for field in FIELDS:
        before = stories.count(db)
        fields = open_telling(client) | {"telling": "The bell rang.", field: BAD[bad]}
        response = send(client, "/tell/story?lang=en", fields)
        assert response.status_code in (200, 303, 400, 422), field
        html = response.get_data(as_text=True)
        assert "<script>alert" not in html and "<img src=x" not in html, field
        if response.status_code == 303:
            assert stories.count(db) == before + 1
            assert not re.search("[\x00-\x08\u202e]", str(stories.listing(db)[0].answers))
        else:
            assert stories.count(db) == before
            if field != "telling":
                shown = forms_of(response)["/tell/story"].fields
                assert shown["telling"] == "The bell rang.", field


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe\xfa", b"caf\xe9", b"\xed\xa0\x80", b"\xf0\x9f"],
    ids=["no UTF-8", "Latin-1", "lone surrogate", "cut short"],
)
def test_malformed_utf_8_gets_a_page(client: FlaskClient, raw: bytes) -> None:
    for field in ("telling", "title", "kind", "uuid", "receipt", "csrf_token"):
        fields = open_telling(client) | {"telling": "The bell rang."}
        parts = {name: value.encode() for name, value in fields.items()} | {field: raw}
        for body, kind in (
            (multipart(parts), "multipart/form-data; boundary=B"),
            (escaped(parts), "application/x-www-form-urlencoded"),
        ):
            response = client.post("/tell/story", data=body, content_type=kind)
            assert response.status_code in (303, 400, 422), (field, kind)


def multipart(parts: dict[str, bytes]) -> bytes:
    """Encode raw fields as the page of a telling does."""
    head = '--B\r\nContent-Disposition: form-data; name="{}"\r\n\r\n'
    pieces = [head.format(name).encode() + value + b"\r\n" for name, value in parts.items()]
    return b"".join(pieces) + b"--B--\r\n"


def escaped(parts: dict[str, bytes]) -> bytes:
    """Encode raw fields byte by byte, as other forms do."""
    return "&".join(
        f"{name}={''.join(f'%{byte:02X}' for byte in value)}" for name, value in parts.items()
    ).encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"--B\r\n", "multipart/form-data; boundary=B"),
        (
            NAMELESS,
            "multipart/form-data; boundary=B",
        ),
        (b"&&&==;%%%", "application/x-www-form-urlencoded"),
        (b'{"telling": "x"}', "application/json"),
        (b"x" * 1000, ""),
        (b"".join(b"f%d=&" % n for n in range(5000)), "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_form_gets_a_page(client: FlaskClient, body: bytes, kind: str) -> None:
    open_telling(client)
    for path in ("/tell/story", "/mine", "/mine/withdraw", "/tell", "/tell/handover"):
        response = client.post(path, data=body, content_type=kind)
        assert 400 <= response.status_code < 500, path
        assert "<h1" in response.get_data(as_text=True)


def test_too_many_fields_get_a_page_that_says_so(client: FlaskClient) -> None:
    fields = open_telling(client) | {f"f{number}": "x" for number in range(3000)}
    response = send(client, "/tell/story?lang=en", fields)
    assert response.status_code == 413
    assert "still on the page" in text_of(response)


@pytest.mark.parametrize("bad", BAD)
def test_promise_16_my_story_with_bad_input_harms_nothing(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase, bad: str
) -> None:
    kept = tell("Stays.", receipt="4711471147114711")
    token = forms_of(client.get("/mine"))["/mine"].fields["csrf_token"]
    good = {"csrf_token": token, "code": "4711471147114711", "story": str(kept.story_id)}
    for path in ("/mine", "/mine/consent", "/mine/withdraw"):
        for field in ("code", "story", "confirmed", "consent-quote"):
            response = client.post(path, data=good | {field: BAD[bad]})
            assert response.status_code in (200, 422), (path, field)
            assert "<script>alert" not in response.get_data(as_text=True)
    assert stories.ids(db) == [kept.story_id]


@pytest.mark.parametrize(
    "path",
    [
        "/?lang=" + "%00" * 50,
        "/?lang=%ff%fe",
        "/tell/" + "a" * 5000,
        "/tell/%00",
        "/tell/..%2f..%2finquiry.toml",
        "/static/../inquiry.toml",
        "/static/%2e%2e/%2e%2e/private.db",
        "/tell/story/paper?lang=<script>",
        "/%ed%a0%80",
        "/mine?code=4711471147114711",
    ],
)
def test_odd_addresses_get_a_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (200, 404)
    assert b"<script>" not in response.data
