"""The one door to SQLite: how private.db is opened, written, and emptied of what was erased."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from sqlite_utils import Database

from par_toolkit.storage import migrations
from par_toolkit.storage.errors import (
    InquiryBusy,
    InquiryTooNew,
    NotAnInquiry,
    ReadOnly,
    translate,
)

FILE: Final = "private.db"
WAIT_SECONDS: Final = 30
READER_SECONDS: Final = 1

Row = dict[str, Any]


class _WriteLock:
    """One writer at a time: among the threads of this process and among processes.

    SQLite before 3.51.3 can damage a WAL file when a checkpoint meets a writer, so every write and
    every checkpoint holds this. A file lock goes with its process; a PID file would stay behind.
    """

    def __init__(self, path: Path) -> None:
        self._threads = threading.RLock()
        self._file = FileLock(path, thread_local=False)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        if not self._threads.acquire(timeout=WAIT_SECONDS):
            raise InquiryBusy("This inquiry is busy saving. Wait a moment and try again.")
        try:
            try:
                self._file.acquire(timeout=WAIT_SECONDS)
            except Timeout as error:
                raise InquiryBusy(
                    "Another program is writing to this inquiry. Wait a moment and try again."
                ) from error
            except OSError as error:
                raise ReadOnly(
                    f"{self._file.lock_file} cannot be written: {error.strerror}. "
                    "Check that you may write to the inquiry's folder."
                ) from error
            try:
                yield
            finally:
                self._file.release()
        finally:
            self._threads.release()


_locks: dict[Path, _WriteLock] = {}
_locks_guard = threading.Lock()


def write_lock(folder: Path) -> _WriteLock:
    """Return the lock that every writer of the inquiry in `folder` shares."""
    key = folder.resolve()
    with _locks_guard:
        if key not in _locks:
            _locks[key] = _WriteLock(key / ".private.lock")
        return _locks[key]


class PrivateDatabase(Database):
    """private.db of the inquiry in `folder`; use in one thread only, and close it."""

    folder: Path
    #: What to undo beside the database when the transaction under way is not committed.
    undo: contextlib.ExitStack

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        super().__init__(connection, execute_plugins=False)
        self.folder = folder
        self.undo = contextlib.ExitStack()

    @contextlib.contextmanager
    def writing(self) -> Iterator[PrivateDatabase]:
        """Hold the write lock and one immediate transaction; commit at the end, or nothing at all.

        Inside another `writing()` of the same database it joins that transaction. Commit returns
        only when the words are on disk (`synchronous=FULL`, promise 1). Raises a StorageError for a
        locked, full or read-only disk.
        """
        if self.conn.in_transaction:
            yield self
            return
        with write_lock(self.folder).held(), self.undo:
            try:
                self.conn.execute("begin immediate")
                try:
                    yield self
                except BaseException:
                    self.conn.rollback()
                    raise
                self.conn.commit()
                self.undo.pop_all()  # it is on disk: what was written beside it stays
            except sqlite3.Error as error:
                self.conn.rollback()
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
        with write_lock(self.folder).held():
            try:
                # nobody can save meanwhile, so a reader is not waited for; the caller tries again
                self.conn.execute(f"pragma busy_timeout={READER_SECONDS * 1000:d}")
                self.conn.execute("vacuum")
                busy, _, _ = self.conn.execute("pragma wal_checkpoint(truncate)").fetchone()
            except sqlite3.OperationalError as error:
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
        except sqlite3.DatabaseError:
            return False

    def consistent(self) -> bool:
        """Say whether every row that another row names is there."""
        return not self.rows("pragma foreign_key_check")

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


def open_database(folder: Path | str, *, create: bool = False) -> PrivateDatabase:
    """Open private.db in `folder`; with `create` make it where there is none yet.

    Raises NotAnInquiry, InquiryTooNew, InquiryBusy, ReadOnly or Damaged.
    """
    folder = Path(folder)
    path = folder / FILE
    if not create and not path.exists():
        raise NotAnInquiry(
            f'{folder} holds no inquiry. Make one with: par --inquiry {folder} init --name "…" '
            '--locality "…"'
        )
    try:
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS)
        db = PrivateDatabase(connection, folder)
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("pragma secure_delete=on")
        connection.execute("pragma foreign_keys=on")
        connection.execute("pragma temp_store=memory")
        _bring_up_to_date(db)
    except sqlite3.Error as error:
        ours = translate(error, path)
        if ours is None:
            raise
        raise ours from error
    return db


def _bring_up_to_date(db: PrivateDatabase) -> None:
    version = db.value("pragma user_version")
    if version > migrations.LATEST:
        db.close()
        raise InquiryTooNew(
            f"{db.folder} was written by a newer version of par-toolkit. Install that version, "
            "or a later one; nothing was changed."
        )
    if version < migrations.LATEST:
        with write_lock(db.folder).held():
            migrations.private.apply(db)
            db.conn.execute(f"pragma user_version={migrations.LATEST:d}")
            db.conn.commit()
        (db.folder / FILE).chmod(0o600)
