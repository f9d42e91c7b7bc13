"""Place texts in a space in which nearness means shared words: TF-IDF, then LSA.

This is the part to replace when sentence vectors come: whatever gives each text a row of length
one, and can place a passage among them, can take the place of `WordSpace`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

Matrix = NDArray[np.float64]


def terms(lemmas: Sequence[str]) -> Iterator[str]:
    """Yield the words of a text and each pair of neighbours."""
    return chain(lemmas, (f"{first} {second}" for first, second in pairwise(lemmas)))


class WordSpace:
    """A space learned from texts that are given as lists of lemmas.

    `copies[i]` says how many people wrote text i, so that equal texts are held once.
    Weights are (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1), rows of length one (Salton & Buckley
    1988; the smoothed form of scikit-learn), then latent semantic analysis (Deerwester et al.
    1990), rows brought to length one again. A text without a known term is a row of zeros.
    """

    def __init__(
        self,
        lemmas: Sequence[Sequence[str]],
        copies: Sequence[int],
        *,
        dimensions: int = 100,
        most_terms: int = 50_000,
        fewest_texts: int = 2,
        seed: int = 0,
    ) -> None:
        frequency: Counter[str] = Counter()
        for text, count in zip(lemmas, copies, strict=True):
            for term in set(terms(text)):
                frequency[term] += count
        wide = [(term, df) for term, df in frequency.items() if df >= fewest_texts]
        wide.sort(key=lambda item: (-item[1], item[0]))
        del wide[most_terms:]
        wide.sort()
        self._column = {term: column for column, (term, _) in enumerate(wide)}
        total = sum(copies)
        self._idf = np.log((1 + total) / (1 + np.array([df for _, df in wide], dtype=float))) + 1
        self._svd: TruncatedSVD | None = None
        weighted = self._weighted(lemmas)
        kept = min(dimensions, weighted.shape[0] - 1, weighted.shape[1] - 1)
        if kept >= 2:
            # ARPACK works to machine precision, so that its random start does not show.
            self._svd = TruncatedSVD(kept, algorithm="arpack", random_state=seed)
            self._svd.fit(weighted)
        self.rows = self._placed(weighted)

    def place(self, lemmas: Sequence[Sequence[str]]) -> Matrix:
        """Return a row of length one (or zeros) for each new text or passage."""
        return self._placed(self._weighted(lemmas))

    def _weighted(self, lemmas: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the TF-IDF matrix, one row a text, each of length one."""
        indptr, indices, data = [0], [], []
        for text in lemmas:
            counts = Counter(self._column[term] for term in terms(text) if term in self._column)
            columns = sorted(counts)
            values = (1 + np.log([counts[column] for column in columns])) * self._idf[columns]
            indices.extend(columns)
            data.extend((values / (np.linalg.norm(values) or 1)).tolist())
            indptr.append(len(indices))
        return sparse.csr_matrix(
            (np.array(data, dtype=float), np.array(indices, dtype=np.int32), indptr),
            shape=(len(lemmas), len(self._column)),
        )

    def _placed(self, weighted: sparse.csr_matrix) -> Matrix:
        """Turn TF-IDF rows into rows of the space."""
        if self._svd is not None:
            return unit(np.asarray(self._svd.transform(weighted), dtype=float))
        # Too few texts or terms for LSA: the words themselves are the space.
        return unit(weighted.toarray()) if weighted.shape[1] else np.zeros((weighted.shape[0], 1))


def unit(rows: Matrix) -> Matrix:
    """Bring each row to length one; a row of zeros (or next to it) becomes zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(lengths > 1e-9, rows / np.maximum(lengths, 1e-9), 0.0)


def distinct(texts: Iterable[Sequence[str]]) -> tuple[list[Sequence[str]], list[int]]:
    """Return the different texts in order of first use, and for each text which one it is."""
    places: dict[tuple[str, ...], int] = {}
    which = [places.setdefault(tuple(text), len(places)) for text in texts]
    return list(places), which
