"""Theme texts that share a space: read, place, group, describe."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis import grouping, passages
from analysis.proposal import Alone, Identifier, Member, Theme
from analysis.reading import Reading, read
from analysis.reading_cache import ReadingCache
from analysis.settings import Settings
from analysis.space import PART, Matrix, Rows, VectorSpace, WordSpace, joined, unit
from analysis.vector_cache import VectorCache
from analysis.wording import Wording

_T = TypeVar("_T")

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Different:
    """A text that one or more people wrote: held once, with the places of all who wrote it.

    `spoken` are the languages of its passages: a story may change from one to another.
    """

    text: str
    language: str
    key: str
    indexes: tuple[int, ...]
    spans: tuple[passages.Span, ...]
    spoken: tuple[str, ...]


@dataclass
class Space:
    """Texts of one space on their way to themes; `vectors` None means that words alone decide.

    What `kept` knows of their words is not read again.
    """

    texts: Sequence[Different]
    ids: Sequence[Identifier]
    settings: Settings
    vectors: VectorCache | None
    kept: ReadingCache | None
    tell: Progress
    timings: dict[str, float]
    centres: Matrix = field(default_factory=lambda: np.zeros((0, 1)))

    def __post_init__(self) -> None:
        self.copies = np.array([len(one.indexes) for one in self.texts], dtype=float)
        #: rows after those of the texts: the passages of texts that have several
        self.parts = [
            (place, span)
            for place, one in enumerate(self.texts)
            if len(one.spans) > 1
            for span in one.spans
        ]
        self.spoken = [one.language for one in self.texts]
        self.spoken += [code for one in self.texts if len(one.spans) > 1 for code in one.spoken]

    def themes(self, count: int | None, *, total: int) -> tuple[list[Theme], list[Alone]]:
        """Return the themes of these texts and the texts that stand alone.

        `count` None asks for the best number; `total` is the number of texts in all spaces.
        """
        if not self.texts:
            return [], []
        reading = self._timed("words", self._read)
        rows = self._timed("space", lambda: self._rows(reading))
        whole = rows[: len(self.texts)]
        wording = Wording(reading, self.texts, self.copies, self.settings)
        if not whole.any():
            return [], self._alone(np.full(len(whole), True), {}, whole)
        found = self._timed("grouping", lambda: self._centres(whole, count, total))
        labels, reasons = self._kept(whole, wording)
        again = grouping.came_again(whole, self.copies, labels, found) if len(found) else []
        return self._timed(
            "passages", lambda: self._described(rows, labels, wording, reasons, again, len(found))
        )

    def _read(self) -> Reading:
        wanted = [one.text for one in self.texts]
        wanted += [self.texts[place].text[span.start : span.end] for place, span in self.parts]
        tell = lambda done, of: self.tell("words", done, of)  # noqa: E731
        return read(wanted, self.spoken, tell=tell, kept=self.kept)

    def _rows(self, reading: Reading) -> Rows:
        """Return a row for each text, then one for each passage of those that have several."""
        self.tell("space", 0, 1)
        sample = self._sample(self.settings.learned_from)
        weights = np.concatenate([self.copies, np.zeros(len(self.parts))])
        words = WordSpace(
            reading,
            weights,
            sample,
            dimensions=self.settings.dimensions,
            most_terms=self.settings.most_terms,
            fewest_texts=self.settings.fewest_texts_a_term,
        ).place()
        if self.vectors is None:
            return words
        vectors = self._vectors(self.vectors)
        space = VectorSpace(
            vectors,
            self.spoken,
            weights,
            sample,
            dimensions=self.settings.vector_dimensions,
            whiten=self.settings.whiten,
        )
        return joined(space.place(vectors, self.spoken), words, weight=self._words_weight())

    def _vectors(self, cache: VectorCache) -> Rows:
        """Read each text that is one passage, and each passage of the others; a text of several is
        the mean of its passages, each weighing as its length."""
        short = [place for place, one in enumerate(self.texts) if len(one.spans) == 1]
        wanted = [self.texts[place].text for place in short]
        wanted += [self.texts[place].text[span.start : span.end] for place, span in self.parts]
        whole, every = len(self.texts), len(self.texts) + len(self.parts)
        rows = np.zeros((every, cache.dimensions), dtype=np.float32)
        tell = lambda done, of: self.tell("vectors", done, of)  # noqa: E731
        cache.fill(rows, [*short, *range(whole, every)], wanted, tell=tell)
        for row in range(len(self.texts), len(rows)):
            if not cache.knows(self.spoken[row]):
                rows[row] = 0
        for row, (place, span) in enumerate(self.parts, start=len(self.texts)):
            rows[place] += rows[row] * np.float32(span.end - span.start)
        for start in range(0, whole, PART):  # in parts: copies of all rows would be large
            part = slice(start, min(start + PART, whole))
            rows[part] = unit(rows[part])
        return rows

    def _words_weight(self) -> float:
        """Words do not cross languages: with several they would pull like things apart."""
        by_language: dict[str, float] = {}
        for one, copies in zip(self.texts, self.copies, strict=True):
            by_language[one.language] = by_language.get(one.language, 0) + copies
        usual = max(by_language.values())
        mixed = 1 - usual / self.copies.sum() >= self.settings.other_languages
        return 0.0 if mixed else self.settings.words_weight

    def _sample(self, size: int) -> grouping.Labels:
        """Choose texts by their hash; they come in its order already."""
        return np.arange(min(size, len(self.texts)))

    def _centres(self, whole: Rows, count: int | None, total: int) -> list[Matrix]:
        """Set the centres of the themes; return those of each look at a part of the texts."""
        self.tell("grouping", 0, 1)
        sample = self._sample(self.settings.learned_from)
        sample = sample[whole[sample].any(axis=1)]
        rows, copies = whole[sample].astype(np.float64), self.copies[sample]
        few = len(rows) < self.settings.looks_from
        found: list[Matrix] = []
        if count is None or few:
            most = self.settings.sample
            tree = grouping.Tree(rows[:most], copies[:most], fewest=self.settings.fewest_members)
            if count is None:
                share = float(self.copies.sum()) / total
                count = tree.best_count(*grouping.auto_bounds(total, share))
        if few:
            start = tree.centres(count)
        else:
            found = grouping.looks(
                whole[sample],
                copies,
                [self.texts[place].key for place in sample],
                count,
                number=self.settings.looks,
                size=self.settings.look_at,
                tell=lambda done, of: self.tell("grouping", done, of),
            )
            start = grouping.agreed(found, count)
        if len(start):
            start = grouping.settle(rows, copies, start, most_rounds=self.settings.most_rounds)
        self.centres = start
        self.tell("grouping", 1, 1)
        return found

    def _kept(self, whole: Rows, wording: Wording) -> tuple[grouping.Labels, dict[int, str]]:
        """Drop centres that have too few texts or no shared word until all that are left have.

        Return the theme of each text (-1: none), and why some have none.
        """
        reasons: dict[int, str] = {}
        least = self.settings.near if len(whole) >= self.settings.near_from else 0.0
        while True:
            if not len(self.centres):
                return np.full(len(whole), -1), reasons
            labels = grouping.nearest(whole, self.centres)
            near = grouping.likeness(whole, self.copies, labels, len(self.centres))
            labels[near < least] = -1
            weak = [
                group
                for group in range(len(self.centres))
                if self.copies[labels == group].sum() < self.settings.fewest_members
                or not wording.words(labels == group)
            ]
            if not weak:
                return labels, reasons
            for place in np.flatnonzero(np.isin(labels, weak)):
                reasons[int(place)] = "too_few_alike"
            self.centres = np.delete(self.centres, weak, axis=0)

    def _described(
        self,
        rows: Rows,
        labels: grouping.Labels,
        wording: Wording,
        reasons: dict[int, str],
        again: list[int],
        looks: int,
    ) -> tuple[list[Theme], list[Alone]]:
        """Make the records of the themes and of the texts that stand alone."""
        whole = rows[: len(self.texts)]
        drawn = self._drawn(rows, labels) if len(self.centres) else []
        themes: list[Theme] = []
        placed = labels >= 0
        for group in range(len(self.centres)):
            self.tell("passages", group, len(self.centres))
            members = [
                one
                for place, (span, score, margin, main) in sorted(drawn[group].items())
                for one in self._members(place, span, score, margin, main)
            ]
            placed[list(drawn[group])] = True
            members.sort(key=lambda member: (-member.score, member.index))
            main = [member for member in members if member.main]
            typical = self._typical(main, group, labels)
            languages = wording.languages(labels == group)
            themes.append(
                Theme(
                    words=wording.words(labels == group),
                    members=tuple(members),
                    typical=typical,
                    different=tuple(
                        member.index
                        for member in reversed(main[-self.settings.different :])
                        if member.index not in typical
                    ),
                    language=languages[0],
                    languages=tuple(languages),
                    looks=looks,
                    came_again=again[group] if again else 0,
                )
            )
        self.tell("passages", len(self.centres), len(self.centres))
        return themes, self._alone(~placed, reasons, whole)

    def _drawn(
        self, rows: Rows, labels: grouping.Labels
    ) -> list[dict[int, tuple[passages.Span, float, float, bool]]]:
        """Return for each theme its texts with the passage that drew each of them there."""
        drawn: list[dict[int, tuple[passages.Span, float, float, bool]]] = [
            {} for _ in self.centres
        ]
        first: dict[int, int] = {}
        for row, (place, _) in enumerate(self.parts, start=len(self.texts)):
            first.setdefault(place, row)
        for start in range(0, len(self.texts), PART):
            near = rows[start : min(start + PART, len(self.texts))] @ self.centres.T
            for offset in np.flatnonzero(labels[start : start + len(near)] >= 0).tolist():
                place = start + offset
                if place in first:
                    continue
                group = int(labels[place])
                drawn[group][place] = (
                    self.texts[place].spans[0],
                    *_score(near[offset], group),
                    True,
                )
        for place in sorted(first):
            spans = self.texts[place].spans
            parts = rows[first[place] : first[place] + len(spans)]
            near = np.round(parts.astype(float) @ self.centres.T, 6)
            main = int(labels[place])
            if main >= 0:
                span = spans[int(near[:, main].argmax())]
                drawn[main][place] = (span, *_score(rows[place] @ self.centres.T, main), True)
            for row, group in enumerate(near.argmax(axis=1).tolist()):
                score = float(near[row, group])
                beside = float(near[row, main]) if main >= 0 else 0.0
                clear = (
                    score >= self.settings.near_passage and score - beside >= self.settings.clear
                )
                held = drawn[group].get(place)
                if group != main and clear and (held is None or held[1] < score):
                    drawn[group][place] = (spans[row], *_score(near[row], group), False)
        return drawn

    def _members(
        self, place: int, span: passages.Span, score: float, margin: float, main: bool
    ) -> list[Member]:
        one = self.texts[place]
        return [
            Member(index, self.ids[index], score, margin, span.start, span.end, main)
            for index in one.indexes
        ]

    def _typical(self, main: list[Member], group: int, labels: grouping.Labels) -> tuple[int, ...]:
        """Return the indexes of the nearest members, equal texts only once."""
        first = {self.texts[place].indexes[0] for place in np.flatnonzero(labels == group).tolist()}
        seen: list[int] = []
        for member in main:
            if member.index in first:
                seen.append(member.index)
            if len(seen) == self.settings.typical:
                break
        return tuple(seen)

    def _alone(self, which: NDArray[np.bool_], reasons: dict[int, str], whole: Rows) -> list[Alone]:
        """Return the texts that stand alone, each with the reason."""
        otherwise = "unlike_others" if len(self.centres) else "too_few_alike"
        alone = []
        for place in np.flatnonzero(which).tolist():
            reason = reasons.get(place, otherwise) if whole[place].any() else "no_shared_words"
            alone += [Alone(index, self.ids[index], reason) for index in self.texts[place].indexes]
        return alone

    def _timed(self, step: str, work: Callable[[], _T]) -> _T:
        started = time.perf_counter()
        result = work()
        self.timings[step] = self.timings.get(step, 0.0) + time.perf_counter() - started
        return result


def _score(near: Matrix | Rows, group: int) -> tuple[float, float]:
    """Return the cosine with a centre, and how much nearer that is than the next, both from 0."""
    score = min(max(float(near[group]), 0.0), 1.0)
    others = np.delete(near, group)
    next_best = min(max(float(others.max()), 0.0), 1.0) if len(others) else 0.0
    return round(score, 5), round(score - next_best, 5)
