"""Group rows of a space: what many looks at a part of the texts agree on gives the centres.

One look (Ward's tree on some texts, then Lloyd's rounds) changes much when a few texts are left
out. So there are many, each at texts chosen by their hash, and the centres that they found are
grouped in turn (bagged clustering, Leisch 1999). No step uses chance: any seed gives the same.
"""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, ward
from scipy.spatial.distance import squareform

from analysis.space import Matrix, Rows, unit

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
        links = _ward(rows) if len(rows) > 1 else None
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
        apart = np.clip(1 - self._rows @ self._rows.T, 0, 2)
        np.fill_diagonal(apart, 0)
        for count in range(low, high + 1):
            labels = self.labels(count)
            inside = np.flatnonzero(labels >= 0)
            _, groups = np.unique(labels[inside], return_inverse=True)
            if 2 <= groups.max(initial=0) + 1 < len(inside):
                near = apart if len(inside) == len(labels) else apart[np.ix_(inside, inside)]
                scores[count] = round(silhouette(near, groups), 6)
        return max(scores, key=lambda count: (scores[count], -count)) if scores else low


def silhouette(apart: Matrix, groups: Labels) -> float:
    """Return the mean silhouette of rows with such distances in groups 0, 1 … (Rousseeuw 1987).

    For a row a is its mean distance from the others of its group and b that from the rows of the
    next nearest group: (b - a) / max(a, b); a row alone in its group counts 0.
    """
    sizes = np.bincount(groups)
    inside = np.zeros((len(groups), len(sizes)))
    inside[np.arange(len(groups)), groups] = 1
    sums = apart @ inside
    own = sums[np.arange(len(groups)), groups] / np.maximum(sizes[groups] - 1, 1)
    means = np.where(inside == 1, np.inf, sums / sizes)
    other = means.min(axis=1)
    found = (other - own) / np.maximum(np.maximum(own, other), 1e-12)
    return float(np.where(sizes[groups] > 1, found, 0.0).mean())


def _ward(rows: Matrix) -> Matrix:
    """Return the links of Ward's tree over two rows or more (Ward 1963)."""
    products = rows @ rows.T
    lengths = np.diag(products)
    squares = np.maximum(lengths[:, None] + lengths - 2 * products, 0)
    # The last digits of a distance depend on how numbers lie in memory, and would settle ties.
    links: Matrix = ward(np.sqrt(np.round(squareform(squares, checks=False), DIGITS)))
    return links


def auto_bounds(texts: int, share: float = 1.0) -> tuple[int, int]:
    """Return the least and the greatest number of themes looked at for so many texts.

    About the square root of the number of texts, at most 24 (a quarter fewer or more); `share` is
    the part of them in one language, which gets that part of the themes. 60 texts: 6 to 10; 1,000
    and more: 18 to 30. More themes than that are not read, fewer hide voices.
    """
    middle = min(texts**0.5, 24) * share
    low = max(1, round(0.75 * middle))
    return low, min(MOST_THEMES, max(low, round(1.25 * middle)))


def looks(
    rows: Rows,
    copies: Matrix,
    keys: Sequence[str],
    count: int,
    *,
    number: int,
    size: int,
    tell: Callable[[int, int], None],
) -> list[Matrix]:
    """Return the centres found by each of `number` looks at up to `size` rows.

    Look b takes the rows whose key, hashed together with b, comes first: at most six in ten, so
    that each look leaves texts out. A text left out of the whole changes few of them.
    """
    most = min(size, max(count, int(0.6 * len(rows))))
    found = []
    for look in range(number):
        tell(look, number)
        chosen = sample_of([f"{look} {key}" for key in keys], most)
        part, weights = rows[chosen].astype(np.float64), copies[chosen]
        centres = _centres(part, weights, fcluster(_ward(part), count, "maxclust"))
        found.append(settle(part, weights, centres, most_rounds=100))
    return found


def agreed(found: Sequence[Matrix], count: int) -> Matrix:
    """Return `count` centres on which several looks agree: Ward's tree over all their centres."""
    every = np.vstack(found)
    return _centres(every, np.ones(len(every)), fcluster(_ward(every), count, "maxclust"))


def _centres(rows: Matrix, copies: Matrix, labels: NDArray[np.int32]) -> Matrix:
    """Return the weighted mean of each group, brought to length one."""
    return unit(
        np.array([copies[labels == one] @ rows[labels == one] for one in np.unique(labels)])
    )


def came_again(rows: Rows, copies: Matrix, labels: Labels, found: Sequence[Matrix]) -> list[int]:
    """Count for each group the looks in which it came out again.

    It did where some group of the look has more than half of what the two hold together (Jaccard
    index above ½, Hennig 2007), all rows being given to the nearest centre.
    """
    number = int(labels.max()) + 1 if len(labels) else 0
    inside = labels >= 0
    sizes = np.bincount(labels[inside], weights=copies[inside], minlength=number)
    again = np.zeros(number, dtype=int)
    for centres in found:
        other = nearest(rows, centres)
        both = np.zeros((number, len(centres)))
        np.add.at(both, (labels[inside], other[inside]), copies[inside])
        theirs = np.bincount(other[inside], weights=copies[inside], minlength=len(centres))
        jaccard = both / np.maximum(sizes[:, None] + theirs - both, 1e-9)
        again += jaccard.max(axis=1) > 0.5
    return [int(count) for count in again]


def nearest(rows: Rows, centres: Matrix) -> Labels:
    """Return the nearest centre of each row; of two as near, the first."""
    labels: Labels = np.argmax(np.round(rows @ centres.T.astype(rows.dtype), 5), axis=1)
    return labels


def settle(rows: Matrix, copies: Matrix, centres: Matrix, *, most_rounds: int) -> Matrix:
    """Move each centre to the mean of the rows nearest to it until none changes (Lloyd 1982)."""
    before: Labels | None = None
    for _ in range(most_rounds):
        mine = np.argmax(np.round(rows @ centres.T, DIGITS), axis=1)
        if before is not None and np.array_equal(before, mine):
            break
        before = mine
        table = sparse.csr_matrix((copies, (mine, np.arange(len(rows)))), (len(centres), len(rows)))
        moved = np.asarray(table @ rows)
        empty = np.bincount(mine, minlength=len(centres)) == 0
        moved[empty] = centres[empty]
        centres = unit(moved)
    return centres


def likeness(rows: Rows, copies: Matrix, labels: Labels, number: int) -> Matrix:
    """Return how near each row is to the others of its group (-1: it has no group or no words).

    A row takes part in its own centre, which in a small group makes it look near; so it is compared
    with the sum S of the group less itself: (S·x - 1) / |S - x|, rows x being of length one.
    """
    near = np.full(len(rows), -1.0)
    known = rows.any(axis=1) & (labels >= 0)
    for group in range(number):
        mine = np.flatnonzero((labels == group) & known)
        part = rows[mine].astype(np.float64)
        total = copies[mine] @ part
        along = part @ total
        others = np.sqrt(np.maximum(total @ total - 2 * along + 1, 1e-12))
        near[mine] = np.round((along - 1) / others, 6)
    return near
