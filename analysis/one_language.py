"""Theme the texts of one language: read, place, group, describe."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from analysis import grouping, passages, tokens
from analysis.proposal import Alone, Identifier, Member, Theme
from analysis.settings import Settings
from analysis.space import Matrix, WordSpace, distinct
from analysis.typical import as_written, forms_of, typical_words

_T = TypeVar("_T")

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class _Read:
    """A text that says something, as its words: forms with lemmas, and the lemmas in order."""

    index: int
    lemmas: tuple[str, ...]
    forms: dict[str, str]
    capitals: frozenset[str]


@dataclass(frozen=True)
class Group:
    """The texts of one language on their way to themes."""

    texts: Sequence[str]
    ids: Sequence[Identifier]
    indexes: list[int]
    language: str
    settings: Settings
    seed: int
    tell: Progress
    timings: dict[str, float]

    def themes(self, count: int | None, *, total: int) -> tuple[list[Theme], list[Alone]]:
        """Return the themes of these texts and the texts that stand alone.

        `count` None asks for the best number; `total` is the number of texts in all languages.
        """
        read = self._timed("words", self._read)
        different, which = distinct(one.lemmas for one in read)
        copies = Counter(which)
        weights = [copies[place] for place in range(len(different))]
        space = self._timed("space", lambda: self._space(different, weights))
        known = np.flatnonzero(space.rows.any(axis=1))
        if len(known) == 0:
            return [], [self._alone(one, "no_shared_words") for one in read]
        centres = self._timed(
            "grouping",
            lambda: self._centres(
                space.rows[known],
                np.array(weights, dtype=float)[known],
                [" ".join(different[place]) for place in known],
                count,
                total,
            ),
        )
        rows = space.rows[which]
        kept, reasons = self._kept(rows, centres, read)
        return self._timed("passages", lambda: self._described(read, rows, space, kept, reasons))

    def _read(self) -> list[_Read]:
        read = []
        for done, index in enumerate(self.indexes):
            if done % 500 == 0:
                self.tell("words", done, len(self.indexes))
            found = list(tokens.words(self.texts[index], self.language))
            forms, capitals = forms_of(found)
            # the same words come again and again: keep each string once
            read.append(
                _Read(
                    index,
                    tuple(sys.intern(word.lemma) for word in found),
                    {sys.intern(form): sys.intern(lemma) for form, lemma in forms.items()},
                    frozenset(map(sys.intern, capitals)),
                )
            )
        self.tell("words", len(self.indexes), len(self.indexes))
        return read

    def _space(self, lemmas: Sequence[Sequence[str]], copies: Sequence[int]) -> WordSpace:
        self.tell("space", 0, 1)
        space = WordSpace(
            lemmas,
            copies,
            dimensions=self.settings.dimensions,
            most_terms=self.settings.most_terms,
            fewest_texts=self.settings.fewest_texts_a_term,
            seed=self.seed,
        )
        self.tell("space", 1, 1)
        return space

    def _centres(
        self, rows: Matrix, copies: Matrix, keys: list[str], count: int | None, total: int
    ) -> Matrix:
        self.tell("grouping", 0, 1)
        sample = grouping.sample_of(keys, self.settings.sample)
        tree = grouping.Tree(rows[sample], copies[sample], fewest=self.settings.fewest_members)
        if count is None:
            share = len(self.indexes) / total
            count = tree.best_count(*grouping.auto_bounds(total, share))
        start = tree.centres(count)
        if len(start):
            start = grouping.settle(rows, copies, start, most_rounds=self.settings.most_rounds)
        self.tell("grouping", 1, 1)
        return start

    def _kept(
        self, rows: Matrix, centres: Matrix, read: list[_Read]
    ) -> tuple[Matrix, dict[int, str]]:
        """Drop centres that have too few texts or no shared word until all that are left have.

        Return what is left, and for each text that may stand alone why it would.
        """
        otherwise = "unlike_others" if len(centres) else "too_few_alike"
        reasons = {
            place: otherwise if rows[place].any() else "no_shared_words"
            for place in range(len(read))
        }
        while len(centres):
            groups = grouping.members(rows, centres, near=self.settings.near)
            weak = [
                group
                for group, mine in enumerate(groups)
                if len(mine) < self.settings.fewest_members
                or not self._words([read[place] for place in mine], Counter(), 0)
            ]
            if not weak:
                break
            for group in weak:
                reasons.update(dict.fromkeys(groups[group], "too_few_alike"))
            centres = np.delete(centres, weak, axis=0)
        return centres, reasons

    def _described(
        self,
        read: list[_Read],
        rows: Matrix,
        space: WordSpace,
        centres: Matrix,
        reasons: dict[int, str],
    ) -> tuple[list[Theme], list[Alone]]:
        """Make the records of the themes and of the texts that stand alone."""
        everywhere = Counter(lemma for one in read for lemma in set(one.forms.values()))
        capitals = Counter(form for one in read for form in one.capitals)
        uses = Counter(form for one in read for form in one.forms)
        themes: list[Theme] = []
        placed: set[int] = set()
        groups = grouping.members(rows, centres, near=self.settings.near) if len(centres) else []
        for done, mine in enumerate(groups):
            self.tell("passages", done, len(groups))
            placed.update(mine)
            near = np.clip(rows[mine] @ centres.T, 0.0, 1.0)
            members = [
                self._member(read[place], near[row], done, space, centres)
                for row, place in enumerate(mine)
            ]
            members.sort(key=lambda member: (-member.score, member.index))
            typical = self._typical(members)
            themes.append(
                Theme(
                    words=tuple(
                        as_written(word, capitals, uses)
                        for word in self._words([read[p] for p in mine], everywhere, len(read))
                    ),
                    members=tuple(members),
                    typical=typical,
                    different=tuple(
                        member.index
                        for member in reversed(members[-self.settings.different :])
                        if member.index not in typical
                    ),
                    language=self.language,
                )
            )
        self.tell("passages", len(groups), len(groups))
        alone = [
            self._alone(one, reasons[place])
            for place, one in enumerate(read)
            if place not in placed
        ]
        return themes, alone

    def _member(
        self, one: _Read, near: Matrix, group: int, space: WordSpace, centres: Matrix
    ) -> Member:
        text = self.texts[one.index]
        spans = passages.split(text, language=self.language, longest=self.settings.passage)
        span = spans[0]
        if len(spans) > 1:
            parts = [text[span.start : span.end] for span in spans]
            scored = space.place(tokens.lemmas(parts, [self.language] * len(parts)))
            span = spans[int(np.argmax(np.round(scored @ centres[group], 9)))]
        others = np.delete(near, group)
        margin = near[group] - (others.max() if len(others) else 0.0)
        return Member(
            index=one.index,
            id=self.ids[one.index],
            score=round(float(near[group]), 6),
            margin=round(float(margin), 6),
            start=span.start,
            end=span.end,
        )

    def _typical(self, members: list[Member]) -> tuple[int, ...]:
        """Return the indexes of the nearest members, equal texts only once."""
        seen: dict[str, int] = {}
        for member in members:
            seen.setdefault(self.texts[member.index].strip().casefold(), member.index)
            if len(seen) == self.settings.typical:
                break
        return tuple(seen.values())

    def _words(self, inside: list[_Read], everywhere: Counter[str], total: int) -> tuple[str, ...]:
        many = len(self.texts) >= 100
        return typical_words(
            [one.forms for one in inside],
            everywhere,
            max(total, len(inside)),
            most=self.settings.words,
            fewest_texts=self.settings.fewest_texts_a_word_from_100
            if many
            else self.settings.fewest_texts_a_word,
        )

    def _alone(self, one: _Read, reason: str) -> Alone:
        return Alone(one.index, self.ids[one.index], reason)

    def _timed(self, step: str, work: Callable[[], _T]) -> _T:
        started = time.perf_counter()
        result = work()
        self.timings[step] = self.timings.get(step, 0.0) + time.perf_counter() - started
        return result
