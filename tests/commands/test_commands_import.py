"""`par import` with files that are right, wrong, stopped half way, and large."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.commands import bring_in
from par_toolkit.commands.bring_in import no_formula

Par = Callable[..., Any]


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "told.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


IMPORT = ("--form", "story", "--map", "telling=text", "--consent", "analyse,quote")


def test_import_tells_what_came_in_and_what_did_not(par: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text,group\none,Night staff\n ,x\ntwo,residents\na,b,c\n")
    said = par("import", path, *IMPORT, "--map", "group=group").stdout
    assert "2 stories came in." in said
    assert "Night staff (1)" in said
    assert "line 3: There are no words in the column 'text'." in said
    assert "line 5: The row has 3 cells, but there are 2 columns." in said


def test_import_as_json_and_again(par_json: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text\none\none\n\x07\n")
    first = par_json("import", path, *IMPORT)
    assert first == {
        "came_in": 2,
        "already_here": 0,
        "withdrawn": 0,
        "not_taken": [{"line": 4, "reason": "There are no words in the column 'text'."}],
        "unknown_groups": [],
    }
    assert par_json("import", path, *IMPORT) == first | {"came_in": 0, "already_here": 2}


def test_a_report_holds_every_row_that_was_not_taken(par: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text,x\n" + "word,1\n" + " ,1\n" * 30)
    report = tmp_path / "report.csv"
    said = par("import", path, *IMPORT, "--report", report)
    assert "and 10 more" in said.stdout
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 31
    assert rows[0] == ["line", "reason"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\uff1d1", "  =1", "\tx", "\rx", "\0x"])
def test_no_cell_of_a_report_is_a_formula(cell: str) -> None:
    assert no_formula(cell) == f"'{cell}"
    assert no_formula("plain") == "plain"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("text\n", "no rows"),
        ("words\nx\n", "The columns there are: words."),
        ("text\n \n", "No row of told.csv could be taken."),
        (b"PK\x03\x04" + b"\0" * 50, "Save as"),
    ],
)
def test_a_file_that_brings_nothing_is_refused(
    par: Par, tmp_path: Path, text: str | bytes, part: str
) -> None:
    assert part in par("import", write(tmp_path, text), *IMPORT, code=1).stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ["--map", "telling", "--consent", "quote"],
        ["--map", "telling=text", "--consent", "all"],
        ["--map", "telling=text"],
        ["--map", "telling=text", "--map", "telling=b", "--consent", "none"],
        ["--map", "telling=text", "--consent", "none", "--language", "English!"],
    ],
)
def test_mistakes_of_usage_in_import(par: Par, tmp_path: Path, wrong: list[str]) -> None:
    par("import", write(tmp_path, "text\nx\n"), *wrong, code=2)


def test_import_of_an_unknown_form_names_the_forms_there_are(par: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text\nx\n")
    said = par("import", path, "--form", "poem", "--map", "a=text", "--consent", "none", code=1)
    assert "feedback, reflection, story" in said.stderr


def test_an_import_that_is_stopped_says_how_to_go_on(
    par: Par, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bring_in, "bring_in", stop)
    said = par("import", write(tmp_path, "text\nx\n"), *IMPORT, code=1)
    assert "Run the same command again" in said.stderr


NHS = Path(os.environ.get("PAR_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.skipif(
    not (NHS / "nhs_feedback.csv").is_file(), reason="the shared data set is not here"
)
def test_10302_real_comments_come_in_once(par_json: Par) -> None:
    path = NHS / "nhs_feedback.csv"
    first = par_json("import", path, *IMPORT)
    assert (first["came_in"], first["not_taken"]) == (10_302, [])
    again = par_json("import", path, *IMPORT)
    assert (again["came_in"], again["already_here"]) == (0, 10_302)
