"""Stewards read the build that waits, and say yes or no: with enough of them it goes live."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from par_toolkit.inquiry import load
from par_toolkit.publishing import build as builds
from par_toolkit.publishing import still, swap, withdraw
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.verify import verify_build
from par_toolkit.storage import approving, audit, published
from par_toolkit.storage.approving import Waiting
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.people import Person


@dataclass(frozen=True)
class Approved:
    """What a yes led to: so many stewards of those needed have said it, and whether it is live."""

    build: int
    yes: int
    needed: int
    live: bool


def approve(folder: Path | str, build: int, *, by: Person) -> Approved:
    """Note a steward's yes to exactly this build; with the last that is needed it goes live.

    Where one yes is enough it is somebody's who did not ask for the build. Raises PublishError
    where it waits no more, or shows words that were taken back since.
    """
    folder = Path(folder)
    here = load(folder)
    needed = max(1, here.sharing.approvals)
    with open_database(folder) as db, swap.only_one(folder):
        withdraw.follow(db)
        waits = _the_one(db, build, by)
        if needed == 1 and waits.maker == by.id:
            raise PublishError(
                "own_build",
                f"You asked for build {build} yourself, and one yes is enough here. Ask another "
                "steward to read it.",
            )
        path = builds.file_of(folder, build)
        verdict = verify_build(path)
        if not verdict.sound:
            raise PublishError("unsound", " ".join(verdict.sentences))
        enough = still.careful(db, build, path, here)
        with db.writing():
            if not still.released(db, build, path, here):
                raise PublishError(
                    "taken_back_since",
                    f"Build {build} shows words that were redacted or taken back since. Make it "
                    "again: par publish",
                )
            if not enough:
                raise PublishError(
                    "too_few_since",
                    f"Build {build} shows figures or attributes that too few people share by what "
                    "is asked today. Make it again: par publish",
                )
            approving.say_yes(db, build, by=by)
            audit.record(db, "approve_build", by=by, subject=f"build {build}")
            yes = len(waits.said_by | {by.id})
            if yes >= needed:
                approving.let_go(db, build)
                audit.record(db, "publish", by=by, subject=f"build {build}")
        if yes >= needed:
            swap.go_live(folder, build)
            swap.prune(db, here.sharing.keep)
            withdraw.follow(db)  # what was taken back after the last look
        return Approved(build, yes, needed, yes >= needed)


def refuse(folder: Path | str, build: int, *, by: Person) -> None:
    """Delete the build that waits, as a steward said no. Raises PublishError."""
    folder = Path(folder)
    with open_database(folder) as db, swap.only_one(folder):
        withdraw.follow(db)
        _the_one(db, build, by)
        with db.writing():
            published.mark_deleted(db, build)
            audit.record(db, "refuse_build", by=by, subject=f"build {build}")
        swap.delete(db, build)


def _the_one(db: PrivateDatabase, build: int, by: Person) -> Waiting:
    if by.role != "steward":
        raise PublishError("not_a_steward", "Stewards say yes or no to what is published here.")
    waits = approving.waiting(db)
    if waits is None or waits.build != build:
        raise PublishError(
            "not_waiting",
            f"Build {build} does not wait any more: another took its place, or it went live. "
            "Look at what waits now.",
        )
    return waits
