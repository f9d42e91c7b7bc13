"""Asking whether an inquiry is encrypted must not let go of SQLite's locks on its database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import peeking, stories, vault
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept

#: Another program: `par check` beside a server, for example.
COMES_AND_GOES = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("select count(*) from stories").fetchone()[0])
connection.close()
"""


def found_elsewhere(path: Path) -> int:
    """Count the stories in another program, which opens the database and closes it again."""
    command = [sys.executable, "-c", COMES_AND_GOES, str(path)]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


@pytest.mark.parametrize("safely", [True, False])
def test_promise_01_no_story_is_lost_beside_another_program(
    inquiry: Inquiry, db: PrivateDatabase, tell: Callable[..., Kept], safely: bool
) -> None:
    """Closing the file drops this program's locks; another then deletes the WAL that is in use."""
    tell("The first.")
    if safely:
        assert vault.encrypted(inquiry.folder) is False
    else:
        inquiry.database.open("rb").close()
    assert found_elsewhere(inquiry.database) == 1
    tell("The second.")
    assert stories.count(db) == 2
    everywhere = found_elsewhere(inquiry.database) == 2
    assert everywhere is safely, "the story that was acknowledged is in no file"


def test_the_beginning_is_read_anew_and_of_the_file_that_has_the_name_now(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    assert peeking.beginning(path, 3) == (b"abc", 6)
    with path.open("r+b") as file:
        file.write(b"xyz!")
    assert peeking.beginning(path, 3) == (b"xyz", 6)
    (tmp_path / "other").write_bytes(b"new")
    (tmp_path / "other").replace(path)
    assert peeking.beginning(path, 9) == (b"new", 3)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        peeking.beginning(path, 3)


def test_few_files_stay_open(tmp_path: Path) -> None:
    for number in range(peeking.MOST + 10):
        path = tmp_path / str(number)
        path.write_bytes(b"x")
        peeking.beginning(path, 1)
    assert len(peeking._open) <= peeking.MOST
