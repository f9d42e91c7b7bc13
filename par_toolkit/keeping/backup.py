"""Make a backup while the inquiry goes on."""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from par_toolkit import __version__, inquiry
from par_toolkit.keeping import archive, ledger
from par_toolkit.keeping.errors import BackupError
from par_toolkit.storage import copying, tombstones
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import open_database
from par_toolkit.storage.disk import sync
from par_toolkit.storage.locking import write_lock

ENDING: Final = ".par"


@dataclass(frozen=True)
class Backup:
    """A backup that was made and checked: its file and how many bytes it has."""

    path: Path
    size: int


def back_up(folder: Path, *, to: Path | None = None) -> Backup:
    """Write one backup file of the inquiry in `folder` into `to`, by default its `backups/`.

    The database is copied as it stands at one moment, while others go on reading and telling. The
    file appears under its name only once it is whole, can be read by its owner only, and was read
    back. The withdrawal ledger is copied beside it. Raises BackupError or StorageError.
    """
    here = inquiry.load(folder)
    to = here.backups if to is None else to
    try:
        to.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=to) as made:
            whole = _write(here, Path(made))
            path = _free_name(to, here.folder)
            whole.replace(path)
        sync(to)
    except OSError as error:
        raise BackupError(
            f"{to} cannot be written: {error.strerror}. Choose a folder that you may write to, "
            "on a disk with room."
        ) from error
    return Backup(path, path.stat().st_size)


def _write(here: inquiry.Inquiry, place: Path) -> Path:
    """Write the whole backup into the private folder `place`, read it back, and return its file."""
    copy = place / "private.db"
    with open_database(here.folder) as db:
        if not copying.copy(db, copy):
            raise BackupError(
                "private.db is damaged, so this backup is not worth keeping. Restore the last good "
                "one: par restore FILE"
            )
        # after the copy, so that whatever is withdrawn meanwhile is in the ledger; locked, as
        # withdrawals add to the same file
        with write_lock(db.folder).held():
            ledger.add_to(place.parent / tombstones.LEDGER, ledger.known(db))
    whole = place / "whole"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as zipped:
        facts = archive.manifest(toolkit=__version__, inquiry=here.name, made_at=now())
        zipped.writestr(archive.MANIFEST, facts)
        zipped.write(copy, "private.db")
        zipped.write(here.folder / "inquiry.toml", "inquiry.toml")
        for name in archive.FOLDERS:
            for file in sorted((here.folder / name).rglob("*")):
                if file.is_file() and not file.is_symlink():
                    # a recording may be withdrawn just now: then it is in no backup
                    with contextlib.suppress(FileNotFoundError):
                        zipped.write(file, file.relative_to(here.folder).as_posix())
    whole.chmod(0o600)
    sync(whole)
    with archive.opened(whole) as written:
        damaged = written.testzip()
    if damaged:
        raise BackupError(f"The backup was damaged while it was written ({damaged}). Try again.")
    return whole


def _free_name(to: Path, folder: Path) -> Path:
    """Return a name that no file has: the inquiry's folder and the time in UTC, to the second."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "inquiry"
    if not name[0].isalpha():
        name = f"inquiry-{name}"  # the ledger's name begins with 0 and must stay the first
    while True:
        path = to / f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}{ENDING}"
        if not path.exists():
            return path
        time.sleep(0.1)
