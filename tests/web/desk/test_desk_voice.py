"""A spoken story at the desk: it waits, is listened to, typed up, and read like any other."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import accounting, redactions, stories, voices, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import DiskFull
from tests.voices import STARTS, WEBM, spoken
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

Tell = Callable[..., stories.Kept]
LENGTH = 20_000


@pytest.fixture
def story(tell: Tell) -> int:
    """Tell a story aloud, in two parts."""
    kept = tell("", voice=(spoken(b"x" * LENGTH), spoken(b"two", type="audio/ogg")))
    assert kept.story_id is not None
    return kept.story_id


def page(story: int) -> str:
    return f"/desk/stories/{story}"


def hear(desk: Desk, path: str, **options: Any) -> TestResponse:
    """Ask for a recording and read all of it, so that its file is closed."""
    return desk.get(path, buffered=True, **options)


def type_up(desk: Desk, story: int, said: str, **more: str) -> object:
    return desk.press(page(story), f"{page(story)}/typed-up", {"said-telling": said} | more)


def test_the_desk_says_what_waits_to_be_typed_up(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    reader = desk("evaluator")
    assert "1 spoken story to type up" in text_of(reader.get("/desk/"))
    queue = text_of(reader.get("/desk/stories?state=spoken"))
    assert "(spoken)" in queue and "Spoken, waits to be typed up" in queue
    assert "Spoken, waiting to be typed up 1" in text_of(reader.get("/desk/"))
    assert "(spoken)" in text_of(reader.get("/desk/places/spoken"))
    type_up(reader, story, "The bus was late.")
    assert "to type up" not in text_of(reader.get("/desk/"))
    assert "1 story" not in text_of(reader.get("/desk/stories?state=spoken"))
    assert accounting.account(db).balanced


def test_a_recording_is_played_whole_and_in_ranges_and_never_stored(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    reader = desk("evaluator")
    first, second = voices.of_story(db, story)
    shown = reader.text(page(story))
    assert f'src="{page(story)}/voice/{first.id}"' in shown and 'preload="none"' in shown
    assert "1 min 33 s" in unescape(shown)
    whole = hear(reader, f"{page(story)}/voice/{first.id}")
    assert whole.data == WEBM + b"x" * LENGTH and whole.mimetype == "audio/webm"
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = hear(reader, f"{page(story)}/voice/{first.id}", headers={"Range": "bytes=2-9"})
    assert part.status_code == 206 and part.data == (WEBM + b"x" * LENGTH)[2:10]
    assert part.headers["Content-Range"] == f"bytes 2-9/{LENGTH + 4}"
    assert part.headers["Cache-Control"] == "no-store"
    beyond = hear(reader, f"{page(story)}/voice/{first.id}", headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416
    assert hear(reader, f"{page(story)}/voice/{second.id}").mimetype == "audio/ogg"
    assert STARTS["audio/ogg"] in hear(reader, f"{page(story)}/voice/{second.id}").data


def test_a_recording_is_found_only_under_its_own_story(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase, tell: Tell
) -> None:
    reader, other = desk(), tell("Another.").story_id
    (voice, _) = voices.of_story(db, story)
    assert reader.get(f"/desk/stories/{other}/voice/{voice.id}").status_code == 404
    assert reader.get(f"{page(story)}/voice/999").status_code == 404
    voices.path_of(db, voice).unlink()
    gone = hear(reader, f"{page(story)}/voice/{voice.id}")
    assert gone.status_code == 404 and "This story is not here" in text_of(gone)


def test_what_was_said_is_typed_up_and_what_to_hide_is_suggested_anew(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    reader = desk()
    assert "Release for publication" not in text_of(reader.get(page(story)))
    type_up(reader, story, "Call me on 020 7946 0958 about the bus.")
    found = stories.get(db, story)
    assert found and found.answers["telling"] == "Call me on 020 7946 0958 about the bus."
    assert [one.state for one in redactions.for_story(db, story)] == ["suggested"]
    shown = text_of(reader.get(page(story)))
    assert "Correct what was typed up" in shown and "Release for publication" in shown
    type_up(reader, story, "Call me about the bus.")
    assert redactions.for_story(db, story) == []
    trail = text_of(desk("steward").get("/desk/audit"))
    assert "typed up what was said" in trail and "corrected what was typed up" in trail


def test_words_written_beside_a_voice_wait_with_it(
    desk: Callable[..., Desk], tell: Tell, db: PrivateDatabase
) -> None:
    """Whoever says yes says it to all that was told."""
    story, reader = tell("Written.", voice=(spoken(),)).story_id or 0, desk()
    shown = text_of(reader.get(page(story)))
    assert (
        "Type up what was said first" in shown and "Yes, these words may be published" not in shown
    )
    assert "It stands after what the teller wrote" in shown
    response = reader.post(f"{page(story)}/approve", {"seen": "made up"})
    assert response.status_code == 422


def test_a_yes_given_before_a_correction_is_asked_again(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    one, two = desk("facilitator"), desk("steward")
    type_up(one, story, "The bus was late.")
    for person in (one, two):
        person.press(page(story), f"{page(story)}/approve")
    assert stories.count(db, state="released") == 1
    type_up(two, story, "The bus was early.")
    assert stories.count(db, state="released") == 0


def test_two_who_type_at_once_overwrite_nothing_of_each_other(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    one, two = desk(), desk()
    from tests.web.pages import forms_of

    act = f"{page(story)}/typed-up"
    stale = forms_of(two.get(page(story)))[act].fields
    type_up(one, story, "The first to save.")
    response = two.client.post(act, data=stale | {"said-telling": "My own typing."})
    assert response.status_code == 422
    assert "Somebody else typed it up meanwhile" in text_of(response)
    assert "My own typing." in response.get_data(as_text=True)
    found = stories.get(db, story)
    assert found and found.answers["telling"] == "The first to save."


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"said-telling": " \u200b "}, "Type what you hear first."),
        ({"said-telling": "Words", "do": "nothing"}, "There are words in the box."),
        ({"said-telling": "x" * 1_000_001}, "That is too long."),
        ({"question": "title", "said-title": "Words"}, "changed it meanwhile"),
    ],
)
def test_what_cannot_be_saved_is_said_and_kept_on_the_page(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase, fields: dict[str, str], says: str
) -> None:
    reader = desk()
    response = reader.press(page(story), f"{page(story)}/typed-up", fields)
    assert response.status_code == 422
    assert says in text_of(response) or "Somebody else" in text_of(response)
    assert stories.count(db, state="spoken") == 1


def test_nothing_can_be_made_out(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    type_up(desk(), story, "", do="nothing")
    assert stories.count(db, state="spoken") == 0
    assert accounting.account(db).places["says_little"] == 1
    shelf = text_of(desk("steward").get("/desk/themes/shelf/says_little"))
    assert "Nothing could be made out in the recording" in shelf


def test_a_full_disk_keeps_what_was_typed_on_the_page(
    desk: Callable[..., Desk], story: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from par_toolkit.storage import typed

    def full(*_: object, **__: object) -> None:
        raise DiskFull("made up")

    monkeypatch.setattr(typed, "type_up", full)
    reader = desk()
    response = reader.press(page(story), f"{page(story)}/typed-up", {"said-telling": "An hour."})
    assert response.status_code == 507 and "An hour." in response.get_data(as_text=True)


def test_the_other_telling_under_a_number_can_be_heard_too(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Tell
) -> None:
    uuid = "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d"
    story = tell("Written.", uuid=uuid).story_id
    tell("", uuid=uuid, voice=(spoken(b"the other"),))
    ((voice,),) = voices.of_siblings(db, story or 0).values()
    reader = desk()
    assert f"/voice/{voice.id}" in reader.text(page(story or 0))
    assert hear(reader, f"{page(story or 0)}/voice/{voice.id}").data == WEBM + b"the other"


def test_a_withdrawn_story_is_heard_no_more(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase, inquiry: Inquiry
) -> None:
    reader, (voice, _) = desk(), voices.of_story(db, story)
    withdrawals.withdraw_story(db, story)
    assert list(inquiry.media.iterdir()) == []
    assert hear(reader, f"{page(story)}/voice/{voice.id}").status_code == 404
    act = f"{page(story)}/typed-up"
    response = reader.post(act, {"question": "telling", "said-telling": "Words."})
    assert response.status_code == 404 and "Words." not in response.get_data(as_text=True)


def test_the_teller_reads_that_it_is_typed_up_and_what_became_of_it(
    desk: Callable[..., Desk], client: object, tell: Tell, db: PrivateDatabase
) -> None:
    from flask_babel import force_locale

    from par_toolkit.inquiry import load
    from par_toolkit.web import journeys
    from par_toolkit.web.app import create_app

    story = tell("", voice=(spoken(),)).story_id
    assert story is not None
    app = create_app(db.folder)

    def read() -> str:
        with app.test_request_context("/mine"), force_locale("en"):
            journey = journeys.of_story(db, load(db.folder), story, "en")
            assert journey is not None
            return " ".join(sentence for sentence, _ in journey.steps)

    assert "Your voice was recorded. It is being typed up" in read()
    type_up(desk(), story, "The bus was late.")
    assert "What you said was typed up" in read() and "being typed up" not in read()
