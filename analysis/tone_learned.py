"""A tone suggested from readings: what people here marked teaches it, and it shows its error.

Fifty readings are needed. What it sees: sentence vectors or words, TextBlob's guess as one clue
among others, and the question that was answered. Never published, never averaged into a finding.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis import learning, tone
from analysis.language import base, detect, surely
from analysis.reading import read
from analysis.space import WordSpace, unit
from analysis.uncertainty import Share, wilson
from analysis.vector_cache import VectorCache

FOLDS = 10
NEEDED = 50
"""Readings by people before anything is suggested."""

LIKE = 2
"""Marked texts that are named as most like one for which something is suggested."""

WORDS_WEIGHT = 0.5
CLUE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class ToneSuggestion:
    """One of `tone.MARKS` for a text; `margin` is how far its score lies above the next.

    `like` says why: indexes of the texts marked so that are most like it, the nearest first.
    """

    index: int
    mark: str
    margin: float
    like: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnedTone:
    """Suggestions for the texts that nobody marked, with their error on those that people did.

    Each reading was judged by what the other nine tenths taught (ten folds; equal texts are in the
    same one, as a text that was learned by heart proves nothing). `right` is the share that agreed
    with people, with its interval; `usual` is the commonest mark and `always` what always giving it
    would reach. `confusion` counts (what people said, what was suggested).
    """

    suggestions: tuple[ToneSuggestion, ...]
    readings: int
    right: Share
    usual: str
    always: float
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
    guesses: Sequence[tone.Tone | None] | None = None,
) -> LearnedTone | None:
    """Learn from people's marks (text -> mark) and suggest one for every other text.

    `guesses` are TextBlob's for each text where they are known already.
    Nothing is suggested for a text without words, or of which no word or vector is known. Return
    None below `NEEDED` readings, or where all are the same. Raise ValueError for an unknown mark or
    text.
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
    if guesses is None:
        pairs_of = zip(texts, spoken, strict=True)
        guesses = [tone.polarity(text, language=code) for text, code in pairs_of]
    indexes = sorted(marks)
    answers = np.array([[float(marks[index] == mark) for mark in present] for index in indexes])
    with threadpool_limits(1):
        rows, sees = _rows(texts, spoken, guesses, questions, vectors)
        scores = np.round(learning.learn(rows[indexes], answers).scores(rows), 6)
        judged = _judged(rows[indexes], answers, [texts[index] for index in indexes])
    truth = answers.argmax(axis=1)
    pairs = [(present[one], present[two]) for one, two in zip(truth, judged, strict=True)]
    ordered = np.sort(scores, axis=1)
    margins = ordered[:, -1] - ordered[:, -2]
    best = scores.argmax(axis=1)
    often = int(answers.sum(axis=0).argmax())
    near = unit(rows) @ unit(rows[indexes]).T
    return LearnedTone(
        suggestions=tuple(
            ToneSuggestion(
                index,
                present[best[index]],
                round(float(margins[index]), 6),
                _like(near[index], answers[:, best[index]], indexes),
            )
            for index in range(len(texts))
            if index not in marks and sees[index]
        ),
        readings=len(indexes),
        right=wilson(int((judged == truth).sum()), len(indexes)),
        usual=present[often],
        always=round(float(answers[:, often].mean()), 6),
        confusion={pair: pairs.count(pair) for pair in sorted(set(pairs))},
    )


def _like(
    near: NDArray[np.float64], marked_so: NDArray[np.float64], indexes: Sequence[int]
) -> tuple[int, ...]:
    """Return the texts marked so that are nearest; of two as near, the first."""
    order = np.lexsort((np.arange(len(near)), -np.round(near, 6)))
    return tuple(indexes[place] for place in order if marked_so[place])[:LIKE]


def _rows(
    texts: Sequence[str],
    spoken: list[str],
    guesses: Sequence[tone.Tone | None],
    questions: Sequence[str] | None,
    vectors: VectorCache | None,
) -> tuple[learning.Matrix, NDArray[np.bool_]]:
    """Return what is seen of each text, one row a text, and whether that is anything of its own."""
    reading = read(texts, spoken)
    words = WordSpace(reading, np.ones(len(texts)), np.arange(len(texts))).place()
    clues = np.array(
        [[one.polarity, one.polarity < 0, one.finds == 0] if one else [0, 0, 1] for one in guesses],
        dtype=float,
    )
    sees = words.any(axis=1)
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
        sees |= known
        parts.append(found)
    said = np.array([any(character.isalpha() for character in text) for text in texts])
    return np.hstack(parts).astype(float), sees & said


def _judged(
    rows: learning.Matrix, answers: learning.Matrix, texts: Sequence[str]
) -> NDArray[np.int64]:
    """Return the mark that each reading would get from the folds it is not in."""
    folds = np.array([_fold(text) for text in texts])
    judged = np.full(len(texts), int(answers.sum(axis=0).argmax()))
    for fold in range(FOLDS):
        inside, outside = folds == fold, folds != fold
        if inside.any() and outside.any():
            learned = learning.learn(rows[outside], answers[outside])
            judged[inside] = np.round(learned.scores(rows[inside]), 6).argmax(axis=1)
    return judged


def _fold(text: str) -> int:
    """Draw a fold for a text: the same for equal words, whoever told them and when."""
    same = " ".join(text.casefold().split())
    return hashlib.sha256(same.encode("utf-8", "surrogatepass")).digest()[0] % FOLDS
