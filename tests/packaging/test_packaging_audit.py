"""The audit of packages ends well only where every locked version got an answer of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import audit

ASKED = [("flask", "3.1.0"), ("numpy", "2.2.0")]
FLASK = {"name": "flask", "version": "3.1.0", "vulns": []}
NUMPY = {"name": "numpy", "version": "2.2.0", "vulns": []}
SKIPPED = {"name": "numpy", "skip_reason": "Dependency not found on PyPI"}
UNSAFE = {
    **NUMPY,
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.2.1"]}],
}


def said(*dependencies: dict[str, Any], why: dict[str, str] | None = None) -> list[str]:
    """Return what must be mended after pip-audit said this of two packages."""
    answer = audit.read(ASKED, {"dependencies": list(dependencies), "fixes": []})
    return audit.verdict([answer], why or {})[0]


def test_a_clean_answer_is_clean() -> None:
    assert said(FLASK, NUMPY) == []


def test_a_skipped_package_fails_the_audit() -> None:
    """pip-audit itself ends well here, and says that no fault is known."""
    assert said(FLASK, SKIPPED) == ["numpy 2.2.0 was not checked: Dependency not found on PyPI."]


@pytest.mark.parametrize("said_of", [[], [FLASK], [FLASK, {**NUMPY, "version": "2.2.1"}]])
def test_a_package_that_nothing_is_said_of_fails_the_audit(said_of: list[dict[str, Any]]) -> None:
    assert "numpy 2.2.0 was not checked: pip-audit said nothing of it." in said(*said_of)


def test_an_unsafe_package_fails_the_audit_unless_it_is_explained() -> None:
    sentence = "numpy 2.2.0 has a known fault, PYSEC-1: mended in 2.2.1."
    assert said(FLASK, UNSAFE) == [sentence]
    assert said(FLASK, UNSAFE, why={"OTHER": "…"}) == [sentence]
    for known in ("PYSEC-1", "CVE-1"):
        assert said(FLASK, UNSAFE, why={known: "We never call it."}) == []


@pytest.mark.parametrize(
    "report", [{}, {"dependencies": None}, {"dependencies": [1]}, {"dependencies": [{}, 1]}]
)
def test_an_answer_of_another_form_is_no_answer(report: dict[str, Any]) -> None:
    with pytest.raises(audit.AuditError, match="cannot be read"):
        audit.read(ASKED, report)


def test_an_explanation_ends_on_its_day() -> None:
    text = '[[fault]]\nid = "CVE-1"\nwhy = "We never call it."\nuntil = 2026-11-30\n'
    assert audit.explained(text, date(2026, 11, 30)) == ({"CVE-1": "We never call it."}, [])
    why, over = audit.explained(text, date(2026, 12, 1))
    assert why == {} and "Look at it again" in over[0]


def test_the_file_of_explanations_can_be_read() -> None:
    audit.explained(audit.EXPLAINED.read_text("utf-8"), date.today())


Ran = Callable[[list[str]], subprocess.CompletedProcess[str]]


def answering(report: str | None, *, code: int = 0, stderr: str = "") -> Ran:
    """Stand in for pip-audit: write this report where it was asked to, or nothing."""

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        if report is not None:
            Path(command[command.index("--output") + 1]).write_text(report, "utf-8")
        return subprocess.CompletedProcess(command, code, "", stderr)

    return run


@pytest.mark.parametrize("report", [None, "", "{", "No known vulnerabilities found"])
def test_where_nobody_could_be_asked_the_audit_fails(
    report: str | None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = answering(report, code=1, stderr="…\nConnectionError: no network")
    monkeypatch.setattr(subprocess, "run", broken)
    with pytest.raises(audit.AuditError, match="no network"):
        audit.ask(ASKED, tmp_path)
    assert audit.main() == 1
    assert capsys.readouterr().out.rstrip().endswith("The audit failed.")


def test_the_whole_audit_ends_well_where_all_is_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an answer to each question; one that leaves the last out fails."""

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        asked = Path(command[command.index("--requirement") + 1]).read_text("utf-8").split()
        clean = [
            {"name": name, "version": version, "vulns": []}
            for name, _, version in (line.partition("==") for line in asked)
        ]
        return answering(json.dumps({"dependencies": clean[:most]}))(command, **options)

    monkeypatch.setattr(subprocess, "run", run)
    most: int | None = None
    assert audit.main() == 0
    assert "no fault is known" in capsys.readouterr().out
    most = -1
    assert audit.main() == 1


def test_every_version_of_every_lock_is_asked_about() -> None:
    """Also those for other systems and Pythons; counted here in another way."""
    texts = [(audit.REQUIREMENTS / f"{name}.lock").read_text("utf-8") for name in audit.LOCKS]
    lines = {line.split(" ")[0] for text in texts for line in text.splitlines() if "==" in line}
    pinned = {line for line in lines if line and not line.startswith("#")}
    assert {f"{name}=={version}" for name, version in audit.pins(texts)} == pinned
    assert any(line.startswith("colorama==") for line in pinned)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12345")), unique=True, max_size=15)
)
def test_rounds_hold_every_pin_once_and_no_package_twice(asked: list[audit.Pin]) -> None:
    parts = audit.rounds(asked)
    assert sorted(pin for part in parts for pin in part) == sorted(asked)
    assert all(len({name for name, _ in part}) == len(part) for part in parts)
