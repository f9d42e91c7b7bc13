"""Follow withdrawals: the live build, and one that waits, less what was taken back; then erasure.

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

from par_toolkit.publishing import build, claims, swap, taking_out
from par_toolkit.publishing.verify import verify_build
from par_toolkit.storage import approving, published, takedowns, withdrawals
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
        live, waits = swap.live_build(db.folder), approving.waiting(db)
        behind = [
            number
            for number in (live, waits.build if waits else None)
            if number is not None and _must_change(db, number, taken.words)
        ]
        if not behind:
            _delete_builds(db, live, taken.words)
            takedowns.done(db, taken)
            withdrawals.finish_erasure(db)
            break
        for number in behind:
            changed |= _replace(db, number, taken.words, waits=number != live)
    return changed


def _due(db: PrivateDatabase) -> bool:
    return bool(
        withdrawals.pending(db)
        or takedowns.waiting(db)
        or db.value("select 1 from builds where state = 'doomed'")
    )


def _must_change(db: PrivateDatabase, number: int, words: Collection[str]) -> bool:
    """Say whether a build holds taken-back words; one without a record might."""
    record = published.get(db, number)
    if record is None or record.state not in ("kept", "waiting"):
        return True
    return _holds_words(build.file_of(db.folder, number), words)


def _holds_words(path: Path, words: Collection[str]) -> bool:
    """Say whether a theme in this build shows one of `words`; True for a file nobody can read."""
    if not words:
        return False
    try:
        themes = build.read_rows(path, "themes")
    except sqlite3.DatabaseError:
        return True
    return any(set(json.loads(theme["words"])) & set(words) for theme in themes)


def _replace(db: PrivateDatabase, old: int, words: frozenset[str], *, waits: bool = False) -> bool:
    """Put a build without what was taken back in the place of the live one, or of one that `waits`.

    True where what readers see has changed. A live build that is damaged goes offline.
    """
    number = swap.next_number(db)
    source, path = build.file_of(db.folder, old), build.file_of(db.folder, number)
    fresh = build.unfinished(path)
    try:
        staying = taking_out.staying(db, old)
        before = published.words(db, old)
        names = taking_out.copy(
            source,
            fresh,
            number,
            staying,
            before=before,
            words=words,
            finish=claims.carrying(db, number),
        )
        verdict = verify_build(fresh)
    except sqlite3.DatabaseError:
        verdict = None
    if verdict is None or not verdict.sound:
        fresh.unlink(missing_ok=True)
        return _put_away(db, old, waits=waits)
    with db.writing():
        if taking_out.staying(db, old) != staying or not takedowns.waiting(db).words <= words:
            fresh.unlink(missing_ok=True)
            return False  # more was taken back meanwhile
        fresh.rename(path)
        sync(path.parent)
        record = published.get(db, old)
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
        if waits:
            approving.move(db, old, number)
    if not waits:
        swap.go_live(db.folder, number)
    return not waits


def _put_away(db: PrivateDatabase, damaged: int, *, waits: bool) -> bool:
    """Take a build away that cannot be read; True where readers saw it."""
    if waits:
        log.error("The findings build that waits is damaged and was deleted. Publish again.")
        swap.delete(db, damaged)
    else:
        log.error("The live findings build is damaged and is shown no more. Publish again.")
        swap.go_offline(db.folder)
    return not waits


def _delete_builds(db: PrivateDatabase, live: int | None, words: Collection[str]) -> None:
    """Delete every other build that holds what was taken back."""
    for one in published.listing(db):
        if one.build == live or one.state == "deleted":
            continue
        path = build.file_of(db.folder, one.build)
        if one.state == "doomed" or (path.exists() and _holds_words(path, words)):
            swap.delete(db, one.build)
