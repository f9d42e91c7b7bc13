"""A form that changes, or breaks, while people are telling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents, stories
from par_toolkit.storage.database import PrivateDatabase
from tests.web import pages

SHIPPED = Path(forms.__file__).parent / "library" / "story-1.toml"


def second_version(inquiry: Inquiry) -> Path:
    """Put a version 2 of the story form, without the title, into the inquiry's own folder."""
    text = SHIPPED.read_text("utf-8").replace("version = 1", "version = 2", 1)
    before, title, after = text.partition('name = "title"')
    assert title
    path = inquiry.forms_folder / "story-2.toml"
    path.write_text(before + 'name = "heading"' + after, "utf-8")
    return path


def test_promise_16_a_telling_begun_with_an_older_form_is_kept_as_it_was_asked(
    client: FlaskClient, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    fields: dict[str, Any] = pages.open_telling(client)
    second_version(inquiry)
    assert 'name="heading"' in client.get("/tell/story").text, "the next person gets the new one"
    answer = client.post(
        "/tell/story", data=fields | {"telling": "Begun before.", "title": "My heading"}
    )
    assert answer.status_code == 303
    [story] = stories.listing(db)
    assert story.form_version == 1
    assert story.answers == {"telling": "Begun before.", "title": "My heading"}


@pytest.mark.parametrize("page", ["/tell", "/tell/story", "/tell/story/paper"])
def test_promise_16_a_broken_form_file_closes_nothing(
    client: FlaskClient, inquiry: Inquiry, page: str
) -> None:
    (inquiry.forms_folder / "story-2.toml").write_text("this is = not [a form", "utf-8")
    answer = client.get(page)
    assert answer.status_code == 200
    assert "Tell your story" in answer.text


def test_an_unknown_form_is_a_page_that_says_so(client: FlaskClient) -> None:
    assert client.get("/tell/nothing").status_code == 404
    assert client.get("/tell/..%2fstory").status_code == 404


@pytest.mark.parametrize(("sent", "recorded"), [("1", 1), ("2", 2), ("7", 2), ("x", 2), ("", 2)])
def test_promise_05_the_wording_that_was_shown_is_the_one_recorded(
    inquiry: Inquiry, db: PrivateDatabase, sent: str, recorded: int
) -> None:
    from par_toolkit.web.app import create_app

    create_app(inquiry.folder)
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8").replace("wording = 1", "wording = 2", 1)
    path.write_text(text.replace("You may share a few", "You may show a few"), "utf-8")
    client = create_app(inquiry.folder).test_client()
    fields = pages.open_telling(client)
    assert fields["wording"] == "2"
    client.post("/tell/story", data=fields | {"telling": "Asked then.", "wording": sent})
    [story] = stories.listing(db)
    assert {row["wording"] for row in consents.history(db, story.id)} == {recorded}
