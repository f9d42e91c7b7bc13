"""Fixtures for the desk: people who sign in, stories to read, and a page's forms to fill in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from par_toolkit.storage import people, stories
from par_toolkit.storage.database import PrivateDatabase
from tests.web.pages import forms_of

PASSWORD = "four made up words"


class Desk:
    """A person at the desk: opens pages, fills in their forms and presses their buttons."""

    def __init__(self, client: FlaskClient, name: str) -> None:
        self.client = client
        self.name = name

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def text(self, path: str) -> str:
        return self.get(path).get_data(as_text=True)

    def press(
        self, page: str, act: str, fields: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Open `page`, fill in the form that is posted to `act`, and post it."""
        opened = forms_of(self.client.get(page))
        assert act in opened, f"{page} offers no form for {act}, only {sorted(opened)}"
        return self.client.post(act, data=opened[act].fields | (fields or {}), **options)

    def post(self, act: str, fields: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Post to `act` without opening a page that offers it, as with a stale page."""
        token = forms_of(self.client.get("/desk/"))["/desk/sign-out"].fields["csrf_token"]
        return self.client.post(act, data={"csrf_token": token} | (fields or {}), **options)


@pytest.fixture
def desk(app: Flask, db: PrivateDatabase, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    """Hand out `desk("facilitator")`: a person of that role who has signed in through the door.

    Their passwords are hashed at a cost that no test waits for.
    """
    light = partial(generate_password_hash, method="pbkdf2:sha256:1")
    monkeypatch.setattr(people, "generate_password_hash", light)
    number = 0

    def sit_down(role: str = "facilitator", *, name: str | None = None) -> Desk:
        nonlocal number
        number += 1
        name = name or f"Made-up {role} {number}"
        people.set_password(db, people.add(db, name, role), PASSWORD)
        client = app.test_client()
        fields = forms_of(client.get("/desk/sign-in?lang=en"))["/desk/sign-in"].fields
        response = client.post("/desk/sign-in", data=fields | {"name": name, "password": PASSWORD})
        assert response.status_code == 303, response.get_data(as_text=True)
        return Desk(client, name)

    return sit_down


@pytest.fixture
def told(db: PrivateDatabase) -> Callable[..., int]:
    """Hand out `told("What happened …", consent={"quote": False}, title="…")`."""

    def tell(telling: str, *, consent: dict[str, bool] | None = None, **given: Any) -> int:
        allows = {"analyse": True, "quote": True, "publish": False, "contact": False}
        fields = {
            "uuid": str(uuid4()),
            "form": "story",
            "form_version": 1,
            "language": "en",
            "words": ("telling", "title", "changed", "next"),
            "wording": 1,
            "source": "web",
        }
        own = {key: given.pop(key) for key in list(given) if key in (*fields, "receipt", "themed")}
        kept = stories.keep(
            db,
            stories.Told(
                **(fields | own),
                answers={"telling": telling, **given},
                consent=allows | (consent or {}),
            ),
        )
        assert kept.story_id is not None
        return kept.story_id

    return tell
