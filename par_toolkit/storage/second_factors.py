"""A second step when signing in: a code of six digits that a telephone or a key makes (RFC 6238).

Each person decides for themselves. The secret is encrypted and bound to its person, a code is good
once, and whoever lost what makes the codes has recovery codes, or another person's help.
"""

from __future__ import annotations

import hmac
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import pyotp

from par_toolkit.storage import audit, cells, people, vault
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person

#: Seconds that one code is for; the one before and the one after are taken too, for slow clocks.
SECONDS: Final = 30
AROUND: Final = (0, -1, 1)
RECOVERY_CODES: Final = 10
#: Letters of recovery codes: none that look alike. Twelve of them are 2^59 codes.
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_LETTERS: Final = 12
RESET_HOURS: Final = 24


def active(db: PrivateDatabase, person: Person) -> bool:
    """Say whether somebody is asked for a second step."""
    row = _row(db, person)
    return row is not None and row["confirmed_at"] is not None


def begin(db: PrivateDatabase, person: Person) -> str:
    """Make a secret and return it in letters and digits; it is asked for once it is confirmed.

    Raises Refused where somebody has a second step already.
    """
    secret = pyotp.random_base32()
    with db.writing():
        if active(db, person):
            raise Refused("second_there", "You have a second step already. End it first.")
        db.change("delete from second_factors where person = :id", {"id": person.id})
        db.add(
            "insert into second_factors (person, secret, begun_at) values (:id, :secret, :now)",
            {"id": person.id, "secret": _closed(db, person, secret), "now": now()},
        )
    return secret


def begun(db: PrivateDatabase, person: Person) -> str | None:
    """Return the secret that waits for its first code; None where none does."""
    row = _row(db, person)
    return None if row is None or row["confirmed_at"] else _secret(db, person, row)


def address(secret: str, person: Person, inquiry: str) -> str:
    """Return the address that a square holds for the program that makes the codes."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.name, issuer_name=inquiry)


def confirm(db: PrivateDatabase, person: Person, code: str) -> list[str]:
    """Ask for a second step from now on; return ten recovery codes, which are shown once.

    Raises Refused where the code is not the one that the secret makes now.
    """
    with db.writing():
        row = _row(db, person)
        if row is None or row["confirmed_at"]:
            raise Refused("no_second", "Begin once more: nothing waits for a code.")
        _use(db, person, row, code)
        db.change(
            "update second_factors set confirmed_at = :now where person = :id",
            {"id": person.id, "now": now()},
        )
        codes = _new_recovery_codes(db, person)
        audit.record(db, "begin_second_step", by=person)
    return codes


def check(db: PrivateDatabase, person: Person, code: str) -> str:
    """Take one code of somebody's second step and say which: 'code', 'recovery' or 'reset'.

    None is good twice. After 'reset', which another person gave, the second step has ended.
    Raises Refused where it is none of them.
    """
    typed = "".join(code.split())
    with db.writing():
        row = _row(db, person)
        if row is None or not row["confirmed_at"]:
            raise Refused("no_second", "There is no second step here. Sign in once more.")
        if typed.isdigit() and len(typed) == 6:
            _use(db, person, row, typed)
            return "code"
        if _is_reset(row, typed):
            _remove(db, person)
            audit.record(db, "use_second_step_reset", by=person)
            return "reset"
        used = db.change(
            """
            update recovery_codes set used_at = :now
            where person = :id and digest = :digest and used_at is null
            """,
            {"id": person.id, "digest": people.digest(_bare(typed)), "now": now()},
        )
        if not used:
            raise _wrong()
        audit.record(db, "use_recovery_code", by=person)
        return "recovery"


def recovery_left(db: PrivateDatabase, person: Person) -> int:
    """Count the recovery codes that somebody has not used."""
    return int(
        db.value(
            "select count(*) from recovery_codes where person = :id and used_at is null",
            {"id": person.id},
        )
    )


def stop(db: PrivateDatabase, person: Person, *, by: Person | None = None) -> None:
    """Ask somebody for no second step any more; `by` nobody: the command line did it."""
    with db.writing():
        if not active(db, person):
            raise Refused("no_second", f"{person.name} has no second step.")
        _remove(db, person)
        audit.record(db, "end_second_step", by=by, subject=f"person {person.id}")


def give_reset(db: PrivateDatabase, person: Person, *, by: Person) -> str:
    """Return a one-time code with which somebody who lost theirs comes in, beside their password.

    Raises Refused for oneself, and for whoever has no second step.
    """
    if person.id == by.id:
        raise Refused("yourself", "Another person has to do this for you.")
    token = secrets.token_urlsafe(24)
    until = (datetime.now(UTC) + timedelta(hours=RESET_HOURS)).isoformat(timespec="seconds")
    with db.writing():
        if not active(db, person):
            raise Refused("no_second", f"{person.name} has no second step.")
        db.change(
            "update second_factors set reset = :reset, reset_until = :until where person = :id",
            {"id": person.id, "reset": people.digest(token), "until": until},
        )
        audit.record(db, "reset_second_step", by=by, subject=f"person {person.id}")
    return token


def _row(db: PrivateDatabase, person: Person) -> Row | None:
    return db.row("select * from second_factors where person = :id", {"id": person.id})


def _use(db: PrivateDatabase, person: Person, row: Row, code: str) -> None:
    """Take a code of six digits; raise Refused where it is wrong, or was used before."""
    made = pyotp.TOTP(_secret(db, person, row), interval=SECONDS)
    present = int(time.time() // SECONDS)
    for step in (present + away for away in AROUND):
        alike = hmac.compare_digest(made.generate_otp(step).encode(), code.strip().encode())
        if alike and step > row["last_step"]:
            db.change(
                "update second_factors set last_step = :step where person = :id",
                {"id": person.id, "step": step},
            )
            return
    raise _wrong()


def _wrong() -> Refused:
    return Refused(
        "wrong_code",
        "This code is not right, or it was used before. Wait for the next one and try again. "
        "Look too whether the clocks of both devices are right.",
    )


def _is_reset(row: Row, typed: str) -> bool:
    digest = people.digest(typed.rpartition("#")[2])
    return bool(
        row["reset"] and hmac.compare_digest(row["reset"], digest) and row["reset_until"] >= now()
    )


def _new_recovery_codes(db: PrivateDatabase, person: Person) -> list[str]:
    codes = [
        "".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LETTERS))
        for _ in range(RECOVERY_CODES)
    ]
    db.change("delete from recovery_codes where person = :id", {"id": person.id})
    for code in codes:
        db.add(
            "insert into recovery_codes (person, digest) values (:id, :digest)",
            {"id": person.id, "digest": people.digest(code)},
        )
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _bare(typed: str) -> str:
    return "".join(char for char in typed.lower() if char.isalnum())


def _remove(db: PrivateDatabase, person: Person) -> None:
    db.change("delete from recovery_codes where person = :id", {"id": person.id})
    db.change("delete from second_factors where person = :id", {"id": person.id})


def _bound(person: Person) -> str:
    return f"second factor {person.id}"


def _closed(db: PrivateDatabase, person: Person, secret: str) -> bytes:
    return cells.close(vault.key(db.folder, "second factor"), _bound(person), secret)


def _secret(db: PrivateDatabase, person: Person, row: Row) -> str:
    return cells.open_cell(vault.key(db.folder, "second factor"), _bound(person), row["secret"])
