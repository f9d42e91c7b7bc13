"""A server that is forked runs, ends and fails as one that starts from nothing does."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

from par_toolkit.inquiry import Inquiry
from tests import forks
from tests.browser.server import running
from tests.faults.server import served


def test_it_answers_until_it_is_stopped(inquiry: Inquiry) -> None:
    with running(inquiry.folder) as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
    log = inquiry.folder.parent / "inquiry-server.log"
    assert f"Serving at {address} " in log.read_text("utf-8")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=5)


def test_it_can_be_killed_and_started_on_the_same_port(inquiry: Inquiry) -> None:
    with served(inquiry.folder) as server:
        server.kill()
        server.start()
    assert server.log.read_text("utf-8").count("Serving at") == 2


def test_one_that_cannot_start_says_why_in_its_log(tmp_path: Path) -> None:
    process = forks.start(["--inquiry", str(tmp_path / "nowhere"), "serve"], tmp_path / "log")
    process.wait(timeout=60)
    assert "nowhere is not an inquiry" in (tmp_path / "log").read_text("utf-8")


def test_it_has_its_own_settings_and_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It finds the settings that are meant, which only stand in its place, and reads them."""
    settings = tmp_path / "made-up-place" / "inquiry.toml"
    settings.parent.mkdir()
    settings.write_text("[inquiry\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAR_INQUIRY", "made-up-place")
    forks.start(["serve"], tmp_path / "log").wait(timeout=60)
    log = (tmp_path / "log").read_text("utf-8")
    assert str(Path("made-up-place", "inquiry.toml")) in log and "Mend that line" in log
