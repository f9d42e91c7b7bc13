"""Words that mark the stories of one group against all others."""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

from analysis.compare import FEWEST

PRIOR = 500.0
"""Words that the prior counts for: the more, the less a rare word can show."""

CLEAR = 1.96
"""Standard deviations from nothing at which a word is taken to mark; by chance 1 in 40 does."""

LEAST_PEOPLE = 3
"""People who must have used a word: one voice's own word marks nobody but that voice."""


@dataclass(frozen=True, slots=True)
class Marking:
    """A word that marks a group: `z` is the log-odds ratio by its standard deviation.

    `inside` and `outside` count the stories that use it, `people` and `people_outside` those who
    told them; `where` has the indexes of the stories inside.
    """

    word: str
    z: float
    inside: int
    outside: int
    people: int
    people_outside: int
    where: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """What marks a group. `looked_at` words were tried; by chance `by_chance` of them would mark.

    `too_few` says that one side has too few people for anything to be said.
    """

    words: tuple[Marking, ...]
    looked_at: int
    too_few: bool = False

    @property
    def by_chance(self) -> float:
        """Return how many words would seem to mark if none did."""
        return round(self.looked_at / 40, 1)


def words_of(
    words: Sequence[Collection[str]],
    inside: Sequence[bool],
    *,
    people: Sequence[Hashable] | None = None,
    most: int = 20,
    fewest: int = FEWEST,
    least_people: int = LEAST_PEOPLE,
) -> Marked:
    """Return the words that mark the stories `inside` against the others, the clearest first.

    Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, equations 15, 16,
    19 and 22): with yᵢ, n inside, yⱼ, m outside and the prior aᵢ, its sum a, taken from all
    stories, δ = ln((yᵢ + aᵢ)/(n + a - yᵢ - aᵢ)) - ln((yⱼ + aᵢ)/(m + a - yⱼ - aᵢ)), divided by
    √(1/(yᵢ + aᵢ) + 1/(yⱼ + aᵢ)). A word counts once a story, so that one voice is one voice. Words
    of fewer than `least_people` inside are passed over; where a side has fewer than `fewest`
    people, there is nothing to tell. Without `people` each story is another person's.
    """
    whose = range(len(words)) if people is None else people
    if not len(words) == len(inside) == len(whose):
        raise ValueError(f"{len(words)} stories came with {len(inside)} marks: give one each.")
    sides = [
        {who for who, mine in zip(whose, inside, strict=True) if bool(mine) is side}
        for side in (True, False)
    ]
    if min(len(side) for side in sides) < max(1, fewest):
        return Marked((), 0, too_few=True)
    here, there = Counter[str](), Counter[str]()
    who_says: dict[tuple[str, bool], set[Hashable]] = {}
    for held, mine, who in zip(words, inside, whose, strict=True):
        (here if mine else there).update(set(held))
        for word in held:
            who_says.setdefault((word, bool(mine)), set()).add(who)
    tried = [word for word in sorted(here) if len(who_says[word, True]) >= least_people]
    n, m = here.total(), there.total()
    scored = [
        (score, word)
        for word in tried
        if (score := log_odds(here[word], n, there[word], m)) >= CLEAR
    ]
    scored.sort(key=lambda item: (-item[0], item[1]))
    where: dict[str, list[int]] = {word: [] for _, word in scored[:most]}
    for index, (held, mine) in enumerate(zip(words, inside, strict=True)):
        for word in where.keys() & set(held) if mine else ():
            where[word].append(index)
    found = [
        Marking(
            word,
            z,
            here[word],
            there[word],
            len(who_says[word, True]),
            len(who_says.get((word, False), ())),
            tuple(where[word]),
        )
        for z, word in scored[:most]
    ]
    return Marked(tuple(found), len(tried))


def log_odds(inside: int, n: int, outside: int, m: int) -> float:
    """Return z of a word that stands `inside` of n words here and `outside` of m there."""
    prior = PRIOR * (inside + outside) / (n + m)
    mine, theirs = inside + prior, outside + prior
    if mine >= n + PRIOR or theirs >= m + PRIOR:  # the only word there is marks nobody
        return 0.0
    odds = math.log(mine / (n + PRIOR - mine)) - math.log(theirs / (m + PRIOR - theirs))
    return round(odds / math.sqrt(1 / mine + 1 / theirs), 6)
