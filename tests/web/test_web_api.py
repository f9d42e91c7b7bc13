"""The door for paired devices: every status that a tablet acts on, and a sentence for each."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from par_toolkit import __version__, sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices, receipts, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import DiskFull, InquiryBusy
from par_toolkit.web import payload

UUID = "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d"
CODE = "1234567890123456"


def story(**changes: Any) -> dict[str, Any]:
    """Return a story as the design shows it, with some parts changed."""
    return {
        "form": "story",
        "form_version": 1,
        "language": "en",
        "device_seq": 41,
        "receipt": CODE,
        "answers": {
            "telling": "The well is open again.",
            "title": "Water",
            "kind": "success",
            "group": "residents",
        },
        "consent": {
            "analyse": True,
            "quote": True,
            "publish": False,
            "contact": False,
            "wording": 1,
        },
    } | changes


class Tablet:
    """A paired tablet that sends stories."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token = client, token

    def put(self, body: Any, *, uuid: str = UUID, **options: Any) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        kind = options.pop("content_type", "application/json")
        path = f"/api/stories/{uuid}"
        return self.client.put(path, data=data, headers=headers, content_type=kind, **options)


@pytest.fixture
def tablet(client: FlaskClient, db: PrivateDatabase) -> Tablet:
    """Pair a tablet."""
    return Tablet(client, devices.add(db, "Made-up tablet"))


def said(response: TestResponse) -> dict[str, Any]:
    """Return the JSON of an answer."""
    assert response.mimetype == "application/json"
    assert isinstance(response.json, dict)
    return response.json


def test_health_is_told_to_anyone_and_tells_no_secret(
    client: FlaskClient, inquiry: Inquiry
) -> None:
    response = client.get("/api/health")
    assert response.status_code == 200
    assert said(response) == {
        "ok": True,
        "version": __version__,
        "locked": False,
        "capture_open": True,
        "recipient": sealing.recipient(inquiry.folder),
    }


def test_a_story_is_stored_and_the_answer_names_it(tablet: Tablet, db: PrivateDatabase) -> None:
    response = tablet.put(story())
    assert response.status_code == 201
    answer = said(response)
    assert (answer["stored"], answer["uuid"], answer["device_seq"]) == (True, UUID, 41)
    assert answer["status"] == "stored" and answer["message"]
    (kept,) = stories.listing(db)
    assert kept.answers == story()["answers"]
    assert (kept.uuid, kept.source, kept.cycle) == (UUID, "tablet", "cycle_1")
    assert kept.consent == {"analyse": True, "quote": True, "publish": False, "contact": False}
    assert receipts.find(db, CODE) is not None


def test_no_cookie_is_set_on_this_path(tablet: Tablet) -> None:
    assert "Set-Cookie" not in tablet.put(story()).headers


def test_promise_02_the_same_story_again_is_200_and_other_words_are_202(
    tablet: Tablet, db: PrivateDatabase
) -> None:
    assert tablet.put(story()).status_code == 201
    again = tablet.put(story(), uuid=UUID.upper())
    assert (again.status_code, said(again)["status"]) == (200, "same")
    other = tablet.put(story(answers={"telling": "Other words."}))
    assert (other.status_code, said(other)["status"]) == (202, "sibling")
    assert all(said(one)["stored"] for one in (again, other))
    assert stories.count(db) == 1


@pytest.mark.parametrize("by_code", [True, False])
def test_promise_06_a_withdrawn_story_is_410(
    tablet: Tablet, db: PrivateDatabase, by_code: bool
) -> None:
    if by_code:
        withdrawals.withdraw(db, CODE)
    else:
        tablet.put(story())
        withdrawals.withdraw_story(db, stories.ids(db)[0])
    response = tablet.put(story())
    assert response.status_code == 410
    assert said(response)["stored"] is False
    assert stories.count(db) == 0


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "Bearer \ud83d", "Token x"]
)
def test_without_a_valid_token_the_answer_is_401_in_plain_words(
    client: FlaskClient, header: str
) -> None:
    headers = {"Authorization": header.encode("utf-8", "replace").decode()} if header else {}
    response = client.put(f"/api/stories/{UUID}", json=story(), headers=headers)
    assert response.status_code == 401
    assert "pair it again" in said(response)["message"]


def test_a_revoked_tablet_is_asked_to_pair_again(tablet: Tablet, db: PrivateDatabase) -> None:
    (device,) = devices.listing(db)
    devices.revoke(db, device.id)
    assert tablet.put(story()).status_code == 401


def test_how_many_arrived_is_counted_for_the_device(tablet: Tablet, db: PrivateDatabase) -> None:
    for seq in (1, 2, 5):
        tablet.put(story(device_seq=seq), uuid=str(uuid4()))
    (device,) = devices.listing(db)
    assert (device.arrived, device.last_seq) == (3, 5)
    assert device.last_seen_at is not None


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_type_is_415(tablet: Tablet, kind: str) -> None:
    response = tablet.put(story(), content_type=kind)
    assert response.status_code == 415
    assert "application/json" in said(response)["message"]


def test_more_than_eight_megabytes_is_413(tablet: Tablet, db: PrivateDatabase) -> None:
    response = tablet.put(b'"' + b"x" * (8 * 1024 * 1024) + b'"')
    assert (response.status_code, said(response)["status"]) == (413, "too_large")
    assert tablet.put(story(answers={"telling": "é" * 1_000_000})).status_code == 201
    assert len(stories.listing(db)[0].answers["telling"]) == 1_000_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"story"',
        b"\xff\xfe{}",
        b'{"form": "st\xe9"}',
        b"[" * 200_000,
        b'{"form_version": ' + b"9" * 10_000 + b"}",
        b'{"form_version": NaN}',
        b"\x00",
    ],
)
def test_a_body_that_is_no_story_is_422_with_a_reason(tablet: Tablet, body: bytes) -> None:
    response = tablet.put(body)
    assert response.status_code == 422
    assert said(response)["errors"]


CONSENT: dict[str, Any] = story()["consent"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"form": "nothing"}, "form"),
        ({"form": 7}, "form"),
        ({"form": "../story"}, "form"),
        ({"form_version": 99}, "form"),
        ({"form_version": "1"}, "form_version"),
        ({"form_version": True}, "form_version"),
        ({"form_version": 10**40}, "form_version"),
        ({"language": "English"}, "language"),
        ({"language": "en\n"}, "language"),
        ({"language": None}, "language"),
        ({"device_seq": -1}, "device_seq"),
        ({"device_seq": "41"}, "device_seq"),
        ({"device_seq": 10**30}, "device_seq"),
        ({"receipt": "123"}, "receipt"),
        ({"receipt": 1234567890123456}, "receipt"),
        ({"receipt": "123456789012345x"}, "receipt"),
        ({"receipt": None}, "receipt"),
        ({"answers": []}, "answers.telling"),
        ({"answers": {}}, "answers.telling"),
        ({"answers": {"telling": 5}}, "answers.telling"),
        ({"answers": {"telling": "\ud800"}}, "answers.telling"),
        ({"answers": {"telling": "x", "mood": "fine"}}, "answers.mood"),
        ({"answers": {"telling": "x", "kind": "triumph"}}, "answers.kind"),
        ({"answers": {"telling": "x", "group": "=1+1"}}, "answers.group"),
        ({"answers": {"telling": "x", "group": 5}}, "answers.group"),
        ({"consent": None}, "consent"),
        ({"consent": CONSENT | {"quote": "yes"}}, "consent.quote"),
        ({"consent": CONSENT | {"quote": 1}}, "consent.quote"),
        ({"consent": CONSENT | {"sell": True}}, "consent.sell"),
        ({"consent": CONSENT | {"wording": 2}}, "consent.wording"),
        ({"consent": CONSENT | {"wording": True}}, "consent.wording"),
        ({"consent": {"analyse": True}}, "consent.wording"),
        ({"mood": "fine"}, "mood"),
        ({"\ud800": "x"}, "?"),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    tablet: Tablet, db: PrivateDatabase, changes: dict[str, Any], named: str
) -> None:
    response = tablet.put(story(**changes))
    assert response.status_code == 422
    answer = said(response)
    assert list(answer["errors"]) == [named]
    assert answer["errors"][named].endswith(".") and answer["message"]
    assert answer["stored"] is False
    assert stories.count(db) == 0


@pytest.mark.parametrize("name", payload.NEEDED)
def test_what_is_missing_is_named(tablet: Tablet, name: str) -> None:
    body = {key: value for key, value in story().items() if key != name}
    response = tablet.put(body)
    assert response.status_code == 422
    assert name in " ".join(said(response)["errors"])


def test_device_seq_may_be_left_out(tablet: Tablet) -> None:
    body = story()
    del body["device_seq"]
    assert said(tablet.put(body))["device_seq"] is None


@pytest.mark.parametrize("uuid", ["1", "not-a-uuid", UUID.replace("-", ""), f"{{{UUID}}}"])
def test_a_malformed_uuid_is_422(tablet: Tablet, uuid: str) -> None:
    response = tablet.put(story(), uuid=uuid)
    assert response.status_code == 422
    assert list(said(response)["errors"]) == ["uuid"]


def test_a_group_that_was_dropped_since_is_kept_and_reported(
    tablet: Tablet, db: PrivateDatabase
) -> None:
    """A tablet in the field carries the groups of the day it was paired."""
    response = tablet.put(story(answers={"telling": "x", "group": "fishers"}))
    assert response.status_code == 201
    assert said(response)["unknown"] == {"group": ["fishers"]}
    assert stories.listing(db)[0].group == "fishers"


def test_every_published_version_of_a_form_is_taken(
    tablet: Tablet, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    from forms.catalogue import SHIPPED

    text = (SHIPPED / "story-1.toml").read_text("utf-8").replace("version = 1", "version = 2")
    (inquiry.forms_folder / "story-2.toml").write_text(text, "utf-8")
    for version in (1, 2):
        response = tablet.put(story(form_version=version), uuid=str(uuid4()))
        assert response.status_code == 201
    assert {kept.form_version for kept in stories.listing(db)} == {1, 2}


def test_answers_come_in_the_language_of_the_telling(tablet: Tablet) -> None:
    french = tablet.put(story(language="fr", answers={}))
    assert "Merci de répondre" in said(french)["message"]
    accepts = tablet.put(b"{", headers={"Accept-Language": "fr-CA"})
    assert "Ceci n’est pas du JSON" in said(accepts)["message"]


@pytest.mark.parametrize(("error", "status"), [(DiskFull("full"), 507), (InquiryBusy("busy"), 503)])
def test_promise_01_nothing_is_answered_as_stored_that_is_not(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(stories, "keep", fail)
    response = tablet.put(story())
    assert response.status_code == status
    assert said(response)["status"] == "later"
    assert said(response)["stored"] is False


def test_promise_01_the_story_is_there_for_another_connection_when_the_answer_comes(
    tablet: Tablet, db: PrivateDatabase
) -> None:
    for _ in range(5):
        uuid = str(uuid4())
        assert tablet.put(story(), uuid=uuid).status_code == 201
        assert any(kept.uuid == uuid for kept in stories.listing(db))


@pytest.mark.parametrize("path", ["/api/", "/api/stories", "/api/nothing"])
def test_other_addresses_are_404_in_json(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert said(response)["status"] == "not_found"


def test_another_method_is_405_in_json(client: FlaskClient) -> None:
    response = client.post(f"/api/stories/{UUID}", json=story())
    assert response.status_code == 405
    assert "PUT" in response.headers["Allow"]
    assert said(response)["status"] == "not_found"
