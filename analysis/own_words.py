"""How like texts are to a codebook's own words: to a code's mean, to its nearest sentence, and in
what sets it apart from the others."""

import numpy as np
from numpy.typing import NDArray

from analysis import learning
from analysis.space import unit

Matrix = NDArray[np.float64]

APART = 0.4
"""Part of likeness that goes by what sets a code apart from the others, not by what it is like."""

PENALTY_APART = 3.0
"""λ for that: a codebook has few sentences of each code."""


class OwnWords:
    """The sentences of a codebook as rows of a space; `belongs` is the place of each one's code.

    `texts` are the rows of the texts: what sets codes apart is brought to the spread that likeness
    has on them.
    """

    def __init__(self, rows: Matrix, belongs: NDArray[np.int_], codes: int, texts: Matrix) -> None:
        self._rows = rows
        self._belongs = belongs
        self._codes = codes
        self._apart = np.zeros((rows.shape[1], codes))
        self._apart = self._set_apart(texts)

    def _set_apart(self, texts: Matrix) -> Matrix:
        """Learn from the sentences what sets each code apart from the others."""
        if self._codes < 2:
            return self._apart
        belongs = np.zeros((len(self._belongs), self._codes))
        belongs[np.arange(len(self._belongs)), self._belongs] = 1
        found = learning.learn(self._rows, belongs, penalty=PENALTY_APART).weights
        spread = float((texts @ found).std()) if len(texts) else 0.0
        if spread < 1e-9:
            return self._apart
        weighed: Matrix = found * (APART * float(self.likeness(texts).std()) / spread)
        return weighed

    def likeness(self, rows: Matrix) -> Matrix:
        """Return how like each row is to each code (about 0 to 1)."""
        near = rows @ self._rows.T
        scores = np.zeros((len(rows), self._codes))
        for place in range(self._codes):
            mine = self._belongs == place
            mean = unit(self._rows[mine].mean(axis=0, keepdims=True))
            scores[:, place] = 0.5 * (rows @ mean.T).ravel() + 0.5 * near[:, mine].max(axis=1)
        if self._apart.any():
            scores = (1 - APART) * scores + rows @ self._apart
        return scores
