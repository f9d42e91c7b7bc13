"""The pages a tablet keeps: the same bytes for everybody, and nothing of a session in them."""

from __future__ import annotations

import gzip
import html
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms.words import in_every_language
from par_toolkit.inquiry import Inquiry
from tests.web.pages import forms_of, open_telling, tell, text_of

PAGES = ("/tell/shell", "/tell/shell/story", "/tell/shell/reflection", "/tell/shell/feedback")
STATIC = Path(__file__).parents[2] / "par_toolkit" / "web" / "static"


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_promise_03_a_kept_page_is_the_same_for_everybody_and_sets_nothing(
    app: Flask, client: FlaskClient, path: str, lang: str
) -> None:
    told = tell(client, "Zanzibarquartz", title="Bridge")  # somebody with a session
    client.get("/tell?lang=fr")
    answers = [
        client.get(f"{path}?lang={lang}"),
        app.test_client().get(f"{path}?lang={lang}", headers={"Accept-Language": "fr"}),
        app.test_client().get(f"{path}?lang={lang}", headers={"Accept-Language": "de"}),
    ]
    assert len({answer.get_data() for answer in answers}) == 1
    for answer in answers:
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        page = answer.get_data(as_text=True)
        assert "csrf" not in page and told not in page and "Zanzibar" not in page
        assert f'<html lang="{lang}"' in page


def test_a_kept_telling_has_the_questions_of_the_servers_own_page(client: FlaskClient) -> None:
    own = open_telling(client)
    kept = forms_of(client.get("/tell/shell/story?lang=en"))["/tell/story"]
    assert kept.fields["uuid"] == kept.fields["receipt"] == ""
    assert set(own) - set(kept.fields) == {"csrf_token"}


def test_a_kept_page_needs_no_join_code_to_be_opened(inquiry: Inquiry) -> None:
    from par_toolkit.web.app import create_app

    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('join_code = ""', 'join_code = "made-up"'), "utf-8")
    client = create_app(inquiry.folder).test_client()
    page = client.get("/tell/shell/story?lang=en").get_data(as_text=True)
    assert '<div class="question" id="join" hidden>' in page
    assert "Tell your story" in text_of(client.get("/tell/shell?lang=en"))


def test_a_kept_page_of_a_form_that_is_not_there_is_said_to_be_missing(client: FlaskClient) -> None:
    assert client.get("/tell/shell/nowhere?lang=en").status_code == 404
    assert client.get("/tell/shell/story?lang=en&version=99").status_code == 200


def test_a_tablet_says_the_sentences_of_the_form(client: FlaskClient) -> None:
    page = client.get("/tell/shell/story?lang=fr").get_data(as_text=True)
    found = re.search(r'data-checks="([^"]*)"', page)
    assert found
    checks = json.loads(html.unescape(found[1]))
    assert checks["version"] == 1
    assert checks["words"]["needed"] == in_every_language("needed")["fr"]
    assert checks["questions"][0] == {
        "name": "telling",
        "kind": "long_text",
        "required": True,
        "asked": "Que s’est-il passé\u00a0?",
    }


def reached(name: str, seen: dict[str, bytes]) -> None:
    """Collect a script and all that it imports before it runs."""
    path = (STATIC / name).resolve()
    if str(path) in seen:
        return
    seen[str(path)] = path.read_bytes()
    text = path.read_text("utf-8")
    pattern = (
        r"""(?:^import|^export)\s[^;]*?from\s*["'](\.[^"']+)["']|^import\s*["'](\.[^"']+)["']"""
    )
    for match in re.finditer(pattern, text, re.MULTILINE):
        target = (path.parent / (match[1] or match[2])).resolve()
        reached(target.relative_to(STATIC).as_posix(), seen)


def first_load(client: FlaskClient, address: str = "/tell/story?lang=en") -> dict[str, int]:
    """Return the gzipped size of each script and style that a telling loads before it answers."""
    page = client.get(address).get_data(as_text=True)
    named = re.findall(r'(?:src|href)="/static/([^"]+\.(?:js|css))', page)
    seen: dict[str, bytes] = {}
    for name in named:
        if name.endswith(".css"):
            seen[name] = (STATIC / name).read_bytes()
        else:
            reached(name, seen)
    return {name: len(gzip.compress(body, 6)) for name, body in seen.items()}


def test_a_telling_loads_little_before_the_first_question_can_be_answered(
    client: FlaskClient,
) -> None:
    sizes = first_load(client)
    assert len(sizes) > 10
    assert sum(sizes.values()) < 60_000, sizes
    for later in ("age.js", "qr.js", "voice.js", "recording.js"):
        assert not [name for name in sizes if name.endswith(f"/{later}")], later


def test_no_page_of_a_telling_keeps_what_is_typed(client: FlaskClient) -> None:
    for path in PAGES:
        page = client.get(f"{path}?lang=en").get_data(as_text=True)
        controls = re.findall(r"<(?:form|input|textarea)[^>]*>", page)
        assert controls
        for control in controls:
            nothing_typed = re.search(r'type="(?:hidden|checkbox)"', control)
            assert nothing_typed or 'autocomplete="off"' in control, control
