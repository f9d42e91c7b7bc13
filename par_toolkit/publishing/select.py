"""Select what may be published: by the consent of today, released by two people, endorsed."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import circles, how_made, links
from par_toolkit.publishing.allowed import Allowed, allowed, themes_of
from par_toolkit.publishing.chosen_themes import ChosenTheme, chosen, decided
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.links import Link
from par_toolkit.publishing.told import cuts_of, texts_of
from par_toolkit.storage import accounting, audit, reviewed, takedowns, topics
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.reviewed import Cut
from par_toolkit.storage.sensemaking import checks


@dataclass(frozen=True)
class ReleasedStory:
    """A released story. `texts` are the teller's words before redaction, by question.

    `quotable` is False while its teller waits for an answer to 'not that'.
    """

    id: int
    form: str
    form_version: int
    language: str
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
class Selection:
    """All that may be published now; `held` counts the stories that wait, by reason.

    `links` are those of all stories to endorsed themes, `runs` where themes come from. `decided` is
    what people had decided about themes, as a text to compare, `doubted` what tellers said is not
    so, and `circles` what circles and meetings said.
    """

    released: list[ReleasedStory]
    themes: list[ChosenTheme]
    links: dict[int, list[Link]]
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
    cuts = cuts_of(db)
    links_of = themes_of(db, may)
    thresholds = {
        theme: inquiry.threshold_for(about) for theme, about in topics.marks(db, "theme").items()
    }
    doubted = checks.holding(db)
    held: Counter[str] = Counter()
    released = []
    for row in db.rows("select * from stories order by id"):
        now = may[row["id"]]
        own_cuts = cuts.get(row["id"], {})
        texts = texts_of(row)
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
                texts,
                own_cuts,
                now,
                sure.links,
                sure.quoted,
            )
        )
    themes_now = chosen(db, may, thresholds, inquiry.threshold)
    return Selection(
        released,
        themes_now,
        links_of,
        how_made.runs(db, [theme.run for theme in themes_now], languages=inquiry.languages),
        dict(held),
        decided(db),
        doubted,
        circles.select(db),
    )


def _held(db: PrivateDatabase, now: Allowed, words: Mapping[str, str]) -> str | None:
    """Return why a story's words stay here, or None where they may be published."""
    if not now.uses & {"quote", "publish"}:
        return "no_consent"
    if not now.released:
        return "not_released"
    # two people approved words with this digest; any others are not theirs to have approved
    return None if reviewed.digest(db, words) == now.reviewed else "words_changed"


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
    if (decided(db), checks.holding(db)) != (selection.decided, selection.doubted):
        return False
    if circles.select(db) != selection.circles:
        return False
    now = allowed(db)
    return all(now.get(story.id) == story.allowed for story in selection.released)
