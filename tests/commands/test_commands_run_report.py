"""`par run-report`: a file for a paper, with no words of any story in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from par_toolkit.storage import people, shaping, themes, withdrawals
from par_toolkit.storage.database import PrivateDatabase

CANARY = "Zanzibarquartz"


def tell_many(tell: Callable[..., Any], db: PrivateDatabase) -> None:
    for n in range(24):
        about = ("bus was late to the clinic", "nurse was kind and listened")[n % 2]
        tell(f"The {CANARY} {about} on day {n}.")
    tell("Nothing.")


def test_it_tells_how_and_no_words(
    par: Callable[..., Any],
    par_json: Callable[..., Any],
    tell: Callable[..., Any],
    db: PrivateDatabase,
    tmp_path: Path,
) -> None:
    tell_many(tell, db)
    assert "no such run" in par("run-report", "--out", tmp_path / "r.html", code=1).stderr
    par("theme", "--themes", "2")
    by = people.set_password(db, people.add(db, "Example Ama", "steward"), "a long password")
    first, *rest = themes.listing(db)
    shaping.rename(db, first.id, "Getting there", by=by)
    shaping.endorse(db, first.id, by=by)
    if rest:
        shaping.remove_story(db, rest[0].id, themes.members(db, rest[0].id)[0].story, by=by)
    for name in ("r.html", "r.ipynb"):
        file = tmp_path / name
        assert par_json("run-report", "--out", file) == {"file": str(file)}
        text = file.read_text(encoding="utf-8")
        assert CANARY.lower() not in text.lower()
        for word in ("bus", "nurse", "clinic", "listened"):
            assert not re.search(rf"\b{word}\b", text.lower()), word
        assert "Getting there" in text and "no name by people yet" in text
    french = tmp_path / "f.html"
    par("run-report", "--out", french, "--language", "fr")
    assert "Comment l’analyse 1" in french.read_text(encoding="utf-8")


def test_what_was_withdrawn_is_counted_and_its_digest_gone(
    par: Callable[..., Any], tell: Callable[..., Any], db: PrivateDatabase, tmp_path: Path
) -> None:
    tell_many(tell, db)
    par("theme", "--themes", "2")
    par("run-report", "--out", tmp_path / "one.html")
    withdrawals.withdraw_story(db, 1, reason="asked_in_person")
    par("run-report", "--out", tmp_path / "two.html")
    one, two = ((tmp_path / f"{name}.html").read_text("utf-8") for name in ("one", "two"))
    assert "25 of them are still here" in one and "24 of them are still here" in two
    digests = [set(re.findall(r"\b[0-9a-f]{16}\b", text)) for text in (one, two)]
    assert digests[1] < digests[0] and len(digests[0] - digests[1]) == 1


def test_it_asks_before_it_replaces_and_wants_an_ending_it_knows(
    par: Callable[..., Any], tell: Callable[..., Any], db: PrivateDatabase, tmp_path: Path
) -> None:
    tell_many(tell, db)
    par("theme")
    file = tmp_path / "run.ipynb"
    file.write_text("mine")
    assert "nothing was changed" in par("run-report", "--out", file, code=1, answer="").stderr
    assert file.read_text() == "mine"
    par("run-report", "--out", file, "--yes")
    assert json.loads(file.read_text())["nbformat"] == 4
    assert ".html or .ipynb" in par("run-report", "--out", tmp_path / "r.pdf", code=2).stderr
    par("run-report", "--out", tmp_path / "x.html", "--run", "9", code=1)
    assert not (tmp_path / "x.html").exists()
