"""Roll back: make a build that was kept the live one again, where its words may still be shown."""

from __future__ import annotations

from pathlib import Path

from par_toolkit.inquiry import load
from par_toolkit.publishing import build as builds
from par_toolkit.publishing import still, swap, withdraw
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.verify import verify_build
from par_toolkit.storage import audit, published
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.people import Person


def rollback(folder: Path | str, build: int | None = None, *, by: Person | None = None) -> int:
    """Make an earlier build live again and return its number; by default the newest before this.

    Only a build that is kept and sound can come back, and only with words that are still released
    as they read in it: what was withdrawn, redacted or taken back since stays away. So does what
    too few people share, where the community asks for more of them now. Raises PublishError.
    """
    folder = Path(folder)
    inquiry = load(folder)
    with open_database(folder) as db, swap.only_one(folder):
        withdraw.follow(db)
        number = _earlier(db, swap.live_build(folder)) if build is None else build
        path = builds.file_of(folder, number)
        if number not in _kept(db) or not path.is_file():
            raise PublishError("no_build", f"There is no build {number} to go back to. {_said(db)}")
        verdict = verify_build(path)
        if not verdict.sound:
            raise PublishError("unsound", " ".join(verdict.sentences))
        enough = still.careful(db, number, path, inquiry)
        with db.writing():
            if not still.released(db, number, path, inquiry):
                raise PublishError(
                    "taken_back",
                    f"Build {number} shows words that were redacted or taken back since. Publish "
                    "again instead: par publish",
                )
            if not enough:
                raise PublishError(
                    "too_few",
                    f"Build {number} shows figures or attributes that too few people share by "
                    "what is asked today. Publish again instead: par publish",
                )
            audit.record(db, "roll_back", by=by, subject=f"build {number}")
        swap.go_live(folder, number)
        withdraw.follow(db)
        return number


def _kept(db: PrivateDatabase) -> list[int]:
    return [one.build for one in published.listing(db) if one.state == "kept"]


def _earlier(db: PrivateDatabase, live: int | None) -> int:
    found = next((number for number in _kept(db) if live is None or number < live), None)
    if found is None:
        raise PublishError("no_build", "There is no earlier build to go back to.")
    return found


def _said(db: PrivateDatabase) -> str:
    kept = ", ".join(map(str, _kept(db)))
    return f"These are kept: {kept}." if kept else "None is kept."
