"""What only the owner of an item does with it: put it aside as said already, or take it back."""

from __future__ import annotations

from par_toolkit.storage import takedowns
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, items, phases, seats, taken_back
from par_toolkit.storage.sensemaking.circles import check_cycle
from par_toolkit.storage.sensemaking.seats import Seat


def repeat(db: PrivateDatabase, item_id: int, repeat_of: int, *, by: Person | Seat) -> None:
    """Discard an item as a repeat of another; it stays in the record. Only its owner does so.

    Raises Refused for an item that is settled, one that repeats itself or a discarded one, another
    group's, a cycle that is closed, and where `by` is not its owner.
    """
    with db.writing():
        item, other = items.there(db, item_id), items.there(db, repeat_of)
        if item.state in items.SETTLED or not item.stands:
            raise Refused("bad_state", "It cannot go from how it stands now to that.")
        if not other.stands or (item.group, item.kind) != (other.group, other.kind):
            raise Refused("no_repeat", "Choose another item of the same group and kind.")
        if item.id == other.id:
            raise Refused("no_repeat", "Choose another item of the same group and kind.")
        _check_owner(db, item, by)
        check_cycle(db, item.cycle)
        items.step(db, item_id, "repeat", "", item.cycle, by, repeat_of=repeat_of)
        acting.record(db, "item_repeat", by=by, subject=f"item {item_id}")


def take_back(db: PrivateDatabase, item_id: int, *, seat: Seat, by: Person | Seat) -> None:
    """Erase the words of an item that `seat` said; its number and its history stay.

    It may be done after the circle or the cycle was closed, too: words are their writer's. What
    others said of it stays, and it is neither ranked, negotiated nor published any more.
    Raises Refused for an item that somebody else said, one that was taken back, and where `by` may
    not speak for this seat.
    """
    with db.writing():
        item = items.there(db, item_id)
        if item.seat != seat.id:
            raise Refused("not_yours", "Only the person who said this can change it.")
        acting.speaks_for(db, seat, by=by)
        if item.state == "taken_back":
            raise Refused("nothing_there", "There is nothing to take back.")
        about = {"item": item_id, "seat": seat.id}
        taken_back.remember(db, "items", id=item_id)
        taken_back.remember(db, "written_alone", **about)
        db.change("update items set words = '' where id = :item", about)
        db.change("update written_alone set words = '' where item = :item and seat = :seat", about)
        items.step(db, item_id, "taken_back", "", phases.lives_on(db, item.cycle), by)
        takedowns.ask_erasure(db)
        acting.record(db, "take_back_item", by=by, subject=f"item {item_id}")


def may_discard(db: PrivateDatabase, item: items.Item, *, by: Person | Seat) -> bool:
    """Say whether an item is one's own: said from one's seat, or written down at the desk."""
    if isinstance(by, Seat):
        return item.seat == by.id
    if item.seat is None:
        return True
    seat = seats.get(db, item.seat)
    return seat is not None and seat.paper


def _check_owner(db: PrivateDatabase, item: items.Item, by: Person | Seat) -> None:
    if not may_discard(db, item, by=by):
        raise Refused("not_yours", "Only the person who said this can change it.")
