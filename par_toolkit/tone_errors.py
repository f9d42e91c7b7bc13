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
from analysis.replacing import never
from analysis.tone_learned import LearnedTone, ToneSuggestion
from analysis.vector_cache import VectorCache
from par_toolkit.storage import comparing, tones, vectors
from par_toolkit.storage.comparing import Told
from par_toolkit.storage.database import PrivateDatabase

#: Marked stories that are read for it, from all times alike; more would make people wait.
MOST_MARKED: Final = 500
#: Stories that nobody marked, the newest, for which something may be suggested.
MOST_UNMARKED: Final = 200


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


@dataclass
class _Last:
    """What was read last time, so that one more mark does not have every story read again.

    It holds nothing of a story that is gone: then it is thrown away whole.
    """

    stamp: Hashable
    measured: Measured
    guesses: dict[tuple[str, str], analysis.tone.Tone | None]
    vectors: VectorCache | None


_last: dict[Path, _Last] = {}


def measured(db: PrivateDatabase) -> Measured:
    """Measure both; remembered until a story, a mark or a consent moves."""
    every = tones.marks(db)
    marked = [story for story, (mark, _) in every.items() if mark in analysis.tone.MARKS]
    unmarked = [story for story, (mark, _) in every.items() if mark is None]
    chosen = [*spread(marked, MOST_MARKED), *unmarked[-MOST_UNMARKED:]]
    held = comparing.told(db, chosen)
    stamp = hash(tuple((story, every[story], one.text) for story, one in held.items()))
    last = _last.get(db.folder)
    if last is None or last.stamp != stamp:
        last = _last[db.folder] = _measure(db, stamp, held, every, last)
    return last.measured


def forget(folder: Path) -> None:
    """Forget what was read last time in the inquiry in `folder`."""
    _last.pop(folder, None)


def spread(stories: Sequence[int], most: int) -> list[int]:
    """Choose up to `most` of these, evenly from the first to the last."""
    if len(stories) <= most:
        return list(stories)
    return [stories[place * len(stories) // most] for place in range(most)]


def _measure(
    db: PrivateDatabase,
    stamp: Hashable,
    held: Mapping[int, Told],
    every: Mapping[int, tuple[str | None, bool]],
    last: _Last | None,
) -> _Last:
    ids = list(held)
    texts = [(one.text, one.language) for one in held.values()]
    if last is None or last.guesses.keys() - set(texts):
        model = analysis.vectors.installed()
        # what it reads is never written back: only a run keeps vectors
        kept = vectors.path(db.folder)
        cache = VectorCache(model, kept, may_keep=never) if model else None
        known: dict[tuple[str, str], analysis.tone.Tone | None] = {}
    else:
        cache, known = last.vectors, last.guesses
    for text, language in texts:
        if (text, language) not in known:
            known[text, language] = analysis.tone.polarity(text, language=language)
    guesses = [known[one] for one in texts]
    marks = {place: mark for place, story in enumerate(ids) if (mark := every[story][0])}
    learned = analysis.tone_learned.suggest(
        [text for text, _ in texts],
        marks,
        languages=[language for _, language in texts],
        questions=[one.question for one in held.values()],
        vectors=cache,
        guesses=guesses,
    )
    by_tellers = sum(every[ids[place]][1] for place in marks)
    found = Measured(
        by_tellers,
        len(marks) - by_tellers,
        analysis.tone.agreement_with_marks((guesses[place], mark) for place, mark in marks.items()),
        learned,
        {ids[one.index]: one for one in learned.suggestions} if learned else {},
        tuple(ids),
    )
    return _Last(stamp, found, known, cache)
