"""Recordings when an inquiry is encrypted, put back from a backup, and plain again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest

from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import back_up, restore
from par_toolkit.storage import sounds, stories, vault, voices
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import InquiryBusy
from par_toolkit.storage.vault import wrapping
from tests.encrypted import OTHER, PASSPHRASE, holding
from tests.voices import WEBM, spoken

CANARY = b"quinceblossom"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases less than in earnest."""
    monkeypatch.setattr(wrapping, "COST", 10)


def play(folder: Path) -> list[bytes]:
    """Return every recording as it is played at the desk."""
    with open_database(folder) as db:
        return [
            voices.sound(db, voice)
            for story in stories.ids(db)
            for voice in voices.of_story(db, story)
        ]


def test_promise_06_no_recording_lies_in_the_clear_after_par_encrypt(
    inquiry: Inquiry, tell: Callable[..., stories.Kept], tmp_path: Path
) -> None:
    folder, words = inquiry.folder, tmp_path / "words"
    said = [WEBM + CANARY, WEBM + b"more " + CANARY]
    tell("", voice=(spoken(CANARY), spoken(b"more " + CANARY)))

    def par(*typed: object, passphrase: str = PASSPHRASE) -> str:
        words.write_text(passphrase, "utf-8")
        given = ["--inquiry", str(folder), "--passphrase-file", str(words), *map(str, typed)]
        result = click.testing.CliRunner().invoke(main, given)
        assert result.exit_code == 0, result.output + result.stderr
        return result.output

    def in_media() -> list[str]:
        return holding(folder / "media", CANARY)

    plain = back_up(folder, to=tmp_path / "plain").path
    assert len(in_media()) == 2, "the control: they lay in the clear"
    par("encrypt")
    assert in_media() == [] and holding(folder, CANARY) == []
    assert play(folder) == said
    first = back_up(folder, to=tmp_path / "first").path
    # from before it was encrypted: sealed before it is there
    restore(plain, folder)
    assert in_media() == [] and play(folder) == said
    par("encrypt", "--off", "--yes")
    assert len(in_media()) == 2 and play(folder) == said
    # encrypted anew it has another key, and a backup from under the first comes under this one
    par("encrypt", passphrase=OTHER)
    assert in_media() == [] and play(folder) == said
    restore(first, folder, ask=lambda: PASSPHRASE)
    assert in_media() == [] and play(folder) == said
    # a conversion that was cut short is finished by doing it again
    path = sounds.ours(folder)[0]
    path.write_bytes(sounds.read(folder, path.name))
    assert "recordings lie in the clear" in _check(folder)
    par("encrypt", passphrase=OTHER)
    assert in_media() == [] and play(folder) == said
    vault.lock(folder)


def test_a_refusal_to_take_the_encryption_off_leaves_no_recording_in_the_clear(
    inquiry: Inquiry, tell: Callable[..., stories.Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = inquiry.folder
    tell("", voice=(spoken(CANARY),))
    vault.encrypt(folder, PASSPHRASE)
    sounds.seal_all(folder)

    def busy(_: Path) -> None:
        assert holding(folder / "media", CANARY), "the control: they are opened by then"
        raise InquiryBusy("Stop par serve first.")

    with monkeypatch.context() as patched:
        patched.setattr(vault, "decrypt", busy)
        words = ["--inquiry", str(folder), "encrypt", "--off", "--yes"]
        result = click.testing.CliRunner().invoke(main, words)
    assert result.exit_code == 1 and "Stop par serve" in result.output + result.stderr
    assert not holding(folder / "media", CANARY)
    with open_database(folder) as db:  # and the trail does not say what was not done
        assert not db.rows("select 1 from audit where action = 'decrypt'")
    vault.lock(folder)


def _check(folder: Path) -> str:
    result = click.testing.CliRunner().invoke(main, ["--inquiry", str(folder), "check"])
    return result.output
