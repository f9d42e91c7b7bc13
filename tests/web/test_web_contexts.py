"""Nothing of one request reaches the next, whatever the server leaves around it."""

from __future__ import annotations

import json
from uuid import uuid4

import httpx
from flask import Flask, g
from flask.testing import FlaskClient

from par_toolkit.inquiry import Inquiry
from par_toolkit.serving import make_app
from par_toolkit.storage import devices
from par_toolkit.storage.database import PrivateDatabase
from tests.serving.conftest import listening
from tests.web.test_web_api import story


def test_a_request_takes_nothing_from_the_context_it_is_called_in(
    app: Flask, client: FlaskClient, db: PrivateDatabase
) -> None:
    device = devices.by_token(db, devices.add(db, "Made-up tablet"))
    with app.app_context():
        g.device = device  # as a request before this one would have left it
        response = client.put(f"/api/stories/{uuid4()}", json=story())
    assert response.status_code == 401


def test_promise_16_a_long_body_leaves_the_next_request_of_its_connection_alone(
    inquiry: Inquiry, db: PrivateDatabase
) -> None:
    """A body that arrives in many pieces, then a token that was revoked, on one connection."""
    token = devices.add(db, "Made-up tablet")
    device = devices.by_token(db, token)
    assert device is not None
    long = json.dumps(story(answers={"telling": "word " * 150_000}))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with (
        listening(make_app(inquiry.folder, background=())) as address,
        httpx.Client(base_url=address, headers=headers, timeout=30) as tablet,
    ):

        def put(body: str) -> int:
            return tablet.put(f"/api/stories/{uuid4()}", content=body).status_code

        assert [put(long) for _ in range(4)] == [201] * 4
        assert [put(json.dumps(story())) for _ in range(20)] == [201] * 20
        devices.revoke(db, device.id)
        assert [put(json.dumps(story())) for _ in range(4)] == [401] * 4
