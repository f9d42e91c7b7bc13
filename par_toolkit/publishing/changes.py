"""What a build brings that the live one before it did not have; what was taken back is not said."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from par_toolkit.publishing import build
from par_toolkit.storage import published
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.published import Build, Use, WordUse

#: The kinds of words that say how a group sees it.
CONSTRUCTIONS: Final = ("construction", "view", "alternative")


@dataclass(frozen=True)
class Changes:
    """How much of each kind is new, and how many themes were renamed: the columns of `builds`.

    An action counts as new when there is news of it.
    """

    themes_new: int = 0
    themes_renamed: int = 0
    quotes_new: int = 0
    stories_new: int = 0
    items_new: int = 0
    constructions_new: int = 0
    statements_new: int = 0
    actions_new: int = 0


def between(
    before: Build | None,
    uses_before: Collection[Use],
    themes: Mapping[int, str],
    uses: Collection[Use],
    words_before: Collection[WordUse] = (),
    words: Collection[WordUse] = (),
) -> Changes:
    """Compare a build with the one before it by our own ids, as public ones are new each time.

    `themes` maps our theme ids to names. A passage counts as new when it was not quoted before,
    and what circles said when it did not stand there in these words.
    """
    named = {theme: name for theme, (_, name) in before.themes.items()} if before else {}
    known = {_place(use) for use in uses_before}
    new = [use.kind for use in uses if _place(use) not in known]
    said = {(one.kind, one.reference, one.digest) for one in words_before}
    new += [one.kind for one in words if (one.kind, one.reference, one.digest) not in said]
    return Changes(
        themes_new=sum(theme not in named for theme in themes),
        themes_renamed=sum(
            theme in named and named[theme] != name for theme, name in themes.items()
        ),
        quotes_new=new.count("quote"),
        stories_new=new.count("story"),
        items_new=new.count("item"),
        constructions_new=sum(new.count(kind) for kind in CONSTRUCTIONS),
        statements_new=new.count("statement"),
        actions_new=new.count("action"),
    )


def _place(use: Use) -> tuple[Any, ...]:
    return use.kind, use.story, use.question, use.start, use.end


def history(
    db: PrivateDatabase,
    live: int | None,
    themes: Mapping[int, str],
    uses: Collection[Use],
    words: Collection[WordUse],
) -> tuple[list[dict[str, Any]], Changes]:
    """Return the rows about earlier builds, as the live build tells them, and the new changes.

    A build of an earlier format counts nothing where it has no column for it.
    """
    if live is None:
        return [], between(None, (), themes, uses, (), words)
    try:
        rows = build.read_rows(build.file_of(db.folder, live), "builds")
    except sqlite3.DatabaseError:  # a damaged build must not stand in the way of a new one
        rows = []
    new = between(
        published.get(db, live),
        published.uses(db, live),
        themes,
        uses,
        published.words(db, live),
        words,
    )
    return [vars(Changes()) | row for row in rows], new


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
        (
            changes.items_new,
            ("new claim, concern or issue", "new claims, concerns and issues"),
            (
                "nouveau point fort, inquiétude ou question",
                "nouveaux points forts, inquiétudes et questions",
            ),
        ),
        (
            changes.constructions_new,
            ("new view of a group", "new views of groups"),
            ("nouveau point de vue d’un groupe", "nouveaux points de vue de groupes"),
        ),
        (
            changes.statements_new,
            ("new statement", "new statements"),
            ("nouvelle affirmation", "nouvelles affirmations"),
        ),
        (
            changes.actions_new,
            ("action with news", "actions with news"),
            ("action avec du nouveau", "actions avec du nouveau"),
        ),
    )
    english = [f"{n:,} {en[n != 1]}" for n, en, _ in counted if n]
    # French writes thousands with a narrow space that does not break, and 0 and 1 as singular
    french = [f"{n:,} {fr[n > 1]}".replace(",", "\u202f") for n, _, fr in counted if n]
    return (
        f"{', '.join(english)}." if english else "Nothing new.",
        f"{', '.join(french)}." if french else "Rien de nouveau.",
    )
