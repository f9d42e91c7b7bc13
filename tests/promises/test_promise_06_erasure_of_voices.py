"""Promise 6: a voice goes with its story, from every file, and comes back from no backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit.commands import serve
from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import back_up, restore
from par_toolkit.publishing import follow_withdrawals
from par_toolkit.storage import receipts, sounds, stories, voices, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from tests.voices import files, spoken

CANARY = b"quinceblossom"
CODE = "1111222233334444"
Tell = Callable[..., stories.Kept]


def holding(folder: Path) -> list[str]:
    """List the files of an inquiry that hold the voice, but for backups made before."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".par" and CANARY in _read(path)
    ]


def _read(path: Path) -> bytes:
    """Return what is in a file, for whoever has the passphrase."""
    if sounds.OURS.fullmatch(path.name):
        return sounds.read(path.parent.parent, path.name)
    return path.read_bytes()


@pytest.fixture
def told(tell: Tell) -> stories.Kept:
    """Tell one story that is spoken and one that stays."""
    tell("", voice=(spoken(b"another voice"),))
    return tell("", receipt=CODE, voice=(spoken(CANARY), spoken(b"more " + CANARY)))


@pytest.mark.also_encrypted
def test_promise_06_withdrawal_takes_the_voice_at_once(
    inquiry: Inquiry, db: PrivateDatabase, told: stories.Kept
) -> None:
    assert len(holding(inquiry.folder)) == 2, "the control: it was there"
    withdrawals.withdraw(db, CODE)
    assert holding(inquiry.folder) == []
    assert len(files(inquiry)) == 1, "and the other story's voice stays"
    follow_withdrawals(inquiry.folder, db=db)
    assert withdrawals.finish_erasure(db).done and voices.faulty(db) == 0


@pytest.mark.parametrize("then", ["erase", "serve", "background"])
def test_promise_06_a_crash_between_commit_and_deletion_is_made_good(
    inquiry: Inquiry,
    db: PrivateDatabase,
    told: stories.Kept,
    monkeypatch: pytest.MonkeyPatch,
    then: str,
) -> None:
    with monkeypatch.context() as crashed:
        crashed.setattr(withdrawals.voices, "sweep", lambda _: 0)
        withdrawals.withdraw(db, CODE)
        assert len(holding(inquiry.folder)) == 2
    if then == "erase":
        assert withdrawals.finish_erasure(db).done
    elif then == "serve":
        serve.prepare(inquiry.folder)
    else:
        follow_withdrawals(inquiry.folder)
    assert holding(inquiry.folder) == []


def test_promise_06_erasure_is_not_done_while_a_voice_is_left(
    inquiry: Inquiry, db: PrivateDatabase, told: stories.Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that plays it may hold the file, as on Windows."""
    unlink = Path.unlink
    with monkeypatch.context() as held:

        def refuse(self: Path, missing_ok: bool = False) -> None:
            if self.parent.name == "media":
                raise PermissionError(13, "in use")
            unlink(self, missing_ok=missing_ok)

        held.setattr(Path, "unlink", refuse)
        withdrawals.withdraw(db, CODE)
        erasure = withdrawals.finish_erasure(db)
        assert not erasure.done and erasure.waiting >= 1
        assert "recording cannot be deleted" in erasure.sentence
        assert withdrawals.pending(db) >= 1
    assert withdrawals.finish_erasure(db).done
    assert withdrawals.pending(db) == 0 and holding(inquiry.folder) == []


def test_promise_06_a_sibling_s_voice_goes_with_it(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    uuid = "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d"
    tell("Written.", uuid=uuid)
    tell("", uuid=uuid, receipt=CODE, voice=(spoken(CANARY),))
    assert holding(inquiry.folder)
    withdrawals.withdraw(db, CODE)
    assert holding(inquiry.folder) == [] and stories.count(db) == 1


@pytest.mark.also_encrypted
def test_promise_06_an_old_backup_brings_no_withdrawn_voice_back(
    inquiry: Inquiry, db: PrivateDatabase, told: stories.Kept, tmp_path: Path
) -> None:
    """Neither over the inquiry nor, with its ledger, into another folder; the other voice is."""
    backup = back_up(inquiry.folder, to=tmp_path / "stick").path
    withdrawals.withdraw(db, CODE)
    db.close()
    (ledger,) = (inquiry.folder / "backups").glob("*ledger*")
    for folder, ledgers in ((inquiry.folder, []), (tmp_path / "elsewhere", [ledger])):
        assert restore(backup, folder, ledgers=ledgers).withdrawn == 1
        assert holding(folder) == []
        with open_database(folder) as restored:
            assert voices.faulty(restored) == 0
            assert len(list((folder / "media").iterdir())) == 1


def test_a_backup_holds_every_voice_and_restores_it_whole(
    inquiry: Inquiry, db: PrivateDatabase, told: stories.Kept, tmp_path: Path
) -> None:
    (inquiry.media / f"voice-{'0' * 32}.webm").write_bytes(b"told while the backup was made")
    backup = back_up(inquiry.folder, to=tmp_path / "stick").path
    restore(backup, tmp_path / "elsewhere")
    with open_database(tmp_path / "elsewhere") as restored:
        assert voices.faulty(restored) == 0
        assert stories.count(restored, state="spoken") == 2
    assert len(holding(tmp_path / "elsewhere")) == 2
    kept = list((tmp_path / "elsewhere" / "media").iterdir())
    assert len(kept) == 3 and all(path.stat().st_mode & 0o777 == 0o600 for path in kept)


def test_a_voice_withdrawn_while_a_backup_is_made_stops_no_backup(
    inquiry: Inquiry,
    db: PrivateDatabase,
    told: stories.Kept,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from zipfile import ZipFile

    write = ZipFile.write

    def withdrawn_first(self: ZipFile, file: Path, name: str) -> None:
        if "voice-" in str(file) and receipts.find(db, CODE) is not None:
            withdrawals.withdraw(db, CODE)
        write(self, file, name)

    monkeypatch.setattr(ZipFile, "write", withdrawn_first)
    backup = back_up(inquiry.folder, to=tmp_path / "stick").path
    assert CANARY not in backup.read_bytes()
    with ZipFile(backup) as made:
        assert not any(CANARY in made.read(name) for name in made.namelist() if "voice" in name)
