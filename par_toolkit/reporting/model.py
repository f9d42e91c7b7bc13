"""What a case report tells: facts and released words, before they are put in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from par_toolkit.publishing.agreement import Shown
from par_toolkit.storage.sensemaking.carrying import OPEN_ACTIONS
from par_toolkit.storage.sensemaking.contracts import Contract
from par_toolkit.storage.sensemaking.evidence import Evidence

#: Why nothing of an item is told: an appeal on it is open, or a teller waits for an answer.
Why = Literal["appeal", "teller"]


@dataclass(frozen=True)
class View:
    """How a group sees an item, confirmed by its own people.

    `named`: so many of it met that its name points at nobody.
    """

    group: str
    words: str
    named: bool


@dataclass(frozen=True)
class Quote:
    """A passage of a released story, as it reads after redaction."""

    words: str
    language: str


@dataclass(frozen=True)
class Doing:
    """An action as it stands: `words` is the sentence that goes with its state, `due` a date."""

    id: int
    what: str
    owner: str
    due: str
    state: str
    words: str
    item: int | None

    def overdue(self, today: date) -> bool:
        """Say whether it is still to be done and its date has passed by `today`."""
        return self.state in OPEN_ACTIONS and date.fromisoformat(self.due) < today


@dataclass(frozen=True)
class Case:
    """A claim, concern or issue with all that may be told of it.

    `group` said it and `parties` are the groups that it affects. `outcome` is 'full', 'partial',
    'none', or '' where it was not negotiated or the words of its outcome are not released.
    """

    id: int
    kind: str
    words: str
    group: str
    parties: tuple[str, ...]
    theme: str
    views: tuple[View, ...]
    quotes: tuple[Quote, ...]
    outcome: str
    outcome_words: str
    no_action: str
    actions: tuple[Doing, ...]
    found_out: tuple[tuple[str, str], ...]
    negotiated: bool


@dataclass(frozen=True)
class Together:
    """What a circle of a group says together, and what stands beside it as (name, words).

    `named` is as of a view. `silent`: something more stands beside it that is not released.
    """

    group: str
    named: bool
    words: tuple[str, ...]
    beside: tuple[tuple[str, str], ...]
    silent: bool


@dataclass(frozen=True)
class Put:
    """A statement that was put to groups, with released reasons as (position, words).

    `shown` is what a build shows of who holds which position, `least` the headline: the share of
    the group that agrees least. None where figures are hidden.
    """

    words: str
    asked: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]
    shown: Shown | None
    least: float | None


@dataclass(frozen=True)
class Checked:
    """What tellers said of the uses of their words: numbers of tellers by their last answers."""

    tellers: int
    right: int
    waiting: int


@dataclass(frozen=True)
class Trail:
    """The audit trail: whether it is whole, its last hash, and acts as (role, act, number)."""

    whole: bool
    rows: int
    last: str
    acts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Report:
    """All that a report tells. `closed` says whether the cycle is; `left_out` counts texts by kind
    that are not released, so that nobody takes the report for the whole. `of_one` are the groups
    that may be named beside one person's words. `expected` is what evaluators had expected, opened
    and released.
    """

    inquiry: str
    locality: str
    cycle: Mapping[str, str]
    begins: date | None
    ends: date | None
    today: date
    fewest: int
    group_names: Mapping[str, Mapping[str, str]]
    of_one: frozenset[str]
    contract: Contract | None
    closed: bool
    stops: bool
    reflection: str
    next_plan: str
    resolved: tuple[Case, ...]
    unresolved: tuple[Case, ...]
    held: tuple[tuple[int, Why], ...]
    together: tuple[Together, ...]
    statements: tuple[Put, ...]
    actions: tuple[Doing, ...]
    checked: Checked
    evidence: Evidence
    heard: tuple[tuple[str, str, str, str], ...]
    sealed: int
    opened: int
    expected: tuple[str, ...]
    trail: Trail
    left_out: Mapping[str, int]
