"""Checking a story as JSON: whatever comes, the answer is a story or sentences, never a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.inquiry import Inquiry, create
from par_toolkit.web import payload
from tests.web.test_web_api import story

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """Make one inquiry for all examples; checking never changes it."""
    folder = Path(tmp_path_factory.mktemp("payload")) / "inquiry"
    return create(folder, name="Made-up inquiry", locality="Exampleton")


@pytest.fixture(scope="module")
def speaking() -> Flask:
    """Make the least app in which sentences can be said."""
    app = Flask("nothing")
    Babel(app)
    return app


def check(app: Flask, place: Inquiry, data: dict[str, Any]) -> payload.Payload | None:
    """Check one story; None where it is refused, with a sentence for each piece."""
    with app.test_request_context("/"):
        try:
            return payload.check(data, place, wordings={1}, language="en")
        except payload.Unreadable as refused:
            assert refused.errors and all(refused.errors.values())
            assert str(refused).encode("utf-8")
            return None


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(speaking: Flask, body: bytes) -> None:
    with speaking.test_request_context("/"):
        try:
            assert isinstance(payload.parse(body), dict)
        except payload.Unreadable as refused:
            assert all(refused.errors.values())


@given(name=st.sampled_from([*payload.FIELDS, "else"]), value=ANYTHING)
def test_any_value_in_any_piece_is_taken_or_refused(
    speaking: Flask, place: Inquiry, name: str, value: Any
) -> None:
    check(speaking, place, story(**{name: value}))


@given(part=st.sampled_from(["answers", "consent"]), name=st.text(), value=ANYTHING)
def test_any_name_inside_is_taken_or_refused(
    speaking: Flask, place: Inquiry, part: str, name: str, value: Any
) -> None:
    data = story()
    check(speaking, place, data | {part: data[part] | {name: value}})


def test_a_whole_story_is_taken(speaking: Flask, place: Inquiry) -> None:
    told = check(speaking, place, story(receipt="1234-5678 9012 3456"))
    assert told is not None
    assert (told.form.name, told.receipt, told.wording) == ("story", "1234567890123456", 1)
    assert told.unknown == {}


def test_uses_that_are_not_named_are_not_given(speaking: Flask, place: Inquiry) -> None:
    """Silence is never a yes (promise 5)."""
    told = check(speaking, place, story(consent={"quote": True, "wording": 1}))
    assert told is not None
    assert told.consent == {"analyse": False, "quote": True, "publish": False, "contact": False}
