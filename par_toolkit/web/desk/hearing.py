"""What can be heard of a story at the desk: the recordings of each question, and their words."""

from __future__ import annotations

from dataclasses import dataclass

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import typed, voices
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Story
from par_toolkit.storage.voices import Voice
from par_toolkit.web import asked
from par_toolkit.web.handling.answers import fingerprint


@dataclass(frozen=True)
class Heard:
    """What was spoken for one question, `parts` in order; `words` is what was typed up so far.

    `waits` says that nobody has typed it up; `own` that the teller wrote something there as well.
    """

    question: str
    asked: str
    parts: list[Voice]
    waits: bool
    words: str
    own: bool
    seen: str


def heard_of(db: PrivateDatabase, inquiry: Inquiry, story: Story, language: str) -> list[Heard]:
    """List what was spoken in a story, by question."""
    parts: dict[str, list[Voice]] = {}
    for voice in voices.of_story(db, story.id):
        parts.setdefault(voice.question, []).append(voice)
    names = asked.names_of(inquiry, story, language)
    return [
        Heard(
            question,
            names.get(question, question),
            spoken,
            any(one.typed_up_at is None for one in spoken),
            typed.words_of(story, question, spoken[0].own_length),
            spoken[0].own_length > 0,
            seen(story, question),
        )
        for question, spoken in parts.items()
    ]


def seen(story: Story, question: str) -> str:
    """Return a digest of an answer, so that two people at once overwrite nothing of each other."""
    return fingerprint(question, story.answers.get(question))
