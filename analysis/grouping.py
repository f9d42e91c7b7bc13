"""Group rows of a space: Ward's tree gives the centres, Lloyd's rounds settle them."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, ward
from scipy.spatial.distance import pdist
from sklearn.metrics import silhouette_score

from analysis.space import Matrix, unit

Labels = NDArray[np.intp]

DIGITS = 9
"""Digits after the point that count where distances and likenesses are compared."""

MOST_THEMES = 30
"""More themes than this are more than people can name in a meeting."""

MOST_CUTS = 400
"""Finest cut of the tree that is looked at."""


def sample_of(keys: Sequence[str], size: int) -> list[int]:
    """Choose up to `size` rows by the hash of their key: no luck, and no order of telling."""
    order = sorted(range(len(keys)), key=lambda row: hashlib.sha256(keys[row].encode()).digest())
    return sorted(order[:size])


class Tree:
    """Ward's tree (Ward 1963) over a sample of rows; each weighs as many texts as it stands for."""

    def __init__(self, rows: Matrix, copies: NDArray[np.float64], *, fewest: int) -> None:
        self._rows = rows
        self._copies = copies
        finest = min(len(rows), MOST_CUTS)
        # The last digits of a distance depend on how numbers lie in memory, and would settle ties.
        links = ward(np.round(pdist(rows), DIGITS)) if len(rows) > 1 else None
        self._cuts: list[Labels] = []
        self._real: list[int] = []
        for count in range(1, finest + 1):
            labels = (
                np.zeros(len(rows), dtype=np.intp)
                if links is None
                else fcluster(links, count, "maxclust").astype(np.intp) - 1
            )
            self._cuts.append(labels)
            self._real.append(int((np.bincount(labels, weights=copies) >= fewest).sum()))
        self._fewest = fewest

    def labels(self, count: int) -> Labels:
        """Return the coarsest cut with `count` groups large enough to be themes (-1: too small).

        Where the tree has no such cut, the one with the most such groups up to `count`.
        """
        exact = [cut for cut, real in enumerate(self._real) if real == count]
        best = (
            exact[0]
            if exact
            else max(
                range(len(self._real)),
                key=lambda cut: (self._real[cut] if self._real[cut] <= count else -1, -cut),
            )
        )
        labels = self._cuts[best].copy()
        small = np.bincount(labels, weights=self._copies) < self._fewest
        labels[small[labels]] = -1
        return labels

    def centres(self, count: int) -> Matrix:
        """Return the centres of the groups of `labels(count)`, each of length one."""
        labels = self.labels(count)
        found = sorted(set(labels.tolist()) - {-1})
        return unit(
            np.array(
                [
                    (self._rows[labels == group] * self._copies[labels == group, None]).sum(axis=0)
                    for group in found
                ]
            ).reshape(len(found), self._rows.shape[1])
        )

    def best_count(self, low: int, high: int) -> int:
        """Return the number of groups from `low` to `high` whose mean silhouette is highest.

        Silhouette after Rousseeuw (1987) with cosine distance, on the rows that are in a group;
        the smaller number where two are equal.
        """
        scores: dict[int, float] = {}
        for count in range(low, high + 1):
            labels = self.labels(count)
            inside = labels >= 0
            groups = len(set(labels[inside].tolist()))
            if 2 <= groups < int(inside.sum()):
                scores[count] = round(
                    float(silhouette_score(self._rows[inside], labels[inside], metric="cosine")), 6
                )
        return max(scores, key=lambda count: (scores[count], -count)) if scores else low


def auto_bounds(texts: int, share: float = 1.0) -> tuple[int, int]:
    """Return the least and the greatest number of themes looked at for so many texts.

    About the square root of the number of texts, at most 24 (a quarter fewer or more); `share` is
    the part of them in one language, which gets that part of the themes. 60 texts: 6 to 10; 1,000
    and more: 18 to 30. More themes than that are not read, fewer hide voices.
    """
    middle = min(texts**0.5, 24) * share
    low = max(1, round(0.75 * middle))
    return low, min(MOST_THEMES, max(low, round(1.25 * middle)))


def settle(
    rows: Matrix, copies: NDArray[np.float64], centres: Matrix, *, most_rounds: int
) -> Matrix:
    """Move each centre to the mean of the rows nearest to it until none changes (Lloyd 1982)."""
    before: Labels | None = None
    for _ in range(most_rounds):
        nearest = np.argmax(np.round(rows @ centres.T, DIGITS), axis=1)
        if before is not None and np.array_equal(before, nearest):
            break
        before = nearest
        moved = centres.copy()
        for group in range(len(centres)):
            mine = nearest == group
            if mine.any():
                moved[group] = copies[mine] @ rows[mine]
        centres = unit(moved)
    return centres


def members(rows: Matrix, centres: Matrix, *, near: float) -> list[list[int]]:
    """Return the rows of each centre: those nearest to it and near enough to the others there.

    A row takes part in its own centre, which in a small group makes it look near; so it is compared
    with the sum S of the group less itself: (S·x - 1) / |S - x|, rows x being of length one.
    """
    nearest = np.argmax(np.round(rows @ centres.T, DIGITS), axis=1)
    known = rows.any(axis=1)
    groups: list[list[int]] = []
    for group in range(len(centres)):
        mine = np.flatnonzero((nearest == group) & known)
        total = rows[mine].sum(axis=0)
        along = rows[mine] @ total
        others = np.sqrt(np.maximum(total @ total - 2 * along + 1, 1e-12))
        groups.append(mine[np.round((along - 1) / others, 9) >= near].tolist())
    return groups
