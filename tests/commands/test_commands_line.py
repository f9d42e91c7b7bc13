"""The command line itself: quick help, one sentence for whatever goes wrong, and clean endings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import click.testing
import pytest

from par_toolkit import __version__
from par_toolkit.cli import COMMANDS, main
from par_toolkit.commands import refusals
from par_toolkit.commands.terminal import plain
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import locking
from par_toolkit.storage.database import open_database

PAR = [sys.executable, "-m", "par_toolkit"]
SLOW = ("spacy", "sklearn", "numpy", "flask", "datasette", "sqlite_utils", "uvicorn")


def commands() -> list[tuple[str, click.Command]]:
    """List every command and subcommand with its whole name."""
    found = []
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", one) for sub, one in command.commands.items()]
    return found


def test_help_is_there_at_once_as_nothing_slow_is_read_in() -> None:
    code = (
        "import sys\nfrom par_toolkit.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {SLOW!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told() -> None:
    result = click.testing.CliRunner().invoke(main, ["--version"])
    assert __version__ in result.output


@pytest.mark.parametrize(("name", "command"), commands(), ids=lambda value: str(value)[:20])
def test_every_command_says_what_it_does_and_shows_an_example(
    name: str, command: click.Command
) -> None:
    first = name.partition(" ")[0]
    assert command.epilog is not None
    assert "Example:\n  par " in command.epilog
    assert command.help
    if name in COMMANDS:
        assert command.help.startswith(COMMANDS[name][1].rstrip("."))
    assert first in command.epilog
    result = click.testing.CliRunner().invoke(main, [*name.split(), "--help"])
    assert (result.exit_code, "Example:" in result.output) == (0, True)


@pytest.mark.parametrize(("name", "command"), commands(), ids=lambda value: str(value)[:20])
def test_every_command_that_answers_can_answer_as_json(name: str, command: click.Command) -> None:
    if isinstance(command, click.Group) or name == "serve":
        return
    assert "--json" in {option for one in command.params for option in one.opts}


@pytest.mark.parametrize(
    "name", ["rollback", "withdraw", "erase", "restore", "people disable", "devices revoke"]
)
def test_every_command_that_replaces_or_erases_asks_first(name: str) -> None:
    command = dict(commands())[name]
    assert "--yes" in {option for one in command.params for option in one.opts}


def test_an_unknown_command_is_a_mistake_of_usage() -> None:
    assert click.testing.CliRunner().invoke(main, ["nonsense"]).exit_code == 2


# ------------------------------------------------------------------------- folders nobody can use

EVERYDAY = ("people list", "devices list", "check", "verify", "publish", "backup", "erase --yes")


@pytest.mark.parametrize("words", EVERYDAY)
def test_a_folder_that_is_not_there_gets_a_sentence(tmp_path: Path, words: str) -> None:
    folder = tmp_path / "nowhere"
    result = click.testing.CliRunner().invoke(main, ["--inquiry", str(folder), *words.split()])
    assert result.exit_code == 1
    assert "par --inquiry" in result.output + result.stderr or "init" in result.stderr
    assert not folder.exists()


@pytest.mark.parametrize("words", EVERYDAY)
def test_an_inquiry_of_a_newer_version_is_left_alone(
    par: Callable[..., Any], inquiry: Inquiry, words: str
) -> None:
    with open_database(inquiry.folder) as db:
        db.conn.execute("pragma user_version=999")
    before = (inquiry.folder / "private.db").read_bytes()
    result = par(*words.split(), code=1)
    assert "newer version of par-toolkit" in result.output
    assert (inquiry.folder / "private.db").read_bytes() == before


def test_an_inquiry_that_another_program_writes_to_gets_a_sentence(
    par: Callable[..., Any], inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "WAIT_SECONDS", 0.2)
    holds = (
        "import sys, time\nfrom filelock import FileLock\n"
        f"lock = FileLock({str(inquiry.folder / '.private.lock')!r})\nlock.acquire()\n"
        "print('held', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holds], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        try:
            result = par("people", "add", "Example One", "--role", "steward", code=1)
        finally:
            other.kill()
    assert "Another program is writing to this inquiry" in result.stderr
    par("people", "add", "Example One", "--role", "steward")


def test_a_folder_that_may_not_be_written_gets_a_sentence(
    par: Callable[..., Any], inquiry: Inquiry
) -> None:
    # whoever runs tests as root may write anywhere, so a folder stands where the lock should
    lock = inquiry.folder / ".private.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    result = par("people", "add", "Example One", "--role", "steward", code=1)
    assert "cannot be written" in result.stderr


def test_a_damaged_database_gets_a_sentence(par: Callable[..., Any], inquiry: Inquiry) -> None:
    for ending in ("-wal", "-shm"):
        (inquiry.folder / f"private.db{ending}").unlink(missing_ok=True)
    (inquiry.folder / "private.db").write_bytes(b"no database at all " * 500)
    assert "Restore the last backup" in par("people", "list", code=1).stderr


def test_init_refuses_a_place_that_is_taken(par: Callable[..., Any], tmp_path: Path) -> None:
    assert (
        "already holds an inquiry" in par("init", "--name", "A", "--locality", "B", code=1).stderr
    )
    file = tmp_path / "file"
    file.write_text("x")
    words = ["--inquiry", str(file), "init", "--name", "A", "--locality", "B"]
    result = click.testing.CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


# ------------------------------------------------------------------------------------- endings


def test_promise_16_a_fault_of_the_program_tells_its_place_and_no_words() -> None:
    try:
        refusals._known()
        raise KeyError("SECRET words of a story")
    except KeyError as error:
        sentence = refusals.sentence(error)
    assert sentence is not None
    assert "KeyError" in sentence
    assert "SECRET" not in sentence


def test_whoever_closes_the_other_end_gets_no_complaint(inquiry: Inquiry) -> None:
    open_database(inquiry.folder, create=True).close()
    command = [*PAR, "--inquiry", str(inquiry.folder), "check"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_a_command_with_a_sentence(
    par: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from par_toolkit.storage import people

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(people, "listing", stop)
    assert "nothing is left half done" in par("people", "list", code=1).stderr


def test_what_is_typed_cannot_change_the_terminal() -> None:
    assert plain("a\x1b[31mb\nc") == "a\ufffd[31mb\nc"


def test_serve_says_when_the_port_is_taken(par: Callable[..., Any]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port}" in par("serve", "--port", port, code=1).stderr


def test_serve_names_the_line_of_a_form_that_is_not_right(
    par: Callable[..., Any], inquiry: Inquiry
) -> None:
    (inquiry.folder / "forms" / "story-2.toml").write_text("form = 'story'\nversion = 3\n")
    assert "story-2.toml, line" in par("serve", "--port", 0, code=1).stderr


def test_serve_answers_and_ends_cleanly_with_ctrl_c(inquiry: Inquiry) -> None:
    from signal import SIGINT

    open_database(inquiry.folder, create=True).close()
    command = [*PAR, "--inquiry", str(inquiry.folder), "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert "Serving at http://127.0.0.1:" in server.stdout.readline()
        server.send_signal(SIGINT)
        _, said = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "Traceback" not in said


def test_the_folder_may_come_from_the_environment(inquiry: Inquiry) -> None:
    open_database(inquiry.folder, create=True).close()
    done = subprocess.run(
        [*PAR, "people", "list"],
        env=os.environ | {"PAR_INQUIRY": str(inquiry.folder)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "Nobody was added yet" in done.stdout) == (0, True)
