"""Find what is typical of a theme: words as people wrote them."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


def typical_words(
    forms_inside: Counts,
    inside: Counts,
    everywhere: Counts,
    lemma_of: NDArray[np.int64],
    *,
    here: float,
    total: float,
    most: int,
    fewest_texts: int,
) -> list[tuple[int, float]]:
    """Return the forms most typical of some texts, one for each lemma, with their scores.

    `forms_inside` and `inside` count the texts inside that use each form and each lemma,
    `everywhere` those of all `total` texts; `here` texts are inside. A lemma in a of n texts inside
    and b of m outside scores (a / n) · ln(((a + ½) / (n + 1)) / ((b + ½) / (m + 1))): used by many
    here, by few elsewhere. Where there is no outside, a / n decides. The form shown is the one in
    most texts, and must be in at least `fewest_texts` of those inside.
    """
    if not here:
        return []
    score = inside / here
    elsewhere = total - here
    if elsewhere > 0:
        outside = np.maximum(everywhere - inside, 0)
        score = score * np.log(((inside + 0.5) / (here + 1)) / ((outside + 0.5) / (elsewhere + 1)))
    usable = np.flatnonzero(forms_inside >= fewest_texts)
    order = usable[np.lexsort((usable, -forms_inside[usable]))]
    _, first = np.unique(lemma_of[order], return_index=True)
    best = order[np.sort(first)]
    values = np.round(score[lemma_of[best]], 9)
    ranked = np.lexsort((best, -values))[:most]
    return [(int(best[place]), float(values[place])) for place in ranked]


def as_written(word: str, capitals: Counter[str], lowered: Counter[str]) -> str:
    """Return a word with the capitals that people gave it: `NHS`, `Ealing`, but `parking`.

    `capitals` counts forms with capitals; `lowered` counts all uses of a form without regard to
    them. Sentences begin with capitals too, so only a word that has them in nine of ten uses keeps
    them.
    """
    candidates = [(count, form) for form, count in capitals.items() if form.lower() == word]
    if not candidates:
        return word
    count, form = max(candidates)
    return form if count * 10 >= lowered[word] * 9 else word
