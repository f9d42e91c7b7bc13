"""What a build brings that the live one before it did not have; what was taken back is not said."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from par_toolkit.publishing import build
from par_toolkit.storage import published
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.published import Build, Use


@dataclass(frozen=True)
class Changes:
    """How many themes, quotes and whole stories are new, and how many themes were renamed."""

    themes_new: int
    themes_renamed: int
    quotes_new: int
    stories_new: int


def between(
    before: Build | None,
    uses_before: Collection[Use],
    themes: Mapping[int, str],
    uses: Collection[Use],
) -> Changes:
    """Compare a build with the one before it by our own ids, as public ones are new each time.

    `themes` maps our theme ids to names. A passage counts as new when it was not quoted before.
    """
    named = {theme: name for theme, (_, name) in before.themes.items()} if before else {}
    known = {_place(use) for use in uses_before}
    new = [use.kind for use in uses if _place(use) not in known]
    return Changes(
        sum(theme not in named for theme in themes),
        sum(theme in named and named[theme] != name for theme, name in themes.items()),
        new.count("quote"),
        new.count("story"),
    )


def _place(use: Use) -> tuple[Any, ...]:
    return use.kind, use.story, use.question, use.start, use.end


def history(
    db: PrivateDatabase, live: int | None, themes: Mapping[int, str], uses: Collection[Use]
) -> tuple[list[dict[str, Any]], Changes]:
    """Return the rows about earlier builds, as the live build tells them, and the new changes."""
    if live is None:
        return [], between(None, (), themes, uses)
    try:
        rows = build.read_rows(build.file_of(db.folder, live), "builds")
    except sqlite3.DatabaseError:  # a damaged build must not stand in the way of a new one
        rows = []
    return rows, between(published.get(db, live), published.uses(db, live), themes, uses)


def notes(changes: Changes, *, first: bool) -> tuple[str, str]:
    """Say in English and in French what a build brings."""
    if first:
        return "First build.", "Première édition."
    counted = (
        (changes.themes_new, ("new theme", "new themes"), ("nouveau thème", "nouveaux thèmes")),
        (
            changes.themes_renamed,
            ("theme with a new name", "themes with a new name"),
            ("thème renommé", "thèmes renommés"),
        ),
        (
            changes.quotes_new,
            ("new quote", "new quotes"),
            ("nouvelle citation", "nouvelles citations"),
        ),
        (
            changes.stories_new,
            ("new whole story", "new whole stories"),
            ("nouvelle histoire entière", "nouvelles histoires entières"),
        ),
    )
    english = [f"{n:,} {en[n != 1]}" for n, en, _ in counted if n]
    # French writes thousands with a narrow space that does not break, and 0 and 1 as singular
    french = [f"{n:,} {fr[n > 1]}".replace(",", "\u202f") for n, _, fr in counted if n]
    return (
        f"{', '.join(english)}." if english else "Nothing new.",
        f"{', '.join(french)}." if french else "Rien de nouveau.",
    )
