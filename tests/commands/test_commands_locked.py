"""`par serve` and `par unlock` of an encrypted inquiry."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest
from click.testing import CliRunner

from par_toolkit.cli import main
from par_toolkit.commands import serve
from par_toolkit.storage import letterbox, stories, vault
from par_toolkit.storage.database import open_database
from par_toolkit.storage.letterbox import Beside
from tests import locked
from tests.sealed import sealed
from tests.web.test_web_api import UUID, story

Par = Callable[..., click.testing.Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an encrypted inquiry, and lock it."""
    made = locked.new_inquiry(tmp_path / "encrypted", monkeypatch)
    vault.lock(made)
    return made


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Note with what it would be served, and serve nothing."""
    calls: list[dict[str, object]] = []
    monkeypatch.setattr(serve, "run", lambda folder, **options: calls.append(options))
    return calls


def run(folder: Path, *arguments: str, **environment: str) -> click.testing.Result:
    return CliRunner().invoke(main, ["--inquiry", str(folder), *arguments], env=environment)


def test_what_came_while_it_was_locked_is_opened_from_the_command_line(folder: Path) -> None:
    letterbox.put(folder, UUID, sealed(folder, story()), Beside())
    wrong = run(folder, "unlock", PAR_PASSPHRASE="seven geese cross the road")
    assert wrong.exit_code == 1 and "does not open" in wrong.output
    assert letterbox.waits(folder) == 1
    done = run(folder, "unlock", PAR_PASSPHRASE=locked.PASSPHRASE)
    assert done.exit_code == 0 and "1 story came in." in done.output, done.output
    assert letterbox.waits(folder) == 0
    with open_database(folder) as db:
        assert stories.count(db) == 1


def test_it_is_served_open_with_the_passphrase_and_locked_without(
    folder: Path, served: list[dict[str, object]]
) -> None:
    assert run(folder, "serve").exit_code == 1  # nobody is there to be asked
    shut = run(folder, "serve", "--locked")
    assert shut.exit_code == 0 and "/desk/unlock" in shut.output
    assert not vault.unlocked(folder)
    opened = run(folder, "serve", "--lock-after", "5", PAR_PASSPHRASE=locked.PASSPHRASE)
    assert opened.exit_code == 0 and vault.unlocked(folder)
    assert [one["lock_after"] for one in served] == [30 * 60, 5 * 60]


def test_when_it_locks_itself_stands_in_the_settings(
    folder: Path, served: list[dict[str, object]]
) -> None:
    settings = folder / "inquiry.toml"
    before = settings.read_text("utf-8")
    for minutes, seconds in (("7", 420), ("0", None)):
        settings.write_text(f"{before}\n[serving]\nlock_after_minutes = {minutes}\n", "utf-8")
        assert run(folder, "serve", "--locked").exit_code == 0
        assert served[-1]["lock_after"] == seconds
    for wrong in ("-1", '"soon"', "99999"):
        settings.write_text(f"{before}\n[serving]\nlock_after_minutes = {wrong}\n", "utf-8")
        refused = run(folder, "serve", "--locked")
        assert refused.exit_code == 1 and "lock_after_minutes" in refused.output


def test_the_passphrase_is_no_argument(folder: Path) -> None:
    """What stands on the command line can be read by everybody on the machine."""
    helped = subprocess.run(
        [sys.executable, "-m", "par_toolkit", "serve", "--help"], capture_output=True, text=True
    )
    assert "--passphrase " not in helped.stdout
