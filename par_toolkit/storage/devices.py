"""Paired tablets: each holds a token that can only send, and that can be revoked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import islice
from typing import Final

from par_toolkit.storage import audit, locked_door
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.naming import is_name
from par_toolkit.storage.people import Person, digest

#: Digits and small letters that nobody mistakes for another (Crockford's base 32).
LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
TOKEN_LENGTH: Final = 24
#: What people read into the letters that are left out.
LOOK_ALIKES: Final = str.maketrans("oil", "011")
#: A report names so many missing numbers at most; a device may claim any.
MOST_MISSING: Final = 1_000


@dataclass(frozen=True)
class Device:
    """A paired tablet, by what can be told without counting."""

    id: int
    name: str
    until: str | None
    revoked: bool
    first_seq: int | None
    last_seq: int
    last_seen_at: str | None


@dataclass(frozen=True)
class Report(Device):
    """A device and its numbers: `arrived` of `of` are here, and the first of those `missing`."""

    arrived: int
    of: int
    missing: tuple[int, ...]


def _device(row: Row) -> Device:
    return Device(
        row["id"],
        row["name"],
        row["until"],
        row["revoked_at"] is not None,
        row["first_seq"],
        row["last_seq"],
        row["last_seen_at"],
    )


def new_token() -> str:
    """Make a token: 24 characters, 120 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(TOKEN_LENGTH))


def normalise(text: str) -> str:
    """Return a token as it was given out, however a person typed it; any other text unchanged."""
    typed = "".join(char for char in text[:200].lower() if char not in " -\u2010\u2011\u2013\u2014")
    typed = typed.translate(LOOK_ALIKES)
    is_token = len(typed) == TOKEN_LENGTH and set(typed) <= set(LETTERS)
    return typed if is_token else text


def grouped(token: str) -> str:
    """Write a token in groups of four, for people to read and type."""
    return " ".join(token[at : at + 4] for at in range(0, len(token), 4))


def add(
    db: PrivateDatabase, name: str, *, until: str | None = None, by: Person | None = None
) -> str:
    """Pair a device and return its token, shown this once; `until` is an ISO time in UTC.

    A tablet that is paired again under its name gets a new pairing, and goes on with its numbers.
    """
    name = " ".join(name.split())
    if not is_name(name, most=100):
        raise Refused("bad_name", "Give the tablet a name of 1 to 100 letters.")
    token = new_token()
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
    locked_door.note(db)
    return token


def by_token(db: PrivateDatabase, token: str) -> Device | None:
    """Return the device with this token; None where it is unknown, revoked or has ended."""
    row = db.row(
        """
        select * from devices where token = :token and revoked_at is null
          and (until is null or until >= :now)
        """,
        {"token": digest(normalise(token)), "now": now()},
    )
    return _device(row) if row else None


def was_given(db: PrivateDatabase, token: str) -> bool:
    """Say whether a token was ever a device's, also one that was revoked or has ended."""
    known = {"token": digest(normalise(token))}
    return bool(db.value("select 1 from devices where token = :token", known))


def get(db: PrivateDatabase, device_id: int) -> Device | None:
    """Return one device, paired or not any more; None where there is none."""
    row = db.row("select * from devices where id = :id", {"id": device_id})
    return _device(row) if row else None


def seen(
    db: PrivateDatabase,
    device: Device,
    seq: int | None = None,
    *,
    numbers: tuple[int, int] | None = None,
) -> None:
    """Note that a device sent something, and that the story it calls `seq` is done with.

    `numbers` are the first and last number it has given stories since it was paired.
    """
    first, last = numbers or (None, 0)
    with db.writing():
        if first is not None and device.first_seq != first:
            _begin_at(db, device, first, last)
        db.change(
            """
            update devices set last_seen_at = :now, last_seq = max(last_seq, :last) where id = :id
            """,
            {"id": device.id, "last": last, "now": now()},
        )
        if seq is not None:
            arrived(db, device.id, seq)


def arrived(db: PrivateDatabase, device_id: int, seq: int) -> None:
    """Note that the story which a device calls `seq` is here, whatever became of it."""
    known = {"id": device_id, "seq": seq}
    with db.writing():
        db.change("insert or ignore into device_numbers values (:id, :seq)", known)
        db.change("update devices set last_seq = :seq where id = :id and last_seq < :seq", known)


def _begin_at(db: PrivateDatabase, device: Device, first: int, last: int) -> None:
    """Note with which number a pairing begins, where that is not known or was too high."""
    fresh = db.change(
        """
        update devices set first_seq = :first
        where id = :id and (first_seq is null or first_seq > :first)
        """,
        {"id": device.id, "first": first},
    )
    before = db.row(
        """
        select * from devices
        where name = :name collate nocase and id < :id and (last_seq > 0 or first_seq is not null)
        order by id desc limit 1
        """,
        {"name": device.name, "id": device.id},
    )
    if fresh and before and _goes_on(_device(before), first, last):
        _take_over(db, device, before["id"], first)


def _goes_on(before: Device, first: int, last: int) -> bool:
    """Say whether a pairing is of the same tablet as the one `before` it under the same name.

    A tablet never counts back, so one with a lower last number was emptied, or is another. While
    the pairing before still holds, one that begins with 1 is another tablet of that name.
    """
    holds = not before.revoked and (before.until is None or before.until >= now())
    return last >= before.last_seq and (first > 1 or not holds)


def _take_over(db: PrivateDatabase, device: Device, before: int, first: int) -> None:
    """Give a pairing the numbers from `first` on of the pairing that it goes on from."""
    pair = {"before": before, "id": device.id, "first": first}
    db.change(
        """
        update or ignore device_numbers set device = :id where device = :before and number >= :first
        """,
        pair,
    )
    db.change("update devices set last_seq = min(last_seq, :first - 1) where id = :before", pair)


def report(db: PrivateDatabase, device: Device) -> Report:
    """Say which of the numbers that a device has given stories arrived here."""
    device = get(db, device.id) or device  # as it is after what it just sent
    first = device.first_seq or 1
    rows = db.rows(
        "select number from device_numbers where device = :id and number between :first and :last",
        {"id": device.id, "first": first, "last": device.last_seq},
    )
    here = {row["number"] for row in rows}
    of = max(0, device.last_seq - first + 1)
    absent = (number for number in range(first, device.last_seq + 1) if number not in here)
    return Report(
        **vars(device), arrived=len(here), of=of, missing=tuple(islice(absent, MOST_MISSING))
    )


def listing(db: PrivateDatabase) -> list[Report]:
    """Report on every device that was paired, by name."""
    rows = db.rows("select * from devices order by name, id")
    return [report(db, _device(row)) for row in rows]


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
    locked_door.note(db)
