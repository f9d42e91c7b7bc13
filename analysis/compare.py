"""Compare themes between groups, places, cycles or kinds, with how uncertain each figure is.

Shares are of stories; what is small is judged by the people behind it. A figure with fewer than
`fewest` people is not given, as it would say something about persons. This is for a screen that
many see: for what may be published, the rules of publishing come on top.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from analysis.uncertainty import SURE, Difference, Share, difference, for_all_of, wilson

FEWEST = 10
"""People behind a figure below which it is not given."""

People = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Column:
    """A group that is compared; `stories` is None where fewer than `fewest` people are in it."""

    group: Hashable
    stories: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A theme in a group. `share` is None where it is hidden.

    `hidden` is `few` (fewer than `fewest` people), `cover` (it would give away the one hidden
    figure of its theme to whoever knows the total) or nothing. `differs` is how the group differs
    from all the others together: `more`, `less`, or None where nobody can tell.
    """

    theme: Hashable
    group: Hashable
    share: Share | None
    hidden: Literal["", "few", "cover"] = ""
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
    story is another person's. Themes and groups come in the order of their names. With `fewest` 0
    nothing is hidden. `differs` compares with all stories of the other groups, with intervals that
    hold for the whole table (Newcombe 1998, Bonferroni).
    """
    whose = _whose(themes, people)
    _same_length(len(themes), groups)
    within = [place for place, group in enumerate(groups) if group is not None]
    total = Counter(groups[place] for place in within)
    members: dict[Hashable, set[Hashable]] = {}
    counts: Counter[tuple[Hashable, Hashable]] = Counter()
    behind: dict[tuple[Hashable, Hashable], set[Hashable]] = {}
    for place in within:
        members.setdefault(groups[place], set()).add(whose[place])
        for theme in set(themes[place]):
            counts[theme, groups[place]] += 1
            behind.setdefault((theme, groups[place]), set()).add(whose[place])
    names = sorted(total, key=str)
    every = sorted({theme for held in themes for theme in held}, key=str)
    sure = for_all_of(len(every) * len(names))
    cells: list[Cell] = []
    for theme in every:
        row = {name: len(behind.get((theme, name), ())) for name in names}
        hidden = _hidden(row, fewest)
        for name in names:
            if why := hidden.get(name):
                cells.append(Cell(theme, name, None, why))
                continue
            inside = wilson(counts[theme, name], total[name])
            rest = sum(counts[theme, other] for other in names if other != name)
            others = len(within) - total[name]
            cells.append(Cell(theme, name, inside, "", _differs(inside, rest, others, sure)))
    columns = (Column(one, total[one] if len(members[one]) >= fewest else None) for one in names)
    return Table(tuple(columns), tuple(cells))


def changed(
    before: Mapping[Hashable, Share], after: Mapping[Hashable, Share], *, sure: float = SURE
) -> list[Change]:
    """Return how each theme's share changed, the largest change first.

    With many themes some differences are clear by chance alone, so the intervals are widened to
    hold for all of them together (`uncertainty.for_all_of`). Themes of one side only are left out.
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
    """Return pairs of themes in the stories of at least `fewest` people, and how many have fewer.

    `expected` is what chance would give were the two unrelated: a·b / n. `lift` is both / expected
    (Brin et al. 1997); its interval is that of both / n (Wilson 1927) over a·b / n², widened to
    hold for every pair that is given. The pairs that stand together most come first.
    """
    whose = _whose(themes, people)
    alone = Counter(theme for held in themes for theme in set(held))
    pairs: Counter[tuple[Hashable, Hashable]] = Counter()
    behind: dict[tuple[Hashable, Hashable], set[Hashable]] = {}
    for place, held in enumerate(themes):
        for pair in combinations(sorted(set(held), key=str), 2):
            pairs[pair] += 1
            behind.setdefault(pair, set()).add(whose[place])
    told = [pair for pair in pairs if len(behind[pair]) >= fewest]
    sure = for_all_of(len(told))
    found = []
    for first, second in told:
        both, expected = pairs[first, second], alone[first] * alone[second] / len(themes)
        share = wilson(both, len(themes), sure=sure)
        low, high = share.low * len(themes) / expected, share.high * len(themes) / expected
        figures = (expected, both / expected, low, high)
        found.append(Together(first, second, both, *(round(figure, 6) for figure in figures)))
    found.sort(key=lambda one: (-one.both, str(one.first), str(one.second)))
    return found, len(pairs) - len(told)


def _hidden(row: Mapping[Hashable, int], fewest: int) -> dict[Hashable, Literal["few", "cover"]]:
    """Choose the figures of one theme to hide: small ones, and one more where it is only one."""
    hidden: dict[Hashable, Literal["few", "cover"]] = {
        name: "few" for name, number in row.items() if number < fewest
    }
    if len(hidden) == 1 and len(row) > 1:
        rest = [name for name in row if name not in hidden]
        hidden[min(rest, key=lambda name: (row[name], str(name)))] = "cover"
    return hidden


def _differs(inside: Share, rest: int, others: int, sure: float) -> Literal["more", "less"] | None:
    if not others:
        return None
    apart = difference(wilson(rest, others), inside, sure=sure)
    if not apart.clear:
        return None
    return "more" if apart.difference > 0 else "less"


def _whose(themes: Sequence[Collection[Hashable]], people: People | None) -> People:
    if people is None:
        return range(len(themes))
    _same_length(len(themes), people)
    return people


def _same_length(stories: int, given: Sequence[Hashable | None]) -> None:
    if stories != len(given):
        raise ValueError(f"{stories} stories came with {len(given)} groups or people: one each.")
