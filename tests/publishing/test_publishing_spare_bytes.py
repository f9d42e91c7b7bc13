"""No byte of a build but those of its rows: nothing can be hidden there, or be left behind."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from par_toolkit.publishing import follow_withdrawals, publish, spare_bytes, verify_build
from par_toolkit.storage import withdrawals
from tests.publishing.inquiries import Place

WORDS = b"Zirkonkatze was here."
RECEIPT = "7" * 16
#: Counters of SQLite in the head of a file: who wrote it when, and with which version.
COUNTERS = {*range(24, 28), *range(40, 47), *range(56, 60), *range(92, 100)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("bytes") / "inquiry")
    whole = ("analyse", "quote", "publish")
    told = [place.tell(f"The bus, number {n}.", consent=whole) for n in range(40)]
    told.append(place.tell("A long story. " * 9_000, consent=whole, release=True))
    for n in range(8):  # a text fills its last page, but for those of one length in eight
        words = "A longer story. " * (600 + 32 * n)
        told.append(place.tell(words, consent=whole, release=True))
    told.append(place.tell("This one goes again. " * 50, consent=whole, receipt=RECEIPT))
    place.theme(told)
    publish(place.folder)
    return place


def spare(path: Path) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(path)) as conn:
        return list(spare_bytes.found(path.read_bytes(), conn))


def test_promise_06_a_new_build_and_one_that_lost_words_hold_nothing_else(place: Place) -> None:
    assert spare(place.live()) == []
    with closing(sqlite3.connect(place.live())) as conn:  # the same rows, as SQLite leaves them
        copy = place.folder / "copy.db"
        conn.execute("vacuum into :copy", {"copy": str(copy)})
    assert spare(copy) != []
    withdrawals.withdraw(place.db, RECEIPT)
    assert follow_withdrawals(place.folder, db=place.db)
    assert spare(place.live()) == [] and verify_build(place.live()).sound


def test_promise_07_words_between_rows_are_found(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "build.db"
    path.write_bytes(place.live().read_bytes())
    assert verify_build(path).sound
    data = bytearray(path.read_bytes())
    at = data.index(bytes(400)) + 100
    data[at : at + len(WORDS)] = WORDS
    path.write_bytes(data)
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
        assert conn.execute("pragma freelist_count").fetchone() == (0,)
    assert [start <= at < end for start, end in spare(path)] == [True]
    assert "bytes that belong to no row" in " ".join(verify_build(path).sentences)


def test_promise_07_words_after_the_end_of_a_long_text_are_found(
    place: Place, tmp_path: Path
) -> None:
    """A text of several pages ends in the middle of its last one."""
    path, data = tmp_path / "build.db", bytearray(place.live().read_bytes())
    file = spare_bytes.File(bytes(data))
    with closing(sqlite3.connect(place.live())) as conn:
        roots = [row[0] for row in conn.execute("select rootpage from sqlite_master")]
    ends = [
        which * file.size - len(WORDS)
        for root in filter(None, roots)
        for which, used in file.used(root)
        if len(used) == 1 and used[0][1] < file.size - len(WORDS)
    ]
    assert ends, "the control: some text is that long"
    for at in ends:
        data[at : at + len(WORDS)] = WORDS
    path.write_bytes(data)
    assert sum(start <= at < stop for start, stop in spare(path) for at in ends) == len(ends)


def test_promise_06_what_a_deleted_row_leaves_in_its_page_is_found(
    place: Place, tmp_path: Path
) -> None:
    path = tmp_path / "build.db"
    path.write_bytes(place.live().read_bytes())
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("pragma secure_delete=off")
        gone = conn.execute("select text from quotes order by rowid desc").fetchone()[0]
        conn.execute("delete from quotes where text = ?", (gone,))
        conn.commit()
    data = path.read_bytes()
    assert any(gone.encode() in data[start:end] for start, end in spare(path))
    spare_bytes.clean(path)
    assert spare(path) == [] and data != path.read_bytes()


def test_promise_15_any_byte_that_is_changed_is_found(place: Place, tmp_path: Path) -> None:
    """Of a build that nobody may change, not even a letter of a name, nor what no page shows."""
    path, sound, drawn = tmp_path / "build.db", place.live().read_bytes(), random.Random(7)
    for at in [*range(0, 100, 3), *(drawn.randrange(100, len(sound)) for _ in range(60))]:
        changed = bytearray(sound)
        changed[at] ^= drawn.randrange(1, 256)
        path.write_bytes(changed)
        assert not verify_build(path).sound or at in COUNTERS, at
