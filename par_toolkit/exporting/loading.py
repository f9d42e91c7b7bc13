"""Load an export into an empty folder: the same inquiry, in another installation."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from par_toolkit import inquiry, keeping, publishing, sealing
from par_toolkit.exporting import contacts, files, package, sealed_keys
from par_toolkit.exporting.errors import ExportError
from par_toolkit.exporting.package import Package
from par_toolkit.inquiry.making import write_secret
from par_toolkit.keeping import findings, ledger
from par_toolkit.storage import audit, disk, everything, marks, tombstones, voices, withdrawals
from par_toolkit.storage.database import FILE, PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.keys import RECEIPTS

STAGING = ".loading-"
Progress = Callable[[str, int, int], None]
_FOLDERS = ("findings", "forms", "media", "backups", "keys")


@dataclass(frozen=True)
class Loaded:
    """What came: how many stories, how many of them were withdrawn since the export, whether the
    keys came along, and the findings build that is live (None: none is)."""

    name: str
    stories: int
    withdrawn: int
    keys: bool
    build: int | None


def has_keys(source: Path) -> bool:
    """Say whether the keys came along in an export; raise ExportError where it is none."""
    return sealed_keys.NAME in package.read(source).files


def load(
    source: Path,
    folder: Path,
    *,
    passphrase: str | None = None,
    ledgers: Sequence[Path] = (),
    progress: Progress = lambda stage, done, total: None,
) -> Loaded:
    """Load the export in `source` into the empty `folder`, and return what came.

    With the `passphrase` of its keys the inquiry goes on as it was. Without, it gets new keys, and
    old receipt codes open nothing. Everything is checked before the inquiry appears in `folder`;
    until then nothing is there. Raises ExportError, StorageError or InquiryError.
    """
    given = package.read(source)
    _check_empty(folder)
    for path in ledgers:
        if not path.is_file():
            raise ExportError(f"There is no ledger {path}. Look at its name and its folder.")
    if ledgers and passphrase is None:
        raise ExportError(
            "A list of withdrawals is of use only with the keys of the inquiry. Export once more "
            "with: par export --keys"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder) as place:
        staged = Path(place)
        here = _unpack(given, staged, passphrase)
        told = _fill(given, staged, progress)
        with open_database(staged) as db:
            if contacts.NAME in given.files:
                contacts.load(given.path(contacts.NAME), db)
            withdrawn = _settle(db, given, passphrase is not None, ledgers)
            findings.keep_only(staged, findings.match(db, staged))
            db.wipe_free_space()
        _appear(staged, folder)
    publishing.follow_withdrawals(folder)
    with open_database(folder) as db:
        withdrawals.finish_erasure(db)
    build = publishing.live_build(folder)
    return Loaded(here.name, told, withdrawn, passphrase is not None, build)


def _check_empty(folder: Path) -> None:
    """Refuse a folder that holds something, but for what a killed loading left behind."""
    if keeping.holds_inquiry(folder):
        raise ExportError(f"{folder} already holds an inquiry. Choose another folder.")
    for path in folder.iterdir() if folder.is_dir() else ():
        if not path.name.startswith(STAGING):
            raise ExportError(f"{folder} holds something already. Choose a new or an empty folder.")
        shutil.rmtree(path, ignore_errors=True)


def _unpack(given: Package, staged: Path, passphrase: str | None) -> inquiry.Inquiry:
    """Put settings, files and keys in place, and read the settings."""
    for name in _FOLDERS:
        (staged / name).mkdir(mode=0o700)
    for name in given.files:
        if files.TAKEN.fullmatch(name) and ".." not in name:
            target = staged / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(given.path(name), target)
            target.chmod(0o600)
    write_secret(staged / "keys" / "session.key", secrets.token_hex(32))
    if passphrase is None:
        write_secret(staged / "keys" / RECEIPTS, secrets.token_hex(32))
        sealing.make_keys(staged)
    else:
        sealed_keys.load(given.path(sealed_keys.NAME), staged, passphrase)
    return inquiry.load(staged)


def _fill(given: Package, staged: Path, progress: Progress) -> int:
    """Make the tables as they were, fill them, and return how many stories there are."""
    with everything.new_database(staged, given.step) as db:
        tables = everything.tables(db)
        if {table.name for table in tables} != set(given.rows):
            raise ExportError(f"{given.folder} holds other tables than it says. Export once more.")
        try:
            with everything.filling(db):
                for done, table in enumerate(tables, 1):
                    came = everything.fill(db, table, given.rows_of(table))
                    if came != given.rows[table.name]:
                        raise ExportError(f"Rows of {table.name} are missing. Export once more.")
                    progress("loading", done, len(tables))
        except Refused as error:
            raise ExportError(f"{error} Nothing was loaded. Export once more.") from error
    return given.rows["stories"]


def _settle(db: PrivateDatabase, given: Package, keys: bool, ledgers: Sequence[Path]) -> int:
    """Check the trail and go on with it, and withdraw what was withdrawn since; return how many."""
    if not keys:
        marks.renew(db, given.marks)
    audit.record_loading(db, with_keys=keys)
    verdict = audit.verify(db)
    if not verdict.whole:
        raise ExportError(f"{verdict.sentence} Nothing was loaded: export once more.")
    withdrawn = 0
    for path in ledgers:
        withdrawn += withdrawals.apply_ledger(db, path)
    ledger.add_to(db.folder / "backups" / tombstones.LEDGER, ledger.known(db))
    voices.sweep(db)
    return withdrawn


def _appear(staged: Path, folder: Path) -> None:
    """Move everything to its place, the settings last: without them there is no inquiry."""
    names = sorted(path.name for path in staged.iterdir())
    last = [FILE, files.SETTINGS]
    for name in [*(one for one in names if one not in last), *last]:
        (staged / name).replace(folder / name)
    disk.sync(folder)
