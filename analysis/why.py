"""Say why a passage stands under a theme: which words drew it, what it is like, where else it fits.

Two ways of looking, both shown: the theme's typical words that stand in the passage, and, where
sentence vectors know the language, the words without which it would be less like the theme. It is
an answer about the machine's reasons, not about what the teller meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis import tokens
from analysis.space import unit
from analysis.vector_cache import VectorCache

MOST_WORDS = 5
MOST_TRIED = 60
"""Words of a passage that are left out in turn; a longer passage is tried so far."""

MOST_READ = 100
"""Passages of a theme that are looked at; they come with the most typical first."""

CLOSE = 0.05
"""Where another theme is no further than this from the nearest, the passage could go to both."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Why a passage stands under a theme.

    `shared` are typical words of the theme that stand in it, `pulling` the words whose loss lowers
    the likeness most; both as written. `alike` has the indexes of the theme's other passages that
    are most like it. `likeness` is the cosine with the middle of those others, `nearest` the other
    theme that is most like it with its cosine; they are None where vectors say nothing.
    """

    shared: tuple[str, ...]
    pulling: tuple[str, ...]
    alike: tuple[int, ...]
    likeness: float | None = None
    nearest: tuple[int, float] | None = None

    @property
    def could_go_elsewhere(self) -> bool:
        """Say whether another theme is as near, or all but."""
        if self.likeness is None or self.nearest is None:
            return False
        return self.nearest[1] > self.likeness - CLOSE


def drawn(
    passage: str,
    language: str | None,
    *,
    words: Sequence[str],
    others: Sequence[str],
    elsewhere: Mapping[int, Sequence[str]] | None = None,
    vectors: VectorCache | None = None,
) -> Drawn:
    """Say why `passage` stands under the theme of `words` and of the passages `others`.

    `elsewhere` has the passages of other themes. Without `vectors`, or in a language that they do
    not know, words alone are compared.
    """
    own = list(tokens.words(passage, language))
    typical = {lemma for word in words for lemma in (word.lower(), *_lemmas(word, language))}
    said = dict.fromkeys(
        word.form for word in own if word.lemma in typical or word.form.lower() in typical
    )
    shared = tuple(said)[:MOST_WORDS]
    if vectors is None or language is None or not vectors.knows(language) or not passage.strip():
        return Drawn(shared, (), _alike_by_words({one.lemma for one in own}, others, language))
    with threadpool_limits(1):
        return _by_vectors(passage, own, shared, others[:MOST_READ], elsewhere or {}, vectors)


def _by_vectors(
    passage: str,
    own: Sequence[tokens.Word],
    shared: tuple[str, ...],
    others: Sequence[str],
    elsewhere: Mapping[int, Sequence[str]],
    vectors: VectorCache,
) -> Drawn:
    forms = list(dict.fromkeys(word.form for word in own))[:MOST_TRIED]
    without = [passage, *(passage.replace(form, " ") for form in forms)]
    rows = unit(vectors.passing(without).astype(np.float64))
    if not others:
        return Drawn(shared, (), ())
    read = vectors.vectors(others).astype(np.float64)
    likeness = np.round(rows @ _middle(read), 6)
    loss = likeness[0] - likeness[1:]
    order = [place for place in np.argsort(-loss, kind="stable").tolist() if loss[place] > 0]
    near = np.round(read @ rows[0], 6)
    alike = [
        place
        for place in np.argsort(-near, kind="stable").tolist()
        if others[place].strip() != passage.strip()
    ]
    found = {
        key: round(float(rows[0] @ _middle(vectors.vectors(held[:MOST_READ]))), 6)
        for key, held in sorted(elsewhere.items())
        if held
    }
    nearest = max(found, key=lambda key: found[key], default=None)
    return Drawn(
        shared,
        tuple(forms[place] for place in order[:MOST_WORDS]),
        tuple(alike[:3]),
        float(likeness[0]),
        None if nearest is None else (nearest, found[nearest]),
    )


def _middle(rows: NDArray[np.floating]) -> Matrix:
    """Return the direction that these rows have in common."""
    middle: Matrix = unit(rows.astype(np.float64).mean(axis=0, keepdims=True))[0]
    return middle


def _lemmas(word: str, language: str | None) -> list[str]:
    return [one.lemma for one in tokens.words(word, language)]


def _alike_by_words(own: set[str], others: Sequence[str], language: str | None) -> tuple[int, ...]:
    """Return the passages that share most words with this one, by Jaccard's index."""
    scores = []
    for place, other in enumerate(others[:MOST_READ]):
        theirs = {word.lemma for word in tokens.words(other, language)}
        if own & theirs and own != theirs:
            scores.append((-len(own & theirs) / len(own | theirs), place))
    return tuple(place for _, place in sorted(scores)[:3])
