"""Encrypt a plain inquiry, take the encryption off again, or put it under another data key.

A new file is written beside private.db, compared with it row by row, and takes its name in one
step: whenever this is cut short, private.db is the one or the other, and whole. `tidy` clears what
is left over, and is run again whenever the inquiry is opened with its passphrase.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Final

from par_toolkit.storage import disk, engines, vectors
from par_toolkit.storage.at_rest import DATABASE, encrypted
from par_toolkit.storage.errors import Damaged, InquiryBusy, translate
from par_toolkit.storage.locking import write_lock
from par_toolkit.storage.vault import key_files, opening, wrapping

#: The new file before it has its name, and the old one after it lost it.
_NEW: Final = ".private.db.converting"
_OLD: Final = ".private.db.replaced"
#: What SQLite may leave beside a file that was open when its program was killed.
_ENDS: Final = ("", "-journal", "-wal", "-shm")
#: Where files are overwritten.
_PLACES: Final = (".", "keys", "backups")
_WAIT_SECONDS: Final = 3


def encrypt(folder: Path, passphrase: str) -> None:
    """Encrypt the plain inquiry in `folder`, and leave this program with its key.

    Raises Refused for a short passphrase, InquiryBusy where another program has it open, another
    StorageError or OSError; then it is plain as before.
    """
    wrapping.check_new(passphrase)
    key = wrapping.new_key()
    encrypt_with(folder, key, wrapping.wrap(key, passphrase))


def encrypt_with(folder: Path, key: bytes, wrapped: wrapping.Wrapped) -> None:
    """Encrypt the plain inquiry in `folder` with a data key that was wrapped before."""
    with write_lock(folder).held():
        _clear(folder)
        with _own_errors(folder), _alone(folder, None) as source:
            wrapping.write(folder, wrapped)
            opening.hold(key)
            try:
                key_files.seal_all(folder)
                _write_anew(source, folder / _NEW, key)
            except BaseException:
                _begun_no_more(folder)
                raise
            _put_in_place(folder)
        tidy(folder)


def decrypt(folder: Path) -> None:
    """Take the encryption off the inquiry in `folder`, which is open here.

    What lies in media/ must have been opened before. Where it is plain, what was left when this was
    cut short is deleted. Raises as `encrypt` does.
    """
    if not encrypted(folder):
        with write_lock(folder).held():
            tidy(folder)
        return
    key = opening.data_key(folder)
    with write_lock(folder).held():
        _clear(folder)
        with _own_errors(folder), _alone(folder, key) as source:
            key_files.open_all(folder)
            try:
                _write_anew(source, folder / _NEW, None)
            except BaseException:
                key_files.shred_open(folder)
                raise
            _put_in_place(folder)
        opening.lock(folder)
        tidy(folder)


def rekey(folder: Path, key: bytes, wrapped: wrapping.Wrapped) -> None:
    """Put the encrypted inquiry in `folder`, open here and used by nobody else, under another key.

    It is for a copy that can be made again: cut short, it is of no use.
    """
    old = opening.data_key(folder)
    with _own_errors(folder), _alone(folder, old) as source:
        _write_anew(source, folder / _NEW, key)
        found = {
            n: key_files.read(folder, n) for n in key_files.NAMES if key_files.files(folder, n)
        }
        wrapping.write(folder, wrapped)
        opening.hold(key)
        for name, secret in found.items():
            key_files.write(folder, name, secret)
        _put_in_place(folder)
    _clear(folder)


def tidy(folder: Path) -> None:
    """Finish what a conversion that was cut short left over; the state of private.db decides.

    Where it is encrypted, and its key is held, the plain file and the open secrets are overwritten
    and deleted; where it is plain, the sealed ones and the wrapped key. Raises OSError.
    """
    _clear(folder)
    if encrypted(folder):
        key_files.seal_rest(folder)
        key_files.shred_open(folder)
        vectors.forget(folder)
    else:
        _begun_no_more(folder)


def left_over(folder: Path) -> list[Path]:
    """List what a conversion left, and what lies in the clear, beside an encrypted private.db.

    Beside a plain one: what is of no use any more, and holds words that are withdrawn later.
    """
    names = [_OLD, _NEW]
    if encrypted(folder):
        names += vectors.KEPT
    there = [folder / name for name in names if (folder / name).exists()]
    there += [path for place in _PLACES for path in disk.going(folder / place)]
    there += key_files.half_written(folder)
    return [*there, *key_files.lying_open(folder)] if encrypted(folder) else there


def _begun_no_more(folder: Path) -> None:
    """Leave a plain inquiry without anything of a vault."""
    key_files.shred_sealed(folder)
    disk.shred(folder / _NEW)
    if (path := wrapping.path_in(folder)).exists():
        opening.lock(folder)
        disk.shred(path)


def _clear(folder: Path) -> None:
    """Overwrite and delete the files of a conversion; one that lost its name gets it back."""
    if (folder / _OLD).exists() and not (folder / DATABASE).exists():
        os.replace(folder / _OLD, folder / DATABASE)
    for name in (_NEW, _OLD):
        for end in _ENDS:
            disk.shred(folder / f"{name}{end}")
    for path in key_files.half_written(folder):
        disk.shred(path)
    for place in _PLACES:
        disk.sweep(folder / place)


@contextlib.contextmanager
def _own_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except engines.ERRORS as error:
        ours = translate(error, folder / DATABASE)
        if ours is None:
            raise
        raise ours from error


@contextlib.contextmanager
def _alone(folder: Path, key: bytes | None) -> Iterator[sqlite3.Connection]:
    """Open private.db so that nobody else can, with all of it in the one file.

    SQLite leaves the WAL only while no other program has the file open.
    """
    connection = engines.with_cipher(folder / DATABASE, key, timeout=_WAIT_SECONDS)
    with closing(connection):
        connection.execute("pragma locking_mode=exclusive")
        try:
            [(mode,)] = connection.execute("pragma journal_mode=delete").fetchall()
            connection.execute("begin exclusive")
            connection.execute("commit")  # the lock stays until the connection is closed
        except engines.OPERATIONAL_ERRORS as error:
            if not isinstance(translate(error, folder), InquiryBusy):
                raise
            mode = "wal"
        if mode != "delete":
            raise InquiryBusy(
                "Another program has this inquiry open. Stop par serve and every other par "
                "command, then try again. Nothing was changed."
            )
        yield connection


def _write_anew(source: sqlite3.Connection, target: Path, key: bytes | None) -> None:
    """Write all of `source` to a new file with another key, on disk, and compare the two."""
    said = engines.literal(key) if key is not None else ""
    source.execute("attach database :path as fresh key :key", {"path": str(target), "key": said})
    target.chmod(0o600)
    source.execute("pragma fresh.synchronous=full")
    source.execute("select sqlcipher_export('fresh')")
    version = int(source.execute("pragma user_version").fetchone()[0])
    source.execute(f"pragma fresh.user_version={version:d}")
    source.commit()
    _compare(source)
    source.execute("detach database fresh")
    disk.sync(target)


def _compare(conn: sqlite3.Connection) -> None:
    """Raise Damaged where the new file does not hold every table, trigger and row of the old."""
    for schema in ("main", "fresh"):
        if conn.execute(f"pragma {schema}.quick_check").fetchall() != [("ok",)]:
            raise Damaged("private.db is damaged, so it was left as it is. Try: par restore FILE")
    listed = "select type, name, tbl_name, sql from {}.sqlite_master order by type, name"
    old, new = (conn.execute(listed.format(schema)).fetchall() for schema in ("main", "fresh"))
    same = old == new
    for kind, name, *_rest in old:
        if same and kind == "table":
            rows = (
                conn.execute(f'select * from {schema}."{name}"') for schema in ("main", "fresh")
            )
            same = all(one == other for one, other in zip_longest(*rows))
    if not same:
        raise Damaged(
            "What was written is not what was read. Look at the disk. Nothing was changed."
        )


def _put_in_place(folder: Path) -> None:
    """Let the new file take the name of private.db; the old one keeps one until it is overwritten.

    Call while nobody else can open it.
    """
    path, old = folder / DATABASE, folder / _OLD
    try:
        os.link(path, old)
    except OSError:  # a memory stick that knows no links: `_clear` puts it right if cut short here
        os.rename(path, old)
    disk.sync_names(folder)
    os.replace(folder / _NEW, path)
    disk.sync_names(folder)
