"""Backups are sealed to two people: either opens them, nobody else does, and damage is noticed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from par_toolkit import sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import BackupError, back_up, drill, restore, sealed
from par_toolkit.sealing import BEGINNING
from par_toolkit.storage import audit, inbox, keepers, letterbox, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused

CODE = "1111222233334444"
CANARY = b"quinceblossom"
STEWARD, EVALUATOR = Identity.generate(), Identity.generate()
PASSPHRASE = "five or six words are good"


@pytest.fixture
def kept(db: PrivateDatabase, tell: Callable[..., Any]) -> None:
    """Name two keepers and tell two stories, one of which can be withdrawn by CODE."""
    keepers.add(db, "Example Steward", "steward", str(STEWARD.to_public()))
    keepers.add(db, "Example Evaluator", "evaluator", str(EVALUATOR.to_public()))
    tell(f"The {CANARY.decode()} was out.", receipt=CODE)
    tell("The nurse rang back as promised.")


def tellings(folder: Path) -> list[str]:
    with open_database(folder) as db:
        return sorted(story.answers["telling"] for story in stories.listing(db))


# ---------------------------------------------------------------------------------- sealed backups


@pytest.mark.parametrize("key", [STEWARD, EVALUATOR], ids=["steward", "evaluator"])
def test_a_backup_opens_with_the_key_of_either_keeper(
    kept: None, inquiry: Inquiry, tmp_path: Path, key: Identity
) -> None:
    made = back_up(inquiry.folder, to=tmp_path / "usb")
    assert made.keepers == ("Example Steward", "Example Evaluator")
    assert made.path.name.endswith(".par.age")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    data = made.path.read_bytes()
    assert data.startswith(BEGINNING) and data.count(b"\n-> X25519 ") == 3  # one is forgotten
    assert b"private.db" not in data, "not even the names of the files inside can be read"
    restore(made.path, tmp_path / "new", key=str(key))
    assert tellings(tmp_path / "new") == tellings(inquiry.folder)
    with open_database(tmp_path / "new") as restored:
        assert audit.verify(restored).whole
        assert [one.name for one in keepers.listing(restored)] == list(made.keepers)


def test_nobody_else_opens_it_and_nothing_is_changed(
    kept: None, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    made = back_up(inquiry.folder)
    keepers.remove(db, "Example Steward")
    later = back_up(inquiry.folder, to=tmp_path / "usb")
    before = tellings(inquiry.folder)
    for path, key, part in (
        (made.path, None, "is sealed to its keepers"),
        (made.path, Identity.generate(), "does not open"),
        (later.path, STEWARD, "does not open"),
    ):
        with pytest.raises(BackupError, match=part):
            restore(path, inquiry.folder, key=str(key) if key else None)
        assert tellings(inquiry.folder) == before
        assert not list(inquiry.folder.glob(".working-*"))
    restore(made.path, tmp_path / "new", key=str(STEWARD))  # one made before still opens


def test_what_is_not_sealed_never_lies_where_the_backup_goes(
    kept: None, inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick remembers what was deleted from it."""
    usb, seen, real = tmp_path / "usb", [], sealed.seal

    def watched(source: Path, target: Path, to: Any) -> None:
        seen.append((source.is_relative_to(inquiry.folder), [*usb.iterdir()]))
        real(source, target, to)

    monkeypatch.setattr(sealed, "seal", watched)
    back_up(inquiry.folder, to=usb)
    assert seen == [(True, [])]
    assert not list(inquiry.folder.glob(".working-*"))


def test_a_backup_that_does_not_come_out_as_it_went_in_is_not_kept(
    kept: None, inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of opening each once: a disk that changes one byte is noticed."""

    def bad_disk(path: Path) -> None:
        if path.name.startswith(".unfinished"):
            data = bytearray(path.read_bytes())
            data[-100] ^= 1
            path.write_bytes(data)

    monkeypatch.setattr(sealed, "sync", bad_disk)
    with pytest.raises(BackupError, match="cannot be read back whole"):
        back_up(inquiry.folder, to=tmp_path / "usb")
    assert not list((tmp_path / "usb").glob("*.par*"))
    assert not list((tmp_path / "usb").glob(".*"))


def test_promise_06_a_sealed_backup_from_before_brings_nothing_back(
    kept: None, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    withdrawals.withdraw(db, CODE)
    db.close()
    done = restore(made.path, inquiry.folder, key=str(STEWARD))
    assert (done.withdrawn, done.erased) == (1, True)
    for path in inquiry.folder.rglob("*"):
        assert not path.is_file() or CANARY not in path.read_bytes(), path


def test_a_restore_seals_to_the_keepers_of_today(
    kept: None, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    keepers.remove(db, "Example Evaluator")
    other = Identity.generate().to_public()
    keepers.add(db, "Example Other", "evaluator", str(other))
    db.close()
    restore(made.path, inquiry.folder, key=str(STEWARD))
    with open_database(inquiry.folder) as restored:
        names = [one.name for one in keepers.listing(restored)]
    assert names == ["Example Steward", "Example Other"]


def test_two_keepers_have_two_names_and_two_keys(kept: None, db: PrivateDatabase) -> None:
    for name, key, reason in (
        ("example  STEWARD", "age1other", "keeper_known"),
        ("Somebody", str(STEWARD.to_public()), "key_known"),
        (" ", "age1other", "bad_name"),
    ):
        with pytest.raises(Refused) as refusal:
            keepers.add(db, name, "steward", key)
        assert refusal.value.reason == reason


# ----------------------------------------------------------------------------------- bytes and keys


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7), short=st.booleans())
def test_whatever_is_changed_or_cut_off_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int, short: bool
) -> None:
    folder = tmp_path_factory.mktemp("flips")
    (folder / "words").write_bytes(b"words " * 100)
    sealed.seal(folder / "words", folder / "whole", [str(STEWARD.to_public())])
    data = bytearray((folder / "whole").read_bytes())
    place %= len(data)
    if short:
        del data[place:]
    else:
        data[place] ^= 1 << bit
    (folder / "changed").write_bytes(data)
    with pytest.raises(BackupError):
        sealed.open_into(folder / "changed", folder / "out", str(STEWARD))
    assert not (folder / "out").exists()
    sealed.open_into(folder / "whole", folder / "out", str(STEWARD))
    assert (folder / "out").read_bytes() == b"words " * 100


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Make a key file that PASSPHRASE opens; making and opening one takes seconds on purpose."""
    path = tmp_path_factory.mktemp("stick") / "key.age"
    return path, sealed.new_key_file(path, PASSPHRASE)


def test_a_key_file_opens_with_its_passphrase_only(key_file: tuple[Path, str]) -> None:
    path, public = key_file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"AGE-SECRET-KEY" not in path.read_bytes()
    assert sealed.public_half(sealed.read_key_file(path, lambda: PASSPHRASE)) == public
    with pytest.raises(BackupError, match="Nothing was changed"):
        sealed.read_key_file(path, lambda: "another passphrase")
    with pytest.raises(BackupError, match="is there already"):
        sealed.new_key_file(path, PASSPHRASE)
    with pytest.raises(Refused, match="at least 12"):
        sealed.new_key_file(path.with_name("other"), "short")


def test_other_files_are_no_keys(tmp_path: Path) -> None:
    path, key = tmp_path / "key", str(STEWARD)
    path.write_text(f"# made by age-keygen\n{key}\n")
    assert sealed.read_key_file(path, lambda: pytest.fail("it needs no passphrase")) == key
    sealed.seal(path, tmp_path / "backup.age", [str(STEWARD.to_public())])
    path.write_text(key[:-1])
    with pytest.raises(BackupError, match="holds no key"):
        sealed.read_key_file(path, str)
    with pytest.raises(BackupError, match="is sealed and is no key"):
        sealed.read_key_file(tmp_path / "backup.age", str)
    with pytest.raises(BackupError, match="cannot be read"):
        sealed.read_key_file(tmp_path / "none", str)


# -------------------------------------------------------------------------------------------- drill


def test_a_drill_changes_nothing_and_says_what_would_be_lost(
    kept: None, tell: Callable[..., Any], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    with pytest.raises(BackupError, match="There is no backup"):
        drill(inquiry.folder)
    made = back_up(inquiry.folder)
    withdrawals.withdraw(db, CODE)
    tell("Told after the backup.")
    files = {path: path.read_bytes() for path in sorted(inquiry.folder.rglob("*.[jt]*"))}
    rows = db.value("select count(*) from audit")
    done = drill(inquiry.folder, key=str(STEWARD))
    assert (done.path, done.stories, done.lost, done.withdrawn) == (made.path, 1, 1, 1)
    assert done.faults == () and done.hours < 1
    assert {path: path.read_bytes() for path in sorted(inquiry.folder.rglob("*.[jt]*"))} == files
    assert db.value("select count(*) from audit") == rows
    assert not list(inquiry.folder.glob(".working-*"))


def test_a_full_stick_is_said_and_nothing_is_left_on_it(
    kept: None, inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(sealed._Written):
        def write(self, data: bytes) -> int:
            self.told.append(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
            raise self.told[0]

    monkeypatch.setattr(sealed, "_Written", Full)
    with pytest.raises(BackupError, match="No space left"):
        back_up(inquiry.folder, to=tmp_path / "usb")
    assert not list((tmp_path / "usb").iterdir())
    assert not list(inquiry.folder.glob(".working-*"))


def test_promise_01_what_came_while_the_inquiry_was_locked_is_in_the_backup(
    kept: None, inquiry: Inquiry, tmp_path: Path
) -> None:
    """It lies in a file of its own until somebody opens the inquiry, and was acknowledged."""
    sealing.make_keys(inquiry.folder)
    waiting = sealing.seal(sealing.recipient(inquiry.folder), b"{}")
    uuid = "aaaaaaaa-2222-4333-8444-555555555555"
    letterbox.put(inquiry.folder, uuid, waiting, letterbox.Beside())
    made = back_up(inquiry.folder)
    restore(made.path, tmp_path / "new", key=str(STEWARD))
    with open_database(tmp_path / "new") as restored:
        assert inbox.waits(restored).stories == 1
