"""The letterbox of a locked inquiry: on disk before an answer, kept once, whatever crashes."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from par_toolkit.storage import devices, disk, inbox, letterbox, vault
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import DiskFull, Locked, StorageError
from par_toolkit.storage.letterbox import Beside
from par_toolkit.storage.locked_door import FILE, FOLDER, LockedDoor
from par_toolkit.storage.people import digest
from par_toolkit.web.intake import open_waiting
from tests import locked

UUID = "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an encrypted inquiry, and lock it."""
    made = locked.new_inquiry(tmp_path / "inquiry", monkeypatch)
    vault.lock(made)
    return made


def opened(folder: Path) -> list[inbox.Sealed]:
    """Open the inquiry, bring in what came, and return what is in its inbox."""
    vault.unlock(folder, locked.PASSPHRASE)
    with open_database(folder) as db:
        letterbox.bring_in(db)
        return [one for each in inbox.ids(db) if (one := inbox.get(db, each))]


def test_what_was_put_in_comes_in_with_all_that_was_said_beside_it(folder: Path) -> None:
    vault.unlock(folder, locked.PASSPHRASE)
    with open_database(folder) as db:
        devices.add(db, "Made-up tablet")
    vault.lock(folder)
    assert letterbox.put(folder, UUID.upper(), b"sealed", Beside(1, 3, (1, 4))) == "stored"
    assert letterbox.holds(folder, UUID) and letterbox.waits(folder) == 1
    (kept,) = opened(folder)
    assert (kept.uuid, kept.sealed, kept.device, kept.device_seq) == (UUID, b"sealed", 1, 3)
    with open_database(folder) as db:
        (tablet,) = devices.listing(db)
        assert (tablet.arrived, tablet.of, tablet.missing) == (1, 4, (1, 2, 4))
    assert letterbox.waits(folder) == 0
    assert [one.name for one in (folder / FOLDER).iterdir()] == [FILE]


def test_promise_02_fifty_identical_stories_at_once_make_one_file(folder: Path) -> None:
    def put(_: int) -> str:
        return letterbox.put(folder, UUID, b"the same", Beside())

    with ThreadPoolExecutor(16) as pool:
        assert Counter(pool.map(put, range(50))) == {"stored": 1, "same": 49}
    assert letterbox.put(folder, UUID, b"another", Beside()) == "sibling"
    assert letterbox.waits(folder) == 2
    assert [one.sealed for one in opened(folder)] == [b"the same", b"another"]


@pytest.mark.parametrize("moment", ["shred", "replace"])
def test_promise_02_a_crash_while_it_comes_in_loses_and_doubles_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The story is in the database, and its file is still there, or half gone."""
    letterbox.put(folder, UUID, b"sealed", Beside())

    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(*((disk, "shred", cut) if moment == "shred" else (Path, "replace", cut)))
        with pytest.raises(PowerCut):
            opened(folder)
    assert [one.sealed for one in opened(folder)] == [b"sealed"]
    assert list((folder / FOLDER).iterdir()) == []


def test_promise_06_nothing_that_was_cut_short_stays_in_the_letterbox(folder: Path) -> None:
    letterbox.put(folder, UUID, b"sealed", Beside())
    opened(folder)
    place, name = folder / FOLDER, f"{UUID}.{'0' * 64}.age"
    left = [f".{name}.ab12cd_e", f".{name}.erasing", f"..{name}.erasing.shredding"]
    for each in (*left, ".door.json.ab12cd_e", "mine.txt"):
        (place / each).write_bytes(b"sealed")
        os.utime(place / each, (1, 1))
    now = f".{name}.being_written"
    (place / now).write_bytes(b"sealed")
    assert letterbox.calls(folder) and not letterbox.waits(folder)
    open_waiting(folder)
    assert not letterbox.calls(folder)
    assert {one.name for one in place.iterdir()} - {FILE} == {
        now,
        ".door.json.ab12cd_e",
        "mine.txt",
    }


def test_promise_02_a_file_that_another_program_brings_in_meanwhile_stops_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letterbox.put(folder, UUID, b"sealed", Beside())
    (path,) = (folder / FOLDER).glob("*.age")
    listed = list(os.scandir(folder / FOLDER))
    path.unlink()
    monkeypatch.setattr(os, "scandir", lambda _: listed)
    assert letterbox.waits(folder) == 0


def test_promise_01_a_full_disk_is_said_and_leaves_nothing_half_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(DiskFull, match="Make room"):
            letterbox.put(folder, UUID, b"sealed", Beside())
    assert letterbox.waits(folder) == 0
    assert not [one for one in (folder / FOLDER).iterdir() if one.name != FILE]
    assert letterbox.put(folder, UUID, b"sealed", Beside()) == "stored"


def test_promise_01_each_answer_waits_for_the_file_and_for_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killing cannot see a missing fsync, so the calls themselves are counted."""
    synced: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        real(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("The names of open files are asked of Linux.")
    letterbox.put(folder, str(uuid4()), b"the first makes the folder", Beside())
    monkeypatch.setattr(os, "fsync", note)
    for _ in ("stored", "same"):
        synced.clear()
        letterbox.put(folder, UUID, b"sealed", Beside())
        assert synced[-1] == FOLDER and any(UUID in name for name in synced[:-1]), synced


def test_what_cannot_be_read_any_more_reaches_a_person(folder: Path) -> None:
    letterbox.put(folder, UUID, b"sealed", Beside())
    (path,) = (one for one in (folder / FOLDER).iterdir() if one.suffix == ".age")
    path.write_bytes(b"\0" * 40)
    (kept,) = opened(folder)
    assert (kept.uuid, kept.sealed, kept.device) == (UUID, b"\0" * 40, None)


def test_the_door_knows_tablets_and_withdrawn_stories_by_digests_alone(folder: Path) -> None:
    vault.unlock(folder, locked.PASSPHRASE)
    with open_database(folder) as db:
        held, ended = devices.add(db, "Canary tablet"), devices.add(db, "Another")
        devices.revoke(db, 2)
    vault.lock(folder)
    door = LockedDoor(folder)
    known = door.sender(digest(held))
    assert known is not None and known.holds and known.id == 1
    revoked = door.sender(digest(ended))
    assert revoked is not None and not revoked.holds
    assert door.sender(digest("a guess")) is None
    said = (folder / FOLDER / FILE).read_text()
    assert held not in said and "Canary" not in said
    assert set(json.loads(said)) == {"devices", "withdrawn"}


def test_a_door_that_is_not_there_or_was_tampered_with_lets_nobody_in(folder: Path) -> None:
    with pytest.raises(Locked, match="Open it once"):
        LockedDoor(folder).sender(digest("a guess"))
    (folder / FOLDER).mkdir()
    (folder / FOLDER / FILE).write_text("{")
    with pytest.raises(StorageError, match="passphrase"):
        LockedDoor(folder).sender(digest("a guess"))


def test_a_plain_inquiry_has_no_letterbox(db: PrivateDatabase) -> None:
    devices.add(db, "Made-up tablet")
    assert not (db.folder / FOLDER).exists()
