"""Rules for every page, script and answer, read from the files or from the application."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit import web
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.sessions import Sessions
from tests.web.routes import knocks, path_of

WEB = Path(web.__file__).parent
SCRIPTS = sorted(path for path in (WEB / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
#: Ways in which a script makes markup or code out of text.
RUNS = re.compile(
    r"(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function"
    r"|set(Timeout|Interval)\(\s*[\"'`]|createContextualFragment|srcdoc|javascript:"
)


def test_no_script_writes_markup_or_runs_text() -> None:
    assert len(SCRIPTS) > 40
    found = {path.name: hit[0] for path in SCRIPTS if (hit := RUNS.search(path.read_text("utf-8")))}
    assert found == {}
    for bad in ("a.innerHTML = b", "a.insertAdjacentHTML('x', b)", "eval(a)", "setTimeout('a')"):
        assert RUNS.search(bad)


def reading(app: Flask) -> list[str]:
    """List an address of each page that is only read, and of our files."""
    paths = {path_of(app, rule) for rule, method in knocks(app) if method == "GET"}
    return [*sorted(paths), "/static/css/site.css", "/static/js/page.js", "/nowhere", "/api/none"]


def test_no_answer_lets_another_origin_read_it(app: Flask, client: FlaskClient) -> None:
    asks = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization",
    }
    for path in [*reading(app), "/api/stories/0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d"]:
        for method in ("GET", "OPTIONS"):
            with client.open(path, method=method, headers=asks) as answer:
                named = [name for name, _ in answer.headers if name.lower().startswith("access-c")]
                assert named == [], (method, path)


def test_every_answer_says_what_it_is(app: Flask, client: FlaskClient) -> None:
    for path in reading(app):
        with client.get(path) as answer:
            if answer.get_data():
                assert answer.mimetype, path
                if answer.mimetype.startswith("text/"):
                    assert answer.mimetype_params.get("charset") == "utf-8", path


def fields(page: str) -> list[str]:
    """Return the tags of the fields on a page."""
    return re.findall(r"<(?:input|textarea|select)\b[^>]*>", page)


def test_passwords_are_hidden_and_may_be_pasted() -> None:
    found = 0
    for path in TEMPLATES:
        for field in fields(path.read_text("utf-8")):
            if re.search(r'name="(password|again|passphrase)', field):
                found += 1
                assert 'type="password"' in field, path.name
            if re.search(r'name="(password|again)', field):
                assert re.search(r'autocomplete="(current|new)-password"', field), path.name
                assert "maxlength" not in field, path.name
    assert found >= 2
    assert not any("paste" in path.read_text("utf-8") for path in SCRIPTS)


def test_no_form_sends_what_is_typed_in_an_address() -> None:
    """A form without method="post" puts its named fields into the address."""
    kinds = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
    for path in TEMPLATES:
        for head, inside in kinds.findall(path.read_text("utf-8")):
            if 'method="post"' not in head:
                for field in fields(inside):
                    named = re.search(r'\bname="([^"]*)"', field)
                    typed = field.startswith("<textarea") or 'type="password"' in field
                    secret = named and named[1] in ("code", "receipt", "join_code", "token", "word")
                    assert not (named and typed) and not secret, (path.name, field)


@pytest.mark.parametrize(
    "password",
    [
        "  four words with spaces  ",
        "ÅNGSTRÖM å ä ö 12",
        "\u212bngstro\u0308m by the well",
        " ".join(str(number) for number in range(240)),
    ],
)
def test_a_password_is_taken_exactly_as_it_is_typed(db: PrivateDatabase, password: str) -> None:
    people.set_password(db, people.add(db, "Made-up Mara", "steward"), password)
    assert people.sign_in(db, "Made-up Mara", password) is not None
    for other in (password.strip(), password.casefold(), password[:72], password + " "):
        if other != password:
            assert people.sign_in(db, "Made-up Mara", other) is None


def test_a_new_inquiry_has_nobody_in_it(db: PrivateDatabase) -> None:
    assert db.value("select count(*) from people") == 0


def test_sessions_are_signed_with_sha_256_alone(app: Flask) -> None:
    signer = Sessions().get_signing_serializer(app)
    assert signer is not None
    assert signer.signer_kwargs["digest_method"] is hashlib.sha256
    assert signer.signer_kwargs["key_derivation"] == "hmac"

    class Weaker(Sessions):
        digest_method = staticmethod(hashlib.sha1)

    weaker = Weaker().get_signing_serializer(app)
    assert weaker is not None
    client = app.test_client()
    client.set_cookie("par", weaker.dumps({"person": 1}))
    with client.session_transaction() as session:
        assert dict(session) == {}
