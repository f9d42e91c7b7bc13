"""Recordings in an encrypted inquiry: sealed on the disk, each under its own name, whole or not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from par_toolkit import exporting
from par_toolkit.storage import disk, people, sounds, stories, vault, voices, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Damaged, Locked
from par_toolkit.storage.vault import wrapping
from par_toolkit.storage.voices import Voice
from par_toolkit.web.app import create_app
from tests import encrypted
from tests.encrypted import PASSPHRASE, new_inquiry
from tests.voices import WEBM, spoken
from tests.web.pages import forms_of, text_of

CANARY = b"quinceblossom " * 3000
CODE = "1111222233334444"
ONE_FOLDER = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases less than in earnest."""
    monkeypatch.setattr(wrapping, "COST", 10)


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[PrivateDatabase]:
    """Make an inquiry that is encrypted from the start, and open it."""
    folder = new_inquiry(tmp_path / "inquiry")
    with open_database(folder) as db:
        yield db
    vault.lock(folder)


def speak(db: PrivateDatabase, *said: bytes) -> list[Voice]:
    """Tell a story with recordings."""
    told: dict[str, Any] = {"answers": {}, "words": ("telling",), "consent": {}, "wording": 1}
    told |= {"form": "story", "form_version": 1, "language": "en", "source": "tablet"}
    kept = stories.keep(
        db,
        stories.Told(uuid=str(uuid4()), receipt=CODE, voice=[spoken(one) for one in said], **told),
    )
    assert kept.story_id is not None
    return voices.of_story(db, kept.story_id)


def in_the_clear(db: PrivateDatabase, monkeypatch: pytest.MonkeyPatch, *said: bytes) -> list[Voice]:
    """Tell a story whose recordings lie open, as before the inquiry was encrypted."""
    with monkeypatch.context() as before:
        before.setattr(sounds.vault, "encrypted", lambda _: False)
        return speak(db, *said)


def holding(folder: Path) -> list[str]:
    """Name the files that hold some of the sound."""
    return encrypted.holding(folder, CANARY[:26])


def test_what_is_spoken_is_on_disk_only_sealed_and_played_whole(
    sealed: PrivateDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = speak(sealed, CANARY, b"two")
    assert holding(sealed.folder) == []
    assert voices.sound(sealed, first) == WEBM + CANARY
    assert voices.sound(sealed, second) == WEBM + b"two"
    assert voices.faulty(sealed) == 0
    in_the_clear(sealed, monkeypatch, CANARY)
    assert len(holding(sealed.folder)) == 1, "the control: this looks at the right bytes"


def test_the_player_asks_for_parts_and_gets_them(sealed: PrivateDatabase) -> None:
    (voice,) = speak(sealed, CANARY)
    people.set_password(
        sealed, people.add(sealed, "Example Reader", "evaluator"), "four made up words"
    )
    client = create_app(sealed.folder).test_client()
    fields = forms_of(client.get("/desk/sign-in"))["/desk/sign-in"].fields
    fields |= {"name": "Example Reader", "password": "four made up words"}
    assert client.post("/desk/sign-in", data=fields).status_code == 303
    story = stories.ids(sealed)[0]
    address = f"/desk/stories/{story}/voice/{voice.id}"
    part = client.get(address, headers={"Range": "bytes=30000-30009"}, buffered=True)
    assert part.status_code == 206 and part.data == (WEBM + CANARY)[30000:30010]
    assert part.headers["Content-Range"] == f"bytes 30000-30009/{len(WEBM + CANARY)}"
    assert part.headers["Cache-Control"] == "no-store"
    assert client.get(address, buffered=True).data == WEBM + CANARY
    voices.path_of(sealed, voice).write_bytes(WEBM)
    damaged = client.get(f"{address}?lang=en")
    assert damaged.status_code == 500 and "changed or damaged" in text_of(damaged)


@ONE_FOLDER
@given(at=st.integers(min_value=0), how=st.sampled_from(["flip", "cut", "longer"]))
def test_any_damage_is_noticed_and_the_next_recording_plays(
    sealed: PrivateDatabase, at: int, how: str
) -> None:
    one, other = speak(sealed, b"one" * 40, b"other")
    path = voices.path_of(sealed, one)
    whole = bytearray(path.read_bytes())
    changed = bytearray(whole)
    if how == "flip":
        changed[at // 8 % len(whole)] ^= 1 << at % 8
    elif how == "cut":
        del changed[at % len(whole) :]
    else:
        changed.append(at % 256)
    path.write_bytes(changed)
    with pytest.raises(Damaged, match="par restore"):
        voices.sound(sealed, one)
    assert voices.sound(sealed, other) == WEBM + b"other"
    assert voices.faulty(sealed) == 1
    path.write_bytes(whole)
    assert voices.faulty(sealed) == 0


def test_two_files_that_change_places_are_both_refused(sealed: PrivateDatabase) -> None:
    one, other = (voices.path_of(sealed, voice) for voice in speak(sealed, b"one", b"other"))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert voices.faulty(sealed) == 2


def test_a_file_in_the_clear_that_nobody_spoke_is_not_played(
    sealed: PrivateDatabase,
) -> None:
    (voice,) = speak(sealed, b"one")
    voices.path_of(sealed, voice).write_bytes(WEBM + b"put here by somebody else")
    with pytest.raises(Damaged):
        voices.sound(sealed, voice)


def test_locked_nothing_opens_and_under_another_key_neither(
    sealed: PrivateDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    (voice,) = speak(sealed, CANARY)
    with monkeypatch.context() as other:
        other.setattr(sounds.vault, "key", lambda *_: bytes(32))
        with pytest.raises(Damaged):
            sounds.read(sealed.folder, voice.file)
    vault.lock(sealed.folder)
    with pytest.raises(Locked):
        sounds.read(sealed.folder, voice.file)
    vault.unlock(sealed.folder, PASSPHRASE)
    assert voices.sound(sealed, voice) == WEBM + CANARY


def test_what_lay_open_is_sealed_and_opened_again(
    sealed: PrivateDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = in_the_clear(sealed, monkeypatch, CANARY, CANARY + b"2") + speak(sealed, CANARY)
    assert voices.sound(sealed, heard[0]) == WEBM + CANARY, "until then it plays"
    assert len(sounds.in_the_clear(sealed.folder)) == 2
    assert sounds.seal_all(sealed.folder) == 2
    assert holding(sealed.folder) == [] and sounds.left_over(sealed.folder) == []
    assert sounds.in_the_clear(sealed.folder) == []
    assert voices.faulty(sealed) == 0
    assert sounds.seal_all(sealed.folder) == 0
    was = vault.key(sealed.folder, sounds.PURPOSE)
    with monkeypatch.context() as rekeyed:
        rekeyed.setattr(sounds.vault, "key", lambda *_: b"k" * 32)
        assert sounds.seal_all(sealed.folder, was=was) == 3
        assert sounds.read(sealed.folder, heard[0].file) == WEBM + CANARY
        assert sounds.seal_all(sealed.folder, was=was) == 0, "begun again it leaves what is done"
        assert sounds.open_all(sealed.folder) == 3
    assert len(holding(sealed.folder)) == 3
    assert voices.faulty(sealed) == 0


class Crash(BaseException):
    """The program is killed."""


@pytest.mark.parametrize("where", ["link", "write_whole", "replace", "shred", "unlink"])
@pytest.mark.parametrize("links", [True, False])
def test_cut_short_anywhere_nothing_is_lost_and_the_next_time_finishes(
    sealed: PrivateDatabase, monkeypatch: pytest.MonkeyPatch, where: str, links: bool
) -> None:
    heard = in_the_clear(sealed, monkeypatch, CANARY, CANARY + b"2")

    def crash(*_: object, **__: object) -> None:
        raise Crash

    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    place: object = disk if where in ("write_whole", "shred") else os
    with monkeypatch.context() as killed:
        if not links:
            killed.setattr(os, "link", no_links)
        if links or where != "link":
            killed.setattr(Path if where == "unlink" else place, where, crash)
            with pytest.raises(Crash):
                sounds.seal_all(sealed.folder)
    sounds.seal_all(sealed.folder)
    assert [voices.sound(sealed, one)[4:20] for one in heard] == [CANARY[:16]] * 2
    assert holding(sealed.folder) == [] and sounds.left_over(sealed.folder) == []


def test_a_withdrawal_takes_also_what_a_conversion_left(
    sealed: PrivateDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_clear(sealed, monkeypatch, CANARY)

    def crash(_: Path) -> None:
        raise Crash

    with monkeypatch.context() as killed:
        killed.setattr(disk, "shred", crash)
        with pytest.raises(Crash):
            sounds.seal_all(sealed.folder)
    assert holding(sealed.folder), "the control: the old file is still there"
    withdrawals.withdraw(sealed, CODE)
    assert holding(sealed.folder) == []
    assert list((sealed.folder / "media").iterdir()) == []


def test_an_export_holds_it_as_it_was_spoken(sealed: PrivateDatabase, tmp_path: Path) -> None:
    (voice,) = speak(sealed, CANARY)
    exporting.write_folder(sealed.folder, tmp_path / "out")
    assert (tmp_path / "out/media" / voice.file).read_bytes() == WEBM + CANARY


def test_in_a_plain_inquiry_nothing_changes(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    kept = tell("", voice=(spoken(CANARY),))
    assert sounds.seal_all(db.folder) == 0
    (voice,) = voices.of_story(db, kept.story_id or 0)
    assert voices.path_of(db, voice).read_bytes() == WEBM + CANARY
