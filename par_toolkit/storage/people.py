"""The few people who read, and guests who look: their roles, passwords and one-time links."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from werkzeug.security import check_password_hash, generate_password_hash

from par_toolkit.storage import audit, passwords, sittings
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.naming import is_name

ROLES: Final = ("facilitator", "evaluator", "steward", "safeguarding", "guest")
#: Words are released once so many different people have approved them as they read.
RELEASED_BY: Final = 2
LINK_DAYS: Final = 7


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in. `session` changes when their sessions must end."""

    id: int
    name: str
    role: str
    session: str
    disabled: bool
    has_password: bool


def _person(row: Row) -> Person:
    return Person(
        row["id"],
        row["name"],
        row["role"],
        row["session"],
        row["disabled_at"] is not None,
        row["password"] is not None,
    )


@cache
def _nobody() -> str:
    """Return a password hash to check when nobody has the name: a wrong name takes as long."""
    return generate_password_hash(secrets.token_hex(16))


def digest(token: str) -> str:
    """Return the digest under which a random token is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def add(db: PrivateDatabase, name: str, role: str, *, by: Person | None = None) -> str:
    """Add a person, or give one who is there a new link; return the one-time token of the link.

    With it the person sets their own password, within 7 days; the old password of somebody whose
    access had ended does not come back with them. Raises Refused for an unknown role, an empty
    name, or a name that is there with another role.
    """
    name = " ".join(name.split())
    if role not in ROLES:
        raise Refused("bad_role", f"'{role}' is not a role. Choose one of: {', '.join(ROLES)}.")
    if not is_name(name, most=100):
        raise Refused("bad_name", "Give a name of 1 to 100 letters.")
    token = secrets.token_urlsafe(24)
    until = (datetime.now(UTC) + timedelta(days=LINK_DAYS)).isoformat(timespec="seconds")
    with db.writing():
        there = by_name(db, name)
        if there and there.role != role:
            raise Refused(
                "name_taken", f"{there.name} is already here as {there.role}. Choose another name."
            )
        if there:
            db.change(
                """
                update people set link = :link, link_until = :until, disabled_at = null,
                    password = case when disabled_at is null then password end
                where id = :id
                """,
                {"id": there.id, "link": digest(token), "until": until},
            )
        else:
            db.add(
                """
                insert into people (name, role, link, link_until, session, added_at)
                values (:name, :role, :link, :until, :session, :now)
                """,
                {
                    "name": name,
                    "role": role,
                    "link": digest(token),
                    "until": until,
                    "session": secrets.token_hex(8),
                    "now": now(),
                },
            )
        person = by_name(db, name)
        audit.record(
            db,
            "add_person",
            by=by,
            subject=f"person {person.id if person else ''}",
        )
    return token


def by_link(db: PrivateDatabase, token: str) -> Person | None:
    """Return whose one-time link this is, or None where it was used, ended or never given."""
    row = db.row(
        """
        select * from people
        where link = :link and link_until >= :now and disabled_at is null
        """,
        {"link": digest(token), "now": now()},
    )
    return _person(row) if row else None


def set_password(
    db: PrivateDatabase, token: str, password: str, *, known: Iterable[str] = ()
) -> Person:
    """Set the password of the person with this one-time link, which ends with it.

    `known` are words that anybody would try here. Raises Refused where the link no longer works,
    or the password is too short, too long or too easy to guess.
    """
    person = by_link(db, token)
    if person is None:
        raise _link_ended()
    passwords.check(password, known=(person.name, *known))
    hashed = generate_password_hash(password)
    with db.writing():
        person = by_link(db, token)
        if person is None:
            raise _link_ended()
        return _keep_password(db, person, hashed)


def change_password(
    db: PrivateDatabase, person: Person, old: str, new: str, *, known: Iterable[str] = ()
) -> Person:
    """Set another password for somebody who knows theirs; their sittings end.

    Raises Refused where `old` is wrong, or the new one as `set_password` says.
    """
    if not right_password(db, person, old):
        raise Refused("wrong_old_password", "The password that you have now is not right.")
    passwords.check(new, known=(person.name, *known))
    hashed = generate_password_hash(new)
    with db.writing():
        return _keep_password(db, person, hashed)


def right_password(db: PrivateDatabase, person: Person, password: str) -> bool:
    """Say whether this is somebody's password, whole and letter by letter."""
    kept = db.value("select password from people where id = :id", {"id": person.id})
    return _matches(kept or _nobody(), password) and kept is not None


def _matches(hashed: str, password: str) -> bool:
    """Check a password; what is longer than any can be takes no longer than one."""
    right = check_password_hash(hashed, password[: passwords.MOST])
    return right and len(password) <= passwords.MOST


def _keep_password(db: PrivateDatabase, person: Person, hashed: str) -> Person:
    db.change(
        """
        update people set password = :password, link = null, link_until = null,
            session = :session
        where id = :id
        """,
        {"id": person.id, "password": hashed, "session": secrets.token_hex(8)},
    )
    sittings.end_all(db, person.id)
    audit.record(db, "set_password", by=person)
    found = get(db, person.id)
    assert found is not None
    return found


def _link_ended() -> Refused:
    return Refused("link_ended", "This link was used before or has ended. Ask for a new one.")


def known(db: PrivateDatabase, name: str, password: str) -> Person | None:
    """Return the person with this name and password; None, in the same time, if one is wrong."""
    row = db.row(
        "select * from people where name = :name and disabled_at is null",
        {"name": " ".join(name.split())},
    )
    hashed = row["password"] if row and row["password"] else _nobody()
    right = _matches(hashed, password)
    return _person(row) if row and row["password"] and right else None


def sign_in(db: PrivateDatabase, name: str, password: str) -> Person | None:
    """Record that the person with this name and password signs in, and return them; or None."""
    person = known(db, name, password)
    if person:
        came_in(db, person)
    return person


def came_in(db: PrivateDatabase, person: Person) -> None:
    """Record that somebody has signed in, all steps of it."""
    audit.record(db, "sign_in", by=person)


def get(db: PrivateDatabase, person_id: int) -> Person | None:
    """Return one person, or None."""
    row = db.row("select * from people where id = :id", {"id": person_id})
    return _person(row) if row else None


def by_name(db: PrivateDatabase, name: str) -> Person | None:
    """Return the person with this name, in whatever case, or None."""
    row = db.row("select * from people where name = :name", {"name": " ".join(name.split())})
    return _person(row) if row else None


def listing(db: PrivateDatabase) -> list[Person]:
    """List everybody who was added, by name."""
    return [_person(row) for row in db.rows("select * from people order by name")]


def sign_everybody_out(db: PrivateDatabase) -> None:
    """End every session of everybody: no cookie of before opens anything any more."""
    with db.writing():
        sittings.end_everybodys(db)
        for row in db.rows("select id from people"):
            db.change(
                "update people set session = :session where id = :id",
                {"id": row["id"], "session": secrets.token_hex(8)},
            )


def disable(db: PrivateDatabase, name: str, *, by: Person | None = None) -> Person:
    """Let a person in no longer; what they did stays in the trail. Raises Refused if unknown."""
    with db.writing():
        person = by_name(db, name)
        if person is None:
            raise Refused("unknown_person", f"There is nobody called {name} here.")
        db.change(
            "update people set disabled_at = :now, link = null, session = :session where id = :id",
            {"id": person.id, "now": now(), "session": secrets.token_hex(8)},
        )
        sittings.end_all(db, person.id)
        audit.record(
            db,
            "disable_person",
            by=by,
            subject=f"person {person.id}",
        )
    return person
