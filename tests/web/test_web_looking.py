"""The shared word: asked for on a page, compared kindly, never in an address, ended by a change."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import visitors
from par_toolkit.web.app import create_app
from tests.web.pages import forms_of, text_of

WORD = "Blue Heron Seven"
Opened = Callable[..., Flask]


@pytest.fixture
def opened(inquiry: Inquiry) -> Opened:
    """Hand out an app whose findings are open to whom the test says."""
    path = inquiry.folder / "inquiry.toml"
    before = path.read_text("utf-8")

    def open_to(who: str, word: str = "") -> Flask:
        text = before.replace('open_to = "everybody"', f'open_to = "{who}"')
        path.write_text(text.replace('word = ""', f'word = "{word}"'), "utf-8")
        return create_app(inquiry.folder)

    return open_to


def ask(client: FlaskClient, word: str, *, wanted: str = "/findings/") -> Any:
    """Open the page that asks, type a word, and send it."""
    page = client.get("/look", query_string={"next": wanted, "lang": "en"})
    return client.post("/look", data=forms_of(page)["/look"].fields | {"word": word})


@pytest.mark.parametrize(
    "typed", [WORD, "blue heron seven", " BLUEheron  seven ", "ｂlue heron Seven"]
)
def test_the_word_is_compared_without_capitals_and_spaces(opened: Opened, typed: str) -> None:
    answer = ask(opened("word", WORD).test_client(), typed, wanted="/findings/search?q=a+b&lang=fr")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/findings/search?q=a+b&lang=fr"


def test_whoever_may_look_is_not_asked_again(opened: Opened) -> None:
    client = opened("word", WORD).test_client()
    ask(client, WORD)
    answer = client.get("/look?next=/findings/themes")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/findings/themes")


@pytest.mark.parametrize(
    ("typed", "says"), [("", "Type the word that you were given"), ("blue hero", "not the word")]
)
def test_a_wrong_word_is_a_sentence_and_is_never_shown(
    opened: Opened, typed: str, says: str
) -> None:
    answer = ask(opened("word", WORD).test_client(), typed, wanted="/findings/themes")
    assert answer.status_code == 422 and says in text_of(answer)
    fields = forms_of(answer)["/look"].fields
    assert fields["next"] == "/findings/themes" and fields["word"] == ""
    assert answer.headers["Cache-Control"] == "no-store"


def test_many_wrong_words_are_slowed_and_the_right_one_is_not(opened: Opened) -> None:
    client = opened("word", WORD).test_client()
    said = [text_of(ask(client, f"guess number {turn}")) for turn in range(61)]
    assert all("not the word" in one for one in said[:60]) and "many tries" in said[60]
    assert ask(client, WORD).status_code == 303


def test_the_cookie_does_not_hold_the_word_and_a_new_word_ends_it(opened: Opened) -> None:
    client = opened("word", WORD).test_client()
    ask(client, WORD)
    with client.session_transaction() as session:
        held = dict(session)
    assert "heron" not in str(held).casefold()
    later = opened("word", "Another word altogether").test_client()
    with later.session_transaction() as session:
        session.update(held)
    assert later.get("/look").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/findings/", "//elsewhere.example/findings/",
        "/\\elsewhere.example", "/findings\\x", "/findings/../desk/people",
        "/findings/%2e%2e/desk", "/findings/%2E./desk", "/findings", "/findingsx", "/libraryx",
        "/findings/\r\nSet-Cookie: x=1", "/findings/ x", "/findings/é", "/desk/", "", "/",
        "/findings/" + "a" * 5_000,
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(opened: Opened, wanted: str) -> None:
    answer = ask(opened("word", WORD).test_client(), WORD, wanted=wanted)
    assert answer.headers["Location"] == "/findings/"


@pytest.mark.parametrize(
    "wanted",
    ["/findings/", "/findings/search?q=what...%20then", "/library", "/library.db", "/library?a=b",
     "/library/quotes.csv?_size=max", "/findings/library?sql=select+1%20--[x]"],
)  # fmt: skip
def test_every_address_of_the_findings_is_one_to_go_back_to(wanted: str) -> None:
    assert visitors.inside(wanted)


def test_where_named_people_look_the_page_leads_to_the_door(opened: Opened) -> None:
    client = opened("people").test_client()
    answer = client.get("/look?next=/findings/themes")
    assert answer.headers["Location"] == "/desk/sign-in?next=/findings/themes"
    assert "Sign in to see the findings" in text_of(client.get(answer.headers["Location"]))


def test_where_everybody_looks_nobody_is_asked(client: FlaskClient) -> None:
    assert client.get("/look").headers["Location"] == "/findings/"
    assert "/findings" not in client.get("/robots.txt").get_data(as_text=True)


def test_a_community_may_ask_search_engines_to_stay_away(inquiry: Inquiry) -> None:
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8").replace("search_engines = true", "search_engines = false")
    path.write_text(text, "utf-8")
    client = create_app(inquiry.folder).test_client()
    assert "Disallow: /findings" in client.get("/robots.txt").get_data(as_text=True).splitlines()
    assert client.get("/look").headers["Location"] == "/findings/"


@pytest.mark.parametrize(("who", "word"), [("word", WORD), ("people", "")])
def test_search_engines_are_sent_away(opened: Opened, who: str, word: str) -> None:
    said = opened(who, word).test_client().get("/robots.txt").get_data(as_text=True).splitlines()
    assert {"Disallow: /findings", "Disallow: /library", "Disallow: /look"} <= set(said)


@pytest.mark.parametrize(
    ("who", "word", "says"),
    [("word", WORD, "asked for the word"), ("people", "", "sign in with your own name")],
)
def test_the_first_page_says_who_may_look(opened: Opened, who: str, word: str, says: str) -> None:
    assert says in text_of(opened(who, word).test_client().get("/?lang=en"))


def test_a_form_that_waited_too_long_asks_again(opened: Opened) -> None:
    answer = opened("word", WORD).test_client().post("/look", data={"word": WORD})
    assert answer.status_code == 400 and "/look" in forms_of(answer)


def test_only_people_who_are_let_in_look(opened: Opened, db: PrivateDatabase) -> None:
    app = opened("people")
    key = app.secret_key
    sharing = app.extensions["par_inquiry"].sharing
    person = people.set_password(db, people.add(db, "Example Gus", "guest"), "a long password")
    session = {"person": person.id, "sitting": person.session, "since": int(time.time())}
    assert visitors.may_look(session, sharing, key, lambda: db)
    assert not visitors.may_look({}, sharing, key, lambda: db)
    assert not visitors.may_look(session | {"since": 0}, sharing, key, lambda: db)
    people.disable(db, "Example Gus")
    assert not visitors.may_look(session, sharing, key, lambda: db)
