"""Figures on statements by group, small ones hidden; what they say is worked out from those alone.

People are counted by the group they meet in and by what they answer: a table with two sides for
each statement. Totals over groups are published of who answered, never of who agrees: they would
let a large group hide what a small one says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.agreement import Answers, of_groups
from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.circles import FromCircles
from par_toolkit.publishing.figures import ALL, Figures, Join, Kept, Key, Line, Shape, Table, decide
from par_toolkit.publishing.tables.groups import topics_of_groups
from par_toolkit.publishing.tables.planned import Planned
from par_toolkit.storage.sensemaking.positions import POSITIONS, Seats

NAME: Final = "agreement"
#: Disagree and unsure together: what is counted where all three would show less.
NOT_AGREE: Final = "not_agree"
#: Why a line counts nobody.
NOBODY_ANSWERED: Final = "nobody_answered"
NOT_ASKED: Final = "not_asked"


@dataclass(frozen=True)
class Shown:
    """What is shown of a statement; `figures` is None where nobody answered."""

    figures: Figures | None
    lines: tuple[Line, ...]

    @property
    def kept(self) -> Kept | None:
        """Return what is to be kept of it once it is shown."""
        return self.figures.kept if self.figures else None


@dataclass(frozen=True)
class Scores:
    """The headline and what statements are sorted by; None where a group's figures are hidden.

    Both are worked out from the published figures, so they tell nothing that these do not.
    """

    minimum: float | None
    agreement: float | None


def of_statements(said: FromCircles, inquiry: Inquiry) -> dict[int, Shown]:
    """Return what to show of each statement that is published. Raises like `figures`."""
    groups = [group.code for group in inquiry.groups]
    return {
        statement: figures(
            statement,
            answers,
            asked=said.asked[statement],
            groups=groups,
            threshold=inquiry.threshold_for(_topics(said, inquiry, statement)),
            before=said.before.get(statement),
        )
        for statement, answers in said.answers.items()
    }


def planned(said: FromCircles, inquiry: Inquiry) -> list[Planned]:
    """Return a table for each published statement that somebody answered, now or in a build."""
    found = []
    for statement, answers in said.answers.items():
        topics = _topics(said, inquiry, statement)
        asked = table(statement, answers, threshold=inquiry.threshold_for(topics))
        if asked.rows or statement in said.before:
            words = said.texts["statement", statement].parts[0]
            found.append(Planned(asked, words, topics, choose=_most_told))
    return found


def _topics(said: FromCircles, inquiry: Inquiry, statement: int) -> frozenset[str]:
    return said.topics[statement] | topics_of_groups(inquiry)


def figures(
    statement: int,
    answers: Mapping[Key, Seats],
    *,
    asked: Sequence[str],
    groups: Iterable[str],
    threshold: int,
    before: Kept | None = None,
) -> Shown:
    """Return what to show of a statement; `answers` are by (group, position).

    What was shown `before` stays while few people take an answer back: the difference of two builds
    would tell what these had answered. Raises PublishError if a reader could still narrow a hidden
    figure.
    """
    counted = table(statement, answers, threshold=threshold)
    found = decide(counted, before, choose=_most_told) if counted.rows or before else None
    return with_others(found, asked=asked, groups=groups)


def with_others(found: Figures | None, *, asked: Sequence[str], groups: Iterable[str]) -> Shown:
    """Return the figures with a line for each group of which nobody answered or was asked."""
    lines = found.lines if found else ()
    told = {line.row for line in lines}
    nobody = [Line(group, ALL, None, NOBODY_ANSWERED) for group in asked if group not in told]
    others = [Line(group, ALL, None, NOT_ASKED) for group in groups if group not in asked]
    return Shown(found, (*lines, *nobody, *others))


def table(statement: int, answers: Mapping[Key, Seats], *, threshold: int) -> Table:
    """Return who answered what as a table: a row for each group in which somebody did.

    The reader is taken to know that. With disagree and unsure together more may be shown.
    """
    rows = tuple(sorted({group for (group, _), seats in answers.items() if seats}))
    return Table(
        NAME,
        threshold,
        {key: seats for key, seats in answers.items() if seats},
        rows,
        POSITIONS if rows else (),
        part=str(statement),
        said=frozenset({"rows", "all"}),
        joins=(Join("position", columns=dict.fromkeys(POSITIONS[1:], NOT_AGREE)),),
        only_if_any=frozenset(rows),
    )


def _most_told(shapes: Sequence[Shape]) -> Shape:
    """Choose the shape that shows of most groups how many answered and how many of them agree."""

    def told(shape: Shape) -> int:
        shown = {(row, at) for key, row, at in shape.counted.lines if key not in shape.hidden}
        return sum((row, "agree") in shown for row, at in shown if at == ALL and row != ALL)

    return max(shapes, key=told)


def scores(lines: Iterable[Line]) -> Scores:
    """Return the scores of a statement, where those of every group that answered can be told."""
    people = {
        (line.row, line.column): line.people
        for line in lines
        if line.row != ALL and line.shown in ("shown", "hidden")
    }
    told = []
    for group in {group for group, _ in people}:
        agree, answered = people.get((group, "agree")), people.get((group, ALL))
        if agree is None or answered is None:
            return Scores(None, None)
        told.append(Answers(group, agree, max(0, answered - agree)))
    found = of_groups("", told)
    return Scores(_to_hundredths(found.minimum), _to_hundredths(found.order))


def _to_hundredths(share: float | None) -> float | None:
    return None if share is None else round(share, 2)
