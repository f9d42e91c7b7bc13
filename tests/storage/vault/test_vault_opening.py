"""A passphrase opens an inquiry in one program, until it is locked again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit import inquiry as inquiries
from par_toolkit.storage import audit, copying, vault
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import KeyDamaged, KeyMissing, Locked, Refused, WrongPassphrase
from par_toolkit.storage.vault import key_files, wrapping

PASSPHRASE = "seven geese cross the river"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases less than in earnest."""
    monkeypatch.setattr(wrapping, "COST", 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make an inquiry that is encrypted from the start, open in this program."""
    made = inquiries.create(tmp_path / "inquiry", name="Care", locality="Exampleton").folder
    vault.begin(made, PASSPHRASE)
    open_database(made, create=True).close()
    return made


def test_it_opens_with_its_passphrase_and_not_when_it_is_locked(folder: Path) -> None:
    assert vault.encrypted(folder) and vault.unlocked(folder)
    vault.lock(folder)
    assert vault.encrypted(folder) and not vault.unlocked(folder)
    for closed in (
        lambda: open_database(folder),
        lambda: vault.key(folder, "contact"),
        lambda: key_files.read(folder, "receipt.key"),
    ):
        with pytest.raises(Locked, match="PAR_PASSPHRASE"):
            closed()
    vault.unlock(folder, PASSPHRASE)
    with open_database(folder) as db:
        audit.record(db, "lock")
        assert audit.verify(db).whole
        assert db.value("pragma synchronous") == 2 and db.value("pragma journal_mode") == "wal"


def test_wrong_passphrases_and_lost_keys_are_told_apart_and_change_nothing(folder: Path) -> None:
    vault.lock(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(WrongPassphrase, match="try again"):
        vault.unlock(folder, "seven geese cross the road")
    wrapped = wrapping.path_in(folder)
    wrapped.write_bytes(before[wrapped].replace(b'"cost": 10', b'"cost": 11'))
    with pytest.raises(KeyDamaged, match="backup"):
        vault.unlock(folder, PASSPHRASE)
    wrapped.unlink()
    for lost in (lambda: vault.unlock(folder, PASSPHRASE), lambda: open_database(folder)):
        with pytest.raises(KeyMissing, match="Put it back"):
            lost()
    wrapped.write_bytes(before[wrapped])
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    vault.unlock(folder, PASSPHRASE)


def test_a_new_passphrase_opens_the_same_words(folder: Path) -> None:
    key = vault.key(folder, "contact")
    with pytest.raises(Refused, match="at least 12"):
        vault.change_passphrase(folder, PASSPHRASE, "short")
    vault.change_passphrase(folder, PASSPHRASE, "nine herons on the weir")
    vault.lock(folder)
    with pytest.raises(WrongPassphrase):
        vault.unlock(folder, PASSPHRASE)
    vault.unlock(folder, "nine herons on the weir")
    assert vault.key(folder, "contact") == key
    assert vault.key(folder, "media") != key != vault.key(folder, "help")


def test_a_copy_is_encrypted_as_well(folder: Path, tell_in: Callable[[Path, str], None]) -> None:
    tell_in(folder, "CANARYWORD in the tree")
    with open_database(folder) as db:
        assert copying.copy(db, folder / "copy.db")
    assert b"CANARYWORD" not in (folder / "copy.db").read_bytes()


@pytest.fixture
def tell_in() -> Callable[[Path, str], None]:
    """Hand out `tell_in(folder, words)`, which keeps words in the trail."""

    def tell(folder: Path, words: str) -> None:
        with open_database(folder) as db:
            audit.record(db, "lock", subject=words)

    return tell


def test_a_plain_inquiry_has_keys_for_purposes_too(tmp_path: Path) -> None:
    folder = inquiries.create(tmp_path / "plain", name="Care", locality="Exampleton").folder
    open_database(folder, create=True).close()
    assert not vault.encrypted(folder) and vault.unlocked(folder)
    assert len(vault.key(folder, "contact")) == 32
    assert vault.key(folder, "contact") == vault.key(folder, "contact") != vault.key(folder, "help")
