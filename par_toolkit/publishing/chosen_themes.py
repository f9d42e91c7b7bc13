"""The themes that people stand behind, and what these may be called outside the house."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.publishing import links
from par_toolkit.publishing.allowed import Allowed, allowed
from par_toolkit.publishing.told import cuts_of, texts_of
from par_toolkit.publishing.words import shared_words
from par_toolkit.storage import receipts, reviewed, themes
from par_toolkit.storage.clock import quarter
from par_toolkit.storage.database import PrivateDatabase, Row

NAMELESS: Final = "No name yet · Pas encore de nom"


@dataclass(frozen=True)
class ChosenTheme:
    """An endorsed theme; `named` is False where the name is only its words joined.

    It came from `run`; of `looks` at a part of the stories, the machine found it in `came_again`.
    At least `threshold` people stand behind a figure about it.
    """

    id: int
    name: str
    named: bool
    meaning: str
    words: tuple[str, ...]
    endorsed_role: str
    endorsed_quarter: str
    run: int | None
    looks: int
    came_again: int
    threshold: int


def chosen(
    db: PrivateDatabase, may: Mapping[int, Allowed], thresholds: Mapping[int, int], threshold: int
) -> list[ChosenTheme]:
    """Return the endorsed themes with at least one endorsed story that may be analysed today.

    `thresholds` is the k of those that have a higher one than `threshold`.
    """
    filled = {
        row["theme"] for row in db.rows(links.ENDORSED) if "analyse" in may[row["story"]].uses
    }
    rows = [
        row
        for row in db.rows("select * from themes where state = 'endorsed' order by id")
        if row["id"] in filled
    ]
    shared = shared_words(_people_words(db, may), [w for r in rows for w in json.loads(r["words"])])
    return [_theme(row, shared, thresholds.get(row["id"], threshold)) for row in rows]


def decided(db: PrivateDatabase) -> str:
    """Return what people have endorsed by now: themes, how they are called, what is in them."""
    named = db.rows(
        """
        select id, name, meaning, endorsed_role, endorsed_at from themes
        where state = 'endorsed' order by id
        """
    )
    return json.dumps([named, db.rows(links.ENDORSED)])


def _theme(row: Row, shared: frozenset[str], threshold: int) -> ChosenTheme:
    words = tuple(word for word in json.loads(row["words"]) if word in shared)
    return ChosenTheme(
        row["id"],
        row["name"] or joined(words),
        bool(row["name"]),
        row["meaning"],
        words,
        row["endorsed_role"] or "",
        quarter(row["endorsed_at"]),
        row["run"],
        row["looks"],
        row["came_again"],
        threshold,
    )


def joined(words: Sequence[str]) -> str:
    """Return the name of a theme that people have not named: its words, joined."""
    return themes.joined(words) or NAMELESS


def titles(db: PrivateDatabase, named: Sequence[themes.Theme]) -> dict[int, str]:
    """Return theme -> its title in a file that leaves the house, endorsed or not.

    Where people gave no name it is made of the words that a build would show, and of no others.
    """
    shared = shown_today(db, [w for one in named for w in one.words])
    return {
        one.id: one.name or themes.joined([w for w in one.words if w in shared]) or f"#{one.id}"
        for one in named
    }


def shown_today(db: PrivateDatabase, words: Iterable[str]) -> frozenset[str]:
    """Return those of `words` that may stand in a theme today."""
    return shared_words(_people_words(db, allowed(db)), words)


def _people_words(
    db: PrivateDatabase, may: Mapping[int, Allowed]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each person with words of theirs that may be analysed, as they read after redaction.

    A redaction that is only suggested counts too: no name becomes a theme's word meanwhile.
    """
    cuts = cuts_of(db, ("accepted", "suggested"))
    for row in db.rows(
        f"""
        select id, {receipts.PERSON} as person, answers, words from stories
        where themed order by id
        """
    ):
        if "analyse" in may[row["id"]].uses:
            yield row["person"], reviewed.texts(texts_of(row), cuts.get(row["id"], {}))
