"""`par theme`: what it says, hostile stories, Ctrl+C, a kill half-way, two runs at once."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import themes
from analysis.engines import PART
from par_toolkit import theming
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import accounting, vectors
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.stories import Kept

Par = Callable[..., Any]
Tell = Callable[..., Kept]

BUS = "The bus to the clinic was late on day {}."
SOUP = "The garden club made us soup and tea on day {}."
PUNJABI = "ਬੱਸ ਹਮੇਸ਼ਾ ਦੇਰ ਨਾਲ ਆਉਂਦੀ ਹੈ"
HOSTILE = (
    "\u202eturned round\u2066",
    "nul \x00 inside",
    "e" + "\u0301" * 5_000,
    "\U0001f600" * 300,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308",
    "\ufeff\u200b\u200d",
    "\ufdfa" * 500,
    "a" * 100_000,
    "<script>alert(1)</script>",
)


class StandIn:
    """In place of the model: texts of the bus in one direction, others in another."""

    name = "stand-in"
    languages = frozenset({"en", "fr"})
    dimensions = 3

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray[Any, Any]:
        self.read += texts
        return np.array([["bus" in t, "bus" not in t, len(t) % 7 / 70] for t in texts], np.float32)


class Stopped(StandIn):
    """It is stopped by Ctrl+C when it meets the last text."""

    def encode(self, texts: list[str]) -> np.ndarray[Any, Any]:
        if len(self.read) + len(texts) > PART:
            raise KeyboardInterrupt
        return super().encode(texts)


class Killed(StandIn):
    """The whole process is killed when it has read one part."""

    def encode(self, texts: list[str]) -> np.ndarray[Any, Any]:
        if self.read:
            import os

            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    found = StandIn()
    monkeypatch.setattr(themes, "installed", lambda: found)
    return found


def tell_many(tell: Tell, db: PrivateDatabase, number: int) -> None:
    with db.writing():
        for day in range(number):
            tell((BUS if day % 2 else SOUP).format(day))


def kept(db: PrivateDatabase) -> list[Any]:
    return [db.rows(f"select * from {name}") for name in ("runs", "themes", "theme_stories")]


def test_it_says_what_it_did(par: Par, par_json: Par, tell: Tell, model: StandIn) -> None:
    assert "There are no stories to theme" in par("theme").stdout
    for day in range(4):
        tell(BUS.format(day))
        tell(SOUP.format(day))
    tell("My cat likes volcanoes")
    tell("Nothing.")
    said = par_json("theme", "--themes", "2", "--seed", "3")
    assert (said["texts"], said["themes"], said["say_little"]) == (10, 2, 1)
    assert "negation_not_seen" in said["limits"] and "words_only" not in said["limits"]
    again = par("theme", "--themes", "2")
    assert "10 stories read" in again.stdout and "2 themes proposed" in again.stdout
    assert "Grouping them" in again.stderr, "progress is shown while it works"


@pytest.mark.parametrize("wrong", ["0", "201", "many"])
def test_a_wrong_number_is_refused(par: Par, wrong: str) -> None:
    assert "write auto, or a number from 1 to 200" in par("theme", "--themes", wrong, code=2).stderr


def test_a_language_no_model_knows_is_said_plainly(par: Par, tell: Tell, model: StandIn) -> None:
    """The stories came on an English form. They never go through the model."""
    for day in range(3):
        tell(f"{PUNJABI} {day}")
    alone = " ".join(par("theme").stdout.split())
    assert "It goes by words alone in ਪੰਜਾਬੀ: its model does not know that language." in alone
    for day in range(6):
        tell(BUS.format(day))
    mixed = " ".join(par("theme").stdout.split())
    assert "It goes by words alone in ਪੰਜਾਬੀ" in mixed
    assert "themed by themselves. Merge themes that say the same in two languages" in mixed
    assert model.read and not any("ਬੱਸ" in text for text in model.read)


def test_without_a_model_it_says_so(par: Par, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "installed", lambda: None)
    for day in range(3):
        tell(BUS.format(day))
    said = " ".join(par("theme").stdout.split())
    assert "The model that reads sentences is not installed." in said
    assert "The machine goes by words alone." in said


def test_promise_09_hostile_stories_are_all_in_a_place(
    par: Par, tell: Tell, db: PrivateDatabase, model: StandIn
) -> None:
    for telling in HOSTILE:
        tell(telling)
    assert "9 stories read" in par("theme").stdout
    account = accounting.account(db)
    assert account.balanced and account.came_in == 9 and account.places["waiting"] == 0


def test_stopped_with_ctrl_c_nothing_changes_and_the_next_run_goes_on(
    par: Par, tell: Tell, db: PrivateDatabase, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_many(tell, db, PART + 10)
    before = kept(db)
    monkeypatch.setattr(themes, "installed", Stopped)
    par("theme", code=1)
    assert kept(db) == before
    model = StandIn()
    monkeypatch.setattr(themes, "installed", lambda: model)
    par("theme", "--themes", "2")
    assert 0 < len(model.read) <= 10 and len(kept(db)[0]) == 1
    assert accounting.account(db).balanced


def test_killed_half_way_leaves_no_half_result_and_the_same_bytes_come_out(tmp_path: Path) -> None:
    texts = [(BUS if day % 2 else SOUP).format(day) for day in range(PART + 10)]
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    cache = tmp_path / "vectors.npz"
    killed = subprocess.run(
        [
            sys.executable, "-c",
            "import json, sys; from pathlib import Path\n"
            "from analysis import themes, vector_cache\n"
            "from tests.commands.test_commands_theme import PART, Killed\n"
            "vector_cache.CHECKPOINT = PART\n"
            "folder = Path(sys.argv[1])\n"
            "texts = json.loads((folder / 'texts.json').read_text())\n"
            "themes.propose(texts, encoder=Killed(), cache=folder / 'vectors.npz')",
            str(tmp_path),
        ],
        cwd=Path(__file__).resolve().parents[2], check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert cache.exists()
    model = StandIn()
    again = themes.propose(texts, encoder=model, cache=cache)
    assert len(model.read) == 10, "what was read before the kill is not read again"
    assert again.as_json() == themes.propose(texts, encoder=StandIn()).as_json()


def test_two_runs_at_once_both_end_and_promise_9_holds(
    tell: Tell, db: PrivateDatabase, inquiry: Inquiry, model: StandIn
) -> None:
    tell_many(tell, db, 40)
    both = threading.Barrier(2, timeout=60)
    found: list[theming.Outcome] = []

    def run() -> None:
        met: set[str] = set()

        def together(step: str, done: int, total: int) -> None:
            if step in ("words", "passages") and step not in met:
                met.add(step)
                both.wait()

        with open_database(inquiry.folder) as mine:
            found.append(theming.propose(mine, inquiry, count=2, progress=together))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(one.texts, one.themes) for one in found] == [(40, 2)] * 2
    account = accounting.account(db)
    assert account.balanced and account.came_in == 40
    assert {one.name for one in inquiry.folder.iterdir() if "vectors" in one.name} == {
        vectors.FILE,
        vectors.READINGS,
    }
    model.read.clear()
    theming.propose(db, inquiry, count=2)
    assert not model.read, "what either left is whole"


def test_what_a_run_keeps_beside_the_database_goes_with_a_story(
    par: Par, tell: Tell, db: PrivateDatabase, inquiry: Inquiry, model: StandIn
) -> None:
    tell_many(tell, db, 6)
    before = {one.name for one in inquiry.folder.iterdir()}
    par("theme")
    assert {one.name for one in inquiry.folder.iterdir()} - before == {
        vectors.FILE,
        vectors.READINGS,
    }
    vectors.forget(inquiry.folder)
    assert {one.name for one in inquiry.folder.iterdir()} == before


def test_a_run_ends_where_what_it_read_cannot_be_kept(
    par: Par, tell: Tell, db: PrivateDatabase, inquiry: Inquiry, model: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """As on a full disk: reading anew takes longer, and that is all."""

    def full(*_given: Any, **_more: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    tell_many(tell, db, 40)
    monkeypatch.setattr("analysis.replacing.os.replace", full)
    assert "40 stories read" in par("theme").stdout
    assert not [one.name for one in inquiry.folder.iterdir() if "vectors" in one.name]
    assert accounting.account(db).balanced
