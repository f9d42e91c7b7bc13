"""`par report`: the case report as a file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import word_releases
from tests.storage.sensemaking.wholes import Whole, release_all


@pytest.fixture
def whole(db: PrivateDatabase, tell: Callable[..., Any]) -> Whole:
    made = Whole(db, tell)
    release_all(db)
    return made


def test_it_writes_a_page_or_a_document_whole_or_for_one_group(
    par: Callable[..., Any], par_json: Callable[..., Any], whole: Whole, tmp_path: Path
) -> None:
    page, short, word = (tmp_path / name for name in ("r.html", "s.html", "r.docx"))
    assert "is written" in par("report", "--out", page).stdout
    assert "Who pays for a later bus?" in page.read_text("utf-8")
    assert par_json("report", "--out", short, "--group", "carers", "--language", "fr") == {
        "file": str(short)
    }
    assert "En bref pour" in short.read_text("utf-8")
    par("report", "--out", word, "--cycle", "cycle_1")
    with zipfile.ZipFile(word) as inside:
        assert b"Who pays for a later bus?" in inside.read("word/document.xml")


def test_without_a_name_it_is_report_html_here(
    par: Callable[..., Any], whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    par("report")
    assert (tmp_path / "report.html").exists()


def test_it_refuses_to_leave_out_what_is_unresolved(
    par: Callable[..., Any], db: PrivateDatabase, whole: Whole, tmp_path: Path
) -> None:
    file = tmp_path / "r.html"
    word_releases.take_back(db, "item", whole.disputed, by=whole.mara)
    said = par("report", "--out", file, code=1).stderr
    assert f"Item {whole.disputed} is unresolved" in said
    assert not file.exists()


def test_it_asks_before_it_replaces_and_says_what_is_wrong(
    par: Callable[..., Any], whole: Whole, tmp_path: Path
) -> None:
    file = tmp_path / "mine.html"
    file.write_text("mine")
    assert "nothing was changed" in par("report", "--out", file, code=1, answer="").stderr
    assert file.read_text() == "mine"
    par("report", "--out", file, "--yes")
    assert file.read_text("utf-8") != "mine"
    assert ".html or .docx" in par("report", "--out", tmp_path / "r.pdf", code=2).stderr
    other = tmp_path / "o.html"
    assert "not a group" in par("report", "--out", other, "--group", "x", code=1).stderr
    assert "nothing to report" in par("report", "--out", other, "--cycle", "x", code=1).stderr


def test_before_the_first_cycle_it_says_so(par: Callable[..., Any], tmp_path: Path) -> None:
    assert "nothing to report" in par("report", "--out", tmp_path / "r.html", code=1).stderr
