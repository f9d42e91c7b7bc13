"""'I need help now': who asked the safeguarding contact to get in touch. No part of the research.

Each is encrypted by itself, names no story and no receipt, and is in no export and no build.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from par_toolkit.storage import audit, cells, takedowns, vault
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person

STATES: Final = ("new", "seen", "done")
#: Characters of a name, and of a way and a time to reach somebody.
LONGEST: Final = 500
#: What waits at once. More is no hall of people but a machine that fills the disk.
MOST: Final = 2_000


@dataclass(frozen=True)
class Asked:
    """What somebody left for the safeguarding contact; each part may be empty."""

    name: str = ""
    reach: str = ""
    when: str = ""


@dataclass(frozen=True)
class Request:
    """One request as the safeguarding contact sees it; `asked_at` is the hour, and no closer.

    `asked` is None where it cannot be read, as after its key was lost.
    """

    id: str
    state: str
    asked_at: str
    done_at: str | None
    asked: Asked | None


def offered(db: PrivateDatabase) -> bool:
    """Say whether somebody is there to read what is asked: a safeguarding contact who signs in."""
    return bool(
        db.value(
            """
            select 1 from people
            where role = 'safeguarding' and disabled_at is null and password is not null
            """
        )
    )


def arrived(db: PrivateDatabase, id: str) -> bool:
    """Say whether a request is kept under this random id."""
    return bool(db.value("select 1 from help_requests where id = :id", {"id": id}))


def ask(db: PrivateDatabase, asked: Asked, *, id: str = "") -> None:
    """Keep what somebody asks of the safeguarding contact, under a random `id` of its page.

    The same once more is kept once; other words under the same id are kept under one of their own.
    Raises Refused where nobody would read it, where a part is too long, or where too many wait.
    """
    if any(len(part) > LONGEST for part in (asked.name, asked.reach, asked.when)):
        raise Refused("too_long", f"Use at most {LONGEST} characters in each field.")
    with db.writing():
        row = db.row("select * from help_requests where id = :id", {"id": id})
        if row and _request(db, row).asked == asked:
            return
        if not offered(db):
            raise Refused("nobody_reads", "Nobody reads this here. Call one of the numbers.")
        if db.value("select count(*) from help_requests where state <> 'done'") >= MOST:
            raise Refused("too_many", "Too many requests wait here. Call one of the numbers.")
        id = secrets.token_hex(16) if row or not id else id
        words = json.dumps([asked.name, asked.reach, asked.when])
        db.add(
            "insert into help_requests (id, words, asked_at) values (:id, :words, :at)",
            {"id": id, "words": cells.close(_key(db), f"help {id}", words), "at": _this_hour()},
        )


def listing(db: PrivateDatabase) -> list[Request]:
    """List every request, what nobody has seen to yet first, and of these the oldest."""
    rows = db.rows(
        """
        select id, words, state, asked_at, done_at from help_requests
        order by state = 'done', asked_at, id
        """
    )
    return [_request(db, row) for row in rows]


def new(db: PrivateDatabase) -> int:
    """Count the requests that nobody has seen."""
    return int(db.value("select count(*) from help_requests where state = 'new'"))


def waiting_since(db: PrivateDatabase) -> str | None:
    """Return when the oldest request came that is not done; None where none waits."""
    since: str | None = db.value("select min(asked_at) from help_requests where state <> 'done'")
    return since


def mark(db: PrivateDatabase, id: str, state: str, *, by: Person) -> None:
    """Say how far one request has come; raise Refused where it is gone, or for another state."""
    if state not in STATES:
        raise Refused("bad_state", "Choose new, seen or done.")
    with db.writing():
        changed = db.change(
            "update help_requests set state = :state, done_at = :done where id = :id",
            {"id": id, "state": state, "done": now() if state == "done" else None},
        )
        if not changed:
            raise Refused("gone", "This request is not here any more.")
        audit.record(db, f"help_{state}", by=by, of_one=True)


def forget(db: PrivateDatabase, ids: Sequence[str]) -> None:
    """Erase requests, to the last byte once no reader holds it up."""
    with db.writing():
        for id in ids:
            db.change("delete from help_requests where id = :id", {"id": id})
        takedowns.ask_erasure(db)


def carry_over(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Keep in the restored `db` what was asked in `old`, which it takes the place of.

    Nobody who asked for help since the backup is lost, and what was seen or done with stays so.
    """
    with db.writing():
        here = {one.id: one for one in listing(db)}
        for one in listing(old):
            known: Row = {"id": one.id, "state": one.state, "at": one.asked_at, "done": one.done_at}
            if one.id not in here and one.asked is not None:
                words = json.dumps([one.asked.name, one.asked.reach, one.asked.when])
                db.add(
                    """
                    insert into help_requests (id, words, state, asked_at, done_at)
                    values (:id, :words, :state, :at, :done)
                    """,
                    known | {"words": cells.close(_key(db), f"help {one.id}", words)},
                )
            elif one.id in here and STATES.index(one.state) > STATES.index(here[one.id].state):
                db.change(
                    "update help_requests set state = :state, done_at = :done where id = :id",
                    {key: known[key] for key in ("id", "state", "done")},
                )


def _request(db: PrivateDatabase, row: Row) -> Request:
    try:
        asked = Asked(*json.loads(cells.open_cell(_key(db), f"help {row['id']}", row["words"])))
    except cells.CellDamaged:
        asked = None
    return Request(row["id"], row["state"], row["asked_at"], row["done_at"], asked)


def _key(db: PrivateDatabase) -> bytes:
    return vault.key(db.folder, "help")


def _this_hour() -> str:
    """Return the hour: a closer moment would say which story was told just before."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
