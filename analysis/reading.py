"""Read many texts as numbers: which words each of them uses, held in little memory.

Words repeat, so each form is held once with its lemma, and a text is a row of numbers. A million
short texts take about 100 MB.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis import tokens
from analysis.language import base
from analysis.reading_cache import ReadingCache
from analysis.typical import as_written

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """The words of some texts, in order.

    Text i uses the forms `form_ids[starts[i]:starts[i + 1]]` (lower-case, as people wrote them);
    `lemma_of[form]` is the number of a form's lemma. Numbers follow the alphabet, so that they do
    not depend on the order of the texts. `capitals` counts the texts that wrote a form with them.
    """

    starts: Numbers
    form_ids: Numbers
    forms: tuple[str, ...]
    lemmas: tuple[str, ...]
    lemma_of: Numbers
    capitals: Counter[str]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def uses(self) -> sparse.csr_matrix:
        """Return texts × forms: 1 where a text uses a form."""
        table = sparse.csr_matrix(
            (np.ones(len(self.form_ids), dtype=np.float32), self.form_ids, self.starts),
            shape=(len(self), len(self.forms)),
        )
        table.sum_duplicates()
        table.data[:] = 1
        return table

    def lemma_uses(self, uses: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return texts × lemmas: 1 where a text uses any form of a lemma."""
        join = sparse.csr_matrix(
            (
                np.ones(len(self.forms), dtype=np.float32),
                (np.arange(len(self.forms)), self.lemma_of),
            ),
            shape=(len(self.forms), len(self.lemmas)),
        )
        table = (uses @ join).tocsr()
        table.data[:] = 1
        return table

    def shown(self, form: int, uses: int) -> str:
        """Return a form with the capitals that people gave it; `uses` counts its texts."""
        word = self.forms[form]
        return as_written(word, self.capitals, Counter({word: uses}))


def read(
    texts: Sequence[str],
    languages: Sequence[str],
    *,
    tell: Callable[[int, int], None] | None = None,
    kept: ReadingCache | None = None,
) -> Reading:
    """Read each text in its language. The same word in two languages is two words.

    What `kept` knows is not read again.
    """
    numbers: dict[tuple[str, str], int] = {}
    lemma_at: list[str] = []
    capitals: Counter[str] = Counter()
    starts, found = array("q", [0]), array("q")
    for done, (text, language) in enumerate(zip(texts, languages, strict=True)):
        if tell is not None and done % 500 == 0:
            tell(done, len(texts))
        upper: set[str] = set()
        for written, lemma in _words(text, language, kept):
            form = written.lower()
            number = numbers.setdefault((form, language), len(numbers))
            if number == len(lemma_at):
                lemma_at.append(lemma)
            if form != written:
                upper.add(written)
            found.append(number)
        capitals.update(upper)
        starts.append(len(found))
    if tell is not None:
        tell(len(texts), len(texts))
    return _in_order(numbers, lemma_at, capitals, starts, found)


def _words(text: str, language: str, kept: ReadingCache | None) -> Iterable[tuple[str, str]]:
    """Yield the words of a text as people wrote them, each with its lemma."""
    if kept is None:
        for word in tokens.words(text, language):
            yield word.form, word.lemma
        return
    code = base(language)
    for stretch in tokens.stretches(text):
        yield from kept.words.get(f"{code} {stretch}", partial(_pairs, stretch, code))


def _pairs(stretch: str, language: str) -> list[tuple[str, str]]:
    return [(word.form, word.lemma) for word in tokens.words_of(stretch, language)]


def _in_order(
    numbers: dict[tuple[str, str], int],
    lemma_at: list[str],
    capitals: Counter[str],
    starts: "array[int]",
    found: "array[int]",
) -> Reading:
    """Give forms and lemmas their numbers by the alphabet."""
    order = sorted(numbers)
    place = np.zeros(len(order), dtype=np.int64)
    for new, key in enumerate(order):
        place[numbers[key]] = new
    keys = [(lemma_at[numbers[form, language]], language) for form, language in order]
    lemma_number = {key: number for number, key in enumerate(sorted(set(keys)))}
    return Reading(
        starts=np.array(starts, dtype=np.int64),
        form_ids=place[np.array(found, dtype=np.int64)] if len(found) else np.zeros(0, np.int64),
        forms=tuple(form for form, _ in order),
        lemmas=tuple(lemma for lemma, _ in lemma_number),
        lemma_of=np.array([lemma_number[key] for key in keys], dtype=np.int64),
        capitals=capitals,
    )
