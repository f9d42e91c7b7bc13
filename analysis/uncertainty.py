"""How sure a share or a difference of shares is: intervals that are honest for few stories."""

import math
from dataclasses import dataclass
from statistics import NormalDist

SURE = 0.95
"""Probability that an interval is made for."""


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total` stories; the true share lies between `low` and `high` (95 %)."""

    count: int
    total: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """One share less another, with its interval.

    `clear` says that no difference at all lies outside the interval: else nobody can tell.
    """

    difference: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Say whether there is a difference at all."""
        return self.low > 0 or self.high < 0


def wilson(count: int, total: int, *, sure: float = SURE) -> Share:
    """Return the share count / total with its score interval (Wilson 1927).

    (p + z²/2n ± z·√(p(1 - p)/n + z²/4n²)) / (1 + z²/n). Unlike the simple interval it stays between
    0 and 1 and is honest for few stories. It takes each story for a voice of its own: where one
    person told several, it is too narrow. Raise ValueError unless 0 ≤ count ≤ total and total > 0.
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


def difference(before: Share, after: Share, *, sure: float = SURE) -> Difference:
    """Return `after` less `before` with an interval (Newcombe 1998, method 10).

    It joins the two Wilson intervals: d - √((p₂ - l₂)² + (u₁ - p₁)²) to d + √((u₂ - p₂)² +
    (p₁ - l₁)²).
    """
    one = wilson(before.count, before.total, sure=sure)
    two = wilson(after.count, after.total, sure=sure)
    apart = after.count / after.total - before.count / before.total
    low = apart - math.hypot(two.share - two.low, one.high - one.share)
    high = apart + math.hypot(two.high - two.share, one.share - one.low)
    return Difference(round(apart, 6), round(low, 6), round(high, 6))


def for_all_of(number: int, *, sure: float = SURE) -> float:
    """Return how sure each of `number` intervals must be for all of them to hold (Bonferroni).

    With twenty figures one is out by chance at 95 %; this widens each of them instead.
    """
    return 1 - (1 - sure) / max(1, number)
