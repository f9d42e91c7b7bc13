"""Place texts in a space in which nearness means likeness: by their words, by vectors, or both.

Everything is learned from a sample of at most so many texts and then laid on all of them in parts,
so that time grows with the number of texts and memory stays bounded. Rows are of length one; a
text of which nothing is known is a row of zeros.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from analysis.reading import Numbers, Reading

Matrix = NDArray[np.float64]
Rows = NDArray[np.float32]

_Real = TypeVar("_Real", np.float32, np.float64)

SMALL = 300
"""Up to so many texts or terms an exact decomposition is quicker than a sparse one."""

PART = 20_000
"""Rows that are worked on at once."""

VECTORS_PART = 4_000
"""Sentence vectors that are worked on at once, in double precision: 16 MB."""

FEW = 5.0
"""Texts' worth that the mean of all languages weighs in the mean of each."""


class WordSpace:
    """A space learned from the words of some texts: TF-IDF, then latent semantic analysis.

    `copies[i]` says how many people wrote text i. Terms are lemmas and pairs of neighbours. Weights
    are (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1), rows of length one (Salton & Buckley 1988; the
    smoothed form of scikit-learn), then LSA (Deerwester et al. 1990), rows of length one again.
    """

    def __init__(
        self,
        reading: Reading,
        copies: Matrix,
        sample: Numbers,
        *,
        dimensions: int = 100,
        most_terms: int = 50_000,
        fewest_texts: int = 2,
    ) -> None:
        self._reading = reading
        coded, texts = _terms(reading, sample)
        pairs = np.unique(np.stack([coded, texts]), axis=1)
        terms, which = np.unique(pairs[0], return_inverse=True)
        held = np.bincount(which, weights=copies[sample][pairs[1]], minlength=len(terms))
        order = np.lexsort((terms, -held))
        order = np.sort(order[: min(most_terms, int((held >= fewest_texts).sum()))])
        self._terms = terms[order]
        total = float(copies[sample].sum())
        self._idf = np.log((1 + total) / (1 + held[order])) + 1
        weighted = self._weighted(sample)
        kept = min(dimensions, weighted.shape[0] - 1, weighted.shape[1] - 1)
        self._directions = _directions(weighted, kept) if kept >= 2 else None

    def place(self) -> Rows:
        """Return a row for each text of the reading."""
        rows = [
            self._placed(self._weighted(np.arange(start, min(start + PART, len(self._reading)))))
            for start in range(0, len(self._reading), PART)
        ]
        return np.vstack(rows) if rows else np.zeros((0, 1), dtype=np.float32)

    def _weighted(self, which: Numbers) -> sparse.csr_matrix:
        """Return the TF-IDF of some texts, one row a text, each of length one."""
        coded, texts = _terms(self._reading, which)
        column = np.searchsorted(self._terms, coded)
        column[column == len(self._terms)] = 0
        known = self._terms[column] == coded if len(self._terms) else np.zeros(len(coded), bool)
        table = sparse.csr_matrix(
            (np.ones(int(known.sum())), (texts[known], column[known])),
            shape=(len(which), len(self._terms)),
        )
        table.sum_duplicates()
        table.data = (1 + np.log(table.data)) * self._idf[table.indices]
        lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        return (sparse.diags_array(scale) @ table).tocsr()

    def _placed(self, weighted: sparse.csr_matrix) -> Rows:
        """Turn TF-IDF rows into rows of the space."""
        if self._directions is not None:
            return unit(np.asarray(weighted @ self._directions, dtype=np.float32))
        # Too few texts or terms for LSA: the words themselves are the space.
        if not weighted.shape[1]:
            return np.zeros((weighted.shape[0], 1), dtype=np.float32)
        return unit(weighted.toarray().astype(np.float32))


def _directions(weighted: sparse.csr_matrix, kept: int) -> Matrix:
    """Return the `kept` right singular vectors of the largest singular values, as columns."""
    if min(weighted.shape) <= SMALL:
        _, sizes, found = np.linalg.svd(weighted.toarray(), full_matrices=False)
        sizes, found = sizes[:kept], found[:kept]
    else:
        # ARPACK works to machine precision, so that its fixed start does not show.
        _, sizes, found = svds(weighted, k=kept, v0=np.ones(min(weighted.shape)))
    directions: Matrix = found[sizes > 1e-6].T
    return directions


def _terms(reading: Reading, which: Numbers) -> tuple[Numbers, Numbers]:
    """Return the terms of some texts as numbers, and beside each the place of its text in `which`.

    A lemma l is l, a pair (a, b) is (a + 1) · n + b with n the number of lemmas.
    """
    starts, ends = reading.starts[which], reading.starts[which + 1]
    lengths = ends - starts
    texts = np.repeat(np.arange(len(which)), lengths)
    offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    lemmas = reading.lemma_of[reading.form_ids[np.repeat(starts, lengths) + offsets]]
    paired = texts[1:] == texts[:-1]
    pairs = (lemmas[:-1][paired] + 1) * len(reading.lemmas) + lemmas[1:][paired]
    return np.concatenate([lemmas, pairs]), np.concatenate([texts, texts[1:][paired]])


class VectorSpace:
    """Sentence vectors made comparable: less what all have in common, in fewer directions.

    The mean of each language is taken away, which brings the same thing said in two languages
    nearer; principal components keep the directions in which people differ, each scaled by its
    spread to the power -`whiten`, so that the loudest subject does not drown the rest.
    """

    def __init__(
        self,
        vectors: Rows,
        languages: Sequence[str],
        copies: Matrix,
        sample: Numbers,
        *,
        dimensions: int = 50,
        whiten: float = 0.5,
    ) -> None:
        spoken = np.array([languages[place] for place in sample])
        weights = copies[sample]
        sums = {code: np.zeros(vectors.shape[1]) for code in sorted(set(spoken.tolist()))}
        for part, rows in _in_parts(vectors, sample):
            for code in sums:
                mine = spoken[part] == code
                sums[code] += weights[part][mine] @ rows[mine]
        # the mean of a language of few texts leans on the mean of all
        self._all = np.sum(list(sums.values()), axis=0) / weights.sum()
        self._mean = {
            code: (total + FEW * self._all) / (weights[spoken == code].sum() + FEW)
            for code, total in sums.items()
        }
        together = np.zeros((vectors.shape[1], vectors.shape[1]))
        for part, rows in _in_parts(vectors, sample):
            rows -= np.array([self._mean[code] for code in spoken[part]])
            together += (rows * weights[part, None]).T @ rows
        spread, directions = np.linalg.eigh(together)
        # of few texts each is a direction of its own, and scaling would make all equally far apart
        kept = min(dimensions, len(sample) - 1)
        whiten *= min(1.0, len(sample) / (20 * dimensions))
        spread = np.sqrt(np.maximum(spread[::-1][:kept], 0))
        self._directions = directions[:, ::-1][:, :kept] * np.where(
            spread > 1e-6, np.maximum(spread, 1e-6) ** -whiten, 0.0
        )

    def place(self, vectors: Rows, languages: Sequence[str]) -> Rows:
        """Return a row for each vector; a vector of zeros becomes a row of zeros."""
        placed = np.zeros((len(vectors), self._directions.shape[1]), dtype=np.float32)
        for part, rows in _in_parts(vectors, np.arange(len(vectors))):
            known = rows.any(axis=1)
            rows -= np.array([self._mean.get(code, self._all) for code in languages[part]])
            rows[~known] = 0
            placed[part] = unit(rows @ self._directions)
        return placed


def _in_parts(vectors: Rows, which: Numbers) -> Iterator[tuple[slice, Matrix]]:
    """Yield some rows in double precision, a part at a time, and where in `which` the part is."""
    for start in range(0, len(which), VECTORS_PART):
        part = slice(start, min(start + VECTORS_PART, len(which)))
        yield part, vectors[which[part]].astype(np.float64)


def joined(first: Rows, second: Rows, *, weight: float) -> Rows:
    """Lay two spaces side by side, the second with `weight`."""
    return unit(np.hstack([first, np.float32(weight) * second]))


def unit(rows: NDArray[_Real]) -> NDArray[_Real]:
    """Bring each row to length one; a row of zeros (or next to it) becomes zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(lengths > 1e-6, rows / np.maximum(lengths, 1e-6), 0).astype(rows.dtype)
