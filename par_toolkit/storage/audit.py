"""The audit trail: append-only and hash-chained, readable without words (promise 15).

There are two chains. What the people do who take part, and what is done for one of them, stays in
this house: published row by row it would count the people of a small meeting (promise 11). Each row
of the published chain seals how far the inner one had come, so that no row of either can change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from par_toolkit.storage import audit_end
from par_toolkit.storage.clock import now, quarter
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.keys import mark

START: Final = "0" * 64
#: The action that seals a root: its details are the root, a space, and the digest of all private.
SEAL: Final = "seal_build"
#: What records that an export was loaded here; see `record_loading`.
LOADING: Final = "load_export"
#: Roles of those who take part or only look: all that they do stays inside.
TAKING_PART: Final = ("participant", "member", "guest")


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
    of_one: bool = False,
    root: str = "",
) -> None:
    """Add one row to the trail, in the transaction of what it records.

    `by` is who did it; `role` says in which role somebody did it whom we do not know by name.
    `subject` names a record here ('story 12'), never words; it and the person stay private. So does
    the whole row where it is `of_one` person who takes part: done by them, for them or about them.
    `root` is the hash that SEAL publishes and seals.
    """
    role, person = (by.role, by.id) if by else (role, None)
    inside = of_one or role in TAKING_PART
    with db.writing():
        row: Row = {"at": now(), "role": role, "action": action, "person": person}
        row |= {"subject": subject, "quarter": quarter(row["at"]), "digest": root}
        inner = db.row("select seq, hash from audit_inside order by seq desc limit 1")
        if inside:
            db.add(_ADD.format(table="audit_inside"), _chained(db, row, inner, None))
            audit_end.note(db)
            return
        last = db.row("select seq, hash from audit order by seq desc limit 1")
        row = _chained(db, row, last, inner["hash"] if inner else None)
        # the sealed hash is that of this row of the inner chain
        row["inside"] = inner["seq"] if inner else None
        db.add(_ADD.format(table="audit").replace(":hash", ":hash, :inside"), row)
        audit_end.note(db)


_ADD: Final = """
    insert into {table}
    values (:seq, :at, :quarter, :role, :action, :person, :subject, :digest, :previous, :hash)
"""


def _chained(db: PrivateDatabase, row: Row, last: Row | None, sealed: str | None) -> Row:
    """Return a row as it follows on the `last` one of its chain."""
    seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, START)
    row = row | {"seq": seq, "previous": previous, "digest": _details(db, row, sealed)}
    return row | {"hash": _hash(row, seq, previous)}


def _hash(row: Row, seq: int, previous: str) -> str:
    return chain_hash(
        previous,
        seq=seq,
        quarter=row["quarter"],
        role=row["role"],
        action=row["action"],
        details=row["digest"],
    )


def _details(db: PrivateDatabase, row: Row, sealed: str | None) -> str:
    """Return the keyed digest of what is not published of a row, and of the inner hash it seals.

    Where the row seals a root, that comes first.
    """
    details = [row["at"], row["person"], row["subject"], *([sealed] if sealed else [])]
    digest = mark(db.folder, "audit", json.dumps(details))
    return f"{root_in(row['digest'])} {digest}" if row["action"] == SEAL else digest


def root_in(details: str) -> str:
    """Return the root that the published details of a SEAL begin with."""
    return details.partition(" ")[0]


def record_loading(db: PrivateDatabase, *, with_keys: bool) -> None:
    """Record that all there is was loaded from an export.

    Where its keys stayed away, nobody here can check the details of the rows that came. The new row
    then names them: the last of either chain, and a digest of all their details under the key that
    is here now, so that none of them changes from now on.
    """
    with db.writing():
        outer, inner = (
            int(db.value(f"select coalesce(max(seq), 0) from {table}"))
            for table in ("audit", "audit_inside")
        )
        came = f"trail {outer} {inner} {_came(db, outer, inner)}"
        record(db, LOADING, subject=None if with_keys else came)


def _came(db: PrivateDatabase, outer: int, inner: int) -> str:
    """Return the keyed digest of the details of every row up to these."""
    rows = [
        db.rows(f"select * from {table} where seq <= :to order by seq", {"to": to})
        for table, to in (("audit", outer), ("audit_inside", inner))
    ]
    return mark(db.folder, "audit that came", json.dumps(rows))


def _checked_apart(db: PrivateDatabase) -> dict[str, int] | None:
    """Return the last row of each chain whose details came without their key; none: 0.

    None where these rows are not as they came. The row that names them stands after them, so its
    own digest is checked like that of any other.
    """
    row = db.row(
        """
        select seq, subject from audit where action = :loading and subject like 'trail %'
        order by seq desc limit 1
        """,
        {"loading": LOADING},
    )
    if row is None:
        return {"audit": 0, "audit_inside": 0}
    try:
        _word, outer, inner, digest = row["subject"].split(" ")
        apart = {"audit": int(outer), "audit_inside": int(inner)}
    except ValueError:
        return None
    whole = apart["audit"] < row["seq"] and _came(db, *apart.values()) == digest
    return apart if whole else None


def verify(db: PrivateDatabase) -> Verdict:
    """Check both chains: no row changed, missing, out of place or cut off since it was written."""
    sealed: dict[int, str] = {}
    apart = _checked_apart(db)
    if apart is None:
        sentence = "The audit trail is not whole: what came with an export was changed."
        return Verdict(False, 0, sentence)
    inner = _walk(db, "audit_inside", {}, sealed, apart["audit_inside"])
    if not inner.whole:
        return inner
    outer = _walk(db, "audit", sealed, {}, apart["audit"])
    rows = inner.rows + outer.rows
    if outer.whole and not audit_end.as_noted(db):
        return Verdict(
            False,
            rows,
            f"The audit trail is not whole: rows after {outer.rows} of it, "
            f"or after {inner.rows} of those who take part, were cut off.",
        )
    return Verdict(True, rows, f"The audit trail is whole: {rows} rows.") if outer.whole else outer


def _walk(
    db: PrivateDatabase,
    table: str,
    sealed: Mapping[int, str],
    hashes: dict[int, str],
    apart: int,
) -> Verdict:
    """Check one chain against the inner hashes it `sealed`, and note its own in `hashes`.

    The details of rows up to `apart` were checked before, all at once.
    """
    previous, seq = START, 0
    for row in db.rows(f"select * from {table} order by seq"):
        seq += 1
        fault = _fault(db, row, seq, previous, sealed, apart)
        if fault:
            where = f"row {row['seq']}" + (" of those who take part" if table != "audit" else "")
            return Verdict(False, seq, f"The audit trail is not whole: {where} {fault}.")
        previous = hashes[seq] = row["hash"]
    return Verdict(True, seq, "")


def _fault(
    db: PrivateDatabase,
    row: Row,
    seq: int,
    previous: str,
    sealed: Mapping[int, str],
    apart: int,
) -> str | None:
    if row["seq"] != seq:
        return "is out of place, or one before it is missing"
    if row["previous"] != previous:
        return "does not follow from the row before it"
    inside = row.get("inside")
    if inside is not None and inside not in sealed:
        return "seals a row of those who take part that is missing"
    if seq > apart and row["digest"] != _details(db, row, sealed.get(inside) if inside else None):
        return "was changed in its time, person or subject"
    return None if row["hash"] == _hash(row, seq, previous) else "was changed"


def public_rows(db: PrivateDatabase) -> list[dict[str, Any]]:
    """List the trail as it may be published: by role and quarter, the details only as a digest."""
    return db.rows(
        """
        select seq, quarter, role, action, digest as details, previous, hash
        from audit order by seq
        """
    )


def count(db: PrivateDatabase) -> int:
    """Count the rows of both chains."""
    return int(
        db.value("select (select count(*) from audit) + (select count(*) from audit_inside)") or 0
    )


def listing(db: PrivateDatabase, *, limit: int = 100, offset: int = 0) -> list[Row]:
    """List the trail for the desk, newest first, with people's names; `inside`: not published."""
    return db.rows(
        """
        select a.seq, a.at, a.role, a.action, a.subject, a.inside, p.name as person from (
            select seq, at, role, action, subject, person, 1 as inside, seq as place
            from audit_inside union all
            select seq, at, role, action, subject, person, 0, coalesce(inside, 0) from audit
        ) a left join people p on p.id = a.person
        -- a row of the published chain stands after the inner row that it seals
        order by a.place desc, a.inside, a.seq desc limit :limit offset :offset
        """,
        {"limit": limit, "offset": offset},
    )
