"""Put a backup back, without what was withdrawn since, and without a trace of what it replaces."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from par_toolkit import inquiry, publishing, sealing
from par_toolkit.inquiry.model import FILE as SETTINGS
from par_toolkit.keeping import archive, findings, ledger, same_vault, sealed, since
from par_toolkit.keeping.errors import BackupError
from par_toolkit.storage import (
    audit,
    copying,
    people,
    retention,
    staging,
    takedowns,
    tombstones,
    vectors,
    voices,
    withdrawals,
)
from par_toolkit.storage.database import FILE, PrivateDatabase, open_database
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.keys import RECEIPTS
from par_toolkit.storage.locking import write_lock
from par_toolkit.storage.vault import key_files


@dataclass(frozen=True)
class Restored:
    """What came back: how many stories were withdrawn since the backup, the build that is live
    (None: findings must be published again), and whether erasure is finished."""

    withdrawn: int
    build: int | None
    erased: bool


def holds_inquiry(folder: Path) -> bool:
    """Say whether `folder` holds an inquiry, whole or damaged, that a restore would replace."""
    return (folder / FILE).exists() or (folder / SETTINGS).exists()


def restore(
    backup: Path,
    folder: Path,
    *,
    ledgers: Sequence[Path] = (),
    key: str | None = None,
    ask: same_vault.Ask = same_vault.nobody,
) -> Restored:
    """Put `backup` back into `folder`, in place of an older state of the same inquiry.

    `key` is a keeper's private key, where the backup is sealed (see `sealed.read_key_file`); `ask`
    is called for the passphrase of an encrypted one that is not open in this program.
    Every withdrawal that the folder, the ledger beside `backup` or one of `ledgers` knows of is
    applied before anybody can read the restored words, and what else was taken back since stays so
    (see `since`). A server may go on running: it sees the old state, then the new one. Raises
    BackupError or StorageError; until the database is replaced, nothing in `folder` has changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for given in ledgers:
        if not given.is_file():
            raise BackupError(f"There is no ledger {given}. Look at its name and its folder.")
    with _unpacked(backup, folder, key) as staged:
        same_vault.open_backup(staged, ask)
        _check_same_inquiry(staged, folder)
        same_vault.bring_together(staged, folder)
        beside = backup.parent / tombstones.LEDGER  # every later backup brought it up to date
        entries = [entry for path in (*ledgers, beside) for entry in tombstones.read_ledger(path)]
        with open_database(staged) as db:
            kept = findings.match(db, folder)
            with since.replaced(folder) as old:
                if old:
                    entries += ledger.known(old)
                    since.take_back(db, old)
                else:
                    entries += tombstones.read_ledger(folder / "backups" / tombstones.LEDGER)
            people.sign_everybody_out(db)  # whoever has signed out since stays out
            withdrawn = _apply(db, staged, entries)
            takedowns.ask_erasure(db)
            retention.say_anew(db)
            audit.record(db, "restore_backup")
            remembered = ledger.known(db)
            db.wipe_free_space()
            voices.sweep(db)  # also what was being told while the backup was made
        with write_lock(folder).held():
            vectors.forget(folder)  # of stories that the backup does not have, too
            copying.put_in_place(staged / FILE, folder / FILE)
            _replace_files(staged, folder)
            (folder / "backups").mkdir(exist_ok=True)
            ledger.add_to(folder / "backups" / tombstones.LEDGER, [*entries, *remembered])
            findings.keep_only(folder, kept)
    publishing.follow_withdrawals(folder)
    with open_database(folder) as db:
        erased = withdrawals.finish_erasure(db).done
    return Restored(withdrawn, publishing.live_build(folder), erased)


@contextmanager
def _unpacked(backup: Path, folder: Path, key: str | None) -> Iterator[Path]:
    """Hand out the backup in a private folder on the same disk, and leave nothing of it behind."""
    with staging.place(folder) as place:
        whole = sealed.plain(backup, place, key)
        staged = place / "inquiry"
        staged.mkdir(mode=0o700)
        archive.unpack(whole, staged, called=backup)
        if whole != backup:
            whole.unlink()
        inquiry.load(staged)
        yield staged


def _check_same_inquiry(staged: Path, folder: Path) -> None:
    """Refuse to write one inquiry over another: their receipt keys differ."""
    if not key_files.present(staged, RECEIPTS):
        raise BackupError(
            "The backup is not whole: its receipt key is missing. Try another backup."
        )
    try:
        here = key_files.read(folder, RECEIPTS)
    except StorageError:
        return  # there is none, or none that can be read
    if here != key_files.read(staged, RECEIPTS):
        raise BackupError(f"{folder} holds another inquiry. Restore into another folder.")


def _apply(db: PrivateDatabase, staged: Path, entries: Sequence[ledger.Entry]) -> int:
    together = staged / "withdrawals.jsonl"
    ledger.add_to(together, entries)
    return withdrawals.apply_ledger(db, together)


def _replace_files(staged: Path, folder: Path) -> None:
    (staged / SETTINGS).replace(folder / SETTINGS)
    sealing.carry_over(folder, staged)
    _replace_keys(staged / "keys", folder / "keys")
    for name in sorted({*archive.FOLDERS} - {"keys"}):
        if (folder / name).exists():
            shutil.rmtree(folder / name)
        if (staged / name).exists():
            (staged / name).replace(folder / name)
        else:
            (folder / name).mkdir()


def _replace_keys(staged: Path, keys: Path) -> None:
    """Put keys in place one by one: a crash in the middle leaves no moment without one."""
    keys.mkdir(exist_ok=True)
    keys.chmod(0o700)
    wanted = {file.name for file in staged.iterdir()}
    for name in wanted:
        (staged / name).replace(keys / name)
    for file in keys.iterdir():
        if file.name not in wanted:
            file.unlink()
