"""One database for each request: lent when first asked for, given back when the request ends."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Final, cast

from flask import Flask, current_app, g, request

from par_toolkit.storage.connections import Connections
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import current

PLACE: Final = "par_connections"
#: Where a server that answers several requests in one transaction hands its database along.
SHARED: Final = "par.database"


def get_db() -> PrivateDatabase:
    """Return this request's database.

    Raises a StorageError where it cannot be opened; the error pages turn it into a sentence.
    """
    if "db" not in g:
        g.db = request.environ.get(SHARED) or _connections().take()
    return cast(PrivateDatabase, g.db)


def _connections() -> Connections:
    return cast(Connections, current_app.extensions[PLACE])


def close_db(error: BaseException | None = None) -> None:
    """Give this request's database back, if it asked for one; after a failure it is closed."""
    db = g.pop("db", None)
    if db is not None and db is not request.environ.get(SHARED):
        _connections().give_back(db, broken=error is not None)


def close_all(app: Callable[..., Any]) -> None:
    """Close every database that `app` has open, where it is one of ours; it lends none any more."""
    if isinstance(app, Flask) and PLACE in app.extensions:
        app.extensions[PLACE].close()


def init_app(app: Flask) -> None:
    """Have every request of `app` give back what it was lent; with the app all of it is closed."""
    connections = Connections(app.extensions[current.PLACE].folder)
    app.extensions[PLACE] = connections
    app.teardown_request(close_db)
    weakref.finalize(app, connections.close)
