"""Views: how each affected group sees an item, confirmed by its own people before it is sent.

Where groups do not come together, their views stay side by side; each was said by its own party to
state what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, agenda_items, agendas, joint, own
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.written import needed


@dataclass(frozen=True)
class View:
    """How a group sees an item; `construction` is the version of a circle that it was taken from.

    `yes` and `no` count the answers to 'does this state our view?'; `missing` is what those who
    said no find wrong or missing, in their words. `aloud` says that no seat has answered: only
    whoever leads says that they were told.
    """

    id: int
    agenda: int
    item: int
    group: str
    words: str
    construction: int | None
    at: str
    yes: int
    no: int
    missing: tuple[str, ...]
    aloud: bool

    @property
    def confirmed(self) -> bool:
        """Say whether its own people stand behind it: more of them say yes than no."""
        return self.yes > self.no


#: Each answer with whether it is the last of its seat. What was told aloud counts as one seat, so
#: that it never outnumbers those who answer for themselves.
_ANSWERS: Final = """
    select c.view, c.seat, c.states_it, c.words, c.id = (
        select max(o.id) from view_confirmations o where o.view = c.view and o.seat is c.seat
    ) as last
    from view_confirmations c
"""


def _views(db: PrivateDatabase, rows: list[Row]) -> list[View]:
    found = []
    for row in rows:
        given = db.rows(f"select * from ({_ANSWERS}) where view = :view", {"view": row["id"]})
        last = [one for one in given if one["last"]]
        no = sum(not one["states_it"] for one in last)
        # several may have told a no aloud: none of their words is lost to whoever spoke after them
        words = [one["words"] for one in given if one["last"] or one["seat"] is None]
        found.append(
            View(
                row["id"],
                row["agenda"],
                row["item"],
                row["group_code"],
                row["words"],
                row["construction"],
                row["at"],
                len(last) - no,
                no,
                tuple(sorted(one for one in words if one)),
                bool(last) and all(one["seat"] is None for one in last),
            )
        )
    return found


def write(
    db: PrivateDatabase,
    agenda_id: int,
    item_id: int,
    group: str,
    words: str,
    *,
    construction: int | None = None,
    after: int | None,
    by: Person | Seat,
) -> View:
    """Keep how a group sees an item, as a version to be confirmed anew, and return it.

    `after` is the version that was seen, None for none. Raises Refused for empty words, a group
    that the item does not affect or that is not the member's, words that somebody wrote meanwhile,
    the construction of another group, and once the agenda was sent.
    """
    words = needed(words, "Write how the group sees it.", reason="no_view_words")
    with db.writing():
        agendas.still_written(db, agenda_id)
        _check(db, agenda_id, item_id, group, by)
        last = of_group(db, agenda_id, item_id, group)
        if (last.id if last else None) != after:
            raise Refused(
                "view_changed",
                "Somebody has written this view anew since you opened the page. Read it, then "
                "save yours again: both are kept.",
            )
        if last and last.words == words:
            raise Refused("unchanged", "These are the same words as before. Change some first.")
        if construction is not None:
            _check_construction(db, construction, group)
        added = db.add(
            """
            insert into views (agenda, item, group_code, words, construction, person, seat, at)
            values (:agenda, :item, :group, :words, :construction, :person, :seat, :at)
            """,
            acting.who(by)
            | {
                "agenda": agenda_id,
                "item": item_id,
                "group": group,
                "words": words,
                "construction": construction,
                "at": now(),
            },
        )
        acting.record(db, "write_view", by=by, subject=f"item {item_id}")
        return there(db, added)


def confirm(
    db: PrivateDatabase,
    view_id: int,
    *,
    states_it: bool,
    words: str = "",
    seat: Seat | None = None,
    by: Person | Seat,
) -> View:
    """Keep whether a view states what its group holds; a no comes with what is wrong or missing.

    `seat` is whose answer it is; None where somebody of the group told it at the desk, by voice.
    Raises Refused for a no without words, somebody of another group, a version that was written
    anew, the answer of somebody else, and once the session is over.
    """
    if isinstance(by, Seat):
        seat = by
    words = words.strip()
    if not states_it:
        words = needed(words, "Say what is wrong or missing.", reason="no_missing")
    with db.writing():
        view = there(db, view_id)
        if agendas.there(db, view.agenda).state == "over":
            raise Refused("no_session", "This session is over. What was said stays as it is.")
        last = of_group(db, view.agenda, view.item, view.group)
        if last is None or last.id != view_id:
            raise Refused("view_changed", "This view was written anew. Read it, then answer.")
        person = None if isinstance(by, Seat) else by.id
        if seat is not None:
            _check(db, view.agenda, view.item, view.group, seat)
            _circle, person = acting.for_seat(db, seat, by=by)
        db.add(
            """
            insert into view_confirmations (view, seat, person, states_it, words, at)
            values (:view, :seat, :person, :states_it, :words, :at)
            """,
            {
                "view": view_id,
                "seat": seat.id if seat else None,
                "person": person,
                "states_it": int(states_it),
                "words": words if not states_it else "",
                "at": now(),
            },
        )
        acting.record(db, "confirm_view", by=by, subject=f"item {view.item}")
        return there(db, view_id)


def _check(
    db: PrivateDatabase, agenda_id: int, item_id: int, group: str, by: Person | Seat
) -> None:
    if group not in agenda_items.there(db, agenda_id, item_id).groups:
        raise Refused("not_affected", "This item does not affect that group.")
    if isinstance(by, Seat):
        if by.group != group or by.cycle != agendas.there(db, agenda_id).cycle:
            raise Refused("other_group", "You can say this for your own group only.")
        own.first(db, by)  # the view of a group is what it says together (promise 13)


def _check_construction(db: PrivateDatabase, construction: int, group: str) -> None:
    found = joint.get(db, construction)
    of = found and db.value("select group_code from circles where id = :id", {"id": found.circle})
    if of != group:
        raise Refused("no_version", "This version is not of this group. Load the page again.")


def there(db: PrivateDatabase, view_id: int) -> View:
    """Return one version of a view. Raises Refused where there is none."""
    found = _views(db, db.rows("select * from views where id = :id", {"id": view_id}))
    if not found:
        raise Refused("no_view", "There is no such view. Load the page again.")
    return found[0]


def of_group(db: PrivateDatabase, agenda_id: int, item_id: int, group: str) -> View | None:
    """Return the version of a group's view that holds, or None."""
    every = versions(db, agenda_id, item_id, group)
    return every[-1] if every else None


def versions(db: PrivateDatabase, agenda_id: int, item_id: int, group: str) -> list[View]:
    """List every version of a group's view of an item, oldest first."""
    rows = db.rows(
        """
        select * from views where agenda = :agenda and item = :item and group_code = :group
        order by id
        """,
        {"agenda": agenda_id, "item": item_id, "group": group},
    )
    return _views(db, rows)


def of_agenda(db: PrivateDatabase, agenda_id: int) -> dict[int, dict[str, View]]:
    """Return the views that hold, by item and group; only of groups that the item affects."""
    rows = db.rows(
        """
        select v.* from views v
        join agenda_parties p
            on p.agenda = v.agenda and p.item = v.item and p.group_code = v.group_code
        where v.agenda = :agenda and v.id = (
            select max(o.id) from views o
            where o.agenda = v.agenda and o.item = v.item and o.group_code = v.group_code
        )
        order by v.item, v.group_code
        """,
        {"agenda": agenda_id},
    )
    found: dict[int, dict[str, View]] = {}
    for one in _views(db, rows):
        found.setdefault(one.item, {})[one.group] = one
    return found


def seen_by(db: PrivateDatabase, seat: Seat, agenda_id: int) -> dict[int, dict[str, View]]:
    """Return what a member may be sent of the views.

    Nothing before they saved their own construction (promise 13); their own group's while the
    agenda is written; all of them, for everybody at the same moment, once it is sent.
    """
    agenda = agendas.get(db, agenda_id)
    if agenda is None or agenda.cycle != seat.cycle or own.latest(db, seat.id) is None:
        return {}
    every = of_agenda(db, agenda_id)
    if agenda.sent_at:
        return every
    mine = {item: {g: v for g, v in by.items() if g == seat.group} for item, by in every.items()}
    return {item: by for item, by in mine.items() if by}


def answer_of(db: PrivateDatabase, view_id: int, seat: Seat) -> bool | None:
    """Return what a member answered to a view; None where they have not."""
    found = db.value(
        """
        select states_it from view_confirmations where view = :view and seat = :seat
        order by id desc limit 1
        """,
        {"view": view_id, "seat": seat.id},
    )
    return None if found is None else bool(found)
