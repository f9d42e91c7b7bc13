"""What people are told of the agreement on a statement: words, and no figure that shows a person.

The desk sees exact figures (`analysis.agreement`). Everybody else is told of each group in words
alone, and of a group with fewer answers than the inquiry's threshold only that they were few: what
its people say stands beside it in their own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from analysis.agreement import Agreement, Answers, of_groups
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import positions
from par_toolkit.storage.sensemaking.positions import Reason
from par_toolkit.storage.sensemaking.statements import Statement

Leaning = Literal["not_asked", "nobody_answered", "few", "most", "divided", "hardly"]

#: Of those who answered: from two thirds on 'most' agree, below one third 'hardly' any.
_MOST: Final = 2 / 3
_HARDLY: Final = 1 / 3


@dataclass(frozen=True)
class Heard:
    """What a group is told to hold, with the reasons of its people, dissent first.

    `leaning` says it in one word; 'few' where fewer answered than the threshold.
    """

    group: str
    leaning: Leaning
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Result:
    """A statement with its exact figures, for the desk, and what everybody is told of it."""

    statement: Statement
    figures: Agreement
    heard: tuple[Heard, ...]

    @property
    def least(self) -> tuple[str, ...]:
        """Name the groups that agree least, of those of which it may be told."""
        for leaning in ("hardly", "divided"):
            found = tuple(one.group for one in self.heard if one.leaning == leaning)
            if found:
                return found
        return ()

    @property
    def told(self) -> int:
        """Count the groups of which more is told than that they are few."""
        return sum(one.leaning in ("most", "divided", "hardly") for one in self.heard)

    @property
    def small(self) -> int:
        """Count the groups of which only their words are told."""
        return sum(one.leaning == "few" for one in self.heard)


def leaning(answers: Answers, *, fewest: int) -> Leaning:
    """Say in one word how a group leans; 'few' where fewer than `fewest` people answered."""
    if answers.state != "answered":
        return answers.state
    if answers.answered < fewest:
        return "few"
    share = answers.agree / answers.answered
    return "most" if share >= _MOST else "hardly" if share < _HARDLY else "divided"


def result(
    db: PrivateDatabase, statement: Statement, *, groups: Sequence[str], fewest: int
) -> Result:
    """Gather what was said to a statement in each of `groups`, and in any other that was asked."""
    counted = {one.group: one for one in positions.counts(db, statement)}
    every = dict.fromkeys([*groups, *statement.groups])
    answers = [_answers(group, counted.get(group)) for group in every]
    given = positions.reasons(db, statement.id)
    heard = tuple(
        Heard(
            one.group,
            leaning(one, fewest=fewest),
            tuple(reason for reason in given if reason.group == one.group),
        )
        for one in answers
    )
    return Result(statement, of_groups(statement.words, answers), heard)


def _answers(group: str, count: positions.Count | None) -> Answers:
    if count is None:
        return Answers(group, asked=False)
    return Answers(group, count.agree, count.disagree, count.unsure)
