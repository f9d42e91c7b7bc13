"""Sealed stories at the door for devices: opened where the key is, put into the inbox where not."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from par_toolkit import sealing
from par_toolkit.inquiry import Inquiry, create
from par_toolkit.storage import accounting, devices, inbox, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import DiskFull, InquiryBusy
from par_toolkit.web import intake
from par_toolkit.web.app import create_app
from tests.sealed import SealingTablet
from tests.web.test_web_api import CODE, UUID, said, story


@pytest.fixture
def tablet(client: FlaskClient, db: PrivateDatabase, inquiry: Inquiry) -> SealingTablet:
    """Pair a tablet that seals."""
    return SealingTablet(client, devices.add(db, "Made-up tablet"), inquiry.folder)


@pytest.fixture
def locked(client: FlaskClient, inquiry: Inquiry, tmp_path: Path) -> Path:
    """Lock the inquiry and return where its key is."""
    sealing.put_away(inquiry.folder, tmp_path / "stick")
    return tmp_path / "stick"


def opened(inquiry: Inquiry, key: Path) -> dict[str, int]:
    """Open the inbox with a key that is kept elsewhere."""
    with open_database(inquiry.folder) as db:
        return dict(intake.open_inbox(db, inquiry, key=sealing.read_key(key)).outcomes)


def test_a_sealed_story_is_opened_and_kept_as_any_other(
    tablet: SealingTablet, db: PrivateDatabase
) -> None:
    answer = tablet.tell()
    assert answer.status_code == 201
    assert said(answer) == {
        "status": "stored",
        "message": "It is kept.",
        "stored": True,
        "uuid": UUID,
        "device_seq": 41,
    }
    (kept,) = stories.listing(db)
    assert (kept.answers, kept.source) == (story()["answers"], "tablet")
    assert inbox.waits(db).stories == 0


def test_promise_02_sealed_again_or_plain_it_is_the_same_story(
    tablet: SealingTablet, db: PrivateDatabase
) -> None:
    assert tablet.tell().status_code == 201
    assert tablet.tell(uuid=UUID.upper()).status_code == 200
    assert tablet.put(story()).status_code == 200
    assert tablet.tell(story(answers={"telling": "Other words."})).status_code == 202
    assert stories.count(db) == 1


def test_promise_06_a_withdrawn_story_is_410_when_it_comes_sealed(
    tablet: SealingTablet, db: PrivateDatabase
) -> None:
    withdrawals.withdraw(db, CODE)
    answer = tablet.tell()
    assert (answer.status_code, said(answer)["stored"]) == (410, False)


@pytest.mark.parametrize("name", ["sealing.key", "sealing.pub"])
def test_promise_16_a_damaged_key_of_ours_refuses_no_story(
    tablet: SealingTablet, inquiry: Inquiry, db: PrivateDatabase, name: str
) -> None:
    body = tablet.seal(story())
    path = inquiry.keys / name
    whole = path.read_text()
    path.write_text(whole[:20])
    if name == "sealing.key":
        answer = tablet.send(body)
        assert (answer.status_code, said(answer)["status"]) == (503, "later")
        assert said(answer)["stored"] is False
    else:
        assert tablet.client.get("/api/health").status_code == 503
        assert tablet.send(body).status_code == 201, "what opens is whole"
    path.write_text(whole)
    assert tablet.send(body).status_code in (200, 201)
    assert stories.count(db) == 1


def foreign(tablet: SealingTablet) -> bytes:
    other = pyrage.x25519.Identity.generate().to_public()
    return pyrage.encrypt(json.dumps(story()).encode(), [other])


WITH_PASSWORD = pyrage.passphrase.encrypt(b"{}", "made up")  # slow, so it is made once
BAD: dict[str, Any] = {
    "empty": lambda tablet: b"",
    "garbage": lambda tablet: b"\0\xff" * 3_000,
    "cut in the header": lambda tablet: tablet.seal(story())[:60],
    "cut after the header": lambda tablet: tablet.seal(story())[:200],
    "cut at the end": lambda tablet: tablet.seal(story())[:-1],
    "more at the end": lambda tablet: tablet.seal(story()) + b"x",
    "sealed to another": foreign,
    "with a password": lambda tablet: WITH_PASSWORD,
    "plain JSON": lambda tablet: json.dumps(story()).encode(),
    "sealed nothing": lambda tablet: tablet.seal(b""),
    "sealed garbage": lambda tablet: tablet.seal(b"\xff\xfe"),
    "sealed half": lambda tablet: tablet.seal(json.dumps(story()).encode()[:-9]),
    "sealed latin": lambda tablet: tablet.seal('{"form": "é"}'.encode("latin-1")),
    "sealed NUL": lambda tablet: tablet.seal(b'{"form": "\0"}'),
    "sealed list": lambda tablet: tablet.seal(b"[]"),
}


@pytest.mark.parametrize("name", BAD)
def test_promise_16_what_cannot_be_opened_or_read_is_422_by_name(
    tablet: SealingTablet, db: PrivateDatabase, name: str
) -> None:
    answer = tablet.send(BAD[name](tablet))
    assert answer.status_code == 422
    body = said(answer)
    assert list(body["errors"]) == ["body"]
    assert (body["status"], body["stored"]) == ("refused", False)
    assert body["message"].endswith(".") and "Traceback" not in body["message"]
    assert stories.count(db) == inbox.waits(db).stories == 0


def test_a_surrogate_in_a_sealed_story_is_refused_by_its_question(tablet: SealingTablet) -> None:
    answer = tablet.tell(story(answers={"telling": "\ud800"}))
    assert (answer.status_code, list(said(answer)["errors"])) == (422, ["answers.telling"])


def test_messages_are_in_the_tellers_language_else_in_the_tablets(tablet: SealingTablet) -> None:
    french = tablet.tell(story(language="fr"), uuid=str(uuid4()))
    assert said(french)["message"] == "C’est gardé."
    damaged = tablet.send(b"garbage", Accept_Language="fr-CA")
    assert "endommagé" in said(damaged)["message"]
    english = tablet.send(foreign(tablet), Accept_Language="sw")
    assert "sealed for another inquiry" in said(english)["message"]


def test_a_story_of_257_kilobytes_is_taken_whole(
    tablet: SealingTablet, db: PrivateDatabase
) -> None:
    words = "é" * (257 * 1024 // 2)
    assert tablet.tell(story(answers={"telling": words})).status_code == 201
    assert stories.listing(db)[0].answers["telling"] == words


def test_a_body_of_50_megabytes_is_413(tablet: SealingTablet) -> None:
    answer = tablet.send(b"x" * 50_000_000)
    assert (answer.status_code, said(answer)["status"]) == (413, "too_large")


def test_another_type_is_415_and_names_both_that_are_taken(tablet: SealingTablet) -> None:
    answer = tablet.put(tablet.seal(story()), content_type="application/octet-stream")
    assert answer.status_code == 415
    assert "application/json" in said(answer)["message"]
    assert "application/age" in said(answer)["message"]


def test_a_clock_two_years_off_does_not_matter(tablet: SealingTablet) -> None:
    answer = tablet.send(tablet.seal(story()), Date="Tue, 19 Nov 2024 10:00:00 GMT")
    assert answer.status_code == 201


def test_a_token_of_another_inquiry_is_401(tmp_path: Path, tablet: SealingTablet) -> None:
    other = create(tmp_path / "other", name="Another made-up inquiry", locality="Elsewhere")
    with open_database(other.folder, create=True) as db:
        token = devices.add(db, "Made-up tablet")
    create_app(other.folder)
    answer = SealingTablet(tablet.client, token, other.folder).tell()
    assert (answer.status_code, said(answer)["status"]) == (401, "pair_again")
    assert said(answer)["stored"] is False


def in_the_inbox(tablet: SealingTablet, status: int, **options: Any) -> dict[str, Any]:
    """Send to a locked inquiry and return the answer."""
    answer: TestResponse = tablet.send(tablet.seal(story()), **options)
    assert answer.status_code == status
    return said(answer)


def test_promise_01_a_locked_inquiry_keeps_a_sealed_story_before_it_answers(
    tablet: SealingTablet, inquiry: Inquiry, locked: Path, db: PrivateDatabase
) -> None:
    sealed = tablet.seal(story())
    answer = tablet.send(sealed, Par_Device_Seq="41")
    assert answer.status_code == 201
    assert said(answer) == {
        "status": "stored",
        "message": "It is kept.",
        "stored": True,
        "uuid": UUID,
        "device_seq": 41,
        "sealed": True,
    }
    assert tablet.send(sealed, uuid=UUID.upper()).status_code == 200, "these very bytes"
    assert tablet.send(tablet.seal(story())).status_code == 202, "others under the same uuid"
    assert inbox.waits(db) == inbox.Waits(2, 0)
    assert stories.count(db) == 0
    assert opened(inquiry, locked) == {"stored": 1, "same": 1}
    assert inbox.waits(db) == inbox.Waits(0, 0)
    assert [kept.answers for kept in stories.listing(db)] == [story()["answers"]]
    assert opened(inquiry, locked) == {}, "opening again does nothing"


def test_json_is_taken_while_locked(tablet: SealingTablet, locked: Path) -> None:
    answer = tablet.put(story())
    assert answer.status_code == 201
    assert "sealed" not in said(answer)


def test_what_is_no_age_file_is_refused_while_locked_too(
    tablet: SealingTablet, locked: Path, db: PrivateDatabase
) -> None:
    for name in ("empty", "garbage", "cut in the header", "plain JSON", "with a password"):
        assert tablet.send(BAD[name](tablet)).status_code == 422, name
    assert inbox.waits(db).stories == 0


def test_what_was_refused_on_opening_stays_in_the_inbox_with_its_reason(
    tablet: SealingTablet, inquiry: Inquiry, locked: Path, db: PrivateDatabase
) -> None:
    tablet.tell(story(form="nothing"))
    tablet.send(foreign(tablet), uuid=str(uuid4()))
    tablet.tell(uuid=str(uuid4()))
    assert opened(inquiry, locked) == {"stored": 1, "refused": 2}
    assert inbox.waits(db) == inbox.Waits(2, 2)
    (first, _second) = [inbox.get(db, one) for one in inbox.ids(db)]
    assert first is not None and "There is no form 'nothing'" in str(first.reason)
    assert accounting.account(db).balanced
    sealing.put_back(inquiry.folder, sealing.read_key(locked))
    intake.open_waiting(inquiry.folder)
    assert inbox.waits(db) == inbox.Waits(2, 2), "the server leaves those to a person"


def test_promise_06_withdrawn_while_sealed_nothing_is_kept(
    tablet: SealingTablet, inquiry: Inquiry, locked: Path, db: PrivateDatabase
) -> None:
    """By its code: nobody knows whose it is until it is opened. By its uuid: at once."""
    tablet.tell()
    withdrawals.withdraw(db, CODE)
    assert inbox.waits(db).stories == 1
    assert opened(inquiry, locked) == {"withdrawn": 1}
    assert inbox.waits(db).stories == stories.count(db) == 0
    assert withdrawals.pending(db), "the sealed bytes are erased to the last as well"
    other = str(uuid4())
    tablet.put(story(receipt="9999888877776666"), uuid=other)
    tablet.tell(story(receipt="9999888877776666"), uuid=other)
    withdrawals.withdraw_story(db, stories.ids(db)[0])
    assert inbox.waits(db).stories == 0
    assert in_the_inbox(tablet, 410, uuid=other)["stored"] is False
    assert accounting.account(db).balanced


def test_promise_02_fifty_identical_sealed_submissions_at_once_are_one_row(
    app: Flask, tablet: SealingTablet, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    body = tablet.seal(story())
    assert fifty_at_once(app, tablet, body) == {201: 1, 200: 49}
    assert stories.count(db) == 1


def test_promise_02_fifty_at_once_into_the_inbox_are_one_row(
    app: Flask, tablet: SealingTablet, inquiry: Inquiry, locked: Path, db: PrivateDatabase
) -> None:
    body = tablet.seal(story())
    assert fifty_at_once(app, tablet, body) == {201: 1, 200: 49}
    assert inbox.waits(db).stories == 1
    with ThreadPoolExecutor(8) as pool:  # as many programs that open the inbox at once
        found = list(pool.map(lambda _: opened(inquiry, locked), range(8)))
    assert sum((Counter(one) for one in found), Counter()) == {"stored": 1}
    assert stories.count(db) == 1
    assert accounting.account(db).balanced


def fifty_at_once(app: Flask, tablet: SealingTablet, body: bytes) -> Counter[int]:
    """Send the same bytes from fifty threads."""

    def send(_: int) -> int:
        mine = SealingTablet(app.test_client(), tablet.token, tablet.folder)
        return mine.send(body, Par_Device_Numbers="1-41", Par_Device_Seq="41").status_code

    with ThreadPoolExecutor(50) as pool:
        return Counter(pool.map(send, range(50)))


@pytest.mark.parametrize(("error", "status"), [(DiskFull("full"), 507), (InquiryBusy("busy"), 503)])
def test_promise_01_the_inbox_acknowledges_nothing_that_is_not_on_disk(
    tablet: SealingTablet,
    locked: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(inbox, "put", fail)
    answer = tablet.tell()
    assert answer.status_code == status
    assert (said(answer)["status"], said(answer)["stored"]) == ("later", False)


def test_promise_01_opening_that_breaks_off_loses_nothing(
    tablet: SealingTablet,
    inquiry: Inquiry,
    locked: Path,
    db: PrivateDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [str(uuid4()) for _ in range(5)]
    for uuid in told:
        tablet.tell(uuid=uuid)
    keep, kept = intake.keep, []

    def breaks_off(*args: Any, **options: Any) -> Any:
        kept.append(keep(*args, **options))
        if len(kept) == 3:
            raise KeyboardInterrupt  # after the words were written, before the commit
        return kept[-1]

    monkeypatch.setattr(intake, "keep", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        opened(inquiry, locked)
    assert (stories.count(db), inbox.waits(db).stories) == (2, 3)
    assert accounting.account(db).balanced
    monkeypatch.undo()
    assert opened(inquiry, locked) == {"stored": 3}
    assert {kept.uuid for kept in stories.listing(db)} == set(told)


def test_promise_09_sealed_stories_are_counted_until_they_are_opened(
    tablet: SealingTablet, inquiry: Inquiry, locked: Path, db: PrivateDatabase
) -> None:
    tablet.put(story())
    for number in range(3):
        tablet.tell(story(receipt=f"{number:016d}"), uuid=str(uuid4()))
    account = accounting.account(db)
    assert (account.came_in, account.places["sealed"], account.balanced) == (4, 3, True)
    withdrawals.withdraw(db, f"{0:016d}")
    opened(inquiry, locked)
    account = accounting.account(db)
    assert (account.came_in, account.places["sealed"], account.balanced) == (3, 0, True)
    tablet.tell(uuid=str(uuid4()))
    db.change("delete from inbox")  # past every door
    assert not accounting.account(db).balanced, "a sealed story that is lost is seen"


def test_the_key_at_hand_opens_what_came_before(
    tablet: SealingTablet, inquiry: Inquiry, locked: Path, db: PrivateDatabase
) -> None:
    tablet.tell()
    intake.open_waiting(inquiry.folder)
    assert stories.count(db) == 0, "the key is away"
    sealing.put_back(inquiry.folder, sealing.read_key(locked))
    assert tablet.tell().status_code == 201, "not opened yet, so nobody knows it is the same"
    intake.open_waiting(inquiry.folder)
    assert (stories.count(db), inbox.waits(db).stories) == (1, 0)
    assert accounting.account(db).balanced
