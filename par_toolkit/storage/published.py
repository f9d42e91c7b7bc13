"""Which build holds whose words: what a withdrawal must reach, and what changed between builds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase


@dataclass(frozen=True)
class Use:
    """A story's words in a build: as a quote (one span of one answer) or whole."""

    story: int
    kind: str
    public_id: str
    question: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class WordUse:
    """What was said in a circle or meeting, in a build: a text of `word_releases` as released.

    `digest` is that of the words as they stand there, `item` the item that they are about.
    """

    kind: str
    reference: int
    digest: str
    item: int | None
    public_id: str


@dataclass(frozen=True)
class Build:
    """A findings build. `themes` maps our theme ids to (public id, name).

    `state` is 'kept', 'waiting' for stewards to say yes, 'doomed' or 'deleted'.
    """

    build: int
    file: str
    state: str
    why: str
    themes: dict[int, tuple[str, str]]
    at: str


def next_number(db: PrivateDatabase) -> int:
    """Return the number of the next build, counting from 1; numbers are never used twice."""
    return int(db.value("select coalesce(max(build), 0) + 1 from builds"))


def record(
    db: PrivateDatabase,
    build: int,
    *,
    file: str,
    why: str,
    themes: Mapping[int, tuple[str, str]],
    uses: Sequence[Use],
    words: Sequence[WordUse] = (),
) -> None:
    """Keep the record of a build before it goes live, so that no word is out without its record."""
    with db.writing():
        db.add(
            "insert into builds values (:build, :file, 'kept', :why, :themes, :now)",
            {
                "build": build,
                "file": file,
                "why": why,
                "themes": json.dumps({str(k): list(v) for k, v in themes.items()}),
                "now": now(),
            },
        )
        here = {row["id"] for row in db.rows("select id from stories")}
        db.conn.executemany(
            "insert into build_uses values (?, ?, ?, ?, ?, ?, ?)",
            [
                (build, u.story, u.kind, u.public_id, u.question, u.start, u.end)
                for u in uses
                if u.story in here
            ],
        )
        db.conn.executemany(
            "insert into build_words values (?, ?, ?, ?, ?, ?)",
            [(build, w.kind, w.reference, w.digest, w.item, w.public_id) for w in words],
        )


def uses(db: PrivateDatabase, build: int) -> list[Use]:
    """List whose words stand where in a build; what was withdrawn since is not listed."""
    rows = db.rows(
        """
        select story, kind, public_id, question, start_at, end_at from build_uses
        where build = :build order by public_id
        """,
        {"build": build},
    )
    return [Use(*row.values()) for row in rows]


def words(db: PrivateDatabase, build: int) -> list[WordUse]:
    """List what was said in circles and meetings, where it stands in a build."""
    rows = db.rows(
        """
        select kind, reference, digest, item, public_id from build_words
        where build = :build order by public_id
        """,
        {"build": build},
    )
    return [WordUse(*row.values()) for row in rows]


def get(db: PrivateDatabase, build: int) -> Build | None:
    """Return the record of one build, or None."""
    return next((one for one in listing(db) if one.build == build), None)


def listing(db: PrivateDatabase) -> list[Build]:
    """List every build ever made, newest first."""
    return [
        Build(
            row["build"],
            row["file"],
            row["state"],
            row["why"],
            {int(k): (v[0], v[1]) for k, v in json.loads(row["themes"]).items()},
            row["at"],
        )
        for row in db.rows(
            """
            select build, file, why, themes, at, case
                when state = 'kept' and build in (select build from waiting_builds) then 'waiting'
                else state end as state
            from builds order by build desc
            """
        )
    ]


def mark_deleted(db: PrivateDatabase, build: int) -> None:
    """Note that a build's file is gone, and forget what stood in it."""
    with db.writing():
        # a theme that people have not named is called by its words, which may be taken back
        db.change(
            "update builds set state = 'deleted', themes = '{}' where build = :build",
            {"build": build},
        )
        for table in ("build_uses", "build_words", "waiting_builds"):
            db.change(f"delete from {table} where build = :build", {"build": build})
