"""Keepers, sealed backups and drills, by command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from pyrage.x25519 import Identity

from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import back_up
from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase

EVALUATOR = Identity.generate()
PASSPHRASE = "five or six words are good"


def test_keepers_from_the_command_line(
    par: Callable[..., Any], par_json: Callable[..., Any], inquiry: Inquiry, tmp_path: Path
) -> None:
    """One gets a key here, one has a key; then a laptop is lost, and the first restores it."""
    words, usb, own = tmp_path / "words", tmp_path / "usb", tmp_path / "ama.age"
    words.write_text(PASSPHRASE + "\n")
    add = ("keepers", "add", "Ama Example", "--role", "steward", "--key-passphrase-file", words)
    inside = inquiry.folder / "key.age"
    assert "must not lie with what it opens" in par(*add, "--out", inside, code=1).stderr
    assert "Name a second keeper" in par(*add, "--out", own).stdout
    par(*add, "--out", tmp_path / "again.age", code=1)
    assert not (tmp_path / "again.age").exists()
    ben = ("keepers", "add", "Ben Example", "--role", "evaluator", "--recipient")
    par(*ben, "age1not", code=1)
    par(*ben, EVALUATOR.to_public())
    assert [one["name"] for one in par_json("keepers", "list")] == ["Ama Example", "Ben Example"]
    made = par_json("backup", "--to", usb)
    assert made["sealed_to"] == ["Ama Example", "Ben Example"]
    opening = ("--identity", own, "--key-passphrase-file", words)
    assert "is sealed to its keepers" in par("restore", made["file"], "--yes", code=1).stderr
    par("restore", made["file"], "--yes", *opening)
    plain = tmp_path / "ben.txt"
    plain.write_text(f"{EVALUATOR}\n")
    tried = par_json("drill", made["file"], "--identity", plain)
    assert (tried["ok"], tried["lost"]) == (True, 0)
    par("keepers", "remove", "Ama Example", "--yes")
    par("keepers", "remove", "Ama Example", "--yes", code=1)
    par("keepers", "remove", "Ben Example", "--yes")
    assert par_json("backup", "--to", usb)["sealed_to"] == []


def test_a_drill_says_what_is_wrong(
    par: Callable[..., Any], tell: Callable[..., Any], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    """The negative control: a backup whose trail was changed is none to rely on."""
    tell("The nurse rang back.")
    audit.record(db, "publish")
    db.change("drop trigger if exists audit_no_update")
    db.change("update audit set role = 'steward' where action = 'publish'")
    back_up(inquiry.folder)
    assert "Do not rely on" in par("drill", code=1).stderr


def test_a_copy_of_everything_is_sealed_opened_by_a_keeper_and_loaded(
    par: Callable[..., Any],
    par_json: Callable[..., Any],
    tell: Callable[..., Any],
    inquiry: Inquiry,
    tmp_path: Path,
) -> None:
    tell("The quinceblossom was out.")
    file, key, out = tmp_path / "all.zip.age", tmp_path / "ben.txt", tmp_path / "all"
    export = ("export", "--format", "json", "--seal", "--out", file)
    assert "There are no keepers" in par(*export, code=1).stderr and not file.exists()
    public = EVALUATOR.to_public()
    par("keepers", "add", "Ben Example", "--role", "evaluator", "--recipient", public)
    assert par_json(*export)["stories"] == 1
    assert "is there already" in par(*export, code=1).stderr
    assert b"quinceblossom" not in file.read_bytes() and b"stories.json" not in file.read_bytes()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert not list(inquiry.folder.glob(".working-*"))
    key.write_text(f"{Identity.generate()}\n")
    opening = ("keepers", "open", file, "--identity", key, "--out", out)
    assert "does not open" in par(*opening, code=1).stderr and not out.exists()
    key.write_text(f"{EVALUATOR}\n")
    assert par_json(*opening)["files"] > 10
    assert "holds something already" in par(*opening, code=1).stderr
    words = ["--inquiry", str(tmp_path / "elsewhere"), "init", "--from", str(out)]
    loaded = CliRunner().invoke(main, words)
    assert loaded.exit_code == 0 and "with 1 story" in loaded.stdout, loaded.output
