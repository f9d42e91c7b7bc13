"""The two commands set the project up once, and say plainly what they cannot do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing but its standard library."""
    command = [sys.executable, "-I", "-S", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT)


def test_run_needs_only_the_standard_library_and_says_how_to_use_it() -> None:
    done = python("run.py")
    assert done.returncode == 2
    assert "run.py demo" in done.stderr


@pytest.mark.parametrize("version", ["(3, 10, 13)", "(3, 14, 0)"])
def test_run_refuses_other_pythons_in_a_sentence(version: str) -> None:
    script = f"import runpy, sys; sys.version_info = {version}; runpy.run_path('run.py')"
    done = python("-c", script)
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Move run.py to an empty checkout and return a list that fills with what it would run."""
    (tmp_path / "requirements").mkdir()
    for lock in ("run", "audit"):
        (tmp_path / "requirements" / f"{lock}.lock").write_text("one==1\n")
    (tmp_path / "setup.cfg").write_text("[metadata]\n")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "AUDIT_VENV", tmp_path / ".venv-audit")
    monkeypatch.setattr(run, "has_same_python", lambda venv: run.python_of(venv).exists())
    ran: list[list[str]] = []

    def quietly(command: list[str], trouble: str) -> None:
        ran.append(command)
        if "venv" in command:
            python = run.python_of(Path(command[-1]))
            python.parent.mkdir(parents=True)
            python.touch()

    monkeypatch.setattr(run, "quietly", quietly)
    return ran


def test_set_up_installs_only_what_has_a_known_hash(commands: list[list[str]]) -> None:
    run.set_up("run")
    environment, packages, project = commands
    assert environment[1:3] == ["-m", "venv"]
    assert {"--require-hashes", "--only-binary"} <= set(packages)
    assert {"--no-deps", "--no-build-isolation"} <= set(project)


def test_a_second_set_up_does_nothing(commands: list[list[str]]) -> None:
    run.set_up("run")
    commands.clear()
    run.set_up("run")
    assert commands == []


@pytest.mark.parametrize("name", ["requirements/run.lock", "setup.cfg"])
def test_a_change_is_installed_into_what_is_there(commands: list[list[str]], name: str) -> None:
    run.set_up("run")
    commands.clear()
    (run.ROOT / name).write_text("two==2\n")
    run.set_up("run")
    assert len(commands) == 2
    assert not any("venv" in command for command in commands)


def test_the_audit_is_made_apart_from_what_it_looks_at(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "wait_for", lambda command: commands.append(command) or 1)
    assert run.main(["audit"]) == 1  # what it finds is what the command ends with
    environment, packages, audit = commands
    assert environment[-1] == str(run.AUDIT_VENV)
    assert {"--require-hashes", str(run.ROOT / "requirements" / "audit.lock")} <= set(packages)
    assert audit == [str(run.python_of(run.AUDIT_VENV)), str(run.ROOT / "tools" / "audit.py")]
    assert not run.VENV.exists()


def test_a_failing_command_shows_all_it_said() -> None:
    with pytest.raises(SystemExit, match=r"(?s)the reason.*Do this instead\."):
        run.quietly(
            [sys.executable, "-c", "import sys; print('the reason'); sys.exit(3)"],
            "Do this instead.",
        )
