"""The inbox: sealed stories that came while the opening key was away, kept until it is back.

Nothing can be told about a sealed story but its uuid, so each row counts as one story that came in
(promise 9) until it is opened: then it is a story, a repeat or a sibling of one, or withdrawn.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from par_toolkit.storage import tombstones
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase


@dataclass(frozen=True)
class Sealed:
    """One sealed story; `reason` says why it could not be kept when it was last opened."""

    id: int
    uuid: str
    sealed: bytes
    device: int | None
    device_seq: int | None
    reason: str | None


@dataclass(frozen=True)
class Waits:
    """How many sealed stories are in the inbox, and how many of them were opened and refused."""

    stories: int
    refused: int


def put(
    db: PrivateDatabase,
    uuid: str,
    sealed: bytes,
    *,
    device: int | None = None,
    device_seq: int | None = None,
) -> str:
    """Keep a sealed story; on return it is on disk (promise 1). Return what became of it.

    'stored'; 'same' where these very bytes wait here under this uuid; 'sibling' where others do;
    'withdrawn' where the story with this uuid was, then nothing is kept. Raises StorageError.
    """
    uuid = uuid.lower()
    known = {"uuid": uuid, "mark": hashlib.sha256(sealed).hexdigest()}
    with db.writing():
        if tombstones.refuses(db, uuid=uuid, receipt=None):
            return "withdrawn"
        if db.value("select 1 from inbox where uuid = :uuid and mark = :mark", known):
            return "same"
        other = db.value("select 1 from inbox where uuid = :uuid", known)
        db.add(
            """
            insert into inbox (uuid, mark, sealed, device, device_seq, received_at)
            values (:uuid, :mark, :sealed, :device, :device_seq, :now)
            """,
            known | {"sealed": sealed, "device": device, "device_seq": device_seq, "now": now()},
        )
        _count(db, 1)
    return "sibling" if other else "stored"


def ids(db: PrivateDatabase, *, refused: bool = True) -> list[int]:
    """List what waits, oldest first; without what was opened and `refused` before, if so asked."""
    rows = db.rows(
        "select id from inbox where :refused or reason is null order by id",
        {"refused": int(refused)},
    )
    return [row["id"] for row in rows]


def get(db: PrivateDatabase, sealed_id: int) -> Sealed | None:
    """Return one sealed story; None where it has been taken out."""
    row = db.row(
        "select id, uuid, sealed, device, device_seq, reason from inbox where id = :id",
        {"id": sealed_id},
    )
    return Sealed(**row) if row else None


def take_out(db: PrivateDatabase, sealed_id: int) -> bool:
    """Erase a sealed story that was opened; False where it is gone already.

    Call in the transaction that keeps the words, and keep them only after True: then two programs
    that open the inbox at once do each story once.
    """
    with db.writing():
        found = db.change("delete from inbox where id = :id", {"id": sealed_id})
        _count(db, -found)
    return bool(found)


def drop(db: PrivateDatabase, uuid: str) -> None:
    """Erase whatever came sealed under the uuid of a story that is withdrawn (promise 6)."""
    with db.writing():
        found = db.change("delete from inbox where uuid = :uuid", {"uuid": uuid.lower()})
        _count(db, -found)


def drop_withdrawn(db: PrivateDatabase) -> None:
    """Erase whatever came sealed under a uuid that has a tombstone, as after a restore."""
    with db.writing():
        for row in db.rows("select distinct uuid from inbox"):
            if tombstones.refuses(db, uuid=row["uuid"], receipt=None):
                drop(db, row["uuid"])


def refuse(db: PrivateDatabase, sealed_id: int, reason: str) -> None:
    """Note why a story could not be kept when it was opened; it stays in the inbox."""
    db.change(
        "update inbox set reason = :reason where id = :id", {"id": sealed_id, "reason": reason}
    )


def waits(db: PrivateDatabase) -> Waits:
    """Count what is in the inbox."""
    row = db.row("select count(*) as stories, count(reason) as refused from inbox")
    assert row is not None
    return Waits(**row)


def _count(db: PrivateDatabase, by: int) -> None:
    """Count beside the rows what came in, so that a row lost some other way shows."""
    db.change("update counters set value = value + :by where name = 'sealed_in'", {"by": by})
