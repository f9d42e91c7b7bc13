"""All that a reviewer needs to see of one story: its marked words, what waits, and who said yes."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.redact.labels import LABELS, label_of
from par_toolkit.storage import consents, redactions, releases, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.redactions import Redaction
from par_toolkit.storage.releases import ReleaseState
from par_toolkit.storage.stories import Story
from par_toolkit.web.desk.marking import Piece, around, pieces
from par_toolkit.web.handling.answers import fingerprint


@dataclass(frozen=True)
class Row:
    """One redaction in its place: what stands before it, the words, and what stands after."""

    redaction: Redaction
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Review:
    """`pieces` by question; rows to decide, hidden and left; how it `reads`; who said yes."""

    pieces: dict[str, list[Piece]]
    suggested: list[Row]
    hidden: list[Row]
    left: list[Row]
    reads: dict[str, str]
    state: ReleaseState
    may_be_shared: bool
    labels: list[str]
    seen: str


def review_of(db: PrivateDatabase, story: Story) -> Review:
    """Collect the review of a story as it stands."""
    texts = stories.open_texts(story.answers, story.words)
    found = redactions.for_story(db, story.id)
    reads = redactions.reviewed_texts(db, story.id)

    def rows(state: str) -> list[Row]:
        return [
            Row(one, *around(texts.get(one.question, ""), one.start, one.end))
            for one in found
            if one.state == state
        ]

    return Review(
        pieces={
            name: pieces(text, [one for one in found if one.question == name])
            for name, text in texts.items()
        },
        suggested=rows("suggested"),
        hidden=rows("accepted"),
        left=rows("rejected"),
        reads=reads,
        state=releases.state(db, story.id),
        may_be_shared=consents.may_be_shared(story.consent),
        labels=[label_of(kind, story.language) for kind in LABELS],
        seen=seen(reads),
    )


def seen(reads: dict[str, str]) -> str:
    """Return a digest of words as they read, so that a yes is to the words on the page."""
    return fingerprint(reads)
