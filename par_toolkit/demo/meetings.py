"""Load what the made-up people agree, say and decide together, in two cycles.

It is plain TOML beside this module. A key names a person, a version, an item or an action, in both
cycles.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any, Final, TypeVar

#: The cycles of sense-making, in their order.
FILES: Final = ("first_cycle", "second_cycle")
Made = TypeVar("Made")


@dataclass(frozen=True)
class DemoStake:
    """A line of the register: who is named, or why nobody is."""

    stake: str
    group: str
    named: str = ""
    why_empty: str = ""


@dataclass(frozen=True)
class DemoContract:
    """What is agreed before all begins; `expectations` are those of the evaluator, by cycle."""

    terms: Mapping[str, str]
    stakes: tuple[DemoStake, ...]
    expectations: Mapping[str, str]


@dataclass(frozen=True)
class DemoNote:
    """A claim, concern or issue that somebody writes alone; `repeats` an item shared before."""

    kind: str
    words: str
    key: str = ""
    repeats: str = ""


@dataclass(frozen=True)
class DemoSeat:
    """Somebody at a table; on `paper` their words are keyed in. `able`: were they able to act?"""

    key: str
    called: str
    own: str
    end: str = ""
    able: str = ""
    able_words: str = ""
    paper: bool = False
    notes: tuple[DemoNote, ...] = ()


@dataclass(frozen=True)
class DemoVersion:
    """A version that the circle writes, from those that it `follows`."""

    key: str
    by: str
    words: str
    follows: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoRemark:
    """What somebody says to a version."""

    by: str
    version: str
    words: str


@dataclass(frozen=True)
class DemoAnswers:
    """Who finds a version theirs; `others` say in words what is not: by, answer, words."""

    version: str
    assent: tuple[str, ...]
    others: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class DemoAlternative:
    """A construction that stands alone, under a name."""

    by: str
    name: str


@dataclass(frozen=True)
class DemoCircle:
    """A circle of a group; one that is `open` still takes people. `card` is the evaluator's."""

    key: str
    group: str
    topic: str
    people: tuple[DemoSeat, ...]
    versions: tuple[DemoVersion, ...]
    remarks: tuple[DemoRemark, ...] = ()
    answers: tuple[DemoAnswers, ...] = ()
    alternatives: tuple[DemoAlternative, ...] = ()
    card: str = ""
    open: bool = False


@dataclass(frozen=True)
class DemoPassage:
    """Words of a story that an item comes from."""

    story: str
    text: str
    item: str = ""


@dataclass(frozen=True)
class DemoItem:
    """An item that was written down at the desk from stories under a theme."""

    key: str
    kind: str
    group: str
    words: str
    theme: str
    passages: tuple[DemoPassage, ...]


@dataclass(frozen=True)
class DemoStatement:
    """A statement, who answers what to it, and the reasons by person."""

    words: str
    item: str
    groups: tuple[str, ...]
    agree: tuple[str, ...] = ()
    disagree: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    open: bool = False


@dataclass(frozen=True)
class DemoRanking:
    """An order of items that some people give, each for themselves."""

    order: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class DemoTask:
    """A question about an item, with its answer where there is one."""

    item: str
    question: str
    owner: str
    due: date
    answer: str = ""


@dataclass(frozen=True)
class DemoAction:
    """What will be done; `stories` led there."""

    key: str
    what: str
    owner: str
    due: date
    stories: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoTurn:
    """What a group says in its turn."""

    group: str
    words: str


@dataclass(frozen=True)
class DemoEntry:
    """An item on an agenda, with the view of each group and, where it was held, its outcome.

    `groups` are those it affects; where none are said, those whose view is there.
    """

    item: str
    evidence: str
    views: Mapping[str, str]
    groups: tuple[str, ...] = ()
    turns: tuple[DemoTurn, ...] = ()
    outcome: str = ""
    words: str = ""
    planned: tuple[DemoAction, ...] = ()
    no_action: str = ""


@dataclass(frozen=True)
class DemoAgenda:
    """An agenda, `held` in a session or still being written."""

    title: str
    entries: tuple[DemoEntry, ...]
    glossary: tuple[Mapping[str, str], ...] = ()
    held: bool = False


@dataclass(frozen=True)
class DemoHeard:
    """What somebody says another group holds, and who of that group finds it there or does not."""

    by: str
    about: str
    words: str
    accepted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoAppeal:
    """An appeal of somebody at a table, or of the teller of a story, with its answer."""

    item: str
    words: str
    answer: str
    upheld: bool
    by: str = ""
    teller: str = ""


@dataclass(frozen=True)
class DemoNews:
    """What became of an action."""

    action: str
    state: str
    words: str


@dataclass(frozen=True)
class DemoCheck:
    """What a teller says of a use of their words, under a `theme` or in an `item`."""

    story: str
    answer: str
    words: str = ""
    reply: str = ""
    theme: str = ""
    item: str = ""


@dataclass(frozen=True)
class DemoMeetings:
    """All that happens in a cycle; `close` has the reflection and the next plan once it closed.

    `settled` says why items are resolved without a session, `waiting` names kinds of words that
    nobody has released yet.
    """

    cycle: str
    circles: tuple[DemoCircle, ...]
    items: tuple[DemoItem, ...]
    passages: tuple[DemoPassage, ...]
    settled: Mapping[str, str]
    statements: tuple[DemoStatement, ...]
    rankings: tuple[DemoRanking, ...]
    information: tuple[DemoTask, ...]
    agendas: tuple[DemoAgenda, ...]
    heard: tuple[DemoHeard, ...]
    appeals: tuple[DemoAppeal, ...]
    news: tuple[DemoNews, ...]
    actions: tuple[DemoAction, ...]
    checks: tuple[DemoCheck, ...]
    waiting: tuple[str, ...]
    close: Mapping[str, str]


def load_contract() -> DemoContract:
    """Read what is agreed; raises TypeError or KeyError for a field that is misspelt or missing."""
    told = _read("contract")
    return DemoContract(
        terms=told["contract"],
        stakes=_each(DemoStake, told["stakeholders"]),
        expectations={row["cycle"]: row["words"] for row in told["expectations"]},
    )


def load() -> tuple[DemoMeetings, ...]:
    """Read what happens in each cycle; raises TypeError or KeyError as `load_contract` does."""
    return tuple(_meetings(_read(name)) for name in FILES)


def _meetings(told: dict[str, Any]) -> DemoMeetings:
    """Take every part out of what was read; what is left over is a misspelt one."""
    actions = told.pop("actions", [])
    found = DemoMeetings(
        cycle=told.pop("cycle"),
        circles=tuple(map(_circle, told.pop("circles"))),
        items=tuple(_with(DemoItem, row, passages=DemoPassage) for row in told.pop("items")),
        passages=_each(DemoPassage, told.pop("passages", [])),
        settled={row["item"]: row["words"] for row in told.pop("settled", [])},
        statements=_each(DemoStatement, told.pop("statements")),
        rankings=_each(DemoRanking, told.pop("rankings", [])),
        information=_each(DemoTask, told.pop("information", [])),
        agendas=tuple(map(_agenda, told.pop("agendas"))),
        heard=_each(DemoHeard, told.pop("heard", [])),
        appeals=_each(DemoAppeal, told.pop("appeals", [])),
        news=_each(DemoNews, [row for row in actions if "action" in row]),
        actions=_each(DemoAction, [row for row in actions if "action" not in row]),
        checks=_each(DemoCheck, told.pop("checks", [])),
        waiting=tuple(told.pop("release", {"waiting": ()})["waiting"]),
        close=told.pop("close", {}),
    )
    if told:
        raise KeyError(f"{found.cycle}: there is no such part: {', '.join(told)}")
    return found


def _circle(row: dict[str, Any]) -> DemoCircle:
    people = tuple(_with(DemoSeat, one, notes=DemoNote) for one in row.pop("people"))
    return _with(
        DemoCircle,
        row | {"people": people},
        versions=DemoVersion,
        remarks=DemoRemark,
        answers=DemoAnswers,
        alternatives=DemoAlternative,
    )


def _agenda(row: dict[str, Any]) -> DemoAgenda:
    entries = tuple(
        _with(DemoEntry, one, turns=DemoTurn, planned=DemoAction) for one in row.pop("entries")
    )
    return _with(DemoAgenda, row | {"entries": entries})


def _with(kind: type[Made], row: dict[str, Any], **parts: type[Any]) -> Made:
    """Make one of a kind, with its `parts` made of the rows in it."""
    inside = {name: _each(part, row.get(name, [])) for name, part in parts.items()}
    return _each(kind, [row | inside])[0]


def _each(kind: type[Made], rows: list[dict[str, Any]]) -> tuple[Made, ...]:
    """Make one of a kind of each row: lists become tuples, and words are unwrapped."""
    return tuple(kind(**{name: _kept(value) for name, value in row.items()}) for row in rows)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    return tuple(value) if isinstance(value, list) else value


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))
