"""Telling closes at every door while nobody is named for help, or no limits are set."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from par_toolkit.inquiry import create, load
from par_toolkit.storage import devices, stories
from par_toolkit.storage.database import open_database
from par_toolkit.web.app import create_app
from par_toolkit.web.quick import QuickWay
from tests.sealed import SealingTablet
from tests.web.pages import forms_of, open_telling, text_of
from tests.web.test_web_api import UUID, Tablet, said, story

#: What a community may empty, and what of inquiry.toml is taken out then.
EMPTIED = {
    "help": r"(?sm)^\[\[help\]\].*?(?=^\[|^#|\Z)",
    "limits": r"(?sm)(?<=^\[confidentiality\]\n).*?(?=^\[)",
}


@pytest.fixture(params=sorted(EMPTIED))
def closed(request: pytest.FixtureRequest, inquiry, client) -> Path:
    """Empty the help contacts, or the limits of confidentiality; `client` saw it open before."""
    path = inquiry.folder / "inquiry.toml"
    before = path.read_text("utf-8")
    after = re.sub(EMPTIED[request.param], "", before)
    assert after != before
    path.write_text(after, "utf-8")
    return inquiry.folder


def test_a_new_inquiry_ships_with_both_and_is_open(tmp_path: Path) -> None:
    made = create(tmp_path / "new", name="Made up", locality="Nowhere", languages=["en", "fr"])
    assert made.capture_open
    assert made.help_contacts and made.confidentiality["en"] and made.confidentiality["fr"]


def test_pages_say_so_and_take_nothing(closed: Path, client) -> None:
    fields = open_telling(client)
    shut = create_app(closed).test_client()
    for path in ("/tell", "/tell/story", "/tell/story/paper", "/tell/shell", "/tell/shell/story"):
        answer = shut.get(f"{path}?lang=en")
        assert answer.status_code == 503, path
        assert "Telling is closed for now" in text_of(answer)
        assert 'name="telling"' not in answer.get_data(as_text=True)
    # somebody who had the page open keeps every word, and hears why nothing is taken
    shut = create_app(closed).test_client()
    token = forms_of(shut.get("/mine"))["/mine"].fields["csrf_token"]
    typed = fields | {"csrf_token": token, "telling": "Zanzibarquartz."}
    answer = shut.post("/tell/story?lang=en", data=typed)
    assert answer.status_code == 422 and "has just been closed" in text_of(answer)
    assert forms_of(answer)["/tell/story"].fields["telling"] == "Zanzibarquartz."
    with open_database(closed) as db:
        assert stories.count(db) == 0
    assert not load(closed).capture_open


def test_programs_are_asked_to_keep_the_story_and_send_it_later(closed: Path) -> None:
    app = create_app(closed)
    with open_database(closed) as db:
        token = devices.add(db, "Made-up program")
        body = json.dumps(story()).encode()
        answer = Tablet(app.test_client(), token).put(body)
        assert answer.status_code == 503 and answer.headers["Retry-After"]
        assert said(answer)["status"] == "later" and said(answer)["stored"] is False
        environ = {
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "PATH_INFO": f"/api/stories/{UUID}",
            "CONTENT_TYPE": "application/json",
        }
        assert QuickWay(app)(environ, body, db) is None, "no way around it"
        assert stories.count(db) == 0
    assert said(app.test_client().get("/api/health"))["capture_open"] is False


def test_what_a_tablet_sealed_before_is_kept(closed: Path) -> None:
    """It may have been told while telling was open, and waits nowhere as safe as here."""
    with open_database(closed) as db:
        tablet = SealingTablet(
            create_app(closed).test_client(), devices.add(db, "Made-up tablet"), closed
        )
        assert tablet.tell().status_code == 201
        assert stories.count(db) == 1
