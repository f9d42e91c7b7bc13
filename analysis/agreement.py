"""How far stakeholder groups agree with a statement: positions in, figures by group out.

Groups are those that people declare themselves to be in. A figure over all people together would
let a large group hide what a small one says, so every figure here goes group by group. They
support what people say in a circle; they do not replace it.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Position = Literal["agree", "disagree", "unsure"]
State = Literal["answered", "nobody_answered", "not_asked"]

#: What people write in a spreadsheet for each position, in English and French; and the numbers by
#: which Polis writes its exports, where 0 is a pass.
_SAID: Final[dict[Position, str]] = {
    "agree": "agree|agrees|agreed|i agree|d'accord|je suis d'accord|accord|1|1.0|1,0|+1",
    "disagree": (
        "disagree|disagrees|disagreed|i disagree|pas d'accord|je ne suis pas d'accord|désaccord|"
        "en désaccord|-1|-1.0|-1,0"
    ),
    "unsure": (
        "unsure|not sure|i am not sure|pass|passed|pass/unsure|don't know|i don't know|"
        "pas sûr|pas sûre|pas sûr(e)|pas sûr.e|incertain|incertaine|passe|je passe|"
        "ne sait pas|je ne sais pas|0|0.0|0,0|-0"
    ),
}


class PositionError(ValueError):
    """Refuse a word that is no position; the message says which are."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How the people of one group answered a statement.

    `asked` is False where it was not put to them; a group that was asked may still have given no
    answer. The two are told apart everywhere, and neither is ever taken for one half.
    """

    group: str
    agree: int = 0
    disagree: int = 0
    unsure: int = 0
    asked: bool = True

    @property
    def answered(self) -> int:
        """Return how many people of the group answered, the unsure among them."""
        return self.agree + self.disagree + self.unsure

    @property
    def state(self) -> State:
        """Say whether there are answers, and if not, why not."""
        if self.answered:
            return "answered"
        return "nobody_answered" if self.asked else "not_asked"

    @property
    def share(self) -> float | None:
        """Return (A+1)/(S+2), a share drawn towards one half; None where nobody answered."""
        return (self.agree + 1) / (self.answered + 2) if self.answered else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures of one statement; `minimum` and `order` are None where no group answered.

    `minimum` is the headline: the share of the group that agrees least, so that one group's no is
    seen. `order` is what statements are sorted by. `legacy` is the score of published
    deliberations, for comparison with them alone.
    """

    statement: str
    groups: tuple[Answers, ...]
    minimum: float | None
    order: float | None
    legacy: float

    @property
    def lowest(self) -> tuple[Answers, ...]:
        """Return the groups whose share is the minimum: those who can explain it."""
        return tuple(one for one in self.groups if one.answered and one.share == self.minimum)


def of_groups(statement: str, groups: Iterable[Answers]) -> Agreement:
    """Return the figures of one statement from its answers in each declared group.

    With A people agreeing of S who answered in a group: the minimum over groups of (A+1)/(S+2);
    the geometric mean over groups of (A+0.5)/(S+1); and the legacy score, the product over all
    groups of (A+1)/(S+2), which alone counts a group without answers as 1/2 (`group-informed
    consensus` of Polis: Small et al. 2021, "Polis: Scaling deliberation by mapping high
    dimensional opinion spaces").
    """
    every = tuple(groups)
    heard = [one for one in every if one.answered]
    shares = [one.share for one in heard if one.share is not None]
    logs = [math.log((one.agree + 0.5) / (one.answered + 1)) for one in heard]
    return Agreement(
        statement,
        every,
        minimum=min(shares, default=None),
        order=math.exp(math.fsum(logs) / len(logs)) if logs else None,
        legacy=math.prod((one.agree + 1) / (one.answered + 2) for one in every),
    )


def in_order(agreements: Iterable[Agreement]) -> list[Agreement]:
    """Sort statements by agreement across groups, the highest first; unanswered ones come last."""
    return sorted(agreements, key=lambda one: math.inf if one.order is None else -one.order)


def position(said: str) -> Position | None:
    """Return the position that a cell holds; None where it is empty: listed, but not answered.

    Words may be English or French in any case; numbers are 1, -1 and 0. Raises PositionError for
    anything else: a guess would be somebody's view that they do not hold.
    """
    plain = " ".join(unicodedata.normalize("NFKC", said).casefold().split())
    plain = plain.replace("\u2019", "'").replace("\u2212", "-")
    # a spreadsheet that guards itself against formulas writes '-1
    plain = plain.removeprefix("'").strip()
    if not plain:
        return None
    found = _POSITIONS.get(plain)
    if found is None:
        raise PositionError(
            "is no position. Write agree, disagree or unsure (d’accord, pas d’accord, pas sûr), "
            "or 1, -1 or 0, or leave it empty"
        )
    return found


_POSITIONS: Final[Mapping[str, Position]] = {
    word: meant for meant, words in _SAID.items() for word in words.split("|")
}


class Tally:
    """Gathers positions row by row; the last that a participant of a group gave holds.

    An empty position lists somebody who was asked, and takes back no answer. Whoever is in two
    groups counts once in each. `repeated` counts the answers that a later row replaced, `alone`
    those of people in no group, which no figure by group can hold.
    """

    def __init__(self, groups: Sequence[str] = ()) -> None:
        self.repeated = 0
        self.alone = 0
        self._groups: dict[str, str] = {}
        self._people: dict[str, int] = {}
        self._in: dict[int, set[str]] = {}
        # statement -> group -> person -> position; a group is there as soon as it was asked
        self._held: dict[str, dict[str, dict[int, Position]]] = {}
        for group in groups:
            self._group(group)

    def add(self, participant: str, group: str, statement: str, position: Position | None) -> None:
        """Take one row."""
        by_group = self._held.setdefault(statement, {})
        name = self._group(group)
        if not name:
            self.alone += position is not None
            return
        person = self._people.setdefault(participant, len(self._people))
        self._in.setdefault(person, set()).add(name)
        given = by_group.setdefault(name, {})
        if position is not None:
            self.repeated += person in given
            given[person] = position

    def _group(self, written: str) -> str:
        """Return the name of a group; case and spaces make no other group of it."""
        plain = " ".join(unicodedata.normalize("NFKC", written).casefold().split())
        return self._groups.setdefault(plain, " ".join(written.split())) if plain else ""

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups in the order in which they came, each as it was first written."""
        return tuple(self._groups.values())

    @property
    def participants(self) -> int:
        """Return how many people of a group were listed."""
        return len(self._people)

    @property
    def in_several_groups(self) -> int:
        """Return how many people are in more than one group, and count in each."""
        return sum(len(groups) > 1 for groups in self._in.values())

    def agreements(self) -> list[Agreement]:
        """Return the figures of every statement, the one most agreed across groups first."""
        return in_order(of_groups(one, self._answers(one)) for one in self._held)

    def _answers(self, statement: str) -> Iterable[Answers]:
        asked = self._held[statement]
        for group in self.groups:
            counts = Counter(asked.get(group, {}).values())
            yield Answers(
                group, counts["agree"], counts["disagree"], counts["unsure"], group in asked
            )
