"""Connections to private.db that stay open between two uses: opening one takes longer than a story.

One that waits here holds no transaction, so it holds up no erasure and no restore.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from par_toolkit.storage.database import PrivateDatabase, open_database


class Connections:
    """Lends connections to the private.db in `folder`, each to one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._waiting: list[PrivateDatabase] = []
        self._closed = False

    def take(self) -> PrivateDatabase:
        """Lend a connection, a new one where none waits that will do; it is to be given back.

        Raises a StorageError as `open_database` does.
        """
        while (db := self._next()) is not None:
            if db.will_do():
                return db
            db.close()
        return open_database(self._folder, any_thread=True)

    def _next(self) -> PrivateDatabase | None:
        with self._guard:
            return self._waiting.pop() if self._waiting else None

    def give_back(self, db: PrivateDatabase, *, broken: bool = False) -> None:
        """Take a connection back; a `broken` one, which a failure left half-way, is closed."""
        with self._guard:
            keep = not (broken or self._closed or db.conn.in_transaction)
            if keep:
                self._waiting.append(db)
        if not keep:
            db.close()

    @contextlib.contextmanager
    def lent(self) -> Iterator[PrivateDatabase]:
        """Lend a connection for the length of a block."""
        db = self.take()
        try:
            yield db
        except BaseException:
            self.give_back(db, broken=True)
            raise
        self.give_back(db)

    def close(self) -> None:
        """Close what waits now, and what is still lent when it comes back."""
        with self._guard:
            self._closed = True
            waiting, self._waiting = self._waiting, []
        for db in waiting:
            db.close()
