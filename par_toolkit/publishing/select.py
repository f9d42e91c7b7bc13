"""Select what may be published: by the consent of today, released by two people, endorsed."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import beside, circles, how_made, links
from par_toolkit.publishing.allowed import Allowed, allowed, themes_of
from par_toolkit.publishing.beside import Beside
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.links import Link
from par_toolkit.publishing.words import shared_words
from par_toolkit.storage import accounting, audit, receipts, reviewed, stories, takedowns, themes
from par_toolkit.storage.clock import quarter
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.reviewed import Cut
from par_toolkit.storage.sensemaking import checks

NAMELESS: Final = "No name yet · Pas encore de nom"


@dataclass(frozen=True)
class ReleasedStory:
    """A released story. `texts` are the teller's words before redaction, by question.

    `beside` is what may stand beside them. `quotable` is False while its teller waits for an answer
    to 'not that'.
    """

    id: int
    form: str
    form_version: int
    language: str
    beside: Beside
    texts: dict[str, str]
    cuts: dict[str, list[Cut]]
    allowed: Allowed
    links: tuple[Link, ...]
    quotable: bool = True

    @property
    def quoted(self) -> bool:
        """Say whether passages of it may be published."""
        return self.quotable and self.allowed.may("quote")


@dataclass(frozen=True)
class ChosenTheme:
    """An endorsed theme; `named` is False where the name is only its words joined.

    It came from `run`; of `looks` at a part of the stories, the machine found it in `came_again`.
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


@dataclass(frozen=True)
class Selection:
    """All that may be published now; `held` counts the stories that wait, by reason.

    `runs` are those that the themes come from. `decided` is what people had decided about themes,
    as a text to compare, `doubted` what tellers said is not so, and `circles` what circles and
    meetings said.
    """

    released: list[ReleasedStory]
    themes: list[ChosenTheme]
    runs: list[how_made.Run]
    held: dict[str, int]
    decided: str
    doubted: checks.Held
    circles: circles.FromCircles


@contextlib.contextmanager
def snapshot(db: PrivateDatabase) -> Iterator[None]:
    """Read everything as of one moment, whatever is written meanwhile."""
    db.conn.execute("begin")
    try:
        yield
    finally:
        db.conn.rollback()


def select(db: PrivateDatabase, inquiry: Inquiry) -> Selection:
    """Return what may be published now."""
    may = allowed(db)
    cuts = _cuts(db)
    links_of = themes_of(db, may)
    stands_beside = beside.of_stories(
        db,
        links_of,
        attribute=inquiry.sharing.beside_quotes,
        groups=[group.code for group in inquiry.groups],
        threshold=inquiry.threshold,
    )
    doubted = checks.holding(db)
    held: Counter[str] = Counter()
    released = []
    for row in db.rows("select * from stories order by id"):
        now = may[row["id"]]
        own_cuts = cuts.get(row["id"], {})
        texts = _texts(row)
        reason = _held(db, now, reviewed.texts(texts, own_cuts))
        if reason:
            held[reason] += 1
            continue
        sure = links.undoubted(row["id"], links_of.get(row["id"], ()), doubted)
        released.append(
            ReleasedStory(
                row["id"],
                row["form"],
                row["form_version"],
                row["language"],
                stands_beside[row["id"]],
                texts,
                own_cuts,
                now,
                sure.links,
                sure.quoted,
            )
        )
    themes_now = _themes(db, may)
    return Selection(
        released,
        themes_now,
        how_made.runs(db, [theme.run for theme in themes_now], languages=inquiry.languages),
        dict(held),
        _decided(db),
        doubted,
        circles.select(db),
    )


def _texts(row: Row) -> dict[str, str]:
    return stories.open_texts(json.loads(row["answers"]), json.loads(row["words"]))


def _held(db: PrivateDatabase, now: Allowed, words: Mapping[str, str]) -> str | None:
    """Return why a story's words stay here, or None where they may be published."""
    if not now.uses & {"quote", "publish"}:
        return "no_consent"
    if not now.released:
        return "not_released"
    # two people approved words with this digest; any others are not theirs to have approved
    return None if reviewed.digest(db, words) == now.reviewed else "words_changed"


def _cuts(
    db: PrivateDatabase, states: Sequence[str] = ("accepted",)
) -> dict[int, dict[str, list[Cut]]]:
    """Return the redactions in these states, by story and question."""
    result: dict[int, dict[str, list[Cut]]] = {}
    for row in db.rows(
        """
        select story, question, start_at, end_at, label from redactions
        where state in (select value from json_each(:states))
        """,
        {"states": json.dumps(list(states))},
    ):
        cut = Cut(row["start_at"], row["end_at"], row["label"])
        result.setdefault(row["story"], {}).setdefault(row["question"], []).append(cut)
    return result


def _themes(db: PrivateDatabase, may: Mapping[int, Allowed]) -> list[ChosenTheme]:
    """Return the endorsed themes with at least one endorsed story that may be analysed today."""
    filled = {
        row["theme"] for row in db.rows(links.ENDORSED) if "analyse" in may[row["story"]].uses
    }
    rows = [
        row
        for row in db.rows("select * from themes where state = 'endorsed' order by id")
        if row["id"] in filled
    ]
    shared = shared_words(_people_words(db, may), [w for r in rows for w in json.loads(r["words"])])
    return [_theme(row, shared) for row in rows]


def _decided(db: PrivateDatabase) -> str:
    """Return what people have endorsed by now: themes, how they are called, what is in them."""
    named = db.rows(
        """
        select id, name, meaning, endorsed_role, endorsed_at from themes
        where state = 'endorsed' order by id
        """
    )
    return json.dumps([named, db.rows(links.ENDORSED)])


def _theme(row: Row, shared: frozenset[str]) -> ChosenTheme:
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
    )


def joined(words: Sequence[str]) -> str:
    """Return the name of a theme that people have not named: its words, joined."""
    return themes.joined(words) or NAMELESS


def titles(db: PrivateDatabase, named: Sequence[themes.Theme]) -> dict[int, str]:
    """Return theme -> its title in a file that leaves the house, endorsed or not.

    Where people gave no name it is made of the words that a build would show, and of no others.
    """
    shared = shared_words(_people_words(db, allowed(db)), [w for one in named for w in one.words])
    return {
        one.id: one.name or themes.joined([w for w in one.words if w in shared]) or f"#{one.id}"
        for one in named
    }


def _people_words(
    db: PrivateDatabase, may: Mapping[int, Allowed]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each person with words of theirs that may be analysed, as they read after redaction.

    A redaction that is only suggested counts too: no name becomes a theme's word meanwhile.
    """
    cuts = _cuts(db, ("accepted", "suggested"))
    for row in db.rows(
        f"""
        select id, {receipts.PERSON} as person, answers, words from stories
        where themed order by id
        """
    ):
        if "analyse" in may[row["id"]].uses:
            yield row["person"], reviewed.texts(_texts(row), cuts.get(row["id"], {}))


def check(db: PrivateDatabase) -> None:
    """Raise PublishError unless no story is lost (promise 9) and the trail is whole (15)."""
    places = accounting.account(db)
    if not places.balanced:
        raise PublishError(
            "unbalanced",
            f"{places.came_in} stories came in but {sum(places.places.values())} are accounted "
            "for, so a story may be lost. Nothing was published. Restore the last backup, or ask "
            "for help: par check",
        )
    trail = audit.verify(db)
    if not trail.whole:
        raise PublishError(
            "trail", f"{trail.sentence} Nothing was published. Restore the last backup."
        )


def still_holds(db: PrivateDatabase, selection: Selection) -> bool:
    """Say whether all that was selected may still be published; call inside `db.writing()`.

    False where a story went or its consent, words or release changed, where people decided anew
    about a theme, where somebody in a circle or a teller said something anew, or where a withdrawal
    took a theme's word with it.
    """
    words = {word for theme in selection.themes for word in theme.words}
    if takedowns.waiting(db).words & words:
        return False
    if (_decided(db), checks.holding(db)) != (selection.decided, selection.doubted):
        return False
    if circles.select(db) != selection.circles:
        return False
    now = allowed(db)
    return all(now.get(story.id) == story.allowed for story in selection.released)
