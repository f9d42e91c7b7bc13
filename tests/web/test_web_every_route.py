"""Hostile words in every field and part of every address: no 5xx, nothing run, no header broken.

The addresses are read from the application and every field has the same value, whatever its name,
so that neither a new page nor a new field can be forgotten.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from par_toolkit.inquiry import Inquiry
from par_toolkit.inquiry.model import LEAVE_TO
from par_toolkit.permissions import ROLES, SIGNED_IN, may
from par_toolkit.storage import devices, people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept
from par_toolkit.web import guards, headers
from tests.storage.sensemaking.tables import circle, seat
from tests.web.routes import changing, is_number, knocks, path_of

CODE = "4711471147114711"
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
WORDS = {
    "script": SCRIPT,
    "query": "1'; drop table stories; --",
    "path": "../../../../etc/passwd",
    "bytes": "..%2f..%2finquiry.toml\x00.png",
    "header": "x\r\nSet-Cookie: par=stolen\r\n\r\n<html>",
    "template": "{{ 7 * 7 }}{% raise %}${7*7}%(x)s%n",
    "huge number": "9" * 400,
    "negative": "-1",
    "list": "1,2,,3;4",
    "no letter": "\ufffd\ufffe",
    "turned": "\u202e\u2066\ufeff\u0000",
    "nothing": "",
}
#: Roles that between them come to every address.
WHO = ("anyone", "participant", "member", "facilitator", "evaluator", "steward", "safeguarding")


class SameWords(MultiDict):  # type: ignore[type-arg]
    """A form in which each field anybody asks for holds the same words."""

    def __init__(self, words: str, code: str) -> None:
        super().__init__({"a": words, "code": code})
        self._words = words

    def __contains__(self, name: object) -> bool:
        return name is not None

    def __getitem__(self, name: str) -> str:
        return str(super().__getitem__(name)) if name == "code" else self._words

    def getlist(self, name: str, type: Any = None) -> list[Any]:
        if type is None:
            return [self[name]]
        try:
            return [type(self[name])]
        except (ValueError, TypeError):
            return []


class SameFiles(SameWords):
    """A form in which each file anybody asks for is the same, with a hostile name."""

    def __getitem__(self, name: str) -> Any:
        return FileStorage(io.BytesIO(self._words.encode("utf-8", "replace")), SCRIPT, name)


def with_words(app: Flask, words: str, code: str) -> None:
    """Have every request find `words` in each of its fields and files."""

    class Hostile(Request):
        form = SameWords(words, code)  # type: ignore[assignment]
        files = SameFiles(words, code)  # type: ignore[assignment]

    app.request_class = Hostile


@pytest.fixture
def token(app: Flask, db: PrivateDatabase, tell: Callable[..., Kept]) -> str:
    """Fill the inquiry a little; return the token of a tablet."""
    tell("The bell rang.", receipt=CODE)
    app.config["WTF_CSRF_ENABLED"] = False
    return devices.add(db, "Made-up tablet")


@pytest.fixture
def clients(app: Flask, db: PrivateDatabase, token: str) -> dict[str, FlaskClient]:
    """Give each role a browser."""
    found = {}
    for role in ROLES:
        found[role] = app.test_client()
        if role in SIGNED_IN:
            person = people.set_password(db, people.add(db, f"Made-up {role}", role), "a long one!")
            with found[role].session_transaction() as session:
                session["person"], session["sitting"] = person.id, person.session
                session["since"] = int(time.time())
    with found["member"].session_transaction() as session:
        held = seat(db, circle(db, cycle="another"))
        session["seat"], session["seat_sitting"] = held.id, held.sitting
    return found


def looked_at(answer: TestResponse, where: str) -> None:
    """Fail where an answer is a fault, lets words run, or has lost a header."""
    assert answer.status_code < 500, where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["Content-Security-Policy"] == headers.CONTENT_SECURITY, where
    assert "stolen" not in str(answer.headers), where
    if answer.mimetype == "text/html":
        page = answer.get_data(as_text=True)
        assert "<script>alert" not in page and "<img src=x" not in page, where
        assert "Traceback" not in page and "etc/passwd:" not in page, where
    elif answer.get_data():
        assert answer.mimetype != "application/octet-stream", where


def role_for(app: Flask, endpoint: str, method: str) -> str:
    """Return a role that may come in."""
    action = guards.action_of(app, endpoint, method)
    return next((role for role in WHO if may(role, action)), "device")


@pytest.mark.parametrize("kind", WORDS)
def test_promise_16_every_form_with_hostile_fields_gets_an_answer(
    app: Flask, clients: dict[str, FlaskClient], token: str, kind: str
) -> None:
    # A code that is right comes further than any other; without it, nothing of /mine is seen.
    with_words(app, WORDS[kind], CODE)
    reached = 0
    for rule, method in changing(app):
        role = role_for(app, rule.endpoint, method)
        if rule.endpoint in {"desk.sign_out", "tell.hand_over"}:
            continue  # they would end the session for all that come after
        answer = clients[role].open(path_of(app, rule), method=method)
        looked_at(answer, f"{method} {rule.rule} as {role}")
        reached += answer.status_code not in (401, 403)
    assert reached > 60


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Give role, method and path of each address, hostile in every part that is text."""
    for rule, method in knocks(app):
        if method == "HEAD":
            continue
        role = role_for(app, rule.endpoint, method)
        for words in WORDS.values():
            text = words.encode("utf-8", "replace").decode()
            named = [name for name in rule.arguments if not is_number(rule, name)]
            if named and text:
                yield role, method, path_of(app, rule, **dict.fromkeys(named, text))
        for name in rule.arguments:
            if is_number(rule, name):
                yield role, method, path_of(app, rule, **{name: 10**30})
                yield role, method, path_of(app, rule, **{name: 2**63})


def test_promise_16_every_address_with_hostile_parts_gets_an_answer(
    app: Flask, clients: dict[str, FlaskClient], inquiry: Inquiry
) -> None:
    secrets = [path.read_bytes() for path in inquiry.keys.iterdir() if path.stat().st_size > 20]
    tried = 0
    for role, method, path in addresses(app):
        answer = clients[role].open(path, method=method)
        looked_at(answer, f"{method} {path}")
        assert not any(secret.strip() in answer.get_data() for secret in secrets), path
        tried += 1
    assert tried > 200


QUERIES = ("lang", "_lang", "next", "cycle", "words", "page", "sort", "q", "by", "group", "a", "b")


def test_promise_16_every_page_with_a_hostile_query_gets_an_answer(
    app: Flask, clients: dict[str, FlaskClient]
) -> None:
    for rule, method in knocks(app):
        if method == "GET":
            role = role_for(app, rule.endpoint, method)
            for kind in ("script", "query", "header", "huge number"):
                query = dict.fromkeys(QUERIES, WORDS[kind])
                answer = clients[role].get(path_of(app, rule), query_string=query)
                looked_at(answer, f"{rule.rule} {kind}")
                away = answer.headers.get("Location", "/")
                if rule.endpoint == "leaving.leave":  # leads where the inquiry says, and only there
                    assert away == LEAVE_TO
                    continue
                assert away.startswith("/") and not away.startswith("//"), rule.rule


@pytest.mark.parametrize(
    "next_page",
    [
        "//elsewhere.example",
        "https://elsewhere.example/desk/",
        "/\\elsewhere.example",
        "/findings//elsewhere.example",
        "javascript:alert(1)",
        "/desk/\r\nSet-Cookie: par=stolen",
        "\t//elsewhere.example",
        "/findings/../../elsewhere",
    ],
)
def test_signing_in_and_looking_lead_to_no_other_site(
    app: Flask, clients: dict[str, FlaskClient], next_page: str
) -> None:
    where = clients["facilitator"].get("/desk/sign-in", query_string={"next": next_page})
    assert where.status_code == 303
    away = where.headers["Location"]
    assert "elsewhere.example" not in away.split("/findings/")[0], away
    assert away.startswith("/") and not away.startswith(("//", "/\\")), away
    assert "Set-Cookie: par=stolen" not in str(where.headers)


FILES = {
    "a web page": (b"<html><script>alert(1)</script>", "story.html", "text/html"),
    "a picture that runs": (b"<svg onload='alert(1)'/>", "a.svg", "image/svg+xml"),
    "a name that climbs": (b"code;name\n", "../../keys/session.key", "text/csv"),
    "a bomb": (b"PK\x03\x04" + b"\0" * 100_000, "book.xlsx", "application/zip"),
    "no end": (b"a: &a [*a,*a]\n" * 2_000, "codes.yaml", "application/x-yaml"),
    "many codes": (b"a: &a [x,x]\nb: &b [*a,*a,*a]\n" + b"c: [*b,*b,*b]\n", "c.yml", "text/yaml"),
}


@pytest.mark.parametrize("kind", FILES)
def test_no_file_that_is_sent_is_kept_as_it_came_or_run(
    app: Flask, clients: dict[str, FlaskClient], inquiry: Inquiry, kind: str
) -> None:
    """Every address that takes a form is sent a file in each field that takes one anywhere."""
    body, name, content = FILES[kind]
    before = listing(inquiry.folder)
    for rule, method in changing(app):
        if method != "POST" or rule.endpoint in {"desk.sign_out", "tell.hand_over"}:
            continue
        role = role_for(app, rule.endpoint, method)
        sent = {field: (io.BytesIO(body), name, content) for field in ("file", "telling", "codes")}
        answer = clients[role].post(path_of(app, rule), data=sent)
        looked_at(answer, f"{rule.rule} {kind}")
    after = listing(inquiry.folder)
    assert {path for path in after - before if path.parts[0] in ("media", "forms")} == set()
    assert not any(path.name == Path(name).name for path in after - before)


def listing(folder: Path) -> set[Path]:
    """List the files below a folder."""
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_our_files_are_served_and_nothing_beside_them(client: FlaskClient) -> None:
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/js/..%5c..%5capp.py",
        "/static//etc/passwd",
        "/static/css",
        "/static/",
        "/.git/config",
        "/inquiry.toml",
        "/private.db",
        "/keys/session.key",
    ):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 404, path
        assert answer.mimetype == "text/html", path


def test_the_checks_see_words_that_run(app: Flask, client: FlaskClient) -> None:
    """A page that shows what was typed as it came, or fails on it, must not pass."""
    app.add_url_rule("/bad", "bad", guards.guarded("see_welcome")(lambda: SCRIPT))
    app.add_url_rule("/fails", "fails", guards.guarded("see_welcome")(lambda: 1 / 0))
    with pytest.raises(AssertionError, match="bad"):
        looked_at(client.get("/bad"), "bad")
    with pytest.raises(AssertionError, match="fails"):
        looked_at(client.get("/fails"), "fails")
