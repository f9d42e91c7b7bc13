"""Withdrawal: gone from here at once, then from the findings, then from every byte (promise 6)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from par_toolkit.storage import (
    audit,
    inbox,
    locked_door,
    receipts,
    staging,
    takedowns,
    tombstones,
    voices,
)
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import copied, taken_back


@dataclass(frozen=True)
class Withdrawal:
    """How many stories were withdrawn; `known` is False where none has arrived under the code."""

    stories: int
    known: bool


def withdraw(db: PrivateDatabase, code: str, *, role: str = "participant") -> Withdrawal:
    """Withdraw everything told under a receipt code, also what has not arrived yet.

    Raises Refused where `code` is not sixteen digits.
    """
    digits = receipts.normalise(code)
    if digits is None:
        raise Refused("bad_code", "A receipt code has 16 digits. Look at the slip and try again.")
    with db.writing():
        receipt = receipts.find(db, digits)
        held = receipts.stories_of(db, receipt) if receipt is not None else []
        for story in held:
            remove(db, story)
        _drop_receipt(db, receipts.mark_of(db, digits))
        tombstones.add(db, receipts.mark_of(db, digits), "receipt")
        takedowns.ask_erasure(db)
        audit.record(db, "withdraw", role=role, of_one=True)
    voices.sweep(db)
    locked_door.note(db)
    return Withdrawal(len(held), receipt is not None)


def withdraw_story(
    db: PrivateDatabase,
    story_id: int,
    *,
    by: Person | None = None,
    role: str = "participant",
    reason: str = "",
) -> None:
    """Withdraw one story: by its teller, or for a teller who lost the slip (recorded).

    For a teller, `by` is who does it, or `role` says that the command line did. `reason` is one
    word for the trail, such as 'lost_slip'; never words of the story.
    """
    with db.writing():
        if not db.value("select 1 from stories where id = :id", {"id": story_id}):
            raise Refused("gone", "This story is not here any more.")
        remove(db, story_id)
        takedowns.ask_erasure(db)
        audit.record(
            db,
            "withdraw" if not by and role == "participant" else "withdraw_for_teller",
            by=by,
            role=role,
            subject=reason or None,
            of_one=True,
        )
    voices.sweep(db)
    locked_door.note(db)


def remove(db: PrivateDatabase, story_id: int) -> None:
    """Delete a story with all that hangs on it, and leave a tombstone.

    Call in the transaction that asks for its erasure and records it.
    """
    story = db.row("select uuid, themed, receipt from stories where id = :id", {"id": story_id})
    assert story is not None
    takedowns.forget_words(db, story_id)
    copied.forget(db, story_id)
    takedowns.queue_published(db, story_id, {"quote", "story"})
    tombstones.add(
        db, tombstones.story_mark(db, story["uuid"]), "story", themed=bool(story["themed"])
    )
    locked_door.remember(db, story["uuid"])
    inbox.drop(db, story["uuid"])
    db.change("delete from stories where id = :id", {"id": story_id})
    db.change(
        """
        delete from receipts where id = :receipt
          and not exists (select 1 from stories where receipt = :receipt)
          and not exists (select 1 from siblings where receipt = :receipt)
        """,
        {"receipt": story["receipt"]},
    )


def apply_ledger(db: PrivateDatabase, ledger: Path) -> int:
    """Withdraw whatever a ledger names and is still here; return how many stories it reached."""
    removed = 0
    with db.writing():
        listed = tombstones.read_ledger(ledger)
        taken_back.apply(db, {entry["mark"] for entry in listed if entry["kind"] == "said"})
        for entry in listed:
            if entry["kind"] == "said":
                continue
            for story in _stories_under(db, entry["mark"], entry["kind"]):
                remove(db, story)
                removed += 1
            if entry["kind"] == "receipt":
                _drop_receipt(db, entry["mark"])
            known = {"mark": entry["mark"]}
            if entry.get("themed") and not db.value(
                "select 1 from tombstones where mark = :mark", known
            ):
                # told and withdrawn after the backup was made: it came in too (promise 9)
                db.change("update counters set value = value + 1 where name = 'stories_in'")
            tombstones.add(db, entry["mark"], entry["kind"], themed=bool(entry.get("themed")))
        inbox.drop_withdrawn(db)
        if removed:
            takedowns.ask_erasure(db)
            audit.record(db, "apply_withdrawals")
    voices.sweep(db)
    locked_door.note(db)
    return removed


def _stories_under(db: PrivateDatabase, mark: str, kind: str) -> list[int]:
    if kind == "receipt":
        rows = db.rows(
            """
            select s.id from stories s join receipts r on r.id = s.receipt where r.mark = :mark
            """,
            {"mark": mark},
        )
        return [row["id"] for row in rows]
    return [
        row["id"]
        for row in db.rows("select id, uuid from stories")
        if tombstones.story_mark(db, row["uuid"]) == mark
    ]


def _drop_receipt(db: PrivateDatabase, mark: str) -> None:
    receipt = db.value("select id from receipts where mark = :mark", {"mark": mark})
    if receipt is not None:
        db.change("delete from siblings where receipt = :id", {"id": receipt})
        db.change("delete from receipts where id = :id", {"id": receipt})


@dataclass(frozen=True)
class Erasure:
    """Whether everything asked for is erased; if not, how many erasures wait and for what."""

    done: bool
    waiting: int
    sentence: str


def pending(db: PrivateDatabase) -> int:
    """Count the erasures that were asked for and are not done to the last byte."""
    return int(db.value("select count(*) from erasures where done_at is null"))


def finish_erasure(db: PrivateDatabase) -> Erasure:
    """Erase withdrawn words down to free pages and WAL, once they have left the findings.

    Recordings that no story names go first. While another program reads the database, or plays a
    recording, it says so; calling again later finishes it.
    """
    held = voices.sweep(db)
    waiting = pending(db)
    if held:
        return Erasure(
            False,
            max(waiting, 1),
            "A withdrawn recording cannot be deleted. Close what plays it, then: par erase",
        )
    if not waiting:
        return Erasure(True, 0, "Nothing waits to be erased.")
    if staging.sweep(db.folder):
        return Erasure(
            False,
            waiting,
            "A backup, a copy or a restore is being made. Let it end, then: par erase",
        )
    last = db.value("select max(id) from erasures")
    in_findings = db.value("select 1 from builds where state = 'doomed'")
    if in_findings or takedowns.waiting(db):
        return Erasure(
            False, waiting, "Words must leave the findings first: par publish finishes that."
        )
    if not db.wipe_free_space():
        return Erasure(
            False,
            waiting,
            "Another program is reading the inquiry. Close it, or try again in a minute: par erase",
        )
    # what was asked for while the file was rewritten still waits
    db.change(
        "update erasures set done_at = :now where done_at is null and id <= :last",
        {"now": now(), "last": last},
    )
    return Erasure(True, 0, "Every withdrawn word is erased.")
