"""From which score a code is given: before any reading, with a few, with hundreds.

Tried on comments with one to three of 9 to 44 labels each: agreement with people rose most where
there were fewer than 20 readings, and rare codes came out oftener at no cost.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from analysis import learning

Matrix = NDArray[np.float64]

LEAST = 0.08
"""Least score at which a code is suggested before any reading: below it nothing is alike."""

BESIDE = 0.75
"""Before any reading a text gets its best code, and others from this part of its score."""

AT_MOST = 3
"""Codes suggested for a text before any reading, and as many more as sentences are about."""

SENTENCE = 0.45
"""A sentence adds the code it is most like from this part of the score of the text's best code."""

FEWEST = 5
"""Readings from which the number of codes that people give says how many to suggest."""

USUALLY = 1.5
"""Codes a text is taken to have before any reading; it weighs as much as `FEWEST` readings."""

MORE = 1.25
"""How many times as many codes are suggested as people give: passing one over is worse."""

FEWEST_TO_JUDGE = 20
"""Readings below which nobody can say how good the suggestions are."""


def before_reading(scores: Matrix, sentences: Iterable[tuple[int, Matrix]]) -> NDArray[np.bool_]:
    """Say which codes each text gets by likeness alone.

    `scores` are those of whole texts, each code by its best sentence; `sentences` are the places
    of texts with several, each with the scores of its sentences.
    """
    if not scores.size:
        return np.zeros(scores.shape, dtype=bool)
    highest = scores.max(axis=1, keepdims=True)
    given: NDArray[np.bool_] = scores >= np.maximum(LEAST, BESIDE * highest)
    if scores.shape[1] > AT_MOST:
        given &= scores >= np.sort(scores, axis=1)[:, [-AT_MOST]]
    for text, rows in sentences:
        best = rows.argmax(axis=1)
        own = rows[np.arange(len(rows)), best] >= max(LEAST, SENTENCE * float(highest[text, 0]))
        given[text, best[own]] = True
    return given


def lowest(scores: Matrix, left_out: Matrix, answers: Matrix) -> Matrix:
    """Return for each code the score from which it is given.

    `scores` are those of all texts, `left_out` those of the texts that were read, each had it been
    left out, and `answers` what people gave them. Two views are brought together: the score at
    which texts get `MORE` times as many codes as people give, which a few readings tell, and the
    one that agrees best with the readings, which takes `FEWEST_TO_JUDGE`. A code that people give
    oftener than that would is met half way.
    """
    number = len(answers)
    usual = (answers.sum() + USUALLY * FEWEST) / (number + FEWEST)
    common = _from_above(scores.ravel(), MORE * usual * len(scores))
    if number >= FEWEST_TO_JUDGE:
        common = (common + learning.best_threshold(left_out, answers)) / 2
    given = (scores >= common).mean(axis=0)
    share = (answers.sum(axis=0) + FEWEST * given) / (number + FEWEST)
    own = [
        _from_above(column, len(scores) * part)
        for column, part in zip(scores.T, share, strict=True)
    ]
    found: Matrix = np.minimum(common, (common + np.array(own)) / 2)
    return found


def _from_above(scores: Matrix, number: float) -> float:
    """Return the score that about so many reach."""
    place = min(max(int(number), 0), len(scores) - 1)
    return float(np.partition(scores, len(scores) - 1 - place)[len(scores) - 1 - place])
