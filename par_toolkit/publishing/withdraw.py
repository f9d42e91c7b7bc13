"""Follow withdrawals: the live build less what was taken back, then erasure (promise 6).

Every step can be cut off and done again: what must still happen is asked of the record and of the
files, not remembered.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Final

from par_toolkit.publishing import build, swap, taking_out
from par_toolkit.publishing.verify import verify_build
from par_toolkit.storage import published, takedowns, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.disk import sync

#: People may withdraw faster than builds are made; whoever comes later is reached by the next call.
ATTEMPTS: Final = 20

log = logging.getLogger(__name__)


def follow_withdrawals(folder: Path | str, *, db: PrivateDatabase | None = None) -> bool:
    """Take what was withdrawn out of the findings and erase it; True where a new build is live.

    Nothing to do costs next to nothing, so it may be called every second. Never call it inside
    `db.writing()`. Raises PublishError or StorageError; calling again finishes what was begun.
    """
    folder = Path(folder)
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_database(folder)) if db is None else db
        if not _due(opened):
            return False
        stack.enter_context(swap.only_one(folder))
        return follow(opened)


def follow(db: PrivateDatabase) -> bool:
    """Do the work of `follow_withdrawals`; the caller holds `swap.only_one`."""
    if not _due(db):
        return False
    swap.sweep(db)
    changed = False
    for _ in range(ATTEMPTS):
        taken = takedowns.waiting(db)
        live = swap.live_build(db.folder)
        if live is None or not _must_change(db, live, taken.words):
            _delete_builds(db, live, taken.words)
            takedowns.done(db, taken)
            withdrawals.finish_erasure(db)
            break
        changed |= _replace(db, live, taken.words)
    return changed


def _due(db: PrivateDatabase) -> bool:
    return bool(
        withdrawals.pending(db)
        or takedowns.waiting(db)
        or db.value("select 1 from builds where state = 'doomed'")
    )


def _must_change(db: PrivateDatabase, live: int, words: Collection[str]) -> bool:
    """Say whether the live build holds taken-back words; one without a record might."""
    record = published.get(db, live)
    if record is None or record.state != "kept":
        return True
    return _holds_words(build.file_of(db.folder, live), words)


def _holds_words(path: Path, words: Collection[str]) -> bool:
    """Say whether a theme in this build shows one of `words`; True for a file nobody can read."""
    if not words:
        return False
    try:
        themes = build.read_rows(path, "themes")
    except sqlite3.DatabaseError:
        return True
    return any(set(json.loads(theme["words"])) & set(words) for theme in themes)


def _replace(db: PrivateDatabase, live: int, words: frozenset[str]) -> bool:
    """Put a build without what was taken back in the place of the live one.

    False where more was taken back meanwhile. A live build that is damaged goes offline.
    """
    number = swap.next_number(db)
    source, path = build.file_of(db.folder, live), build.file_of(db.folder, number)
    fresh = build.unfinished(path)
    try:
        staying = taking_out.staying(db, live)
        before = published.words(db, live)
        names = taking_out.copy(source, fresh, number, staying, before=before, words=words)
        verdict = verify_build(fresh)
    except sqlite3.DatabaseError:
        verdict = None
    if verdict is None or not verdict.sound:
        log.error("The live findings build is damaged and is shown no more. Publish again.")
        fresh.unlink(missing_ok=True)
        swap.go_offline(db.folder)
        return True
    with db.writing():
        if taking_out.staying(db, live) != staying or not takedowns.waiting(db).words <= words:
            fresh.unlink(missing_ok=True)
            return False
        fresh.rename(path)
        sync(path.parent)
        record = published.get(db, live)
        published.record(
            db,
            number,
            file=path.name,
            why="withdrawal",
            themes={
                theme: (public, names.get(public, name))
                for theme, (public, name) in (record.themes if record else {}).items()
            },
            uses=staying.uses,
            words=sorted(staying.words, key=lambda use: use.public_id),
        )
    swap.go_live(db.folder, number)
    return True


def _delete_builds(db: PrivateDatabase, live: int | None, words: Collection[str]) -> None:
    """Delete every other build that holds what was taken back."""
    for one in published.listing(db):
        if one.build == live or one.state == "deleted":
            continue
        path = build.file_of(db.folder, one.build)
        if one.state == "doomed" or (path.exists() and _holds_words(path, words)):
            swap.delete(db, one.build)
