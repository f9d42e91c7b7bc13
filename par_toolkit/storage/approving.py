"""The build that waits until stewards have read it and said yes, where a community asks for that.

There is one at most. It is `kept` like the others, so that taking words back reaches it as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from par_toolkit.storage import kept_figures
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.kept_figures import Kept
from par_toolkit.storage.people import Person


@dataclass(frozen=True)
class Waiting:
    """A build that waits: who asked for it (None for the command line), and who said yes."""

    build: int
    maker: int | None
    at: str
    yes: tuple[str, ...]
    said_by: frozenset[int]


def waiting(db: PrivateDatabase) -> Waiting | None:
    """Return the build that waits; a yes counts while its person is a steward."""
    row = db.row(
        """
        select w.build, w.maker, b.at from waiting_builds w join builds b using (build)
        where b.state <> 'deleted' order by w.build desc
        """
    )
    if row is None:
        return None
    said = db.rows(
        """
        select p.id, p.name from build_approvals a join people p on p.id = a.person
        where a.build = :build and p.role = 'steward' and p.disabled_at is null order by a.at
        """,
        {"build": row["build"]},
    )
    return Waiting(
        row["build"],
        row["maker"],
        row["at"],
        tuple(one["name"] for one in said),
        frozenset(one["id"] for one in said),
    )


def hold(db: PrivateDatabase, build: int, *, maker: Person | None, figures: Iterable[Kept]) -> None:
    """Have a build wait that was just recorded; call inside `db.writing()`.

    Its figures were shown to nobody yet: they are kept as shown when it goes live.
    """
    db.add(
        "insert into waiting_builds values (:build, :maker)",
        {"build": build, "maker": maker.id if maker else None},
    )
    kept_figures.keep(db, figures, build=build, waiting=True)


def say_yes(db: PrivateDatabase, build: int, *, by: Person) -> None:
    """Note a steward's yes to the build that waits; a second one of theirs is the same yes."""
    db.add(
        "insert or ignore into build_approvals values (:build, :person, :now)",
        {"build": build, "person": by.id, "now": now()},
    )


def move(db: PrivateDatabase, build: int, to: int) -> None:
    """Let another build wait in its place, less what was taken back; every yes goes with it."""
    db.change(
        "update waiting_builds set build = :to where build = :build", {"build": build, "to": to}
    )


def let_go(db: PrivateDatabase, build: int) -> None:
    """Let a build wait no more, as it goes live; call inside `db.writing()`."""
    kept_figures.shown_now(db, build)
    db.change("delete from waiting_builds where build = :build", {"build": build})
