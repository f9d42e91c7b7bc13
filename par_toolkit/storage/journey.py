"""What became of a story, step by step, for the person who told it."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.storage import stories, themes, voices
from par_toolkit.storage.database import PrivateDatabase


@dataclass(frozen=True)
class Step:
    """One step: `what` is told, spoken, typed_up, read, redacted, released, themed, stands_alone,
    says_little, quoted or published; `at` is a time or None; `detail` a theme's title or a number.
    """

    what: str
    at: str | None
    detail: str = ""


def steps(db: PrivateDatabase, story_id: int, *, live_build: int | None = None) -> list[Step]:
    """List what became of a story so far; empty for a story that is gone.

    `live_build` is the number of the build readers see, where there is one.
    """
    story = stories.get(db, story_id)
    if story is None:
        return []
    found = [Step("told", story.told_at)]
    typed_up = [one.typed_up_at for one in voices.of_story(db, story_id)]
    if typed_up:
        found.append(
            Step("spoken", None)
            if None in typed_up
            else Step("typed_up", max(filter(None, typed_up)))
        )
    read_at = db.value("select read_at from stories where id = :id", {"id": story_id})
    if read_at:
        found.append(Step("read", read_at))
    redacted = db.row(
        """
        select count(*) as n, max(at) as at from redactions
        where story = :id and state = 'accepted'
        """,
        {"id": story_id},
    )
    if redacted and redacted["n"]:
        found.append(Step("redacted", redacted["at"], str(redacted["n"])))
    if story.state == "released":
        at = db.value("select max(at) from approvals where story = :id", {"id": story_id})
        found.append(Step("released", at))
    found += [
        Step("themed" if theme.state == "endorsed" else "proposed", theme.endorsed_at, theme.title)
        for theme in themes.of_story(db, story_id)
    ]
    found += [Step(s.kind, None, s.reason) for s in themes.shelf(db) if s.story == story_id]
    kinds = db.rows(
        "select distinct kind from build_uses where story = :id and build = :build",
        {"id": story_id, "build": live_build},
    )
    found += [Step("published" if row["kind"] == "story" else "quoted", None) for row in kinds]
    return found
