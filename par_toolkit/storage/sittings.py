"""Who is signed in at the desk, and where else: whoever is signed in twice is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase

#: Hours after which whoever signed in signs in again. A cookie that somebody copied must end by
#: itself.
HOURS: Final = 12
#: Minutes without a page at the desk after which somebody signs in again: whoever forgot to sign
#: out has left the laptop open.
IDLE_MINUTES: Final = 60


class Somebody(Protocol):
    """A person of `people`, who writes to this when their sittings must end."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...


def end_everybodys(db: PrivateDatabase) -> None:
    """End every sitting, as when an encrypted inquiry is opened: no cookie of before holds."""
    db.change("update sittings set ended_at = :now where ended_at is null", {"now": now()})


def begin(db: PrivateDatabase, person: Somebody) -> int:
    """Note that somebody has signed in, and return the number of the sitting.

    What ended by itself is forgotten: it tells when people worked, and is of no use.
    """
    with db.writing():
        forget_ended(db)
        return db.add(
            "insert into sittings (person, begun_at) values (:person, :now)",
            {"person": person.id, "now": now()},
        )


def forget_ended(db: PrivateDatabase) -> None:
    """Forget who was signed in, once that has ended by itself."""
    db.change("delete from sittings where begun_at < :since", {"since": _since()})


def holds(db: PrivateDatabase, sitting: int, person: Somebody) -> bool:
    """Say whether a sitting of this person has not ended."""
    return bool(
        db.value(
            """
            select 1 from sittings where id = :id and person = :person and ended_at is null
                and begun_at >= :since
            """,
            {"id": sitting, "person": person.id, "since": _since()},
        )
    )


def elsewhere(db: PrivateDatabase, sitting: int, person: Somebody) -> str | None:
    """Return when somebody last signed in in another place where they still are; None: nowhere."""
    found: str | None = db.value(
        """
        select max(begun_at) from sittings where person = :person and id <> :id
            and ended_at is null and begun_at >= :since
        """,
        {"id": sitting, "person": person.id, "since": _since()},
    )
    return found


def end(db: PrivateDatabase, sitting: int) -> None:
    """Note that somebody has signed out: a copy of their cookie opens nothing any more."""
    db.change(
        "update sittings set ended_at = :now where id = :id and ended_at is null",
        {"id": sitting, "now": now()},
    )


def end_elsewhere(db: PrivateDatabase, sitting: int, *, by: Somebody) -> None:
    """Sign somebody out everywhere but in this sitting."""
    with db.writing():
        db.change(
            """
            update sittings set ended_at = :now
            where person = :person and id <> :id and ended_at is null
            """,
            {"id": sitting, "person": by.id, "now": now()},
        )
        audit.record(db, "sign_out_elsewhere", by=by)


def end_all(db: PrivateDatabase, person: int) -> None:
    """End every sitting of a person whose password changed, or who is let in no longer."""
    db.change(
        "update sittings set ended_at = :now where person = :person and ended_at is null",
        {"person": person, "now": now()},
    )


def _since() -> str:
    return (datetime.now(UTC) - timedelta(hours=HOURS)).isoformat(timespec="seconds")
