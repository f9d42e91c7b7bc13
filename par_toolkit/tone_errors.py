"""How often guesses of the tone are wrong here: TextBlob's, and what was learned from readings.

Both are measured on what tellers of this inquiry marked and, where they did not say, on what people
read. Nothing of it is kept or published.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import analysis.tone
import analysis.tone_learned
import analysis.vectors
from analysis.tone_learned import LearnedTone, ToneSuggestion
from analysis.vector_cache import VectorCache
from par_toolkit.storage import comparing, tones, vectors
from par_toolkit.storage.comparing import Told
from par_toolkit.storage.database import PrivateDatabase

#: Marked stories that are read for it, from all times alike; more would make people wait.
MOST_MARKED: Final = 700
#: Stories that nobody marked, the newest, for which something may be suggested.
MOST_UNMARKED: Final = 300


@dataclass(frozen=True)
class Measured:
    """What this inquiry's own stories say about both guesses.

    `told` counts the stories that tellers marked, `read` those that only people at the desk did.
    `suggested` holds what was learned for stories that nobody marked, by story; `ids` are the
    stories that its indexes are about.
    """

    told: int
    read: int
    textblob: analysis.tone.Agreement
    learned: LearnedTone | None
    suggested: dict[int, ToneSuggestion] = field(default_factory=dict)
    ids: tuple[int, ...] = ()

    def like(self, story: int) -> tuple[int, ...]:
        """Return the marked stories that are most like one for which something is suggested."""
        found = self.suggested.get(story)
        return tuple(self.ids[index] for index in found.like) if found else ()

    @property
    def marked(self) -> int:
        """Count the stories that anybody marked."""
        return self.told + self.read


_measured: dict[Path, tuple[Hashable, Measured]] = {}


def measured(db: PrivateDatabase) -> Measured:
    """Measure both; remembered until a story, a mark or a consent moves."""
    every = tones.marks(db)
    marked = [story for story, (mark, _) in every.items() if mark in analysis.tone.MARKS]
    unmarked = [story for story, (mark, _) in every.items() if mark is None]
    chosen = [*spread(marked, MOST_MARKED), *unmarked[-MOST_UNMARKED:]]
    held = comparing.told(db, chosen)
    stamp = hash(tuple((story, every[story], one.text) for story, one in held.items()))
    known = _measured.get(db.folder)
    if known is None or known[0] != stamp:
        known = _measured[db.folder] = stamp, _measure(db, held, every)
    return known[1]


def spread(stories: Sequence[int], most: int) -> list[int]:
    """Choose up to `most` of these, evenly from the first to the last."""
    if len(stories) <= most:
        return list(stories)
    return [stories[place * len(stories) // most] for place in range(most)]


def _measure(
    db: PrivateDatabase, held: Mapping[int, Told], every: Mapping[int, tuple[str | None, bool]]
) -> Measured:
    ids, told = list(held), list(held.values())
    marks = {place: mark for place, story in enumerate(ids) if (mark := every[story][0])}
    guesses = [
        (analysis.tone.polarity(told[place].text, language=told[place].language), mark)
        for place, mark in marks.items()
    ]
    model = analysis.vectors.installed()
    learned = analysis.tone_learned.suggest(
        [one.text for one in told],
        marks,
        languages=[one.language for one in told],
        questions=[one.question for one in told],
        # what it reads is never written back: only a run keeps vectors
        vectors=VectorCache(model, vectors.path(db.folder)) if model else None,
    )
    by_tellers = sum(every[ids[place]][1] for place in marks)
    return Measured(
        by_tellers,
        len(marks) - by_tellers,
        analysis.tone.agreement_with_marks(guesses),
        learned,
        {ids[one.index]: one for one in learned.suggestions} if learned else {},
        tuple(ids),
    )
