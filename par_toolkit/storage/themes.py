"""Themes: proposed by a machine, shaped and endorsed by people (promise 10)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row

LIVE: Final = ("proposed", "endorsed")
WORDS_IN_NAME: Final = 4


@dataclass(frozen=True)
class Theme:
    """A theme. `name` is people's own; until they give one `title` is its words joined.

    Of `looks` at a part of the stories, the machine found it again in `came_again`. Themes of one
    run with the same number `near` lie near each other.
    """

    id: int
    run: int | None
    name: str | None
    meaning: str
    words: tuple[str, ...]
    state: str
    endorsed_by: str | None
    endorsed_role: str | None
    endorsed_at: str | None
    stories: int
    to_endorse: int
    looks: int = 0
    came_again: int = 0
    near: int | None = None

    @property
    def title(self) -> str:
        return self.name or joined(self.words) or f"#{self.id}"


def joined(words: Sequence[str]) -> str:
    """Return what a theme is called until people name it: its first words, joined."""
    return " · ".join(words[:WORDS_IN_NAME])


def parts(word: str) -> set[str]:
    """Return the words in a theme's word, which may be a phrase, or in any text; in small letters.

    Two texts share a word where these agree.
    """
    return set(re.findall(r"\w+", word.lower()))


@dataclass(frozen=True)
class Member:
    """A story under a theme, with the passage that stands for it (code points of one answer).

    `main` is False where only that passage drew it here; then it has its main theme elsewhere.
    `margin` is how much nearer a machine found it than the next theme; None where nobody measured.
    """

    story: int
    score: float | None
    question: str
    start: int
    end: int
    source: str
    endorsed: bool
    main: bool = True
    margin: float | None = None


@dataclass(frozen=True)
class Shelved:
    """A story in no theme, with the reason: it stands alone, or says little."""

    story: int
    kind: str
    reason: str
    source: str


SELECT: Final = """
    select t.*, p.name as endorser,
        (select count(*) from theme_stories m where m.theme = t.id) as stories,
        (select count(*) from theme_stories m where m.theme = t.id and not m.endorsed) as to_endorse
    from themes t left join people p on p.id = t.endorsed_by
"""


def _theme(row: Row) -> Theme:
    return Theme(
        row["id"],
        row["run"],
        row["name"],
        row["meaning"],
        tuple(json.loads(row["words"])),
        row["state"],
        row["endorser"],
        row["endorsed_role"],
        row["endorsed_at"],
        row["stories"],
        row["to_endorse"],
        row["looks"],
        row["came_again"],
        row["near"],
    )


def _member(row: Row) -> Member:
    return Member(
        row["story"],
        row["score"],
        row["question"],
        row["start_at"],
        row["end_at"],
        row["source"],
        bool(row["endorsed"]),
        bool(row["main"]),
        row["margin"],
    )


def listing(db: PrivateDatabase, *, states: Sequence[str] = LIVE) -> list[Theme]:
    """List themes in these states, the largest first."""
    rows = db.rows(
        f"""
        {SELECT} where t.state in (select value from json_each(:states))
        order by stories desc, t.id
        """,
        {"states": json.dumps(list(states))},
    )
    return [_theme(row) for row in rows]


def get(db: PrivateDatabase, theme_id: int) -> Theme | None:
    """Return one theme, or None."""
    row = db.row(f"{SELECT} where t.id = :id", {"id": theme_id})
    return _theme(row) if row else None


def members(db: PrivateDatabase, theme_id: int) -> list[Member]:
    """List a theme's stories, the most typical first."""
    rows = db.rows(
        """
        select story, score, question, start_at, end_at, source, endorsed, main, margin
        from theme_stories where theme = :id order by score is null, score desc, story
        """,
        {"id": theme_id},
    )
    return [_member(row) for row in rows]


def of_story(db: PrivateDatabase, story_id: int) -> list[Theme]:
    """List the live themes a story is in."""
    rows = db.rows(
        f"""
        {SELECT} where t.state in (select value from json_each(:states))
          and t.id in (select theme from theme_stories where story = :id) order by t.id
        """,
        {"id": story_id, "states": json.dumps(LIVE)},
    )
    return [_theme(row) for row in rows]


def shelf(db: PrivateDatabase) -> list[Shelved]:
    """List the stories in no theme, with the reason for each."""
    rows = db.rows("select story, kind, reason, source from shelf order by story")
    return [Shelved(*row.values()) for row in rows]


def place_on_shelf(
    db: PrivateDatabase, story_id: int, *, kind: str, reason: str, source: str
) -> None:
    """Record that a story is in no theme, and why; call inside `db.writing()`."""
    db.change(
        """
        insert into shelf values (:story, :kind, :reason, :source, :now)
        on conflict (story) do update set kind = excluded.kind, reason = excluded.reason,
            source = excluded.source, at = excluded.at
        """,
        {"story": story_id, "kind": kind, "reason": reason, "source": source, "now": now()},
    )
