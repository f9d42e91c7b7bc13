"""A tone suggested from readings: what people here marked teaches it, and it shows its error.

Fifty readings are needed. What it sees: sentence vectors or words, TextBlob's guess as one clue
among others, and the question that was answered. Never published, never averaged into a finding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from analysis import learning, tone
from analysis.language import base, detect, surely
from analysis.reading import read
from analysis.space import WordSpace, unit
from analysis.uncertainty import Share, wilson
from analysis.vector_cache import VectorCache

NEEDED = 50
"""Readings by people before anything is suggested."""

WORDS_WEIGHT = 0.5
CLUE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class ToneSuggestion:
    """One of `tone.MARKS` for a text; `margin` is how far its score lies above the next."""

    index: int
    mark: str
    margin: float


@dataclass(frozen=True, slots=True)
class LearnedTone:
    """Suggestions for the texts that nobody marked, with their error on those that people did.

    Each reading was judged as if it had been left out. `right` is the share that agreed with
    people, with its interval; `always` is what always giving the commonest mark would reach, and
    `textblob` what TextBlob's guess does on the same readings (None: it could read none of them).
    `better` says that the whole interval lies above `always`.
    """

    suggestions: tuple[ToneSuggestion, ...]
    readings: int
    right: Share
    always: float
    textblob: Share | None
    confusion: Mapping[tuple[str, str], int]

    @property
    def better(self) -> bool:
        """Say whether the suggestions are clearly better than one mark for all."""
        return self.right.low > self.always


def suggest(
    texts: Sequence[str],
    marks: Mapping[int, str],
    *,
    languages: Sequence[str | None] | None = None,
    questions: Sequence[str] | None = None,
    vectors: VectorCache | None = None,
) -> LearnedTone | None:
    """Learn from people's marks (text -> mark) and suggest one for every other text.

    Return None below `NEEDED` readings, or where all are the same. Raise ValueError for an unknown
    mark or text.
    """
    for index, mark in marks.items():
        if mark not in tone.MARKS:
            raise ValueError(f"{mark!r} is no mark: use one of {', '.join(tone.MARKS)}.")
        if not 0 <= index < len(texts):
            raise ValueError(f"There is no text {index}.")
    present = [mark for mark in tone.MARKS if mark in marks.values()]
    if len(marks) < NEEDED or len(present) < 2:
        return None
    given = languages or [None] * len(texts)
    spoken = [
        base(surely(text) or code or detect(text) or "en")
        for text, code in zip(texts, given, strict=True)
    ]
    guesses = [tone.polarity(text, language=code) for text, code in zip(texts, spoken, strict=True)]
    indexes = sorted(marks)
    answers = np.array([[float(marks[index] == mark) for mark in present] for index in indexes])
    with threadpool_limits(1):
        rows = _rows(texts, spoken, guesses, questions, vectors)
        learned = learning.learn(rows[indexes], answers)
        scores = np.round(learned.scores(rows), 6)
    judged = np.round(learned.left_out, 6).argmax(axis=1)
    truth = answers.argmax(axis=1)
    pairs = [(present[one], present[two]) for one, two in zip(truth, judged, strict=True)]
    ordered = np.sort(scores, axis=1)
    margins = ordered[:, -1] - ordered[:, -2]
    best = scores.argmax(axis=1)
    return LearnedTone(
        suggestions=tuple(
            ToneSuggestion(index, present[best[index]], round(float(margins[index]), 6))
            for index in range(len(texts))
            if index not in marks
        ),
        readings=len(indexes),
        right=wilson(int((judged == truth).sum()), len(indexes)),
        always=round(float(answers.mean(axis=0).max()), 6),
        textblob=_of_textblob([(guesses[index], marks[index]) for index in indexes]),
        confusion={pair: pairs.count(pair) for pair in sorted(set(pairs))},
    )


def _rows(
    texts: Sequence[str],
    spoken: list[str],
    guesses: list[tone.Tone | None],
    questions: Sequence[str] | None,
    vectors: VectorCache | None,
) -> learning.Matrix:
    """Return what is seen of each text, one row a text."""
    reading = read(texts, spoken)
    words = WordSpace(reading, np.ones(len(texts)), np.arange(len(texts))).place()
    clues = np.array(
        [[one.polarity, one.polarity < 0, one.finds == 0] if one else [0, 0, 1] for one in guesses],
        dtype=float,
    )
    parts = [WORDS_WEIGHT * words, CLUE_WEIGHT * clues]
    if questions is not None:
        every = sorted(set(questions))
        parts.append(
            CLUE_WEIGHT * np.array([[float(q == one) for one in every] for q in questions])
        )
    if vectors is not None:
        found = vectors.vectors(texts).astype(float)
        known = np.array([vectors.knows(code) for code in spoken])
        found[~known] = 0
        if known.any():
            found[known] = unit(found[known] - found[known].mean(axis=0))
        parts.append(found)
    return np.hstack(parts).astype(float)


def _of_textblob(pairs: list[tuple[tone.Tone | None, str]]) -> Share | None:
    """Return how often TextBlob's guess agreed, over success and challenge that it could read."""
    found = tone.agreement_with_marks(pairs)
    return wilson(found.agreed, found.compared) if found.compared else None
