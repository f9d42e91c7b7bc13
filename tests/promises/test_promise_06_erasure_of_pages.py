"""Promise 6: two safeguards empty deleted pages, and each is tested with the other switched off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase

CANARY = "quinceblossom"
#: Long enough to fill pages of its own, so that deleting it frees whole pages.
WORDS = f"{CANARY} " * 2_000


def holds_canary(folder: Path) -> bool:
    """Say whether any file of the database holds the words, free pages and WAL included."""
    return any(CANARY.encode() in path.read_bytes() for path in folder.glob("private.db*"))


def delete_and_checkpoint(db: PrivateDatabase, story: int | None) -> None:
    db.change("delete from stories where id = :id", {"id": story})
    db.conn.execute("pragma wal_checkpoint(truncate)")


def test_promise_06_rewriting_the_file_empties_free_pages_by_itself(
    inquiry: Inquiry, db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    db.conn.execute("pragma secure_delete=off")
    delete_and_checkpoint(db, tell(WORDS).story_id)
    assert holds_canary(inquiry.folder), "the control: a plain delete leaves the words behind"
    assert db.wipe_free_space()
    assert not holds_canary(inquiry.folder)


def test_promise_06_secure_delete_empties_pages_by_itself(
    inquiry: Inquiry, db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    assert db.value("pragma secure_delete") == 1
    delete_and_checkpoint(db, tell(WORDS).story_id)
    assert not holds_canary(inquiry.folder), "and nothing was rewritten"
