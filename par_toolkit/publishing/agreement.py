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
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.figures.attack import ALL, Key, exposed
from par_toolkit.publishing.figures.suppress import hide, rounded, with_totals
from par_toolkit.storage.sensemaking.positions import Count
from par_toolkit.storage.sensemaking.shown_figures import Line, Shown

#: Disagree and unsure together: what is counted where all three would show less.
NOT_AGREE: Final = "not_agree"

#: How one group's people are put into columns: (position, people).
Columns = dict[str, int]


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
            counts,
            groups=groups,
            threshold=inquiry.threshold,
            before=said.before.get(statement),
        )
        for statement, counts in said.counts.items()
    }


def figures(
    statement: int,
    counts: Sequence[Count],
    *,
    groups: Iterable[str],
    threshold: int,
    before: Shown | None = None,
) -> Shown:
    """Return what to show of a statement; `counts` are those of the groups that were asked.

    What was shown `before` stays while the counts changed by few people: the difference of two
    builds would tell what these answered. Raises PublishError if a reader could still narrow a
    hidden figure.
    """
    every = tuple(counts)
    if before and before.threshold == threshold and not _changed_enough(every, before, threshold):
        return Shown(statement, threshold, before.counts, before.lines)
    lines = [*_counted(statement, every, threshold), *_uncounted(every, groups)]
    return Shown(statement, threshold, every, tuple(lines))


def _changed_enough(counts: Sequence[Count], before: Shown, threshold: int) -> bool:
    """Say whether each cell changed by nobody or by at least the threshold, and one did."""
    now, then = _cells(counts), _cells(before.counts)
    moved = [abs(now.get(key, 0) - then.get(key, 0)) for key in now.keys() | then.keys()]
    return any(moved) and all(n == 0 or n >= threshold for n in moved)


def _cells(counts: Iterable[Count]) -> dict[Key, int]:
    return {(one.group, name): n for one in counts for name, n in _three(one).items()}


def _three(count: Count) -> Columns:
    return {"agree": count.agree, "disagree": count.disagree, "unsure": count.unsure}


def _two(count: Count) -> Columns:
    return {"agree": count.agree, NOT_AGREE: count.disagree + count.unsure}


def _counted(statement: int, counts: Sequence[Count], threshold: int) -> list[Line]:
    """Return the lines of groups that answered: with the columns that let more of them be shown."""
    answered = [one for one in counts if any(_three(one).values())]
    if not answered:
        return []
    three, two = (
        _suppressed({one.group: columns(one) for one in answered}, threshold)
        for columns in (_three, _two)
    )
    found = two if _told(two) > _told(three) else three
    return [
        Line(group, position, people, "hidden" if people is None else "shown")
        for (group, position), people in found.items()
    ]


def _suppressed(table: Mapping[str, Columns], threshold: int) -> dict[Key, int | None]:
    """Return every figure of a table, rounded, or None where it is hidden.

    The reader is taken to know that somebody answered in each group that is in it.
    """
    counts = with_totals(
        {(group, position): n for group, row in table.items() for position, n in row.items()}
    )
    unsaid = {key for key in counts if key[0] == ALL and key[1] != ALL}
    least = {(group, ALL): 1 for group in table} | {(ALL, ALL): len(table)}
    hidden = hide(counts, threshold=threshold, least=least, unsaid=unsaid)
    check(counts, hidden, threshold=threshold, least=least, unsaid=unsaid)
    return {
        key: None if key in hidden else rounded(counts[key], threshold)
        for key in sorted(counts, key=lambda key: (key[0] == ALL, key[0]))
        if key not in unsaid
    }


def check(
    counts: Mapping[Key, int],
    hidden: frozenset[Key],
    *,
    threshold: int,
    least: Mapping[Key, int],
    unsaid: set[Key],
) -> None:
    """Attack the figures before they are published; raise PublishError if a hidden one gives way.

    Where every figure is hidden there is nothing to work with; what a reader knew stays known.
    """
    if hidden == counts.keys():
        return
    found = exposed(counts, hidden, threshold=threshold, least=least, unsaid=unsaid)
    if found:
        group, position = found[0]
        raise PublishError(
            "exposed",
            "The table 'agreement' would let a reader work out a hidden count (group "
            f"'{group}', position '{position}'). Nothing was published. Join small groups in "
            "inquiry.toml, then publish again.",
        )


def _told(found: Mapping[Key, int | None]) -> int:
    """Count the groups of which it is shown how many answered and how many of them agree."""
    return sum(
        found[group, "agree"] is not None and people is not None
        for (group, position), people in found.items()
        if position == ALL and group != ALL
    )


def _uncounted(counts: Sequence[Count], groups: Iterable[str]) -> list[Line]:
    """Return a line for each group without an answer: nobody gave one, or nobody was asked."""
    asked = {one.group: any(_three(one).values()) for one in counts}
    nobody = [Line(g, ALL, None, "nobody_answered") for g, heard in asked.items() if not heard]
    return nobody + [Line(g, ALL, None, "not_asked") for g in groups if g not in asked]


def scores(lines: Iterable[Line]) -> Scores:
    """Return the scores of a statement, where those of every group that answered can be told."""
    people = {
        (line.group, line.position): line.people
        for line in lines
        if line.group != ALL and line.shown in ("shown", "hidden")
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
