"""Make a backup while the inquiry goes on."""

from __future__ import annotations

import contextlib
import secrets
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from par_toolkit import __version__, inquiry
from par_toolkit.keeping import archive, ledger, naming, sealed
from par_toolkit.keeping.errors import BackupError
from par_toolkit.storage import (
    backups,
    clock_seen,
    copying,
    keepers,
    letterbox,
    staging,
    tombstones,
)
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.disk import sync
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.locking import write_lock

#: How the name of a backup that is being written begins, where it goes.
UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True)
class Backup:
    """A backup that was made and opened once: its file, how many bytes it has, the names of those
    whose keys open it (none: it is not sealed), and the files of old ones that were deleted."""

    path: Path
    size: int
    keepers: tuple[str, ...]
    pruned: tuple[Path, ...]


def back_up(folder: Path, *, to: Path | None = None) -> Backup:
    """Write one backup file of the inquiry in `folder` into `to`, by default its `backups/`.

    The database is copied as it stands at one moment, while others go on reading and telling. Where
    the inquiry has keepers the file is sealed to them. It appears under its name only once it is
    whole, can be read by its owner only, and was read back. The withdrawal ledger is copied beside
    it, and backups of this inquiry there that are too old are deleted. What is not sealed lies in
    the inquiry's own folder while it is made, never in `to`. Raises BackupError or StorageError.
    """
    here = inquiry.load(folder)
    to = here.backups if to is None else to
    try:
        to.mkdir(parents=True, exist_ok=True)
        with open_database(here.folder) as db:
            made = _make(here, db, to)
    except OSError as error:
        raise BackupError(
            f"{error.filename or to} cannot be written: {error.strerror}. Choose a folder that you "
            "may write to, on a disk with room."
        ) from error
    return made


def _make(here: inquiry.Inquiry, db: PrivateDatabase, to: Path) -> Backup:
    _sweep(to)
    letterbox.bring_in(db)  # what came while the inquiry was locked was acknowledged too
    to_whom, made_at = keepers.listing(db), now()
    unfinished = to / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        with staging.place(here.folder) as place:
            copy = place / "private.db"
            if not copying.copy(db, copy):
                raise BackupError(
                    "private.db is damaged, so this backup is not worth keeping. Restore the last "
                    "good one: par restore FILE"
                )
            whole = place / "whole" if to_whom else unfinished
            _zip(here, copy, whole, made_at)
            if to_whom:
                sealed.seal(whole, unfinished, [one.recipient for one in to_whom])
        # after the copy, so that whatever is withdrawn meanwhile is in the ledger
        _copy_ledger(db, to)
        path = naming.free_name(to, here.folder, sealed=bool(to_whom))
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(to)
    pruned = _prune(here, db, to)
    size = path.stat().st_size
    # on a full disk the backup is whole all the same, and wanted more than ever
    with contextlib.suppress(StorageError):
        backups.note(db, made_at=made_at, size=size, keepers=len(to_whom))
    return Backup(path, size, tuple(one.name for one in to_whom), tuple(pruned))


def _prune(here: inquiry.Inquiry, db: PrivateDatabase, to: Path) -> list[Path]:
    """Delete the backups in `to` that are older than the settings say, by a clock we believe.

    So what was withdrawn is in no backup there for longer than that.
    """
    kept, at = here.retention.backups, datetime.now(UTC)
    if kept is None or clock_seen.doubt(db, at):
        return []
    return naming.prune(to, here.folder, before=kept.before(at))


def _sweep(to: Path) -> None:
    """Delete what killed backups left where they go: nothing that is under way is a day old."""
    for path in to.glob(f"{UNFINISHED}*"):
        if naming.days_old(path) >= 1:
            path.unlink(missing_ok=True)


def _copy_ledger(db: PrivateDatabase, to: Path) -> None:
    """Bring the ledger in `to` up to what is known here.

    Withdrawals add to the one in the inquiry, so nobody may just then; a slow stick holds up
    nobody.
    """
    own = to.resolve() == (db.folder / "backups").resolve()
    with write_lock(db.folder).held() if own else contextlib.nullcontext():
        ledger.add_to(to / tombstones.LEDGER, ledger.known(db))


def _zip(here: inquiry.Inquiry, copy: Path, whole: Path, made_at: str) -> None:
    """Write the backup into the new file `whole`, and read it back."""
    whole.touch(mode=0o600, exist_ok=False)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as zipped:
        facts = archive.manifest(toolkit=__version__, inquiry=here.name, made_at=made_at)
        zipped.writestr(archive.MANIFEST, facts)
        zipped.write(copy, "private.db")
        zipped.write(here.folder / "inquiry.toml", "inquiry.toml")
        for name in archive.FOLDERS:
            for file in sorted((here.folder / name).rglob("*")):
                if file.is_file() and not file.is_symlink():
                    # a recording may be withdrawn just now: then it is in no backup
                    with contextlib.suppress(FileNotFoundError):
                        zipped.write(file, file.relative_to(here.folder).as_posix())
    sync(whole)
    with archive.opened(whole, whole) as written:
        damaged = written.testzip()
    if damaged:
        raise BackupError(f"The backup was damaged while it was written ({damaged}). Try again.")
