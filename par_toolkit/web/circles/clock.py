"""Which cycle a page is about. Each inquiry has its own clock; `inquiry.toml` names its cycles."""

from __future__ import annotations

from datetime import date

from flask import abort, request
from flask_babel import gettext as _

from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import phases
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db


def today() -> str:
    """Return this day as a date, by this machine's clock."""
    return date.today().isoformat()


def cycles() -> list[str]:
    """List the cycles of the inquiry in order; one that has begun stays, whatever its settings."""
    named = [one.code for one in inquiry().cycles]
    begun = [one for one in phases.running(get_db()) if one not in named]
    return [*named, *reversed(begun)]


def at_hand() -> str:
    """Return the cycle that a page is asked for, else the one that is at hand.

    That is the last that has begun and runs, else the first that is not closed, else the last.
    Stops the request with 404 for a cycle that there is not, and where none is named at all.
    """
    db, known = get_db(), cycles()
    asked = request.args.get("cycle") or (request.form.get("cycle") if request.form else None)
    if asked:
        return asked if asked in known else abort(404)
    running = phases.running(db)
    if running:
        return running[0]
    if not known:
        abort(404)
    return next_up() or known[-1]


def next_up() -> str | None:
    """Return the first cycle of the inquiry that is not closed; None where there is none."""
    db = get_db()
    return next((one for one in cycles() if not phases.closed(db, one)), None)


def posted() -> str:
    """Return the cycle that was posted. Raises Refused where it is none of the inquiry's."""
    found = request.form.get("cycle", "")
    if found not in cycles():
        raise Refused("no_cycle", _("Choose a cycle from the list."))
    return found


def to_go_on(cycle: str) -> list[str]:
    """List the cycles that what is open in `cycle` may go on to: not closed, and not itself."""
    db = get_db()
    return [one for one in cycles() if one != cycle and not phases.closed(db, one)]
