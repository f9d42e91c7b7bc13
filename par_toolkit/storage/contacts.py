"""Contacts: how a teller may be reached. Apart from the story, each encrypted in a row of its own.

Nothing here asks who looks or why: people come through `reaching`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from par_toolkit.storage import cells, clock_seen, vault
from par_toolkit.storage.cells import CellDamaged
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused

PURPOSE: Final = "contact"


@dataclass(frozen=True)
class Contact:
    """How to reach whoever told a story; `sibling` is the other telling under its uuid, if any."""

    story: int
    sibling: int | None
    words: str = field(repr=False)
    noted_at: str


def keep(db: PrivateDatabase, words: str, *, story: int, sibling: int | None = None) -> None:
    """Keep how to reach a teller, in place of what was there."""
    _put(db, Contact(story, sibling, words, clock_seen.time_to_note(db)))


def _put(db: PrivateDatabase, contact: Contact) -> None:
    with db.writing():
        row: Row = {"story": contact.story, "sibling": contact.sibling, "at": contact.noted_at}
        cell = cells.close(vault.key(db.folder, PURPOSE), _place(db, row), contact.words)
        db.change(
            "delete from contacts where story = :story and sibling is :sibling",
            {"story": contact.story, "sibling": contact.sibling},
        )
        db.change(
            """
            insert into contacts (story, sibling, cell, noted_at)
            values (:story, :sibling, :cell, :at)
            """,
            row | {"cell": cell},
        )


def _place(db: PrivateDatabase, row: Row) -> str:
    """Return what a cell is bound to: the row of the one telling that it belongs to."""
    uuid = db.value("select uuid from stories where id = :id", {"id": row["story"]})
    return f"contact of story {row['story']} {uuid} sibling {row['sibling'] or '-'}"


def noted(db: PrivateDatabase, story_id: int) -> str | None:
    """Return when it was last noted how to reach whoever told a story; None where it is not."""
    found = db.value("select max(noted_at) from contacts where story = :id", {"id": story_id})
    return None if found is None else str(found)


def times(db: PrivateDatabase) -> dict[str, str]:
    """Return uuid of the story -> when it was last noted how to reach its teller, for each."""
    rows = db.rows(
        """
        select s.uuid, max(c.noted_at) as at from contacts c join stories s on s.id = c.story
        group by s.id
        """
    )
    return {row["uuid"]: row["at"] for row in rows}


def of_story(db: PrivateDatabase, story_id: int) -> list[Contact]:
    """Return how to reach whoever told a story, and whoever sent its siblings, in that order.

    Raises CellDamaged where one was changed or moved.
    """
    return [
        _opened(db, row)
        for row in db.rows(
            "select * from contacts where story = :id order by coalesce(sibling, 0)",
            {"id": story_id},
        )
    ]


def every(db: PrivateDatabase) -> Iterator[Contact]:
    """Give every contact, oldest story first. Raises CellDamaged where one was changed or moved."""
    for row in db.rows("select * from contacts order by story, coalesce(sibling, 0)"):
        yield _opened(db, row)


def _opened(db: PrivateDatabase, row: Row) -> Contact:
    words = cells.open_cell(vault.key(db.folder, PURPOSE), _place(db, row), row["cell"])
    return Contact(row["story"], row["sibling"], words, row["noted_at"])


def faulty(db: PrivateDatabase) -> int:
    """Count the contacts that were changed, moved, or encrypted under another key."""
    return sum(not _opens(db, row) for row in db.rows("select * from contacts"))


def _opens(db: PrivateDatabase, row: Row) -> bool:
    try:
        _opened(db, row)
    except CellDamaged:
        return False
    return True


def drop(db: PrivateDatabase, story_id: int) -> bool:
    """Delete how to reach whoever told a story and its siblings; False where nothing was there."""
    return bool(db.change("delete from contacts where story = :id", {"id": story_id}))


def load(db: PrivateDatabase, rows: Iterable[Mapping[str, Any]]) -> int:
    """Keep what an export of contacts holds, encrypted anew, and return how many.

    Raises Refused for a row that fits no story.
    """
    done = 0
    with db.writing():
        for row in rows:
            contact = Contact(
                row.get("story", 0),
                row.get("sibling"),
                row.get("words", ""),
                row.get("noted_at", ""),
            )
            if not _fits(db, contact):
                raise Refused("bad_row", f"Row {done + 1} of the contacts does not fit here.")
            _put(db, contact)
            done += 1
    return done


def _fits(db: PrivateDatabase, contact: Contact) -> bool:
    """Say whether a row that came from outside is one of a contact, of a telling that is here."""
    known = {"story": contact.story, "sibling": contact.sibling}
    if not all(type(one) in (int, type(None)) for one in known.values()):
        return False
    here = db.value(
        """
        select 1 from stories s where s.id = :story and (
            :sibling is null
            or exists (select 1 from siblings b where b.id = :sibling and b.story = s.id)
        )
        """,
        known,
    )
    return bool(here and isinstance(contact.words, str) and isinstance(contact.noted_at, str))
