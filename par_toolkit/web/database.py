"""One database for each request: opened when first asked for, closed when the request ends."""

from __future__ import annotations

from typing import cast

from flask import Flask, g

from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.web.current import inquiry


def get_db() -> PrivateDatabase:
    """Return this request's database.

    Raises a StorageError where it cannot be opened; the error pages turn it into a sentence.
    """
    if "db" not in g:
        g.db = open_database(inquiry().folder)
    return cast(PrivateDatabase, g.db)


def close_db(_: BaseException | None = None) -> None:
    """Close this request's database, if it was opened; a reader left open would hold up erasure."""
    db = g.pop("db", None)
    if db is not None:
        db.close()


def init_app(app: Flask) -> None:
    """Have every request of `app` close what it opened."""
    app.teardown_appcontext(close_db)
