"""Compare themes between groups, places, cycles or kinds, with how uncertain each figure is.

Counts are of stories. A group with fewer stories than `fewest` is shown by name only: its figures
would say something about persons. For what may be published the rules of publishing come on top.
"""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

FEWEST = 10
"""Stories in a group below which nothing of it is counted out."""

SURE = 0.95
"""Probability that an interval is made for."""

PRIOR = 500.0
"""Words that the prior counts for in `marking_words`: the more, the less a rare word can show."""


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total` stories; the true share lies between `low` and `high` (95 %)."""

    count: int
    total: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A theme in a group; `share` is None where the group is too small to be counted out."""

    theme: Hashable
    group: Hashable
    share: Share | None


@dataclass(frozen=True, slots=True)
class Change:
    """How the share of a theme differs between two groups or cycles, `after` less `before`.

    `clear` says that no difference at all lies outside the interval.
    """

    theme: Hashable
    difference: float
    low: float
    high: float
    clear: bool


@dataclass(frozen=True, slots=True)
class Marking:
    """A word that marks a group: `z` is the log-odds ratio by its standard deviation.

    `inside` and `outside` count the stories that use it; `where` has indexes of some that do.
    """

    word: str
    z: float
    inside: int
    outside: int
    where: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Two themes in the same stories: `both` of them, where `expected` would be so by chance.

    `lift` is both / expected.
    """

    first: Hashable
    second: Hashable
    both: int
    expected: float
    lift: float


def wilson(count: int, total: int, *, sure: float = SURE) -> Share:
    """Return the share count / total with its score interval (Wilson 1927).

    (p + z²/2n ± z·√(p(1 - p)/n + z²/4n²)) / (1 + z²/n). Unlike the simple interval it stays between
    0 and 1 and is honest for few stories. Raise ValueError unless 0 ≤ count ≤ total and total > 0.
    """
    if not 0 <= count <= total or total == 0:
        raise ValueError(f"{count} of {total} is no share.")
    z = NormalDist().inv_cdf((1 + sure) / 2)
    share = count / total
    middle = share + z * z / (2 * total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    whole = 1 + z * z / total
    low = 0.0 if count == 0 else max(0.0, (middle - reach) / whole)
    high = 1.0 if count == total else min(1.0, (middle + reach) / whole)
    return Share(count, total, round(share, 6), round(low, 6), round(high, 6))


def by_group(
    themes: Sequence[Collection[Hashable]],
    groups: Sequence[Hashable | None],
    *,
    fewest: int = FEWEST,
) -> list[Cell]:
    """Return the share of each theme in each group: `themes` and `groups` go story by story.

    A story may have several themes; one whose group is None is left out. Themes and groups come in
    the order of their names.
    """
    if len(themes) != len(groups):
        raise ValueError(f"{len(themes)} stories came with {len(groups)} groups: give one each.")
    total = Counter(group for group in groups if group is not None)
    counts = Counter(
        (theme, group)
        for held, group in zip(themes, groups, strict=True)
        if group is not None
        for theme in set(held)
    )
    every = sorted({theme for held in themes for theme in held}, key=str)
    return [
        Cell(
            theme,
            group,
            wilson(counts[theme, group], total[group]) if total[group] >= fewest else None,
        )
        for theme in every
        for group in sorted(total, key=str)
    ]


def changed(
    before: Mapping[Hashable, Share], after: Mapping[Hashable, Share], *, sure: float = SURE
) -> list[Change]:
    """Return how each theme's share changed, the largest change first (Newcombe 1998, method 10).

    The interval joins the two Wilson intervals: d - √((p₂ - l₂)² + (u₁ - p₁)²) to
    d + √((u₂ - p₂)² + (p₁ - l₁)²). With many themes some differences are clear by chance alone, so
    the intervals are widened to hold for all of them together (Bonferroni).
    """
    both = sorted(before.keys() & after.keys(), key=str)
    each = 1 - (1 - sure) / max(1, len(both))
    found = []
    for theme in both:
        one = wilson(before[theme].count, before[theme].total, sure=each)
        two = wilson(after[theme].count, after[theme].total, sure=each)
        difference = two.share - one.share
        low = difference - math.hypot(two.share - two.low, one.high - one.share)
        high = difference + math.hypot(two.high - two.share, one.share - one.low)
        found.append(
            Change(
                theme,
                round(difference, 6),
                round(low, 6),
                round(high, 6),
                clear=low > 0 or high < 0,
            )
        )
    return sorted(found, key=lambda one: (-abs(one.difference), str(one.theme)))


def marking_words(
    words: Sequence[Collection[str]],
    inside: Sequence[bool],
    *,
    most: int = 20,
    fewest: int = FEWEST,
    least_stories: int = 3,
) -> list[Marking]:
    """Return the words that mark the stories `inside` against the others, the clearest first.

    Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, equations 15, 16,
    19 and 22): with yᵢ, n inside, yⱼ, m outside and the prior aᵢ, its sum a, taken from all
    stories, δ = ln((yᵢ + aᵢ)/(n + a - yᵢ - aᵢ)) - ln((yⱼ + aᵢ)/(m + a - yⱼ - aᵢ)), divided by
    √(1/(yᵢ + aᵢ) + 1/(yⱼ + aᵢ)). A word counts once a story, so that one voice is one voice. Only
    words with z of 1.96 and more in `least_stories` stories come; none where a side has fewer than
    `fewest` stories.
    """
    if len(words) != len(inside):
        raise ValueError(f"{len(words)} stories came with {len(inside)} marks: give one each.")
    here, there = Counter[str](), Counter[str]()
    for held, is_inside in zip(words, inside, strict=True):
        (here if is_inside else there).update(set(held))
    if min(sum(inside), len(inside) - sum(inside)) < fewest:
        return []
    every = here + there
    total, n, m = sum(every.values()), sum(here.values()), sum(there.values())
    found = []
    for word in sorted(here):
        if here[word] < least_stories:
            continue
        prior = PRIOR * every[word] / total
        mine, theirs = here[word] + prior, there[word] + prior
        odds = math.log(mine / (n + PRIOR - mine)) - math.log(theirs / (m + PRIOR - theirs))
        z = odds / math.sqrt(1 / mine + 1 / theirs)
        if z >= 1.96:
            found.append((round(z, 6), word))
    found.sort(key=lambda item: (-item[0], item[1]))
    chosen = {word for _, word in found[:most]}
    where: dict[str, list[int]] = {}
    for index, (held, is_inside) in enumerate(zip(words, inside, strict=True)):
        if is_inside:
            for word in chosen & set(held):
                where.setdefault(word, []).append(index)
    return [
        Marking(word, z, here[word], there[word], tuple(where[word][:5]))
        for z, word in found[:most]
    ]


def together(themes: Sequence[Collection[Hashable]], *, least: int = 3) -> list[Together]:
    """Return pairs of themes that stand in at least `least` stories together, by how many.

    `expected` is what chance would give were the themes unrelated: a·b / n.
    """
    alone = Counter(theme for held in themes for theme in set(held))
    pairs = Counter(pair for held in themes for pair in combinations(sorted(set(held), key=str), 2))
    found = [
        Together(
            first,
            second,
            both,
            round(expected, 6),
            round(both / expected, 6),
        )
        for (first, second), both in pairs.items()
        if both >= least
        for expected in [alone[first] * alone[second] / len(themes)]
    ]
    return sorted(found, key=lambda one: (-one.both, str(one.first), str(one.second)))
