"""The quick way in answers what the page answers, or leaves it to the page."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from par_toolkit import sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.permissions import ACTIONS
from par_toolkit.storage import devices, inbox, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import DiskFull
from par_toolkit.web import arrivals, limits, quick
from par_toolkit.web.app import MOST_BYTES
from tests.serving.conftest import echo
from tests.web.test_web_api import story

#: What no two answers share, and what says only that a page looked for a cookie.
OWN = {"vary", "date"}


class Ways:
    """Asks the quick way and the page the same, each about a story of its own."""

    def __init__(self, app: Flask, db: PrivateDatabase, token: str) -> None:
        self.quick = quick.way_into(app)
        self.app, self.db, self.token = app, db, token

    def environ(self, body: bytes, uuid: str, **given: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        kind = given.pop("kind", "application/json")
        builder = EnvironBuilder(
            f"/api/stories/{uuid}", method="PUT", data=body, content_type=kind, headers=headers
        )
        return builder.get_environ() | given

    def ask_quick(self, body: bytes, uuid: str = "", **given: Any) -> quick.Answer | None:
        assert self.quick is not None
        return self.quick(self.environ(body, uuid or str(uuid4()), **given), body, self.db)

    def ask_page(self, body: bytes, uuid: str = "", **given: Any) -> quick.Answer:
        environ = self.environ(body, uuid or str(uuid4()), **given)
        environ["wsgi.input"] = io.BytesIO(body)
        parts, status, headers = run_wsgi_app(self.app.wsgi_app, environ)
        pairs = [(name.lower().encode(), text.encode()) for name, text in headers]
        return int(status[:3]), pairs, b"".join(parts)


def plain(answer: quick.Answer | None) -> tuple[int, dict[bytes, bytes], dict[str, Any]]:
    """Return an answer without what no two share."""
    assert answer is not None, "this must go the quick way"
    status, headers, content = answer
    said = json.loads(content)
    assert said.pop("uuid")
    assert content.endswith(b"\n")
    return status, {name: text for name, text in headers if name.decode() not in OWN}, said


@pytest.fixture
def ways(app: Flask, db: PrivateDatabase) -> Ways:
    """Hand out both ways, for a tablet that is paired."""
    return Ways(app, db, devices.add(db, "Made-up tablet"))


def as_bytes(**changes: Any) -> bytes:
    return json.dumps(story(**changes)).encode()


def nothing(ways: Ways, uuid: str) -> None:
    """Begin with no story under the uuid."""


def sent_before(ways: Ways, uuid: str) -> None:
    ways.ask_page(as_bytes(), uuid)


def withdrawn(ways: Ways, uuid: str) -> None:
    sent_before(ways, uuid)
    found = ways.db.value("select id from stories where uuid = :uuid", {"uuid": uuid})
    withdrawals.withdraw_story(ways.db, found, by=None, reason="asked at the desk")


@pytest.mark.parametrize(
    ("before", "changes", "headers", "status"),
    [
        (nothing, {}, {}, 201),
        (sent_before, {}, {}, 200),
        (sent_before, {"answers": {"telling": "Other words."}}, {}, 202),
        (withdrawn, {}, {}, 410),
        (nothing, {"language": "fr"}, {}, 201),
        (nothing, {"language": "pa"}, {}, 201),
        (nothing, {"language": "pa"}, {"Accept-Language": "fr;q=0.8, en;q=0.2"}, 201),
        (nothing, {"language": "fr-CA"}, {"Accept-Language": "xx"}, 201),
        (nothing, {"answers": {"telling": "Words.", "group": "dropped_since"}}, {}, 201),
        (nothing, {}, {"Par-Device-Numbers": "1-40", "Par-Device-Seq": "7"}, 201),
        (nothing, {}, {"Cookie": "par=anything"}, 201),
    ],
)
def test_both_ways_answer_the_same(
    ways: Ways,
    before: Callable[[Ways, str], None],
    changes: dict[str, Any],
    headers: dict[str, str],
    status: int,
) -> None:
    answers = []
    for ask in (ways.ask_quick, ways.ask_page):
        uuid = str(uuid4())
        before(ways, uuid)
        answers.append(plain(ask(as_bytes(**changes), uuid, headers=headers)))
    assert answers[0] == answers[1]
    assert answers[0][0] == status


@pytest.mark.parametrize("is_locked", [False, True])
def test_both_ways_take_what_is_sealed(ways: Ways, inquiry: Inquiry, is_locked: bool) -> None:
    body = sealing.seal(sealing.recipient(inquiry.folder), as_bytes())
    if is_locked:
        (inquiry.keys / sealing.PRIVATE).unlink()
    french = {"Accept-Language": "fr"}
    answers = [
        plain(ask(body, headers=french, kind="application/age"))
        for ask in (ways.ask_quick, ways.ask_page)
    ]
    assert answers[0] == answers[1]
    assert answers[0][2].get("sealed", False) is is_locked
    assert len(inbox.ids(ways.db)) == 2 * is_locked


@pytest.mark.parametrize(
    ("body", "given", "status"),
    [
        (b"no JSON", {}, 422),
        (as_bytes(answers={}), {}, 422),
        (as_bytes(form="nothing"), {}, 422),
        (as_bytes(), {"kind": "text/plain"}, 415),
        (as_bytes(), {"headers": {"Authorization": "Bearer wrong"}}, 401),
        (as_bytes(), {"headers": {"Authorization": ""}}, 401),
        (b" " * (MOST_BYTES + 1), {}, 413),
        (b"not sealed", {"kind": "application/age"}, 422),
        (as_bytes(language="pa"), {"headers": {"Cookie": "par=x"}}, 201),
        (as_bytes(language="pa"), {"QUERY_STRING": "lang=fr"}, 201),
    ],
)
def test_what_is_not_in_order_is_left_to_the_page_and_nothing_is_kept(
    ways: Ways, body: bytes, given: dict[str, Any], status: int
) -> None:
    assert ways.ask_quick(body, **dict(given)) is None
    assert stories.count(ways.db) == 0
    assert ways.ask_page(body, **dict(given))[0] == status


def test_a_locked_inquiry_keeps_nothing_before_the_language_is_known(
    ways: Ways, inquiry: Inquiry
) -> None:
    body = sealing.seal(sealing.recipient(inquiry.folder), as_bytes())
    (inquiry.keys / sealing.PRIVATE).unlink()
    session = {"headers": {"Cookie": "par=x"}, "kind": "application/age"}
    assert ways.ask_quick(body, **dict(session)) is None
    assert inbox.ids(ways.db) == []
    assert ways.ask_page(body, **dict(session))[0] == 201


def test_a_uuid_in_another_case_and_one_that_is_none(ways: Ways) -> None:
    uuid = str(uuid4())
    assert ways.ask_quick(as_bytes(), uuid.upper())[0] == 201  # type: ignore[index]
    assert ways.ask_page(as_bytes(), uuid)[0] == 200
    assert ways.ask_quick(as_bytes(), "1/../2") is None


def test_a_tablet_that_sent_too_much_waits_whichever_way(ways: Ways, app: Flask) -> None:
    app.extensions[limits.PLACE] = limits.Limits(allowance=limits.Allowance(2))
    assert [ways.ask_quick(as_bytes()) is None for _ in range(3)] == [False, False, True]
    assert ways.ask_page(as_bytes())[0] == 429


def test_an_address_that_guesses_is_held_up_on_both_ways_together(ways: Ways, app: Flask) -> None:
    app.extensions[limits.PLACE] = limits.Limits(guesses=limits.Guesses(2))
    for number in range(2):
        assert ways.ask_quick(as_bytes(), headers={"Authorization": f"Bearer {number}"}) is None
    assert ways.ask_page(as_bytes(), headers={"Authorization": "Bearer 3"})[0] == 429
    assert ways.ask_quick(as_bytes()) is not None, "whoever is paired goes on"


def test_a_role_that_may_not_send_is_not_let_in(
    ways: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick way asks the table of permissions, under the action that the page names."""
    monkeypatch.setitem(ACTIONS, "send_story", frozenset({"steward"}))  # type: ignore[misc]
    assert ways.ask_quick(as_bytes()) is None
    assert ways.ask_page(as_bytes())[0] in (302, 303, 401, 403)


def test_promise_01_a_full_disk_is_left_to_the_page_to_tell(
    ways: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise DiskFull("no room")

    monkeypatch.setattr(devices, "seen", full)
    assert ways.ask_quick(as_bytes()) is None
    assert stories.count(ways.db) == 0
    assert ways.ask_page(as_bytes())[0] == 507


def test_promise_16_a_fault_is_logged_by_its_kind_and_left_to_the_page(
    ways: Ways, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(arrivals, "take", fault)
    assert ways.ask_quick(as_bytes()) is None
    assert "RuntimeError" in caplog.text and "secret words" not in caplog.text


def test_other_apps_have_no_quick_way() -> None:
    assert quick.way_into(echo) is None
    assert quick.way_into(Flask("other")) is None
