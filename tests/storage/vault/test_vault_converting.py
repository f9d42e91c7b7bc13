"""A plain inquiry becomes an encrypted one and back, whatever cuts it short."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.storage import audit, engines, vault
from par_toolkit.storage.database import open_database
from par_toolkit.storage.errors import InquiryBusy, Refused
from par_toolkit.storage.vault import converting, key_files
from tests import encrypted
from tests.encrypted import PASSPHRASE, holding

CANARY = "CANARYWORD"
#: What a conversion does to the disk, one after another: it dies before each of them.
STEPS = ((os, "replace"), (os, "link"), (os, "fsync"), (Path, "unlink"))


def told(folder: Path) -> list[dict[str, Any]]:
    """Return what the trail holds, which must be whole."""
    with open_database(folder) as db:
        assert audit.verify(db).whole and db.sound() and db.consistent()
        return db.rows("select * from audit order by seq")


@pytest.fixture
def full(plain: Path) -> Path:
    """Put words into the trail of the plain inquiry, and a vector file beside it."""
    with open_database(plain) as db:
        for number in range(40):
            audit.record(db, "lock", subject=f"{CANARY} {number} " + "long " * 300)
    (plain / "vectors.readings").write_text(CANARY)
    assert holding(plain, CANARY.encode())  # there is something to be found
    return plain


def test_it_holds_the_same_encrypted_and_plain_again(full: Path) -> None:
    before, key = told(full), vault.key(full, "contact")
    secrets = {name: key_files.read(full, name) for name in ("receipt.key", "session.key")}
    vault.encrypt(full, PASSPHRASE)
    assert vault.encrypted(full) and told(full) == before
    assert not holding(full, CANARY.encode()) and not vault.left_over(full)
    assert not any(holding(full, secret.strip()) for secret in secrets.values())
    assert vault.key(full, "contact") == key
    vault.decrypt(full)
    assert not vault.encrypted(full) and told(full) == before
    assert {name: key_files.read(full, name) for name in secrets} == secrets
    assert sorted(path.name for path in (full / "keys").iterdir()) == [
        *("receipt.key", "rows.key", "session.key"),
    ]


def dying(step: int, doing: Callable[[], None]) -> bool:
    """Do something in a child that is killed before the given step on the disk; say if it was."""
    child = os.fork()
    if child == 0:
        left = step
        for owner, name in STEPS:
            really = getattr(owner, name)

            def counted(*given: Any, _really: Any = really, **named: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    os._exit(9)
                return _really(*given, **named)

            setattr(owner, name, counted)
        try:
            doing()
        except BaseException:
            os._exit(2)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def encrypting(folder: Path) -> Callable[[], None]:
    """Return what encrypts the inquiry in `folder`."""
    return partial(vault.encrypt, folder, PASSPHRASE)


@pytest.mark.parametrize("off", [False, True], ids=["on", "off"])
@pytest.mark.parametrize(
    "stride", [7, pytest.param(1, marks=pytest.mark.long)], ids=["some steps", "every step"]
)
def test_killed_at_any_step_it_is_whole_and_can_be_finished(
    full: Path, tmp_path: Path, off: bool, stride: int
) -> None:
    before = told(full)
    if off:
        vault.encrypt(full, PASSPHRASE)
    seen = set()
    for step in range(0, 300, stride):
        folder = shutil.copytree(full, tmp_path / f"step {step}")
        vault.unlock(folder, PASSPHRASE)
        killed = dying(step, partial(vault.decrypt, folder) if off else encrypting(folder))
        seen.add(vault.encrypted(folder))
        vault.unlock(folder, PASSPHRASE)
        assert told(folder) == before
        if vault.encrypted(folder):
            assert not holding(folder, CANARY.encode())
        if vault.encrypted(folder) == off:  # it did not come that far: once more
            (partial(vault.decrypt, folder) if off else encrypting(folder))()
        assert vault.encrypted(folder) is not off and told(folder) == before
        shutil.rmtree(folder)
        if not killed:
            break
    else:
        pytest.fail("It never came to its end.")
    assert step > 8 and seen == {True, False}


def test_no_secret_half_written_and_no_old_passphrase_outlives_a_kill(
    plain: Path, tmp_path: Path
) -> None:
    vault.encrypt(plain, PASSPHRASE)
    secret = key_files.read(plain, "receipt.key").strip()
    seen = set()
    for step in range(8, 12):  # where the first secrets are written in the clear
        folder = shutil.copytree(plain, tmp_path / f"off {step}")
        assert dying(step, partial(vault.decrypt, folder))
        seen |= set(holding(folder, secret))
        vault.unlock(folder, PASSPHRASE)
        assert not holding(folder, secret) and not vault.left_over(folder)
    assert any(name.startswith("keys/.receipt.key.") for name in seen)
    old = (plain / "keys" / "vault.json").read_bytes()
    seen.clear()
    for step in range(10):
        folder = shutil.copytree(plain, tmp_path / f"other {step}")
        if not dying(step, partial(vault.change_passphrase, folder, PASSPHRASE, encrypted.OTHER)):
            break
        now = (
            PASSPHRASE if (folder / "keys" / "vault.json").read_bytes() == old else encrypted.OTHER
        )
        seen.add((now, bool(vault.left_over(folder))))
        vault.unlock(folder, now)
        assert len([*(folder / "keys").glob("*vault.json*")]) == 1
    assert {(PASSPHRASE, True), (encrypted.OTHER, True)} <= seen


def test_taking_it_off_once_more_deletes_what_a_kill_left(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(_: Path) -> None:
        raise Killed

    vault.encrypt(full, PASSPHRASE)
    with monkeypatch.context() as patched:
        patched.setattr(converting, "tidy", die)
        with pytest.raises(Killed):
            vault.decrypt(full)
    assert not vault.encrypted(full)
    assert [path.name for path in vault.left_over(full)] == [".private.db.replaced"]
    vault.decrypt(full)
    assert not vault.left_over(full) and told(full)
    assert not {path.name for path in (full / "keys").iterdir()} & {"vault.json", "rows.key.sealed"}


def test_it_is_refused_while_another_program_has_the_inquiry_open(full: Path) -> None:
    before = told(full)
    busy, done = os.pipe()
    child = os.fork()
    if child == 0:  # a server, in a program of its own: SQLite's locks are among programs
        with closing(sqlite3.connect(full / "private.db")) as open_here:
            open_here.execute("select count(*) from audit").fetchone()
            os.write(done, b"1")
            time.sleep(60)  # it is killed before
        os._exit(0)
    os.read(busy, 1)
    try:
        with pytest.raises(InquiryBusy, match="Stop par serve"):
            vault.encrypt(full, PASSPHRASE)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert not vault.encrypted(full) and told(full) == before
    assert not (full / "keys" / "vault.json").exists()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_was_just_opening_it_meanwhile_gets_the_new_file(
    full: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Another program waits while the inquiry is encrypted, and then has the old file open."""
    before, really = told(full), engines.connect
    given: list[object] = []

    def late(*arguments: Any, **named: Any) -> sqlite3.Connection:
        given.append(arguments)
        connection = really(*arguments, **named)
        if len(given) == 1 and moment == "before":  # the old one is overwritten by then
            vault.encrypt(full, PASSPHRASE)
        elif len(given) == 1:  # it is whole, but has another name
            shutil.copy(full / "private.db", full / "another.db")
            os.replace(full / "another.db", full / "private.db")
        return connection

    monkeypatch.setattr(engines, "connect", late)
    with open_database(full) as db:
        assert db.rows("select * from audit order by seq") == before
        assert db.will_do() and len(given) == 2


def test_a_short_passphrase_and_a_full_disk_leave_it_plain(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(full)
    with pytest.raises(Refused, match="at least 12"):
        vault.encrypt(full, "short")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(converting, "_write_anew", no_room)
        with pytest.raises(OSError, match="No space"):
            vault.encrypt(full, PASSPHRASE)
    assert not vault.encrypted(full) and told(full) == before
    assert sorted(path.name for path in (full / "keys").iterdir()) == ["receipt.key", "session.key"]


def test_another_key_for_a_copy(folder: Path, tmp_path: Path) -> None:
    with open_database(folder) as db:
        audit.record(db, "lock", subject=CANARY)
    before, key = told(folder), vault.key(folder, "contact")
    other = encrypted.new_inquiry(tmp_path / "other", passphrase=encrypted.OTHER)
    wrapped, data_key = converting.wrapping.read(other), converting.opening.data_key(other)
    converting.rekey(folder, data_key, wrapped)
    vault.lock(other)
    vault.unlock(folder, encrypted.OTHER)
    assert told(folder) == before and vault.key(folder, "contact") == key
