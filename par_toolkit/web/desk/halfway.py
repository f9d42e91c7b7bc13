"""Between the two steps of signing in: whose password was right, for ten minutes and ten codes."""

from __future__ import annotations

import time
from typing import Final

from flask import session

from par_toolkit.storage import people
from par_toolkit.storage.people import Person
from par_toolkit.web import guards
from par_toolkit.web.database import get_db

SECONDS: Final = 600


def begin(person: Person) -> None:
    """Note whose password was right; nobody is signed in by that."""
    language = session.get("language")
    guards.end_sitting()
    session.clear()
    session["halfway"] = [person.id, person.session, int(time.time())]
    if language:
        session["language"] = language


def person() -> Person | None:
    """Return who stands between the two steps; None for nobody, or where it took too long."""
    match session.get("halfway"):
        case [int(known), str(sitting), int(since)] if 0 <= time.time() - since < SECONDS:
            found = people.get(get_db(), known)
        case _:
            return None
    there = found is not None and not found.disabled and found.session == sitting
    return found if there else None
