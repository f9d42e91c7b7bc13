"""What groups answered to statements: the very figures of the published findings, and reasons."""

from __future__ import annotations

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import PublishError, agreement
from par_toolkit.publishing.agreement import Shown
from par_toolkit.publishing.circles import FromCircles
from par_toolkit.reporting.model import Put

#: What a figure cannot say comes first.
DISSENT_FIRST = ("disagree", "unsure", "agree")


def put(said: FromCircles, inquiry: Inquiry, cycle: str) -> list[Put]:
    """Return the statements of a cycle that may be told, by number, with figures and reasons.

    A reason is one person's words, so no group stands beside it. Their order tells no time.
    """
    shown = _figures(said, inquiry)
    found = []
    for text in sorted(said.of("statement"), key=lambda one: one.reference):
        if text.cycle != cycle:
            continue
        given = [
            (position, reason.parts[0])
            for reason in said.of("reason")
            for statement, position in (said.reasons[reason.reference],)
            if statement == text.reference
        ]
        given.sort(key=lambda one: (DISSENT_FIRST.index(one[0]), one[1]))
        figures = shown.get(text.reference)
        lines = figures.lines if figures else ()
        least = agreement.scores(lines).minimum
        asked = said.asked[text.reference]
        found.append(Put(text.parts[0], asked, tuple(given), figures, least))
    return found


def _figures(said: FromCircles, inquiry: Inquiry) -> dict[int, Shown]:
    """Return what a build would show; nothing where a reader could work out what is hidden."""
    try:
        return agreement.of_statements(said, inquiry)
    except PublishError:
        return {}
