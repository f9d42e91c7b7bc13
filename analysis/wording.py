"""Say in people's own words what some of the texts are about, in each of their languages."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.reading import Reading
from analysis.settings import Settings
from analysis.space import Matrix
from analysis.typical import typical_words

if TYPE_CHECKING:
    from analysis.one_space import Different

#: A language is given words of its own in a theme from this share of the theme's texts.
SPEAKS_FROM = 0.2


class Wording:
    """The words of the texts of one space, counted in texts."""

    def __init__(
        self, reading: Reading, texts: Sequence["Different"], copies: Matrix, settings: Settings
    ) -> None:
        self._reading = reading
        self._copies = copies
        self._spoken = np.array([one.language for one in texts])
        self._settings = settings
        self._uses = reading.uses()[: len(texts)]
        self._form_texts = np.asarray(self._uses.sum(axis=0)).ravel()
        self._lemmas = reading.lemma_uses(self._uses)
        self._codes = sorted(set(self._spoken.tolist()))
        self._everywhere = {
            code: self._counted(self._lemmas, self._spoken == code) for code in self._codes
        }
        self._total = {code: float(copies[self._spoken == code].sum()) for code in self._codes}
        self._fewest = (
            settings.fewest_texts_a_word_from_100
            if copies.sum() >= 100
            else settings.fewest_texts_a_word
        )

    def languages(self, which: NDArray[np.bool_]) -> list[str]:
        """Return the languages of some texts, that of most texts first."""
        held = {code: self._copies[which & (self._spoken == code)].sum() for code in self._codes}
        return sorted((code for code in held if held[code]), key=lambda code: (-held[code], code))

    def words(self, which: NDArray[np.bool_]) -> tuple[str, ...]:
        """Return the typical words of some texts as people wrote them, most typical first.

        Each language that a fifth of the texts are in gets words by its share, at least one. None
        comes where no word is shared by enough texts.
        """
        here = float(self._copies[which].sum())
        chosen: list[str] = []
        for code in self.languages(which):
            mine = which & (self._spoken == code)
            share = float(self._copies[mine].sum()) / here
            if share < SPEAKS_FROM and chosen:
                continue
            most = max(1, round(self._settings.words * share))
            forms = self._counted(self._uses, mine)
            found = typical_words(
                forms,
                self._counted(self._lemmas, mine),
                self._everywhere[code],
                self._reading.lemma_of,
                here=float(self._copies[mine].sum()),
                total=self._total[code],
                most=most,
                fewest_texts=self._fewest,
            )
            chosen += [self._reading.shown(form, int(self._form_texts[form])) for form, _ in found]
        return tuple(dict.fromkeys(chosen))

    def _counted(self, table: sparse.csr_matrix, which: NDArray[np.bool_]) -> Matrix:
        counts: Matrix = np.asarray((self._copies * which) @ table, dtype=float)
        return counts
