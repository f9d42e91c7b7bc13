"""Promise 6: what is taken back while a machine reads it is in no file and no theme of the run."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import replacing, suggestions, themes, vector_cache
from analysis.engines import PART
from par_toolkit import theming
from par_toolkit.coding import machine
from par_toolkit.coding.machine import Machine
from par_toolkit.inquiry import Inquiry, load
from par_toolkit.storage import codebook, consents, vectors, withdrawals
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.stories import Kept

Tell = Callable[..., Kept]
CANARY = "Zirkonkatze"
TOLD = f"The {CANARY} on the bus was late again this morning."


class Reader:
    """In place of the model; `then` happens when it has read `after` texts."""

    name = "stand-in"
    languages = frozenset({"en", "fr"})
    dimensions = 3

    def __init__(self, then: Callable[[], None] = lambda: None, after: int = 0) -> None:
        self._then, self._left = then, after

    def encode(self, texts: list[str]) -> np.ndarray[Any, Any]:
        self._left -= len(texts)
        if self._left < 0:
            self._then()
        return np.array([["bus" in t, "bus" not in t, len(t) % 7 / 70] for t in texts], np.float32)


@pytest.fixture
def story(db: PrivateDatabase, tell: Tell) -> int:
    """Tell enough to be read in two parts; only the first story holds the canary."""
    with db.writing():
        first = tell(TOLD).story_id
        for day in range(PART + 10):
            tell(f"The bus to the clinic was late on day {day}, as it always is.")
    assert first is not None
    return first


def taken_back(folder: Path, story: int, use: str) -> None:
    with open_database(folder) as db:
        if use == "all":
            withdrawals.withdraw_story(db, story)
        else:
            consents.change(db, story, {use: False}, wording=1, source="mine")


def files_left(folder: Path) -> list[str]:
    """Name the files that hold the canary's words, or the vector of its text."""
    digest = hashlib.sha256(TOLD.encode()).digest()
    return sorted(
        file.name
        for file in folder.iterdir()
        if file.is_file()
        and not file.name.startswith("private.db")
        and (CANARY.lower().encode() in (held := file.read_bytes()).lower() or digest in held)
    )


@pytest.mark.parametrize("use", ["all", "analyse"])
def test_promise_06_a_run_gives_no_theme_a_word_that_was_taken_back(
    db: PrivateDatabase, inquiry: Inquiry, tell: Tell, monkeypatch: pytest.MonkeyPatch, use: str
) -> None:
    with db.writing():
        told = [tell(f"The {CANARY} bus was late, number {n}.").story_id for n in range(3)]
        for n in range(6):
            tell(f"The bus was late again, number {n}.")
            tell(f"The garden club made us soup and tea, number {n}.")

    def both() -> None:
        for story in told:
            taken_back(inquiry.folder, story or 0, use)

    monkeypatch.setattr(themes, "installed", lambda: Reader(both))
    theming.propose(db, inquiry, count=2)
    words = [row["words"] for row in db.rows("select words from themes")]
    assert any("soup" in one for one in words) and any("bus" in one for one in words)
    assert not any(CANARY.lower() in one.lower() for one in words)
    assert files_left(inquiry.folder) == []


def test_promise_06_a_run_that_is_stopped_keeps_nothing_that_was_taken_back(
    db: PrivateDatabase, inquiry: Inquiry, story: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> None:
        taken_back(inquiry.folder, story, "all")
        raise KeyboardInterrupt

    monkeypatch.setattr(themes, "installed", lambda: Reader(stopped, PART))
    with pytest.raises(KeyboardInterrupt):
        theming.propose(db, inquiry)
    assert files_left(inquiry.folder) == []


def test_promise_06_a_run_that_is_killed_has_written_nothing_that_was_taken_back(
    inquiry: Inquiry, story: int
) -> None:
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tests.promises import test_promise_06_while_theming as here\n"
            "here.run_until_killed(sys.argv[1], int(sys.argv[2]))",
            str(inquiry.folder),
            str(story),
        ],
        cwd=Path(__file__).resolve().parents[2],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert files_left(inquiry.folder) == []


def run_until_killed(folder: str, story: int) -> None:
    """Take the story back, go on reading, write what was read, and be killed."""
    kept = vector_cache.VectorCache._write

    def written(cache: vector_cache.VectorCache) -> None:
        taken_back(Path(folder), story, "all")
        kept(cache)
        os.kill(os.getpid(), signal.SIGKILL)

    vector_cache.VectorCache._write = written  # type: ignore[method-assign]
    vector_cache.CHECKPOINT = PART
    themes.installed = Reader  # type: ignore[assignment]
    with open_database(folder) as db:
        theming.propose(db, load(Path(folder)))


def test_promise_06_a_story_is_not_taken_back_between_looking_and_writing(
    db: PrivateDatabase, inquiry: Inquiry, story: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its vectors would come back, or the file would go while it is being written."""
    real, held = replacing.replacing, []

    def watched(path: Path) -> Any:
        lock = withdrawals_wait(inquiry.folder)
        held.append(lock)
        return real(path)

    monkeypatch.setattr(vector_cache, "replacing", watched)
    monkeypatch.setattr(themes, "installed", Reader)
    theming.propose(db, inquiry)
    assert held and all(held)


def withdrawals_wait(folder: Path) -> bool:
    """Say whether another process would have to wait to write to the inquiry."""
    code = (
        "import sys; from filelock import FileLock, Timeout\n"
        "try: FileLock(sys.argv[1]).acquire(timeout=0)\n"
        "except Timeout: sys.exit(7)"
    )
    lock = str(folder / ".private.lock")
    return subprocess.run([sys.executable, "-c", code, lock], check=False).returncode == 7


def test_promise_06_a_reading_for_codes_that_fails_keeps_nothing_that_was_taken_back(
    db: PrivateDatabase, inquiry: Inquiry, story: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, vectors: vector_cache.VectorCache, **_more: Any) -> None:
        vectors.vectors([TOLD])
        taken_back(inquiry.folder, story, "all")
        vectors.keep()
        raise MemoryError

    monkeypatch.setattr(machine, "SECONDS", 120.0)
    monkeypatch.setattr(suggestions, "Suggester", broken)
    monkeypatch.setattr("analysis.vectors.installed", Reader)
    codebook.add(db, Words("Buses", "The bus was late"), by=None)
    Machine(db.folder).state(db)
    assert not vectors.path(db.folder, vectors.PASSAGES).exists()
    assert files_left(inquiry.folder) == []


def test_promise_06_a_word_of_a_language_without_spaces_goes_too(
    db: PrivateDatabase, tell: Tell
) -> None:
    mine, other = tell("公交车总是晚点。").story_id, tell("公交车没有来。").story_id
    assert mine is not None and other is not None
    db.add(
        "insert into themes (words, state, at) values (:words, 'proposed', '2026-01-01')",
        {"words": '["公交车", "晚点"]'},
    )
    withdrawals.withdraw_story(db, mine)
    assert db.value("select words from themes") == '["公交车"]'
