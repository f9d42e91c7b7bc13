"""Paired tablets: each holds a token that can only send, and that can be revoked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person, digest


@dataclass(frozen=True)
class Device:
    """A paired tablet; `arrived` of the `last_seq` stories it has numbered are here."""

    id: int
    name: str
    until: str | None
    revoked: bool
    last_seq: int
    arrived: int
    last_seen_at: str | None


SELECT = """
    select d.*,
        (select count(distinct s.device_seq) from stories s where s.device = d.id) as arrived
    from devices d
"""


def _device(row: Row) -> Device:
    return Device(
        row["id"],
        row["name"],
        row["until"],
        row["revoked_at"] is not None,
        row["last_seq"],
        row["arrived"],
        row["last_seen_at"],
    )


def add(
    db: PrivateDatabase, name: str, *, until: str | None = None, by: Person | None = None
) -> str:
    """Pair a device and return its token, shown this once; `until` is an ISO time in UTC."""
    name = " ".join(name.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise Refused("bad_name", "Give the tablet a name of 1 to 100 letters.")
    token = secrets.token_urlsafe(32)
    with db.writing():
        device = db.add(
            """
            insert into devices (name, token, until, added_at)
            values (:name, :token, :until, :now)
            """,
            {"name": name, "token": digest(token), "until": until, "now": now()},
        )
        audit.record(
            db,
            "pair_device",
            by=by,
            subject=f"device {device}",
        )
    return token


def by_token(db: PrivateDatabase, token: str) -> Device | None:
    """Return the device with this token; None where it is unknown, revoked or has ended."""
    row = db.row(
        f"""
        {SELECT} where d.token = :token and d.revoked_at is null
          and (d.until is null or d.until >= :now)
        """,
        {"token": digest(token), "now": now()},
    )
    return _device(row) if row else None


def seen(db: PrivateDatabase, device: Device, seq: int | None) -> None:
    """Note that a device sent something, and the highest number it has given a story."""
    db.change(
        """
        update devices set last_seen_at = :now, last_seq = max(last_seq, :seq) where id = :id
        """,
        {"id": device.id, "seq": seq or 0, "now": now()},
    )


def listing(db: PrivateDatabase) -> list[Device]:
    """List every device that was paired, by name."""
    return [_device(row) for row in db.rows(f"{SELECT} order by d.name, d.id")]


def revoke(db: PrivateDatabase, device_id: int, *, by: Person | None = None) -> None:
    """End a device's token; what it still holds waits there until it is paired again."""
    with db.writing():
        found = db.change(
            "update devices set revoked_at = :now where id = :id and revoked_at is null",
            {"id": device_id, "now": now()},
        )
        if not found:
            raise Refused("unknown_device", "There is no such tablet, or it was revoked before.")
        audit.record(
            db,
            "revoke_device",
            by=by,
            subject=f"device {device_id}",
        )
