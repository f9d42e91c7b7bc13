"""Who acts in a circle, and what of their words is kept: rules that every act shares."""

from __future__ import annotations

from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import seats
from par_toolkit.storage.sensemaking.circles import Circle, still_open
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import needed

#: What is done for a whole meeting or cycle. Any other act is of one person, also where somebody at
#: the desk keys it in, and stays in the part of the trail that is not published.
OF_THE_MEETING: Final = frozenset(
    {
        *("move_round", "write_card", "add_passage", "put_statement", "ask_group"),
        *("close_statement", "begin_agenda", "add_to_agenda", "change_agenda", "order_agenda"),
        *("take_off_agenda", "explain_word", "send_agenda", "begin_session", "end_session"),
        *("outcome_full", "outcome_partial", "outcome_none", "want_information"),
        *("change_information", "answer_information", "approve_words", "take_back_words"),
    }
)


def record(
    db: PrivateDatabase, action: str, *, by: Person | Seat, subject: str | None = None
) -> None:
    """Add what somebody did to the trail: a person by name, a member of a circle by role alone."""
    if isinstance(by, Seat):
        audit.record(db, action, role="member", subject=subject)
    else:
        of_one = action not in OF_THE_MEETING
        audit.record(db, action, by=by, subject=subject, of_one=of_one)


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

    Raises Refused where the circle is closed, or `by` may not speak for this seat.
    """
    return still_open(db, seat.circle), speaks_for(db, seat, by=by)


def speaks_for(db: PrivateDatabase, seat: Seat, *, by: Person | Seat) -> int | None:
    """Return who keys in the words of `seat` from paper; None where its own person acts.

    This alone is asked where words are taken back: they are their writer's also once the circle,
    or its cycle, is closed. Raises Refused where `by` is neither this seat nor somebody at the desk
    who keys in what a person wrote on paper: nobody edits the words of others.
    """
    if isinstance(by, Seat):
        if by.id != seat.id:
            raise Refused("not_yours", "Only the person who said this can change it.")
        if seat.away:
            seats.come_back(db, seat.id)
        return None
    held = seats.get(db, seat.id)
    if held is None or not held.paper:
        raise Refused("not_yours", "Only the person who said this can change it.")
    return by.id
