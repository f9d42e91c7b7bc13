"""`par export`, and `par init --from` of what it wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pytest

from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from tests.exporting.comparing import content, without_loading, without_marks

Par = Callable[..., click.testing.Result]
PASSPHRASE = "seven made up words for a key"


def init(folder: Path, *words: object, code: int = 0, answer: str | None = None) -> Any:
    """Run `par init` on another folder."""
    all_words = ["--inquiry", str(folder), "init", *map(str, words)]
    result = click.testing.CliRunner().invoke(main, all_words, input=answer)
    assert result.exit_code == code, result.output + result.stderr
    assert "Traceback" not in result.output + result.stderr
    return result


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(f"\ufeff{PASSPHRASE}\r\nanother line", "utf-8")
    return path


def test_promise_17_one_command_out_and_one_in(
    par: Par, inquiry: Inquiry, tell: Callable[..., Any], tmp_path: Path
) -> None:
    tell("The lift was broken.")
    out, new = tmp_path / "out", tmp_path / "new"
    said = par("export", "--format", "all", "--out", out)
    assert "1 story" in said.output and "Keys are not in it" in said.output
    loaded = json.loads(init(new, "--from", out, "--json").stdout)
    assert (loaded["stories"], loaded["keys"]) == (1, False)
    assert without_marks(without_loading(content(new))) == without_marks(content(inquiry.folder))
    said = init(tmp_path / "third", "--from", out).output
    assert "people add" in said and "not encrypted" in said and "par --inquiry" in said


def test_keys_come_along_sealed_where_they_are_asked_for(
    par: Par, par_json: Callable[..., Any], tmp_path: Path, passphrase: Path
) -> None:
    out = tmp_path / "out"
    done = par_json("export", "--out", out, "--keys", "--passphrase-file", passphrase)
    assert done["keys"] and done["format"] == "all"
    assert (out / "keys.age").read_bytes().startswith(b"age-encryption.org/v1")
    key = (tmp_path / "inquiry/keys/receipt.key").read_text()
    init(tmp_path / "one", "--from", out, "--passphrase-file", passphrase)
    assert (tmp_path / "one/keys/receipt.key").read_text().strip() == key.strip()
    init(tmp_path / "two", "--from", out, answer=f"{PASSPHRASE}\n")
    assert (tmp_path / "two/keys/receipt.key").read_text().strip() == key.strip()
    init(tmp_path / "three", "--from", out, "--without-keys")
    assert (tmp_path / "three/keys/receipt.key").read_text().strip() != key.strip()
    said = init(tmp_path / "four", "--from", out, code=1, answer="a wrong passphrase\n")
    assert "does not open" in said.stderr


def test_a_passphrase_is_asked_for_twice(par: Par, tmp_path: Path) -> None:
    twice = f"{PASSPHRASE}\n{PASSPHRASE}\n"
    par("export", "--format", "json", "--out", tmp_path / "out", "--keys", answer=twice)
    assert (tmp_path / "out/keys.age").exists()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_is_only_to_look_at_cannot_be_loaded(par: Par, tmp_path: Path, format: str) -> None:
    par("export", "--format", format, "--out", tmp_path / "out")
    assert "--format all" in init(tmp_path / "new", "--from", tmp_path / "out", code=1).stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--name", "x"],
        ["--locality", "x"],
        ["--ledger", "x", "--name", "x", "--locality", "y"],
        ["--without-keys", "--name", "x", "--locality", "y"],
        ["--from", "x", "--name", "x"],
        ["--from", "x", "--language", "en"],
    ],
)
def test_options_that_do_not_go_together_are_said(tmp_path: Path, words: list[str]) -> None:
    init(tmp_path / "new", *words, code=2)
    assert not (tmp_path / "new").exists()


def test_what_is_no_export_is_said(par: Par, tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", tmp_path):
        assert "holds no export" in init(tmp_path / "new", "--from", place, code=1).stderr
    par("export", "--out", tmp_path / "out")
    par("export", "--out", tmp_path / "out", code=1)
    par("export", code=2)
    said = init(tmp_path / "n", "--from", tmp_path / "out", "--ledger", tmp_path / "x", code=1)
    assert "no ledger" in said.stderr


def test_it_is_recorded(par: Par, tmp_path: Path, db: Any) -> None:
    from par_toolkit.storage import audit

    par("export", "--out", tmp_path / "out")
    assert audit.listing(db)[0]["action"] == "export_everything"
    assert audit.listing(db)[0]["role"] == "command line"
