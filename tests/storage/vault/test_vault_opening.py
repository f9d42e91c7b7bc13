"""A passphrase opens an inquiry in one program, until it is locked again."""

from __future__ import annotations

from pathlib import Path

import pytest

from par_toolkit.storage import audit, copying, vault
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import KeyDamaged, KeyMissing, Locked, Refused, WrongPassphrase
from par_toolkit.storage.vault import key_files, wrapping
from tests.encrypted import OTHER, PASSPHRASE, holding


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
    vault.change_passphrase(folder, PASSPHRASE, OTHER)
    vault.lock(folder)
    with pytest.raises(WrongPassphrase):
        vault.unlock(folder, PASSPHRASE)
    vault.unlock(folder, OTHER)
    assert vault.key(folder, "contact") == key
    assert vault.key(folder, "media") != key != vault.key(folder, "help")


def test_a_copy_is_encrypted_as_well(folder: Path) -> None:
    with open_database(folder) as db:
        audit.record(db, "lock", subject="CANARYWORD")
        assert copying.copy(db, folder / "copy.db")
    assert not holding(folder, b"CANARYWORD")


def test_a_plain_inquiry_has_keys_for_purposes_too(plain: Path) -> None:
    assert not vault.encrypted(plain) and vault.unlocked(plain)
    assert len(vault.key(plain, "contact")) == 32
    assert vault.key(plain, "contact") == vault.key(plain, "contact") != vault.key(plain, "help")


def test_nothing_is_in_the_clear_while_it_is_written(folder: Path, plain: Path) -> None:
    assert seen_while_writing(folder) == set()
    assert seen_while_writing(plain) == {"private.db", "private.db-wal"}  # so it does look


def seen_while_writing(folder: Path) -> set[str]:
    """Write and sort more than the memory may hold, and list the files that held a word of it."""
    seen: set[str] = set()
    with open_database(folder) as db:
        db.conn.execute("pragma cache_size=8")  # pages leave the memory before the commit
        with db.writing():
            for number in range(300):
                audit.record(db, "lock", subject=f"CANARYWORD {number} " + "long " * 300)
            db.rows("select distinct subject from audit order by subject desc, at")
            seen.update(holding(folder, b"CANARYWORD"))
        assert (folder / "private.db-wal").stat().st_size > 0
        seen.update(holding(folder, b"CANARYWORD"))
        assert db.wipe_free_space()
    return seen | set(holding(folder, b"CANARYWORD"))
