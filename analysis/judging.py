"""Judge suggested codes by what people gave, and say whether they are worth listening to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis import learning

Matrix = NDArray[np.float64]

WORTH_FROM = 0.4
"""Agreement with people (micro-F1) below which the machine steps back."""

BETTER_BY = 0.1
"""It also steps back where it is not this much better than always giving the commonest codes."""


@dataclass(frozen=True, slots=True)
class CodeQuality:
    """How suggestions of one code agree with people; shares are None where nothing was counted."""

    code: str
    read: int
    suggested: int
    both: int

    @property
    def precision(self) -> float | None:
        """Share of the suggestions that people gave too."""
        return round(self.both / self.suggested, 4) if self.suggested else None

    @property
    def recall(self) -> float | None:
        """Share of what people gave that was suggested."""
        return round(self.both / self.read, 4) if self.read else None

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.read + self.suggested
        return round(2 * self.both / total, 4) if total else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Agreement with people's readings, each judged as if it had been left out.

    `always_usual` is the best that always giving the commonest codes would reach. `advice` is
    `too_few`, `step_back` or `worth`; `curve` has pairs of how many readings were learned from (0:
    the codebook alone) and the micro-F1 on the others. `between` says how far `micro_f1` might be
    off, as it is known from so many readings only: it lies there 19 times in 20.
    """

    readings: int
    micro_f1: float | None
    always_usual: float | None
    advice: Literal["too_few", "step_back", "worth"]
    codes: tuple[CodeQuality, ...]
    curve: tuple[tuple[int, float], ...]
    between: tuple[float, float] | None = None

    def weakest(self, number: int = 5) -> tuple[CodeQuality, ...]:
        """Return the codes that people used and the machine agrees with least."""
        used = [one for one in self.codes if one.read]
        return tuple(sorted(used, key=lambda one: (one.f1, -one.read, one.code))[:number])


def judge(
    codes: Sequence[str],
    given: NDArray[np.bool_],
    answers: Matrix,
    *,
    curve: tuple[tuple[int, float], ...] = (),
) -> Quality:
    """Say how what was suggested agrees with what people gave.

    Both have one row a reading and one column a code; each row of `given` was found as if its
    reading had been left out.
    """
    reached, always = learning.micro_f1(given, answers), learning.best_constant(answers)
    low, high = learning.micro_f1_between(given, answers)
    worth = reached >= WORTH_FROM and reached >= always + BETTER_BY
    return Quality(
        readings=len(answers),
        micro_f1=round(reached, 4),
        always_usual=round(always, 4),
        advice="worth" if worth else "step_back",
        codes=tuple(
            CodeQuality(
                code,
                read=int(answers[:, place].sum()),
                suggested=int(given[:, place].sum()),
                both=int((given[:, place] * answers[:, place]).sum()),
            )
            for place, code in enumerate(codes)
        ),
        curve=curve,
        between=(round(low, 4), round(high, 4)),
    )
