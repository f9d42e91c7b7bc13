"""Links of stories to endorsed themes, less those that a teller has said are not so.

A teller who was shown a use of their words and said 'change it' or 'not that' has a person's answer
to wait for; until then that use is not published (`checks.holding`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking.checks import Held
from par_toolkit.storage.sensemaking.word_uses import NO_THEME

ENDORSED: Final = """
    select m.theme, m.story, m.question, m.start_at, m.end_at from theme_stories m
    join themes t on t.id = m.theme and t.state = 'endorsed'
    where m.endorsed order by m.story, m.theme
"""


@dataclass(frozen=True)
class Link:
    """A story's place under an endorsed theme, with its passage in code points of one answer."""

    theme: int
    question: str
    start: int
    end: int

    @property
    def span(self) -> tuple[str, int, int]:
        return self.question, self.start, self.end


@dataclass(frozen=True)
class Undoubted:
    """The links of a story that its teller does not doubt; `quoted` is False where none may be."""

    links: tuple[Link, ...]
    quoted: bool


def by_story(db: PrivateDatabase) -> dict[int, list[Link]]:
    """Return the links of each story that people endorsed."""
    result: dict[int, list[Link]] = {}
    for row in db.rows(ENDORSED):
        link = Link(row["theme"], row["question"], row["start_at"], row["end_at"])
        result.setdefault(row["story"], []).append(link)
    return result


def undoubted(story: int, links: Iterable[Link], held: Held) -> Undoubted:
    """Leave out what the teller of a story doubts: a theme, or the passage that stands under it.

    A doubted passage goes from every theme. Where nothing else of theirs is left to stand, the
    story is not quoted by its first passage in its place: that may be the very same words.
    """
    every = list(links)
    doubted = {link.span for link in every if (story, link.theme) in held.quotes}
    left = tuple(
        link
        for link in every
        if link.span not in doubted and (story, link.theme) not in held.themes
    )
    without_theme = (story, NO_THEME) in held.quotes
    return Undoubted(left, bool(left) or not (doubted or without_theme))
