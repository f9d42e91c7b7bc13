"""The one door to SQLite: how private.db is opened, written, and emptied of what was erased."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from par_toolkit.storage import audit_end, engines, migrations, vault
from par_toolkit.storage.errors import DiskFull, InquiryTooNew, NotAnInquiry, translate
from par_toolkit.storage.locking import WAIT_SECONDS, write_lock

FILE: Final = "private.db"
READER_SECONDS: Final = 1

Row = dict[str, Any]
#: Device and inode: what tells a file from another that takes its name.
Identity = tuple[int, int]


class PrivateDatabase(Database):
    """private.db of the inquiry in `folder`; use in one thread at a time, and close it."""

    folder: Path
    #: The file that is open here; None where it was only just made.
    identity: Identity | None
    #: What to undo beside the database when the transaction under way is not committed.
    undo: contextlib.ExitStack

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, identity: Identity | None = None
    ) -> None:
        super().__init__(connection, execute_plugins=False)
        self.folder = folder
        self.identity = identity
        self.undo = contextlib.ExitStack()
        self._lock = write_lock(folder)
        self._together = False
        self._in_step = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[PrivateDatabase]:
        """Hold the write lock and one immediate transaction; commit at the end, or nothing at all.

        Inside another `writing()` of the same database it joins that transaction. Commit returns
        only when the words are on disk (`synchronous=FULL`, promise 1). Raises a StorageError for a
        locked, full or read-only disk.
        """
        if self._together:
            self._check_still_together()
        if self._together and not self._in_step:
            with self._step():
                yield self
        elif self.conn.in_transaction:
            yield self
        else:
            with self._lock.held(), self.undo, self._own_errors():
                self.conn.execute("begin immediate")
                try:
                    yield self
                    self.conn.commit()
                except BaseException:
                    self.conn.rollback()
                    raise
                self.undo.pop_all()  # it is on disk: what was written beside it stays

    @contextlib.contextmanager
    def together(self) -> Iterator[PrivateDatabase]:
        """Make every `writing()` in this block a step of one transaction, committed at its end.

        Nothing may be acknowledged before the block has ended: where it raises, nothing of it is
        kept. A step that fails takes back itself and no other.
        """
        with self.writing():
            self._together = True
            try:
                yield self
            finally:
                self._together = False
            self._check_still_together()

    def _check_still_together(self) -> None:
        """Raise DiskFull where SQLite has given up the whole transaction, as on a failing disk."""
        if not self.conn.in_transaction:
            raise DiskFull(f"The disk that holds {self.folder} is full or failing. Make room.")

    @contextlib.contextmanager
    def _step(self) -> Iterator[None]:
        """Run one `writing()` as a savepoint, with what it wrote beside the database."""
        everything, self.undo = self.undo, contextlib.ExitStack()
        self._in_step = True
        try:
            with self.undo, self._own_errors():
                self.conn.execute("savepoint step")
                try:
                    yield
                except BaseException:
                    if self.conn.in_transaction:
                        self.conn.execute("rollback to step")
                        self.conn.execute("release step")
                    raise
                self.conn.execute("release step")
                everything.enter_context(self.undo.pop_all())
        finally:
            self.undo = everything
            self._in_step = False

    @contextlib.contextmanager
    def _own_errors(self) -> Iterator[None]:
        """Raise what SQLite or the disk says as a StorageError, where it is no fault of ours."""
        try:
            yield
        except (*engines.ERRORS, OSError) as error:
            ours = translate(error, self.folder / FILE)
            if ours is None:
                raise
            raise ours from error

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Return every row of a query as a dict; no open reader is left to hold up erasure."""
        cursor = self.conn.execute(sql, _bindable(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Row | None:
        """Return the first row of a query, or None."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def value(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the first column of the first row, or None."""
        found = self.conn.execute(sql, _bindable(parameters)).fetchone()
        return found[0] if found else None

    def change(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one writing statement inside `writing()` and return how many rows it touched."""
        with self.writing():
            return self.conn.execute(sql, _bindable(parameters)).rowcount

    def add(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one insert inside `writing()` and return the new row's id."""
        with self.writing():
            return int(self.conn.execute(sql, _bindable(parameters)).lastrowid or 0)

    def wipe_free_space(self) -> bool:
        """Rewrite the file from its live rows and empty the WAL; False while a reader holds it.

        After True no page of private.db and no byte of its WAL holds a deleted row (promise 6).
        """
        with self._lock.held():
            try:
                # nobody can save meanwhile, so a reader is not waited for; the caller tries again
                self.conn.execute(f"pragma busy_timeout={READER_SECONDS * 1000:d}")
                self.conn.execute("vacuum")
                busy, _, _ = self.conn.execute("pragma wal_checkpoint(truncate)").fetchone()
            except engines.OPERATIONAL_ERRORS as error:
                if "locked" in str(error).lower() or "busy" in str(error).lower():
                    return False
                raise
            finally:
                self.conn.execute(f"pragma busy_timeout={WAIT_SECONDS * 1000:d}")
            return not busy

    def sound(self) -> bool:
        """Say whether every page of the file can be read."""
        try:
            return bool(self.value("pragma quick_check") == "ok")
        except engines.DATABASE_ERRORS:
            return False

    def consistent(self) -> bool:
        """Say whether every row that another row names is there."""
        return not self.rows("pragma foreign_key_check")

    def will_do(self) -> bool:
        """Say whether what is open here is still the inquiry's file, and of the version we know."""
        known = self.identity
        try:
            return known == _identity(self.folder / FILE) and _version(self) == migrations.LATEST
        except (OSError, *engines.ERRORS):
            return False

    def __enter__(self) -> PrivateDatabase:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _bindable(parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return parameters as SQLite takes them.

    A number of more than 64 bits, as an address may hold, is nobody's id: as null it finds nothing.
    """
    return {
        name: None if isinstance(value, int) and not -(2**63) <= value < 2**63 else value
        for name, value in (parameters or {}).items()
    }


def containing(text: str) -> str:
    """Return what `like … escape '\\'` compares with to find every text that holds `text`."""
    for char in ("\\", "%", "_"):
        text = text.replace(char, f"\\{char}")
    return f"%{text}%"


def open_database(
    folder: Path | str, *, create: bool = False, any_thread: bool = False
) -> PrivateDatabase:
    """Open private.db in `folder`; with `create` make it where there is none yet.

    With `any_thread` it may go from thread to thread, but never be used by two at once.
    Raises NotAnInquiry, InquiryTooNew, InquiryBusy, ReadOnly or Damaged; of an encrypted one also
    Locked, KeyMissing or KeyDamaged.
    """
    folder = Path(folder)
    path = folder / FILE
    identity = _identity(path)  # before it is opened: another that comes meanwhile is told apart
    if not create and identity is None:
        raise NotAnInquiry(
            f'{folder} holds no inquiry. Make one with: par --inquiry {folder} init --name "…" '
            '--locality "…"'
        )
    key = vault.database_key(folder)
    try:
        connection = engines.connect(path, key, timeout=WAIT_SECONDS, any_thread=any_thread)
        db = PrivateDatabase(connection, folder, identity)
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("pragma secure_delete=on")
        connection.execute("pragma foreign_keys=on")
        connection.execute("pragma temp_store=memory")
        _bring_up_to_date(db)
    except engines.ERRORS as error:
        if _moved(path, identity):
            return open_database(folder, create=create, any_thread=any_thread)
        ours = translate(error, path)
        if ours is None:
            raise
        raise ours from error
    if _moved(path, identity):  # encrypted meanwhile: what would be saved here is nobody's
        db.close()
        return open_database(folder, create=create, any_thread=any_thread)
    return db


def _moved(path: Path, identity: Identity | None) -> bool:
    """Say whether another file took the name while this one was being opened."""
    return identity is not None and _identity(path) not in (identity, None)


def _identity(path: Path) -> Identity | None:
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def _version(db: PrivateDatabase) -> int:
    return int(db.value("pragma user_version"))


def _bring_up_to_date(db: PrivateDatabase) -> None:
    version = _version(db)
    if version > migrations.LATEST:
        db.close()
        raise InquiryTooNew(
            f"{db.folder} was written by a newer version of par-toolkit. Install that version, "
            "or a later one; nothing was changed."
        )
    if version < migrations.LATEST:
        with write_lock(db.folder).held():
            migrations.private.apply(db)
            if version < audit_end.SINCE:
                audit_end.note_first(db)
            db.conn.execute(f"pragma user_version={migrations.LATEST:d}")
            db.conn.commit()
        (db.folder / FILE).chmod(0o600)
