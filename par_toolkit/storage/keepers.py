"""Keepers: people who keep a key elsewhere, to which backups and copies are sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused

ROLES: Final = ("evaluator", "steward")
#: Two people keep a key, so that one who is ill or has lost it is no misfortune.
ENOUGH: Final = 2
_LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Keeper:
    """One person with a key; `recipient` is its public half, 'age1…'."""

    id: int
    name: str
    role: str
    recipient: str


def listing(db: PrivateDatabase) -> list[Keeper]:
    """List those to whom backups are sealed today, the longest-serving first."""
    return [
        Keeper(**row)
        for row in db.rows(
            "select id, name, role, recipient from keepers where ended_at is null order by id"
        )
    ]


def add(db: PrivateDatabase, name: str, role: str, recipient: str) -> Keeper:
    """Seal to one more person from now on.

    Raises Refused for an empty or overlong name, and for a name or a key that is in use.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Refused("bad_name", f"A name has 1 to {_LONGEST_NAME} characters.")
    with db.writing():
        for one in listing(db):
            if one.name.casefold() == name.casefold():
                raise Refused(
                    "keeper_known",
                    f"{one.name} keeps a key already. To give them another, end this one first: "
                    f'par keepers remove "{one.name}"',
                )
            if one.recipient == recipient:
                raise Refused("key_known", f"This is the key of {one.name}. Take another.")
        number = db.add(
            """
            insert into keepers (name, role, recipient, added_at)
            values (:name, :role, :recipient, :now)
            """,
            {"name": name, "role": role, "recipient": recipient, "now": now()},
        )
        audit.record(db, "add_keeper", subject=f"keeper {number}")
    return Keeper(number, name, role, recipient)


def remove(db: PrivateDatabase, name: str) -> Keeper:
    """Seal nothing to somebody any more; raise Refused where nobody of this name keeps a key."""
    wanted = " ".join(name.split()).casefold()
    with db.writing():
        for one in listing(db):
            if one.name.casefold() == wanted:
                db.change(
                    "update keepers set ended_at = :now where id = :id",
                    {"now": now(), "id": one.id},
                )
                audit.record(db, "remove_keeper", subject=f"keeper {one.id}")
                return one
    raise Refused("no_keeper", f"Nobody called {name} keeps a key. See: par keepers list")


def carry_over(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Seal in the restored `db` to the same people as in `old`, which it takes the place of."""
    wanted = {one.recipient: one for one in listing(old)}
    with db.writing():
        here = {one.recipient: one for one in listing(db)}
        for recipient in here.keys() - wanted.keys():
            remove(db, here[recipient].name)
        for recipient in wanted.keys() - here.keys():
            one = wanted[recipient]
            add(db, one.name, one.role, recipient)
