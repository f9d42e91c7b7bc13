"""What the made-up people of the demo agree, say and decide together, in a cycle of sense-making.

A key names a person, a version, an item or an action, in both cycles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


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
    """What will be done; `stories` led there, and it answers `item` where that is named."""

    key: str
    what: str
    owner: str
    due: date
    stories: tuple[str, ...] = ()
    item: str = ""


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
    """All that happens in a cycle, which comes to `phase`; `close` has the reflection and the next
    plan where it closed.

    `settled` says why items are resolved without a session, `waiting` names kinds of words that
    nobody has released yet.
    """

    cycle: str
    phase: str
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
