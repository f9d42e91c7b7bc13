"""Which findings builds may stay after a restore: those whose words the restored database knows."""

from __future__ import annotations

from pathlib import Path

from par_toolkit.keeping import since
from par_toolkit.publishing import build as builds
from par_toolkit.publishing import swap
from par_toolkit.storage import published
from par_toolkit.storage.database import PrivateDatabase


def match(db: PrivateDatabase, folder: Path) -> list[int]:
    """Return the builds in `folder` that the restored database knows; forget the others, in it.

    Public ids are random, so a build whose ids are all on record is the very one. The next build
    takes a number that no build here ever had. A build that waited for stewards is made anew.
    """
    kept = []
    for one in published.listing(db):
        if one.state == "deleted":
            continue
        if one.state != "waiting" and _is_the_one(db, one.build, builds.file_of(folder, one.build)):
            kept.append(one.build)
        else:
            published.mark_deleted(db, one.build)
    last = _last_number(folder)
    if last >= published.next_number(db):
        file = builds.file_of(folder, last).name
        published.record(db, last, file=file, why="restore", themes={}, uses=())
        published.mark_deleted(db, last)
    return kept


def _is_the_one(db: PrivateDatabase, number: int, file: Path) -> bool:
    if not file.is_file():
        return False
    known = {use.public_id for use in published.uses(db, number)}
    try:
        held = {
            row["id"] for table in ("quotes", "stories") for row in builds.read_rows(file, table)
        }
    except Exception:  # whatever is wrong with the file, it is not the one
        return False
    return bool(held) and held <= known


def _last_number(folder: Path) -> int:
    """Return the highest number that a build here ever had, by its files or by a record of it."""
    with since.replaced(folder) as old:
        if old:
            return swap.next_number(old) - 1
    names = [path.name for path in (folder / "findings").glob("build-*.db")]
    return max((int(m[1]) for m in map(swap.FILE_NAME.fullmatch, names) if m), default=0)


def keep_only(folder: Path, kept: list[int]) -> None:
    """Delete every build but those in `kept`; if the live one goes, the newest of them is live."""
    place = folder / "findings"
    with swap.only_one(folder):
        if swap.live_build(folder) not in kept:
            if kept:
                swap.go_live(folder, max(kept))
            else:
                swap.go_offline(folder)
        stay = {builds.file_of(folder, number).name for number in kept} | {"current"}
        for path in place.iterdir():
            if path.name.startswith(("build-", ".build-")) and path.name not in stay:
                path.unlink()
