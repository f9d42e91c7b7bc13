"""Recordings when an inquiry is encrypted, put back from a backup, and plain again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click.testing

from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import restore
from par_toolkit.storage import sounds, stories, vault, voices
from par_toolkit.storage.database import open_database
from tests.encrypted import OTHER, PASSPHRASE, holding
from tests.voices import WEBM, spoken

CANARY = b"quinceblossom"


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

    par("backup", "--to", tmp_path / "plain")
    assert len(in_media()) == 2, "the control: they lay in the clear"
    par("encrypt")
    assert in_media() == [] and holding(folder, CANARY) == []
    assert play(folder) == said
    par("backup", "--to", tmp_path / "first")
    # from before it was encrypted: sealed before it is there
    (backup,) = (tmp_path / "plain").iterdir()
    par("restore", backup, "--yes")
    assert in_media() == [] and play(folder) == said
    par("encrypt", "--off", "--yes")
    assert len(in_media()) == 2 and play(folder) == said
    # encrypted anew it has another key, and a backup from under the first comes under this one
    par("encrypt", passphrase=OTHER)
    assert in_media() == [] and play(folder) == said
    (backup,) = (tmp_path / "first").iterdir()
    restore(backup, folder, ask=lambda: PASSPHRASE)
    assert in_media() == [] and play(folder) == said
    # a conversion that was cut short is finished by doing it again
    path = sounds.ours(folder)[0]
    path.write_bytes(sounds.read(folder, path.name))
    assert "recordings lie in the clear" in _check(folder)
    par("encrypt", passphrase=OTHER)
    assert in_media() == [] and play(folder) == said
    vault.lock(folder)


def _check(folder: Path) -> str:
    result = click.testing.CliRunner().invoke(main, ["--inquiry", str(folder), "check"])
    return result.output
