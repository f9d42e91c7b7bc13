"""Find what is typical of a theme: words as people wrote them."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from analysis.tokens import Word

TextForms = Mapping[str, str]
"""The words of one text: a form as written, without capitals, and its lemma."""


def forms_of(words: Iterable[Word]) -> tuple[dict[str, str], set[str]]:
    """Return the lower-case forms of a text with their lemmas, and the forms that had capitals."""
    lowered: dict[str, str] = {}
    capitals: set[str] = set()
    for word in words:
        form = word.form.lower()
        lowered[form] = word.lemma
        if word.form != form:
            capitals.add(word.form)
    return lowered, capitals


def typical_words(
    inside: Sequence[TextForms],
    everywhere: Counter[str],
    total: int,
    *,
    most: int,
    fewest_texts: int,
) -> tuple[str, ...]:
    """Return the words most typical of the texts `inside`, one form for each lemma.

    `everywhere` counts the texts of all `total` texts that hold a lemma. A lemma in a of n texts
    inside and b of m texts outside scores (a / n) · ln(((a + ½) / (n + 1)) / ((b + ½) / (m + 1))):
    used by many here, by few elsewhere. Where there is no outside, a / n decides. The form shown
    is the one in most texts, and must be in at least `fewest_texts` of those inside.
    """
    in_texts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for text in inside:
        for lemma in set(text.values()):
            in_texts[lemma] += 1
        for form, lemma in text.items():
            forms.setdefault(lemma, Counter())[form] += 1
    here = len(inside)
    elsewhere = total - here
    scored: list[tuple[float, str]] = []
    for lemma, count in in_texts.items():
        form, texts = min(forms[lemma].items(), key=lambda item: (-item[1], item[0]))
        if texts < fewest_texts:
            continue
        score = count / here
        if elsewhere:
            outside = everywhere[lemma] - count
            ratio = ((count + 0.5) / (here + 1)) / ((outside + 0.5) / (elsewhere + 1))
            score *= math.log(ratio)
        scored.append((round(score, 9), form))
    scored.sort(key=lambda item: (-item[0], item[1]))
    chosen: list[str] = []
    for _, form in scored:
        if form not in chosen:
            chosen.append(form)
        if len(chosen) == most:
            break
    return tuple(chosen)


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
