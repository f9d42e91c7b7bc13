"""Joint constructions: what a circle says together, every version kept, none overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, hearings, own, seats
from par_toolkit.storage.sensemaking.circles import still_open
from par_toolkit.storage.sensemaking.seats import Seat


@dataclass(frozen=True)
class Construction:
    """A version: `follows` are those it was written from, `covers` the seat it was revised for.

    It was written by the seat with `number`, or at the desk in the role `role`; `current` says that
    no version follows it. Two that are current stand side by side.
    """

    id: int
    circle: int
    version: int
    words: str
    follows: tuple[int, ...]
    covers: int | None
    number: int | None
    role: str | None
    at: str
    current: bool


def write(
    db: PrivateDatabase,
    circle_id: int,
    words: str,
    *,
    follows: Sequence[int] = (),
    covers: int | None = None,
    by: Person | Seat,
) -> Construction:
    """Add a version written from the versions `follows`, and revised to cover the seat `covers`.

    A version that was written from an older one stands beside those that came meanwhile: neither
    loses a word. Raises Refused for empty or unchanged words, for a closed circle, for versions or
    a seat of another circle, and for a member who has not saved their own first (promise 13).
    """
    words = acting.kept(words, otherwise="Write what the circle says. Nothing was saved.")
    with db.writing():
        still_open(db, circle_id)
        if isinstance(by, Seat):
            _check_member(db, circle_id, by)
            covers = by.id
        before = {one.id: one for one in versions(db, circle_id)}
        if not set(follows) <= set(before):
            raise Refused("no_version", "This version is not of this circle. Load the page again.")
        if any(before[one].words == words for one in follows):
            raise Refused("unchanged", "These are the same words as before. Change some first.")
        again = _sent_twice(db, circle_id, words, set(follows), by)
        if again is not None:
            return before[again]
        if covers is not None:
            _check_covers(db, circle_id, covers)
        number = 1 + max((one.version for one in before.values()), default=0)
        added = _add(db, circle_id, number, words, covers, by)
        for one in set(follows):
            db.add("insert into joint_follows values (:id, :one)", {"id": added, "one": one})
        if covers is not None:
            hearings.covered(db, covers, by=by)
        acting.record(db, "write_joint_construction", by=by, subject=f"circle {circle_id}")
        made = get(db, added)
    assert made is not None
    return made


def _sent_twice(
    db: PrivateDatabase, circle_id: int, words: str, follows: set[int], by: Person | Seat
) -> int | None:
    """Return the version that this very one is: on a slow line people press the button again."""
    rows = db.rows(
        """
        select j.id, group_concat(f.before) as follows from joint_constructions j
        left join joint_follows f on f.construction = j.id
        where j.circle = :circle and j.words = :words and j.seat is :seat and j.person is :person
        group by j.id
        """,
        {"circle": circle_id, "words": words} | acting.who(by),
    )
    return next((row["id"] for row in rows if _ids(row["follows"]) == follows), None)


def _ids(text: str | None) -> set[int]:
    return {int(one) for one in (text or "").split(",") if one}


def _check_member(db: PrivateDatabase, circle_id: int, seat: Seat) -> None:
    if seat.circle != circle_id:
        raise Refused("no_version", "This version is not of this circle. Load the page again.")
    own.first(db, seat)
    if seat.away:
        seats.come_back(db, seat.id)


def _check_covers(db: PrivateDatabase, circle_id: int, covers: int) -> None:
    seat = seats.get(db, covers)
    if seat is None or seat.circle != circle_id:
        raise Refused("no_seat", "There is no such seat in this circle.")


def _add(
    db: PrivateDatabase,
    circle_id: int,
    number: int,
    words: str,
    covers: int | None,
    by: Person | Seat,
) -> int:
    return db.add(
        """
        insert into joint_constructions (circle, version, words, covers, seat, person, at)
        values (:circle, :version, :words, :covers, :seat, :person, :at)
        """,
        {
            "circle": circle_id,
            "version": number,
            "words": words,
            "covers": covers,
            "at": now(),
        }
        | {name: value for name, value in acting.who(by).items() if name != "role"},
    )


_SELECT = """
    select j.*, s.number, p.role,
        (select group_concat(f.before) from joint_follows f where f.construction = j.id) as follows,
        not exists (select 1 from joint_follows f where f.before = j.id) as current
    from joint_constructions j
    left join seats s on s.id = j.seat
    left join people p on p.id = j.person
"""


def _construction(row: Row) -> Construction:
    return Construction(
        row["id"],
        row["circle"],
        row["version"],
        row["words"],
        tuple(sorted(_ids(row["follows"]))),
        row["covers"],
        row["number"],
        row["role"],
        row["at"],
        bool(row["current"]),
    )


def get(db: PrivateDatabase, construction: int) -> Construction | None:
    """Return one version, or None; for those who lead. What a member may see, `seen_by` says."""
    row = db.row(f"{_SELECT} where j.id = :id", {"id": construction})
    return _construction(row) if row else None


def versions(db: PrivateDatabase, circle_id: int) -> list[Construction]:
    """List every version of a circle, oldest first, for those who lead it."""
    rows = db.rows(f"{_SELECT} where j.circle = :circle order by j.version", {"circle": circle_id})
    return [_construction(row) for row in rows]


def seen_by(db: PrivateDatabase, seat: Seat) -> list[Construction]:
    """List what a member may be sent: nothing before they saved their own (promise 13)."""
    return versions(db, seat.circle) if own.latest(db, seat.id) else []


def current(every: Sequence[Construction]) -> list[Construction]:
    """Return the versions that stand now, of all; more than one where people wrote at once."""
    return [one for one in every if one.current]


def for_member(db: PrivateDatabase, construction: int, seat: Seat) -> Construction:
    """Return a version that a member speaks to.

    Raises Refused where it is not of their circle, or they have not saved their own first.
    """
    own.first(db, seat)
    found = get(db, construction)
    if found is None or found.circle != seat.circle:
        raise Refused("no_version", "This version is not of this circle. Load the page again.")
    return found
