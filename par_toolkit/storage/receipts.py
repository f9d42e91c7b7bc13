"""Receipt codes: sixteen digits in the teller's hand; here only a keyed digest of them."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.keys import mark

DIGITS: Final = 16
#: In SQL over `stories`, whose story it is: one receipt code is one person, however many stories
#: are under it; a story without one, as after an import, is a person of its own.
PERSON: Final = "coalesce('receipt ' || receipt, 'story ' || id)"


def new_code() -> str:
    """Make a new receipt code: 16 digits from the system's source of randomness."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def normalise(text: str) -> str | None:
    """Return the sixteen digits in `text`; spaces, dashes and any script's digits are understood.

    None where it is not a receipt code.
    """
    digits = []
    for char in text[:200]:
        value = unicodedata.digit(char, None)
        if value is not None:
            digits.append(str(value))
        elif not (char.isspace() or unicodedata.category(char) in ("Pd", "Cf") or char in ".·"):
            return None
    return "".join(digits) if len(digits) == DIGITS else None


def grouped(code: str) -> str:
    """Write a receipt code in four groups of four digits, for people to read and copy."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def mark_of(db: PrivateDatabase, code: str) -> str:
    """Return the digest under which `code` is known here; `code` must be normalised."""
    return mark(db.folder, "receipt", code)


def find(db: PrivateDatabase, code: str) -> int | None:
    """Return the id of the receipt with this normalised code, or None."""
    found = db.value("select id from receipts where mark = :mark", {"mark": mark_of(db, code)})
    return None if found is None else int(found)


def find_or_add(db: PrivateDatabase, code: str) -> int:
    """Return the id of the receipt with this normalised code; several stories may share one."""
    with db.writing():
        found = find(db, code)
        if found is not None:
            return found
        return db.add("insert into receipts (mark) values (:mark)", {"mark": mark_of(db, code)})


def stories_of(db: PrivateDatabase, receipt: int) -> list[int]:
    """List the ids of the stories under a receipt, oldest first."""
    rows = db.rows(
        "select id from stories where receipt = :receipt order by id", {"receipt": receipt}
    )
    return [row["id"] for row in rows]
