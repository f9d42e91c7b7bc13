"""Suggest codes for texts: from the codebook's own words, and from each correction people make.

Building a `Suggester` reads the texts (vectors may come from a cache); `teach` takes well under two
seconds at 2,000 stories. A long text is scored sentence by sentence and the best sentence counts;
it is also the evidence that is shown.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis import giving, learning, passages, tokens
from analysis.codebook import Code, checked, descriptions
from analysis.columns import texts_of, values_of
from analysis.giving import FEWEST_TO_JUDGE
from analysis.judging import Quality, judge
from analysis.language import base, detect, surely
from analysis.own_words import OwnWords
from analysis.reading import read
from analysis.space import WordSpace, unit
from analysis.vector_cache import VectorCache

Matrix = NDArray[np.float64]

WORDS_WEIGHT = 0.5
CODEBOOK_WEIGHT = 0.5
"""How far likeness to a code's own words counts: a cosine of 1 is half a yes."""

CURVE = (10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000)
"""Readings learned from, for the learning curve."""

DRAWS = 20
"""Which readings are learned from decides much where they are few: the mean of so many draws."""

MOST_DRAWN_OFTEN = 200
"""With more readings than these one draw says as much."""

CODES_DRAWN_OFTEN = 30
"""With more codes a draw takes so much longer that there are fewer."""

MOST_SENTENCES = 100
MOST_WORDS_TRIED = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code for a text, drawn there by the passage `texts[index][start:end]`.

    `score` is about 0 to 1; `sure` is how far it lies above the score from which a code is given.
    """

    index: int
    code: str
    score: float
    sure: float
    start: int
    end: int


class Suggester:
    """The texts of an inquiry beside its codebook. `vectors` None means by words alone."""

    def __init__(
        self,
        codes: Sequence[Code],
        texts: Sequence[str],
        *,
        languages: Sequence[str | None] | None = None,
        vectors: VectorCache | None = None,
    ) -> None:
        self.codes = checked(codes)
        texts = texts_of(texts)
        self._texts: Sequence[str] = texts
        self._vectors = vectors
        self._readings: dict[int, frozenset[str]] = {}
        self._spans: list[list[passages.Span]] = []
        given = [None] * len(texts) if languages is None else values_of(languages)
        if len(given) != len(texts):
            raise ValueError(f"{len(texts)} texts came with {len(given)} languages: give one each.")
        spoken = [
            base(surely(text) or cast(str | None, code) or detect(text) or "en")
            for text, code in zip(texts, given, strict=True)
        ]
        rows_texts, rows_spoken = list(texts), list(spoken)
        #: row of the first sentence of each text that has several
        self._first: dict[int, int] = {}
        for index, text in enumerate(texts):
            spans = passages.split(text, language=spoken[index], longest=1)[:MOST_SENTENCES]
            self._spans.append(spans)
            if len(spans) > 1:
                self._first[index] = len(rows_texts)
                rows_texts += [text[span.start : span.end] for span in spans]
                rows_spoken += [spoken[index]] * len(spans)
        told = descriptions(self.codes)
        self._described = np.array([place for place, _ in told], dtype=int)
        start = len(rows_texts)
        rows_texts += [text for _, text in told]
        rows_spoken += [base(detect(text) or "en") for _, text in told]
        with threadpool_limits(1):
            every = self._placed(rows_texts, rows_spoken, len(texts))
            self._rows = every[:start]
            self._words = OwnWords(every[start:], self._described, len(self.codes), self._rows)
            self._own = self._words.likeness(self._rows)
            self._settle()

    def _placed(self, texts: list[str], spoken: list[str], whole: int) -> Matrix:
        """Return features of texts, sentences and the codebook's own sentences."""
        reading = read(texts, spoken)
        copies = np.ones(len(texts))
        words = WordSpace(reading, copies, np.arange(len(texts)), dimensions=100).place()
        if self._vectors is None:
            return words.astype(np.float64)
        vectors = self._vectors.vectors(texts).astype(np.float64)
        known = np.array([self._vectors.knows(code) for code in spoken])
        vectors[~known] = 0
        some = known[:whole].any()
        self._mean = vectors[:whole][known[:whole]].mean(axis=0) if some else np.zeros(1)
        vectors[known] = unit(vectors[known] - self._mean)
        return np.hstack([vectors, WORDS_WEIGHT * words])

    def teach(self, readings: Mapping[int, Collection[str]]) -> None:
        """Learn from all of people's readings so far: text -> the codes it has, perhaps none.

        It takes the place of what was taught before. Raise ValueError for an unknown text or code.
        """
        known = {one.code for one in self.codes}
        for index, codes in readings.items():
            if not 0 <= index < len(self._texts):
                raise ValueError(f"There is no text {index}.")
            if unknown := set(codes) - known:
                raise ValueError(f"{sorted(unknown)[0]!r} is not in the codebook.")
        self._readings = {index: frozenset(readings[index]) for index in sorted(readings)}
        with threadpool_limits(1):
            self._settle()

    def _settle(self) -> None:
        """Work every score out anew."""
        self._learned = None
        self._threshold: Matrix | None = None
        scores = CODEBOOK_WEIGHT * self._own
        if self._readings:
            indexes, answers = self._answers()
            self._learned = learning.learn(self._rows[indexes], answers)
            part = learning.share_learned(len(indexes))
            scores = part * self._learned.scores(self._rows) + (1 - part) * scores
        self._scores, self._best = self._highest(scores)
        self._alike = self._by_likeness(scores, self._scores)
        if self.codes and len(self._readings) >= giving.FEWEST:
            self._threshold = giving.lowest(self._scores, self._left_out(), answers)

    def _highest(self, scores: Matrix) -> tuple[Matrix, NDArray[np.int_]]:
        """Return the score of each text by its best sentence, and which that is (-1: the whole)."""
        whole = len(self._texts)
        found, which = scores[:whole].copy(), np.full((whole, len(self.codes)), -1)
        for index, first in self._first.items():
            rows = scores[first : first + len(self._spans[index])]
            which[index] = rows.argmax(axis=0)
            found[index] = np.maximum(found[index], rows.max(axis=0))
        return np.round(found, 6), which

    def _by_likeness(self, scores: Matrix, highest: Matrix) -> NDArray[np.bool_]:
        """Say which codes each text gets as long as too few were read."""
        spans = self._spans
        return giving.before_reading(
            highest,
            ((at, scores[first : first + len(spans[at])]) for at, first in self._first.items()),
        )

    def _answers(self) -> tuple[list[int], Matrix]:
        indexes = list(self._readings)
        answers = [[float(one.code in self._readings[i]) for one in self.codes] for i in indexes]
        return indexes, np.array(answers)

    def _left_out(self) -> Matrix:
        """Return the score of each reading had it been left out."""
        assert self._learned is not None
        return self._best_of(list(self._readings), self._learned, left_out=True)

    def _best_of(
        self, indexes: Sequence[int], learned: learning.Learned, *, left_out: bool
    ) -> Matrix:
        """Return the score of each text: of the whole or of its best sentence.

        With `left_out` the texts are those learned from, in their order, and each is scored as if
        it had been left out: its sentences as well, for they are in the whole.
        """
        rows: list[int] = []
        starts, lengths = [], []
        for index in indexes:
            starts.append(len(rows))
            first, several = self._first.get(index, 0), index in self._first
            rows += [index, *range(first, first + several * len(self._spans[index]))]
            lengths.append(len(rows) - starts[-1])
        which = np.repeat(np.arange(len(indexes)), lengths)
        given = self._rows[rows]
        learnt = learned.scores_without(given, which) if left_out else learned.scores(given)
        part = learning.share_learned(len(learned.steps) - left_out)
        scores = part * learnt + (1 - part) * CODEBOOK_WEIGHT * self._own[rows]
        best: Matrix = np.maximum.reduceat(scores, starts, axis=0)
        return best

    @property
    def _lowest(self) -> Matrix:
        """The score from which each code is given."""
        return (
            np.full(len(self.codes), giving.LEAST) if self._threshold is None else self._threshold
        )

    def suggest(self, indexes: Sequence[int] | None = None) -> list[Suggestion]:
        """Return the suggestions for these texts (all), the surest of each text first."""
        given = self._alike if self._threshold is None else self._scores >= self._threshold
        lowest = self._lowest
        found = []
        for index in range(len(self._texts)) if indexes is None else indexes:
            mine = np.flatnonzero(given[index]).tolist()
            mine.sort(key=lambda place: (-self._scores[index, place], place))
            for place in mine:
                score, span = float(self._scores[index, place]), self._evidence(index, place)
                sure = round(score - float(lowest[place]), 6)
                code = self.codes[place].code
                found.append(Suggestion(index, code, score, sure, span.start, span.end))
        return found

    def _evidence(self, index: int, place: int) -> passages.Span:
        spans = self._spans[index] or [passages.Span(0, 0)]
        return spans[max(0, int(self._best[index, place]))]

    def why(self, index: int, code: str, *, most: int = 5) -> tuple[passages.Span, tuple[str, ...]]:
        """Return the passage that drew a text to a code and the words in it that count most.

        Each word is left out in turn; those whose loss lowers the likeness to the code's own words
        or to what was learned most come first. Words that pull the other way are not among them.
        """
        place = [one.code for one in self.codes].index(code)
        span = self._evidence(index, place)
        passage = self._texts[index][span.start : span.end]
        language = base(surely(passage) or detect(passage) or "en")
        forms = list(dict.fromkeys(word.form for word in tokens.words(passage, language)))
        forms = forms[:MOST_WORDS_TRIED]
        if self._vectors is None or not self._vectors.knows(language) or not forms:
            known = {
                word.lemma
                for row in np.flatnonzero(self._described == place)
                for word in tokens.words(descriptions(self.codes)[row][1], language)
            }
            shared = [word.form for word in tokens.words(passage, language) if word.lemma in known]
            return span, tuple(dict.fromkeys(shared))[:most]
        without = [passage, *(passage.replace(form, " ") for form in forms)]
        rows = unit(self._vectors.passing(without).astype(np.float64) - self._mean)
        full = np.zeros((len(rows), self._rows.shape[1]))
        full[:, : rows.shape[1]] = rows
        scores = CODEBOOK_WEIGHT * self._words.likeness(full)[:, place]
        if self._learned is not None:
            part = learning.share_learned(len(self._readings))
            scores = part * self._learned.scores(full)[:, place] + (1 - part) * scores
        loss = np.round(scores[0] - scores[1:], 6)
        order = [word for word in np.argsort(-loss, kind="stable").tolist() if loss[word] > 0]
        return span, tuple(forms[word] for word in order[:most])

    def order(self, by: Literal["random", "least_sure"] = "random", *, seed: int = 0) -> list[int]:
        """Return the texts that nobody has read yet, each once, in a fair order.

        'random' shuffles by the hash of text and seed; 'least_sure' begins where the score of a
        code is nearest to the one from which it is given.
        """
        unread = [index for index in range(len(self._texts)) if index not in self._readings]
        shuffled = sorted(unread, key=lambda index: _lot(self._texts[index], index, seed))
        if by == "random" or not self.codes:
            return shuffled
        doubt = np.abs(self._scores - self._lowest).min(axis=1)
        return sorted(shuffled, key=lambda index: float(doubt[index]))

    def quality(self, *, seed: int = 0, curve: bool = True) -> Quality:
        """Judge the suggestions against people's readings and say whether they are worth it.

        The learning curve takes longest; without `curve` it is left empty.
        """
        read_so_far = len(self._readings)
        if read_so_far < FEWEST_TO_JUDGE or self._threshold is None:
            return Quality(read_so_far, None, None, "too_few", (), ())
        indexes, answers = self._answers()
        given = self._left_out() >= self._threshold
        return judge(
            [one.code for one in self.codes],
            given,
            answers,
            curve=self._curve(indexes, answers, seed) if curve else (),
        )

    def _curve(
        self, indexes: list[int], answers: Matrix, seed: int
    ) -> tuple[tuple[int, float], ...]:
        """Learn from some of the readings and judge by the rest, the mean of several draws.

        The first point is the codebook alone, judged by all of them.
        """
        own = CODEBOOK_WEIGHT * self._own
        alone = self._by_likeness(own, self._highest(own)[0])[indexes]
        points = [(0, round(learning.micro_f1(alone, answers), 4))]
        most = max(1, DRAWS * CODES_DRAWN_OFTEN // max(CODES_DRAWN_OFTEN, len(self.codes)))
        with threadpool_limits(1):
            for size in CURVE:
                if size * 5 > len(indexes) * 4:
                    break
                draws = most if size <= MOST_DRAWN_OFTEN else 1
                reached = [
                    self._learned_from(size, indexes, answers, seed + draw) for draw in range(draws)
                ]
                points.append((size, round(sum(reached) / draws, 4)))
        return tuple(points)

    def _learned_from(self, size: int, indexes: list[int], answers: Matrix, seed: int) -> float:
        """Learn from the first few readings of a shuffle; return the agreement with the others."""
        order = sorted(
            range(len(indexes)), key=lambda row: _lot(self._texts[indexes[row]], row, seed)
        )
        first = [indexes[row] for row in order[:size]]
        rest = [indexes[row] for row in order[size:]]
        learned = learning.learn(self._rows[first], answers[order[:size]])
        inside = self._best_of(first, learned, left_out=True)
        scores = self._best_of(rest, learned, left_out=False)
        lowest = giving.lowest(np.vstack([inside, scores]), inside, answers[order[:size]])
        return learning.micro_f1(scores >= lowest, answers[order[size:]])


def _lot(text: str, index: int, seed: int) -> bytes:
    """Draw a lot for a text: the same for the same seed, and no matter of when it was told."""
    return hashlib.sha256(f"{seed} {index} {text}".encode("utf-8", "surrogatepass")).digest()
