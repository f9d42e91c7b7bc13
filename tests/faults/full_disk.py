"""A disk that is full for one request: no file may grow, though everything else works.

`trying_first` sends whatever is to change something on a full disk first. What is then answered is
held against what the same request does when there is room: nobody may be told that a thing is done
which is not on disk.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.web import current

resource = pytest.importorskip("resource")

#: The limit is the whole process's: two threads that press at once would take it for their own.
_one_at_a_time = threading.RLock()
OF_THE_CLIENT = ("buffered", "follow_redirects")
#: What is worked out after the answer: its page says later that it stopped, and why.
LATER = {"desk.propose"}
#: Where it is noted when a tablet was last seen: nobody is told anything of it.
NOT_TOLD = ("devices",)
SAFE = ("GET", "HEAD", "OPTIONS")
NO_ROOM = 507


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow in the block: each write fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@dataclass
class Seen:
    """What was found: by endpoint the answers on a full disk, and what is wrong."""

    no_room: set[str] = field(default_factory=set)
    #: Endpoints that changed something when there was room.
    changing: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def note(self, where: str, full: int, room: int, *, before: bool, changed: bool) -> None:
        """Compare the answers to one request: on a full disk, and when there was room.

        `before` says whether anything was kept of the first try, `changed` of the second.
        """
        if full == NO_ROOM:
            self.no_room.add(where)
        if changed:
            self.changing.add(where)
        if full >= 500 and full not in (NO_ROOM, room):
            self.wrong.append(f"{where}: {full} on a full disk, {room} when there is room")
        if before:
            self.wrong.append(f"{where}: something was kept on a full disk")
        if changed and full < 400 and where not in LATER:
            self.wrong.append(f"{where}: {full} on a full disk, but nothing was kept")

    def write(self, file: Path) -> None:
        """Add to `file`, which holds a word and an endpoint in each line."""
        lines = [f"no-room {one}\n" for one in self.no_room]
        lines += [f"changing {one}\n" for one in self.changing]
        with file.open("a", encoding="utf-8") as opened:
            opened.writelines(lines)


def _all_rows(db: PrivateDatabase) -> list[object]:
    """Return every row of every table, to see whether anything was kept."""
    tables = db.rows("select name from sqlite_master where type = 'table' order by name")
    names = [one["name"] for one in tables if one["name"] not in NOT_TOLD]
    return [db.conn.execute(f"select * from [{name}]").fetchall() for name in names]


def _endpoint(client: FlaskClient, environ: dict[str, Any]) -> str:
    """Return the endpoint that answers, '' where there is none."""
    try:
        found, _ = client.application.url_map.bind_to_environ(environ).match()
    except HTTPException:
        return ""
    return str(found)


@contextmanager
def trying_first(patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Have every client of Flask try what changes something on a full disk first."""
    seen = Seen()
    real_open = FlaskClient.open

    def open_twice(client: FlaskClient, *args: Any, **options: Any) -> TestResponse:
        how = {
            name: options.pop(name) for name in ("buffered", "follow_redirects") if name in options
        }
        if args and not isinstance(args[0], str):  # a redirect that the client follows by itself
            return real_open(client, *args, **how, **options)
        request = client._request_from_builder_args(args, options)
        if request.method in SAFE:
            return real_open(client, request, **how)
        body = request.get_data()

        def ask() -> TestResponse:
            environ = request.environ | {"wsgi.input": io.BytesIO(body)}
            return real_open(client, environ, **how)

        cookies = dict(client._cookies or {})
        folder = client.application.extensions[current.PLACE].folder
        with _one_at_a_time, open_database(folder) as watching:
            start = _all_rows(watching)
            with full_disk():
                full = ask()
            client._cookies = cookies
            middle = _all_rows(watching)
            room = ask()
            end = _all_rows(watching)
        seen.note(
            _endpoint(client, request.environ),
            full.status_code,
            room.status_code,
            before=start != middle,
            changed=middle != end,
        )
        return room

    with patch.context() as context:
        context.setattr(FlaskClient, "open", open_twice)
        yield seen
