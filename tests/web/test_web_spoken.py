"""A voice as a tablet sends it: kept whole, or refused with a sentence for what is wrong."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import devices, stories, voices, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import languages
from tests.voices import MP4, OGG, WEBM, files, sent
from tests.web.test_web_api import CODE, Tablet, story


@pytest.fixture
def tablet(client: FlaskClient, db: PrivateDatabase) -> Tablet:
    return Tablet(client, devices.add(db, "Made-up tablet"))


def told(*voice: Any, **changes: Any) -> dict[str, Any]:
    """Return a story that is only spoken."""
    return story(answers={"group": "residents"}, voice=list(voice)) | changes


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_spoken_story_needs_no_words(
    tablet: Tablet, db: PrivateDatabase, inquiry: Inquiry
) -> None:
    response = tablet.put(told(sent(b"one"), sent(b"two")))
    assert response.status_code == 201 and response.json["stored"]  # type: ignore[index]
    (found,) = stories.listing(db)
    assert "telling" not in found.answers and found.spoken
    assert [path.read_bytes()[:4] for path in files(inquiry)] == [WEBM, WEBM]
    assert tablet.put(told(sent(b"one"), sent(b"two"))).status_code == 200
    assert tablet.put(told(sent(b"two"), sent(b"one"))).status_code == 202
    assert len(files(inquiry)) == 4
    withdrawals.withdraw(db, CODE)
    assert files(inquiry) == []
    assert tablet.put(told(sent(b"one"), sent(b"two"))).status_code == 410
    assert files(inquiry) == []


def test_a_story_that_is_spoken_about_nothing_else_is_taken(
    tablet: Tablet, db: PrivateDatabase
) -> None:
    assert tablet.put(told(sent(), answers={})).status_code == 201


def test_other_questions_still_need_their_answers(tablet: Tablet) -> None:
    response = tablet.put(told(sent(question="title")))
    assert response.status_code == 422
    assert set(response.json["errors"]) == {"answers.telling"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("type_", "start", "kept"),
    [
        ("audio/webm;codecs=opus", WEBM, "audio/webm"),
        ("audio/ogg; codecs=opus", OGG, "audio/ogg"),
        ("audio/mp4", MP4, "audio/mp4"),
        ('audio/mp4;codecs="mp4a.40.2"', MP4, "audio/mp4"),
    ],
)
def test_what_browsers_record_is_taken(
    tablet: Tablet, db: PrivateDatabase, type_: str, start: bytes, kept: str
) -> None:
    response = tablet.put(told(sent(type=type_, data=b64(start + b"sound"))))
    assert response.status_code == 201
    (voice,) = voices.of_story(db, stories.listing(db)[0].id)
    assert voice.type == kept and voice.file.endswith(kept.removeprefix("audio/"))


@pytest.mark.parametrize(
    ("voice", "piece"),
    [
        ({}, "voice"),
        ([], "voice"),
        ("sound", "voice"),
        ([sent()] * 51, "voice"),
        ([None], "voice.1"),
        ([{"question": "telling"}], "voice.1"),
        ([sent(extra=1)], "voice.1"),
        ([sent(), sent(question="kind")], "voice.2.question"),
        ([sent(question="nobody asked")], "voice.1.question"),
        ([sent(question=["telling"])], "voice.1.question"),
        ([sent(question=None)], "voice.1.question"),
        ([sent(seconds=0)], "voice.1.seconds"),
        ([sent(seconds=-1)], "voice.1.seconds"),
        ([sent(seconds=1.5)], "voice.1.seconds"),
        ([sent(seconds=True)], "voice.1.seconds"),
        ([sent(seconds=10**9)], "voice.1.seconds"),
        ([sent(type="audio/wav")], "voice.1.type"),
        ([sent(type="video/webm")], "voice.1.type"),
        ([sent(type="audio/webm\r\nSet-Cookie: a=b")], "voice.1.type"),
        ([sent(type=None)], "voice.1.type"),
        ([sent(data="")], "voice.1.data"),
        ([sent(data=None)], "voice.1.data"),
        ([sent(data="é")], "voice.1.data"),
        ([sent(data=b64(WEBM + b"sound")[:-1])], "voice.1.data"),
        ([sent(data=b64(WEBM) + "\n")], "voice.1.data"),
        ([sent(data=b64(b"<html>"))], "voice.1.data"),
        ([sent(data=b64(OGG))], "voice.1.data"),
        ([sent(type="audio/mp4", data=b64(b"ftyp"))], "voice.1.data"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_promise_16_what_is_no_recording_is_refused_in_a_sentence(
    tablet: Tablet, db: PrivateDatabase, inquiry: Inquiry, voice: Any, piece: str, language: str
) -> None:
    response = tablet.put(story(voice=voice, language=language))
    assert response.status_code == 422
    assert response.json is not None and not response.json["stored"]
    assert list(response.json["errors"]) == [piece]
    assert response.json["errors"][piece].rstrip().endswith(".") or ":" in response.json["message"]
    assert stories.count(db) == 0 and files(inquiry) == []


def test_refusals_are_said_in_french_too(tablet: Tablet) -> None:
    said = {
        language: [
            list(tablet.put(story(voice=voice, language=language)).json["errors"].values())  # type: ignore[index]
            for voice in ([], [None], [sent(question="kind")], [sent(seconds=0)], [sent(type="")])
        ]
        for language in ("en", "fr")
    }
    assert all(en != fr for en, fr in zip(said["en"], said["fr"], strict=True))


def test_the_parts_together_have_a_limit(app: Any) -> None:
    from par_toolkit.web import spoken

    errors: dict[str, str] = {}
    half = b64(WEBM + b"x" * 3_000_000)
    with app.test_request_context():
        languages.speak("en")
        spoken.check([sent(data=half)], forms.load("story"), errors)
        assert not errors
        spoken.check([sent(data=half), sent(data=half)], forms.load("story"), errors)
    assert "more than 6 million bytes" in errors["voice"]


def test_a_body_of_the_longest_recording_is_taken(tablet: Tablet, inquiry: Inquiry) -> None:
    """Where the recorder stops by itself (5.3 million bytes) there is room for a long writing."""
    body = told(sent(b"x" * 5_300_000), answers={"telling": "bus " * 250_000})
    assert tablet.put(body).status_code == 201
    assert files(inquiry)[0].stat().st_size == 5_300_004


def test_a_full_disk_is_said_and_nothing_is_half_kept(
    tablet: Tablet, db: PrivateDatabase, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("par_toolkit.storage.sounds.os.fsync", full)
    response = tablet.put(told(sent()))
    assert response.status_code == 507 and not response.json["stored"]  # type: ignore[index]
    monkeypatch.undo()
    assert files(inquiry) == [] and stories.count(db) == 0
    assert tablet.put(told(sent())).status_code == 201
