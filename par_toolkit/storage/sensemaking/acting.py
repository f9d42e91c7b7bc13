"""Who acts in a circle, and what of their words is kept: rules that every act shares."""

from __future__ import annotations

from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import seats
from par_toolkit.storage.sensemaking.circles import Circle, still_open
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import needed


def record(
    db: PrivateDatabase, action: str, *, by: Person | Seat, subject: str | None = None
) -> None:
    """Add what somebody did to the trail: a person by name, a member of a circle by role alone."""
    if isinstance(by, Seat):
        audit.record(db, action, role="member", subject=subject)
    else:
        audit.record(db, action, by=by, subject=subject)


def who(by: Person | Seat) -> dict[str, int | str | None]:
    """Return the columns `seat`, `person` and `role` of a row that says who did it."""
    if isinstance(by, Seat):
        return {"seat": by.id, "person": None, "role": "member"}
    return {"seat": None, "person": by.id, "role": by.role}


def kept(
    words: str,
    *,
    otherwise: str = "Write something first. Nothing was saved.",
    reason: str = "empty",
) -> str:
    """Return `words` as they are kept, whole. Raises Refused where they are empty or too long."""
    return needed(words, otherwise, reason=reason)


def for_seat(db: PrivateDatabase, seat: Seat, *, by: Person | Seat) -> tuple[Circle, int | None]:
    """Return the open circle of `seat` and, where its words come from paper, who keys them in.

    Raises Refused where the circle is closed, or `by` is neither this seat nor somebody at the desk
    who keys in what a person wrote on paper: nobody edits the words of others.
    """
    circle = still_open(db, seat.circle)
    if isinstance(by, Seat):
        if by.id != seat.id:
            raise Refused("not_yours", "Only the person who said this can change it.")
        if seat.away:
            seats.come_back(db, seat.id)
        return circle, None
    held = seats.get(db, seat.id)
    if held is None or not held.paper:
        raise Refused("not_yours", "Only the person who said this can change it.")
    return circle, by.id
