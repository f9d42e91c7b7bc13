"""The uses of a story's words, as their teller is shown them: nothing is asked that is not so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import redactions, reviewed, stories, themes
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import passages, word_releases

#: The theme of a quote that stands under none.
NO_THEME: Final = 0


@dataclass(frozen=True, order=True)
class Use:
    """One use of a story's words, as a 'theme', a 'quote' or a 'construction'.

    `reference` is the theme (0: none) or, where something was made of them, the item.
    """

    story: int
    kind: str
    reference: int


@dataclass(frozen=True)
class Reading:
    """How a use reads now, with the meaning that people gave to a theme.

    `made_from` are the teller's own words that an item names as its source, as they read after
    redaction.
    """

    use: Use
    words: str
    meaning: str = ""
    made_from: tuple[str, ...] = ()


def of_story(db: PrivateDatabase, story_id: int, *, live_build: int | None = None) -> list[Reading]:
    """List the uses of a story's words that its teller agrees to today; empty for one that is gone.

    `live_build` is the build that readers see: a quote in it counts even where the story stands
    under no theme.
    """
    story = stories.get(db, story_id)
    if story is None:
        return []
    found = []
    if story.consent["analyse"]:
        found += [
            Reading(Use(story_id, "theme", theme.id), theme.title, theme.meaning)
            for theme in themes.of_story(db, story_id)
            if theme.state == "endorsed"
        ]
    if story.consent["quote"]:
        found += _quotes(db, story, live_build)
    if story.consent["analyse"]:
        found += _items(db, story_id)
    return found


def _quotes(db: PrivateDatabase, story: stories.Story, live_build: int | None) -> list[Reading]:
    """List the passages that stand for a story, as they read after redaction."""
    rows = db.rows(
        """
        select m.theme, m.question, m.start_at, m.end_at from theme_stories m
        join themes t on t.id = m.theme and t.state = 'endorsed'
        where m.story = :story and m.endorsed
        order by m.theme
        """,
        {"story": story.id},
    )
    if not rows:
        rows = db.rows(
            """
            select 0 as theme, question, start_at, end_at from build_uses
            where build = :build and story = :story and kind = 'quote' order by question, start_at
            """,
            {"build": live_build, "story": story.id},
        )[:1]
    texts = stories.open_texts(story.answers, story.words)
    cuts = redactions.cuts(db, story.id)
    found = []
    for row in rows:
        text = texts.get(row["question"], "")
        reads = reviewed.span(
            text, cuts.get(row["question"], ()), row["start_at"], row["end_at"]
        ).strip()
        if reads:
            found.append(Reading(Use(story.id, "quote", row["theme"]), reads))
    return found


def _items(db: PrivateDatabase, story_id: int) -> list[Reading]:
    """List what was made of a story's words.

    What a member said in a circle stays there until two people have released it.
    """
    rows = db.rows(
        """
        select distinct i.id, i.words, i.seat from items i
        join item_passages p on p.item = i.id
        where p.story = :story and i.words <> '' order by i.id
        """,
        {"story": story_id},
    )
    return [
        Reading(
            Use(story_id, "construction", row["id"]),
            row["words"],
            made_from=tuple(
                one.reads
                for one in passages.of_item(db, row["id"])
                if one.passage.story == story_id
            ),
        )
        for row in rows
        if row["seat"] is None or word_releases.state(db, "item", row["id"]).released
    ]
