"""What a report says of statements: who agrees by group, where that may be told, and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from par_toolkit.publishing.figures.attack import ALL
from par_toolkit.reporting.blocks import Block, Heading, Said, Sentence, Table
from par_toolkit.reporting.model import Put, Report
from par_toolkit.reporting.saying import Say
from par_toolkit.storage.kept_figures import Line

#: The columns of a table, where it has them; who answered at the end.
POSITIONS = ("agree", "disagree", "unsure", "not_agree", ALL)


def statements(report: Report, say: Say) -> Iterator[Block]:
    """Tell each statement, what groups answered, and why people do not agree, or do."""
    if not report.statements:
        return
    yield Heading(2, say("statements"))
    yield Sentence(say("counted"))
    for number, one in enumerate(report.statements, start=1):
        yield Heading(3, say("statement", number=number))
        yield Said(one.words)
        yield Sentence(say("asked", groups=say.groups(one.asked)))
        yield from _answers(one, say)
        for position, words in one.reasons:
            yield Said(words, by=say(f"position_{position}"))
        if not any(position != "agree" for position, _words in one.reasons):
            yield Sentence(say("no_dissent"))


def _answers(one: Put, say: Say) -> Iterator[Block]:
    """Tell the figures of the findings; where all are hidden, what is true without them."""
    lines = one.shown.lines if one.shown else ()
    silent = [line.row for line in lines if line.shown == "nobody_answered"]
    counted = [line for line in lines if line.shown in ("shown", "hidden")]
    of_groups = [line for line in counted if line.row != ALL]
    if any(line.people is not None for line in of_groups):
        yield _table(of_groups, say)
    elif of_groups:
        yield Sentence(say("figures_hidden", groups=say.groups(_groups(of_groups))))
    everybody = next((one.people for one in counted if one.row == ALL), None)
    if everybody is not None:
        yield Sentence(say("answered_in_all", number=everybody))
    if one.least is not None:
        yield Sentence(say("least", share=round(100 * one.least)))
    if silent:
        yield Sentence(say("nobody_answered", groups=say.groups(sorted(silent))))


def _groups(lines: Sequence[Line]) -> list[str]:
    return sorted({line.row for line in lines})


def _table(lines: Sequence[Line], say: Say) -> Table:
    people = {(line.row, line.column): line.people for line in lines}
    columns = [one for one in POSITIONS if any(position == one for _group, position in people)]

    def cell(group: str, position: str) -> str:
        number = people.get((group, position))
        return say("hidden") if number is None else str(number)

    return Table(
        say("figures_caption"),
        [say("group"), *(say(f"column_{one}") for one in columns)],
        [(say.group(one), *(cell(one, column) for column in columns)) for one in _groups(lines)],
    )
