"""Compare themes between groups, places, cycles or kinds, with how uncertain each figure is.

Shares are of stories; what is small is judged by the people behind it. A figure with fewer than
`fewest` people behind it, or of all but so few, is not given, nor is any from which it could be
worked out (see `hiding`); what is given is rounded to 5. With `fewest` 0 all is given, exactly:
that is for the eyes of those who may read the stories.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from analysis import hiding
from analysis.uncertainty import SURE, Difference, Share, difference, for_all_of, wilson

FEWEST = 10
"""People behind a figure below which it is not given."""

People = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Column:
    """A group that is compared; `stories` is None where their number is hidden."""

    group: Hashable
    stories: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A theme in a group; `share` is None where it is hidden.

    `differs` is how the group differs from all the others together: `more`, `less`, or None where
    nobody can tell.
    """

    theme: Hashable
    group: Hashable
    share: Share | None
    differs: Literal["more", "less"] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Themes by group: `cells` go theme by theme, in the order of `columns`."""

    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]

    def shares(self, group: Hashable) -> dict[Hashable, Share]:
        """Return the shares of one group that are not hidden, by theme."""
        return {
            one.theme: one.share
            for one in self.cells
            if one.group == group and one.share is not None
        }


@dataclass(frozen=True, slots=True)
class Change:
    """How the share of a theme changed from one group or cycle to another."""

    theme: Hashable
    before: Share
    after: Share
    change: Difference


@dataclass(frozen=True, slots=True)
class Together:
    """Two themes in the same stories: in `both` of them, where chance would give `expected`.

    `lift` is both / expected and lies between `low` and `high` (95 %). `more` says that they stand
    together more often than by chance, False less often, None that nobody can tell.
    """

    first: Hashable
    second: Hashable
    both: int
    expected: float
    lift: float
    low: float
    high: float

    @property
    def more(self) -> bool | None:
        """Say on which side of chance it clearly lies."""
        return True if self.low > 1 else False if self.high < 1 else None


def by_group(
    themes: Sequence[Collection[Hashable]],
    groups: Sequence[Hashable | None],
    *,
    people: People | None = None,
    fewest: int = FEWEST,
) -> Table:
    """Return the share of each theme in each group: themes, groups and people go story by story.

    A story may have several themes; one whose group is None is left out. Without `people` each
    story is another person's. Themes and groups come in the order of their names. `differs`
    compares with all stories of the other groups, by the exact counts, with intervals that hold for
    the whole table (Newcombe 1998, Bonferroni).
    """
    whose = _whose(themes, people)
    _same_length(len(themes), groups)
    count = _counted(themes, groups, whose)
    every = sorted({theme for held in themes for theme in held}, key=str)
    names = sorted(count.sizes, key=str)
    sure = for_all_of(len(every) * len(names))
    unsized = count.unsized(fewest)
    cells: list[Cell] = []
    for theme in every:
        gone = unsized | count.hidden(theme, fewest)
        for name in names:
            if name in gone:
                cells.append(Cell(theme, name, None))
                continue
            size = hiding.rounded(count.sizes[name], fewest)
            inside = hiding.rounded(count.stories[theme, name], fewest, most=size)
            differs = count.differs(theme, name, sure)
            cells.append(Cell(theme, name, wilson(inside, size), differs))
    sizes = {name: hiding.rounded(count.sizes[name], fewest) for name in names}
    columns = (Column(name, None if name in unsized else sizes[name]) for name in names)
    return Table(tuple(columns), tuple(cells))


def changed(
    before: Mapping[Hashable, Share], after: Mapping[Hashable, Share], *, sure: float = SURE
) -> list[Change]:
    """Return how each theme's share changed, the largest change first.

    Of protected figures this is what the rounded ones say. With many themes some differences are
    clear by chance alone, so the intervals are widened to hold for all of them together
    (`uncertainty.for_all_of`). Themes of one side only are left out.
    """
    both = sorted(before.keys() & after.keys(), key=str)
    each = for_all_of(len(both), sure=sure)
    found = [
        Change(one, before[one], after[one], difference(before[one], after[one], sure=each))
        for one in both
    ]
    return sorted(found, key=lambda one: (-abs(one.change.difference), str(one.theme)))


def together(
    themes: Sequence[Collection[Hashable]],
    *,
    people: People | None = None,
    fewest: int = FEWEST,
) -> tuple[list[Together], int]:
    """Return pairs of themes that stand together, and how many pairs are hidden.

    A pair is given where at least `fewest` people told stories with both, with the first alone and
    with the second alone: else the pair would say something of the few that are left. `expected` is
    what chance would give were the two unrelated: a·b / n. `lift` is both / expected (Brin et al.
    1997); its interval is that of both / n (Wilson 1927) over a·b / n², widened to hold for every
    pair that is given. The pairs that stand together most come first.
    """
    whose = _whose(themes, people)
    alone = Counter(theme for held in themes for theme in set(held))
    behind: dict[Hashable, set[int]] = {}
    pairs: Counter[tuple[Hashable, Hashable]] = Counter()
    for place, held in enumerate(themes):
        for theme in set(held):
            behind.setdefault(theme, set()).add(place)
        pairs.update(combinations(sorted(set(held), key=str), 2))

    def enough(first: Hashable, second: Hashable) -> bool:
        one, two = behind[first], behind[second]
        return all(
            len({whose[at] for at in part}) >= fewest for part in (one & two, one - two, two - one)
        )

    told = [pair for pair in pairs if enough(*pair)]
    sure = for_all_of(len(told))
    stories = hiding.rounded(len(themes), fewest)
    found = []
    for first, second in told:
        both = hiding.rounded(pairs[first, second], fewest, most=stories)
        sides = hiding.rounded(alone[first], fewest) * hiding.rounded(alone[second], fewest)
        expected = sides / stories
        share = wilson(both, stories, sure=sure)
        low, high = share.low * stories / expected, share.high * stories / expected
        figures = (expected, both / expected, low, high)
        found.append(Together(first, second, both, *(round(figure, 6) for figure in figures)))
    found.sort(key=lambda one: (-one.both, str(one.first), str(one.second)))
    return found, len(pairs) - len(told)


@dataclass(frozen=True, slots=True)
class _Count:
    """Stories, and the people behind them, by group and by theme and group."""

    sizes: Counter[Hashable]
    members: Mapping[Hashable, set[Hashable]]
    stories: Counter[tuple[Hashable, Hashable]]
    behind: Mapping[tuple[Hashable, Hashable], set[Hashable]]
    without: Mapping[tuple[Hashable, Hashable], set[Hashable]]

    def unsized(self, fewest: int) -> frozenset[Hashable]:
        """Return the groups of which not even the size is given."""
        few = frozenset(name for name, people in self.members.items() if len(people) < fewest)
        everyone = dict.fromkeys(self.sizes, self.sizes.total())
        return hiding.hidden(self.sizes, everyone, few, fewest=fewest)

    def hidden(self, theme: Hashable, fewest: int) -> frozenset[Hashable]:
        """Return the groups of which the figure of one theme is hidden."""
        few = frozenset(
            name
            for name in self.sizes
            if len(self.behind.get((theme, name), ())) < fewest
            or len(self.without.get((theme, name), ())) < fewest
        )
        counts = {name: self.stories[theme, name] for name in self.sizes}
        return hiding.hidden(counts, self.sizes, few, fewest=fewest)

    def differs(
        self, theme: Hashable, name: Hashable, sure: float
    ) -> Literal["more", "less"] | None:
        """Say how one group differs from all the others together."""
        others = self.sizes.total() - self.sizes[name]
        if not others:
            return None
        inside = wilson(self.stories[theme, name], self.sizes[name])
        rest = sum(self.stories[theme, other] for other in self.sizes if other != name)
        apart = difference(wilson(rest, others), inside, sure=sure)
        if not apart.clear:
            return None
        return "more" if apart.difference > 0 else "less"


def _counted(
    themes: Sequence[Collection[Hashable]], groups: Sequence[Hashable | None], whose: People
) -> _Count:
    """Count the stories whose group is known."""
    every = {theme for held in themes for theme in held}
    sizes, stories = Counter[Hashable](), Counter[tuple[Hashable, Hashable]]()
    members: dict[Hashable, set[Hashable]] = {}
    behind: dict[tuple[Hashable, Hashable], set[Hashable]] = {}
    without: dict[tuple[Hashable, Hashable], set[Hashable]] = {}
    for held, group, who in zip(themes, groups, whose, strict=True):
        if group is None:
            continue
        sizes[group] += 1
        members.setdefault(group, set()).add(who)
        for theme in every:
            side = behind if theme in held else without
            side.setdefault((theme, group), set()).add(who)
        stories.update((theme, group) for theme in set(held))
    return _Count(sizes, members, stories, behind, without)


def _whose(themes: Sequence[Collection[Hashable]], people: People | None) -> People:
    if people is None:
        return range(len(themes))
    _same_length(len(themes), people)
    return people


def _same_length(stories: int, given: Sequence[Hashable | None]) -> None:
    if stories != len(given):
        raise ValueError(f"{stories} stories came with {len(given)} groups or people: one each.")
