"""Voices: on disk before they are answered for, gone with their story, never half kept."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import accounting, receipts, sounds, stories, voices, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import DiskFull, ReadOnly
from tests.voices import WEBM, files, spoken

UUID = "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d"
Tell = Callable[..., stories.Kept]


def speak(tell: Tell, *voice: voices.Spoken, **fields: Any) -> stories.Kept:
    """Tell a story that is only spoken."""
    return tell("", voice=voice or (spoken(),), **fields)


def story_of(kept: stories.Kept) -> int:
    assert kept.story_id is not None
    return kept.story_id


def test_a_voice_is_a_file_that_only_its_owner_can_read(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    story = story_of(speak(tell, spoken(b"one"), spoken(b"two", type="audio/ogg")))
    first, second = voices.of_story(db, story)
    assert voices.sound(db, first) == WEBM + b"one"
    assert (first.question, first.type, first.seconds, first.bytes) == (
        "telling", "audio/webm", 93, 7,
    )  # fmt: skip
    assert second.file.endswith(".ogg") and first.file != second.file
    for path in files(inquiry):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert sounds.OURS.fullmatch(path.name)
    assert voices.faulty(db) == 0


def test_promise_01_the_sound_is_on_disk_before_the_row_that_names_it(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File and folder are synced, and only then is the transaction committed."""
    steps: list[str] = []
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        steps.append("folder" if path.is_dir() else "file")
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with db.writing():
        speak(tell)
        assert steps == ["file", "folder"]
        with open_database(inquiry.folder) as other:
            assert other.value("select count(*) from voices") == 0


class StoppedAfterCommit:
    """A connection whose commit is broken off by Ctrl+C: Python raises it once that is done."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        self._connection.commit()
        raise KeyboardInterrupt


def test_promise_01_a_voice_that_is_committed_stays_when_the_program_is_stopped_right_then(
    db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(db, "conn", StoppedAfterCommit(db.conn))
        speak(tell)
    assert stories.count(db) == 1
    assert voices.faulty(db) == 0


def test_the_same_voice_again_is_the_same_and_another_is_a_sibling(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    code = receipts.new_code()

    def send(sound: bytes) -> stories.Kept:
        return speak(tell, spoken(sound), uuid=UUID, receipt=code)

    first = send(b"one")
    assert send(b"one") == stories.Kept("same", first.story_id)
    assert len(files(inquiry)) == 1
    assert [send(b"two").status for _ in range(2)] == ["sibling", "sibling"]
    assert len(files(inquiry)) == 2
    ((sibling, (kept,)),) = voices.of_siblings(db, story_of(first)).items()
    assert stories.siblings(db, story_of(first))[0]["id"] == sibling
    assert voices.sound(db, kept) == WEBM + b"two"
    assert voices.find(db, story_of(first), kept.id) == kept
    assert voices.find(db, story_of(first) + 1, kept.id) is None
    withdrawals.withdraw(db, code)
    assert files(inquiry) == []


def test_a_story_without_a_voice_has_the_digest_it_always_had(
    db: PrivateDatabase, tell: Tell
) -> None:
    """A tablet of before sends its story again: it is still the same one."""
    code = receipts.new_code()
    tell("Once.", uuid=UUID, receipt=code)
    kept = db.value("select content from stories")
    text = (
        '["story", 1, "en", {"group": "residents", "telling": "Once."}, '
        f'{{"analyse": true, "quote": true}}, "{code}"]'
    )
    from par_toolkit.storage.keys import mark

    assert kept == mark(db.folder, "content", text)


@pytest.mark.parametrize("at", ["write", "folder", "row", "commit"])
def test_promise_16_a_full_disk_leaves_nothing_half_kept(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if at in ("write", "folder"):
        synced: list[int] = []

        def fsync(descriptor: int) -> None:
            synced.append(descriptor)
            if len(synced) == (1 if at == "write" else 2):
                full()

        monkeypatch.setattr(os, "fsync", fsync)
        expected: type[Exception] = DiskFull
        fails = pytest.raises(expected)
        with fails:
            speak(tell)
    elif at == "row":
        real = db.add

        def add(sql: str, *rest: Any) -> int:
            if "into voices" in sql:
                raise sqlite3.OperationalError("database or disk is full")
            return real(sql, *rest)

        monkeypatch.setattr(db, "add", add)
        with pytest.raises(DiskFull):
            speak(tell)
    else:
        with pytest.raises(DiskFull), db.writing():
            speak(tell)
            assert len(files(inquiry)) == 1
            raise sqlite3.OperationalError("database or disk is full")
    monkeypatch.undo()
    assert files(inquiry) == []
    assert stories.count(db) == 0
    assert speak(tell).status == "stored"
    assert len(files(inquiry)) == 1


def test_a_folder_that_cannot_be_written_says_so(
    inquiry: Inquiry, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ReadOnly, match="media cannot be written"):
        sounds.write(inquiry.folder, "voice", b"")


def test_what_a_crash_left_is_swept_and_nothing_else(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    speak(tell)
    (kept,) = files(inquiry)
    (inquiry.media / f"voice-{'0' * 32}.webm").write_bytes(b"cut sho")
    own = inquiry.media / "a photograph of ours.jpg"
    own.write_bytes(b"")
    assert voices.sweep(db) == 0
    assert files(inquiry) == sorted([own, kept])


def test_a_sweep_never_takes_a_file_that_is_just_being_kept(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    """Another program sweeps between the file and the commit: it waits until the row is there."""
    swept = threading.Event()

    def sweep() -> None:
        with open_database(inquiry.folder) as other:
            voices.sweep(other)
        swept.set()

    other = threading.Thread(target=sweep)
    with db.writing():
        speak(tell)
        other.start()
        assert not swept.wait(0.3)
    other.join()
    assert len(files(inquiry)) == 1
    assert voices.faulty(db) == 0


def test_a_sweep_inside_a_transaction_waits_for_its_end(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    story = story_of(speak(tell))
    with pytest.raises(RuntimeError), db.writing():
        withdrawals.withdraw_story(db, story)
        raise RuntimeError
    assert len(files(inquiry)) == 1, "the story is still here, and so is its voice"
    withdrawals.withdraw_story(db, story)
    assert files(inquiry) == []


def test_a_voice_that_is_missing_or_changed_is_found(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    speak(tell, spoken(b"one"), spoken(b"two"), spoken(b"three"))
    first, second, _ = files(inquiry)
    first.unlink()
    second.write_bytes(b"other")
    assert voices.faulty(db) == 2


def test_promise_09_a_spoken_story_has_a_place_of_its_own(db: PrivateDatabase, tell: Tell) -> None:
    from par_toolkit.storage import runs

    spoken_story = story_of(speak(tell))
    written = story_of(tell("Written."))
    both = story_of(tell("Written, and spoken.", voice=(spoken(),)))
    speak(tell, consent={"analyse": False})
    account = accounting.account(db)
    assert account.balanced
    assert account.places["spoken"] == 2
    assert account.places["no_consent"] == 1
    assert accounting.listing(db, "spoken") == [spoken_story, both]
    assert [row[0] for row in runs.texts(db)] == [written]
    assert stories.count(db, state="spoken") == 3
