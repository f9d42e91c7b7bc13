"""What an older build, or one that waits, may still show today: its words, and its figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import beside, build, circles
from par_toolkit.publishing.arrange_figures import ABOUT
from par_toolkit.publishing.chosen_themes import shown_today
from par_toolkit.publishing.figures import Figures
from par_toolkit.publishing.select import select
from par_toolkit.publishing.tables import fixed, took_part
from par_toolkit.storage import published, reviewed
from par_toolkit.storage.database import PrivateDatabase

#: The tables of figures, with the column that says what these are about.
TABLES: Final = ABOUT | {took_part.NAME: None, "agreement": "statement"}


def released(db: PrivateDatabase, number: int, path: Path, inquiry: Inquiry) -> bool:
    """Say whether all words of a build may be shown today, just as they read in it.

    The typical words of its themes are among them, which no quote need show.
    """
    said = published.words(db, number)
    if circles.staying(db, said) != set(said):
        return False
    typical = {
        word for theme in build.read_rows(path, "themes") for word in json.loads(theme["words"])
    }
    if shown_today(db, typical) != typical:
        return False
    now = {story.id: story for story in select(db, inquiry).released}
    quotes = {row["id"]: row["text"] for row in build.read_rows(path, "quotes")}
    stories = {row["id"]: row for row in build.read_rows(path, "stories")}
    for use in published.uses(db, number):
        story = now.get(use.story)
        if story is None:
            return False
        if use.kind == "quote":
            text = story.texts.get(use.question or "", "")
            cuts = story.cuts.get(use.question or "", ())
            shown = reviewed.span(text, cuts, use.start or 0, use.end)
            if not story.quoted or shown != quotes.get(use.public_id):
                return False
        else:
            # every answer of a story that is shown whole stands somewhere in its row
            row = stories.get(use.public_id, {})
            answers = {answer["text"] for answer in json.loads(row.get("answers", "[]"))}
            shown_texts = answers | {row.get("title"), row.get("telling")}
            words = set(reviewed.texts(story.texts, story.cuts).values())
            if not story.allowed.may("publish") or not words <= shown_texts:
                return False
    return True


def careful(db: PrivateDatabase, number: int, path: Path, inquiry: Inquiry) -> bool:
    """Say whether enough people stand behind each figure of a build, and beside each of its words.

    Since it was made the community may have asked for more of them, in its settings or by saying
    that something is sensitive.
    """
    selection, today = select(db, inquiry), datetime.now(UTC).date()
    found = fixed.decided(db, inquiry, selection, today=today)
    asked = {(one.table.name, one.table.part): one.table.threshold for one, _ in found}
    parts = _parts(db, number)
    for table, about, people in _shown(path):
        if people < asked.get((table, parts.get((table, about), about)), inquiry.threshold):
            return False
    figures = [one for _, one in found if isinstance(one, Figures)]
    now = beside.of_selection(db, inquiry, selection, figures=figures)
    rows = {
        row["id"]: row for table in ("quotes", "stories") for row in build.read_rows(path, table)
    }
    return all(
        _no_more(rows.get(use.public_id, {}), now.get(use.story, beside.Beside()))
        for use in published.uses(db, number)
    )


def _parts(db: PrivateDatabase, number: int) -> dict[tuple[str, str], str]:
    """Return (table, public id) -> the id by which we know the theme or statement."""
    record = published.get(db, number)
    themes = {public: str(id) for id, (public, _) in (record.themes if record else {}).items()}
    parts = {
        (table, public): id
        for table, about in TABLES.items()
        if about == "theme"
        for public, id in themes.items()
    }
    return parts | {
        ("agreement", one.public_id): str(one.reference)
        for one in published.words(db, number)
        if one.kind == "statement"
    }


def _shown(path: Path) -> Iterator[tuple[str, str, int]]:
    """Yield each figure that a build shows: of which table, about what, and how many people."""
    for table, about in TABLES.items():
        for row in build.read_rows(path, table):
            if row["people"] is not None:
                yield table, row[about] if about else "", row["people"]


def _no_more(row: dict[str, Any], now: beside.Beside) -> bool:
    """Say whether no more stands beside words than may stand there now."""
    attribute = row.get("kind") or row.get("stakeholder_group")
    return row.get("form") in (None, now.form) and attribute in (None, now.attribute)
