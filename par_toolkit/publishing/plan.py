"""What a build would show of people, table by table, and why not more: said before publishing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.figures import Figures, State
from par_toolkit.publishing.tables.planned import Planned


@dataclass(frozen=True)
class Plan:
    """What would be shown of one table, or of its `part` about one theme, statement or state.

    `title` is what people call what it is about. `topics` are the sensitive ones that raised its
    threshold. `joined` is what would be counted together: position, time, place, age, identity.
    `shown` and `hidden` count figures. `state` compares them with those that were shown last; it is
    None where publishing would be refused, for the reason in `refusal`.
    """

    name: str
    part: str
    title: str
    threshold: int
    topics: tuple[str, ...]
    state: State | None
    joined: tuple[str, ...] = ()
    shown: int = 0
    hidden: int = 0
    refusal: PublishError | None = None


def plans(found: Iterable[tuple[Planned, Figures | PublishError]]) -> list[Plan]:
    """Return a plan for each table, from what was decided about it."""
    return [_plan(planned, decided) for planned, decided in found]


def _plan(planned: Planned, decided: Figures | PublishError) -> Plan:
    table, topics = planned.table, tuple(sorted(planned.topics))
    about = table.name, table.part, planned.title
    if isinstance(decided, PublishError):
        return Plan(*about, table.threshold, topics, None, refusal=decided)
    shown = [line.shown for line in decided.lines]
    return Plan(
        *about,
        decided.threshold,
        topics,
        decided.state,
        decided.joined,
        shown.count("shown"),
        shown.count("hidden"),
    )
