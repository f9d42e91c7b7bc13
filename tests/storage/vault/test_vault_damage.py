"""One flipped bit, anywhere: a clear error or the same words, and nothing is changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from par_toolkit.storage import audit, vault
from par_toolkit.storage.database import open_database
from par_toolkit.storage.engines import ERRORS
from par_toolkit.storage.errors import Damaged, KeyDamaged, translate
from par_toolkit.storage.vault import key_files, wrapping
from tests import encrypted

places = st.floats(0, 1, exclude_max=True)
bits = st.integers(0, 7)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an encrypted inquiry with words in it, all in the one file."""
    cost, wrapping.COST = wrapping.COST, 10  # type: ignore[misc]
    folder = encrypted.new_inquiry(tmp_path_factory.mktemp("flips") / "inquiry")
    wrapping.COST = cost  # type: ignore[misc]
    with open_database(folder) as db:
        for number in range(30):
            audit.record(db, "lock", subject=f"word {number} " * 50)
        assert db.wipe_free_space()
    return folder


def everything(folder: Path) -> list[object]:
    """Read every row of every table; damage is told as Damaged."""
    try:
        with open_database(folder) as db:
            names = db.rows("select name from sqlite_master where type = 'table' order by name")
            return [db.rows(f'select * from "{row["name"]}"') for row in names]
    except ERRORS as error:
        ours = translate(error, folder)
        assert ours is not None, error
        raise ours from error


def flipped(told: Path, folder: Path, name: str, place: float, bit: int) -> bytes:
    """Copy the inquiry with one bit of one file flipped, and return that file."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(told, folder)
    data = bytearray((folder / name).read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    (folder / name).write_bytes(data)
    return bytes(data)


@settings(max_examples=60)
@given(place=places, bit=bits)
def test_in_the_database(told: Path, place: float, bit: int) -> None:
    folder = told.parent / "flipped"
    before = everything(told)
    data = flipped(told, folder, "private.db", place, bit)
    with pytest.raises(Damaged, match="par restore"):
        # every page is authenticated, so whoever reads them all meets the one that was changed
        assert everything(folder) != before or not sound(folder)
        raise Damaged(f"{folder} reads as before; par restore")
    assert (folder / "private.db").read_bytes() == data


def sound(folder: Path) -> bool:
    with open_database(folder) as db:
        return db.sound()


@settings(max_examples=60)
@given(place=places, bit=bits)
def test_in_what_the_passphrase_opens(told: Path, place: float, bit: int) -> None:
    folder = told.parent / "flipped"
    data = flipped(told, folder, "keys/vault.json", place, bit)
    for opened in (
        lambda: vault.unlock(folder, encrypted.PASSPHRASE),
        lambda: open_database(folder),
    ):
        with pytest.raises(KeyDamaged, match="Put it back from a backup"):
            opened()
    assert wrapping.path_in(folder).read_bytes() == data


@settings(max_examples=30)
@given(place=places, bit=bits)
def test_in_a_sealed_secret(told: Path, place: float, bit: int) -> None:
    folder = told.parent / "flipped"
    data = flipped(told, folder, "keys/receipt.key.sealed", place, bit)
    with pytest.raises(KeyDamaged, match="Put it back from a backup"):
        key_files.read(folder, "receipt.key")
    assert (folder / "keys/receipt.key.sealed").read_bytes() == data


def test_a_secret_in_another_s_place_does_not_open(told: Path) -> None:
    folder = told.parent / "flipped"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(told, folder)
    keys = folder / "keys"
    shutil.copy(keys / "session.key.sealed", keys / "receipt.key.sealed")
    with pytest.raises(KeyDamaged):
        key_files.read(folder, "receipt.key")
