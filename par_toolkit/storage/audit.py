"""The audit trail: append-only and hash-chained, readable without words (promise 15)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final, Protocol

from par_toolkit.storage.clock import now, quarter
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.keys import mark

START: Final = "0" * 64


@dataclass(frozen=True)
class Verdict:
    """Whether the trail is whole; if not, the first row that is wrong and how."""

    whole: bool
    rows: int
    sentence: str


class Actor(Protocol):
    """Whoever did something: a person of `people`, who writes to the trail as well."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...


def chain_hash(
    previous: str, *, seq: int, quarter: str, role: str, action: str, details: str
) -> str:
    """Return the hash of one row: SHA-256 over the hash before it and all that may be published."""
    row = json.dumps([previous, seq, quarter, role, action, details], ensure_ascii=True)
    return hashlib.sha256(row.encode("ascii")).hexdigest()


def record(
    db: PrivateDatabase,
    action: str,
    *,
    by: Actor | None = None,
    role: str = "command line",
    subject: str | None = None,
) -> None:
    """Add one row to the trail, in the transaction of what it records.

    `by` is who did it; `role` says in which role somebody did it whom we do not know by name.
    `subject` names a record here ('story 12'), never words; it and the person stay private.
    """
    role, person = (by.role, by.id) if by else (role, None)
    with db.writing():
        last = db.row("select seq, hash from audit order by seq desc limit 1")
        seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, START)
        at = now()
        digest = _details(db, at, person, subject)
        db.add(
            """
            insert into audit
            values (
                :seq, :at, :quarter, :role, :action, :person, :subject, :digest, :previous, :hash
            )
            """,
            {
                "seq": seq,
                "at": at,
                "quarter": quarter(at),
                "role": role,
                "action": action,
                "person": person,
                "subject": subject,
                "digest": digest,
                "previous": previous,
                "hash": chain_hash(
                    previous,
                    seq=seq,
                    quarter=quarter(at),
                    role=role,
                    action=action,
                    details=digest,
                ),
            },
        )


def _details(db: PrivateDatabase, at: str, person: int | None, subject: str | None) -> str:
    return mark(db.folder, "audit", json.dumps([at, person, subject]))


def verify(db: PrivateDatabase) -> Verdict:
    """Check the whole chain: no row changed, missing or out of place since it was written."""
    previous, seq = START, 0
    for row in db.rows("select * from audit order by seq"):
        seq += 1
        fault = _fault(db, row, seq, previous)
        if fault:
            return Verdict(False, seq, f"The audit trail is not whole: row {row['seq']} {fault}.")
        previous = row["hash"]
    return Verdict(True, seq, f"The audit trail is whole: {seq} rows.")


def _fault(db: PrivateDatabase, row: Row, seq: int, previous: str) -> str | None:
    if row["seq"] != seq:
        return "is out of place, or one before it is missing"
    if row["previous"] != previous:
        return "does not follow from the row before it"
    if row["digest"] != _details(db, row["at"], row["person"], row["subject"]):
        return "was changed in its time, person or subject"
    expected = chain_hash(
        previous,
        seq=seq,
        quarter=row["quarter"],
        role=row["role"],
        action=row["action"],
        details=row["digest"],
    )
    return None if row["hash"] == expected else "was changed"


def public_rows(db: PrivateDatabase) -> list[dict[str, Any]]:
    """List the trail as it may be published: by role and quarter, the details only as a digest."""
    return db.rows(
        """
        select seq, quarter, role, action, digest as details, previous, hash
        from audit order by seq
        """
    )


def listing(db: PrivateDatabase, *, limit: int = 100, offset: int = 0) -> list[Row]:
    """List the trail for the desk, newest first, with people's names."""
    return db.rows(
        """
        select a.seq, a.at, a.role, a.action, a.subject, p.name as person
        from audit a left join people p on p.id = a.person
        order by a.seq desc limit :limit offset :offset
        """,
        {"limit": limit, "offset": offset},
    )
