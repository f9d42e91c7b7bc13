"""Load the made-up inquiry of the demo: a place that does not exist and what its people tell.

The content is plain TOML beside this module, so that it can be read, corrected and translated
without touching code. Nothing here knows of an inquiry folder or a database.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from par_toolkit.inquiry import USES, Cycle, Group, HelpContact

UNSAID_CODE: Final[dict[str, Any]] = {"parent": None, "when": {}, "when_not": {}}
UNSAID_READING: Final[dict[str, Any]] = {"also": None, "codes": {}, "no": {}}


@dataclass(frozen=True)
class DemoPlace:
    """What the inquiry folder of the demo says about its place."""

    name: str
    locality: str
    population: int
    population_source: str
    population_year: int
    threshold: int
    languages: tuple[str, ...]
    notice: Mapping[str, str]
    about: Mapping[str, str]
    contact: Mapping[str, str]
    confidentiality: Mapping[str, str]
    help_contacts: tuple[HelpContact, ...]
    groups: tuple[Group, ...]
    cycles: tuple[Cycle, ...]


@dataclass(frozen=True)
class DemoRedaction:
    """Words of a telling that two readers would take out, and what stands there instead."""

    text: str
    label: str

    def span(self, telling: str) -> tuple[int, int]:
        """Return where the words stand in `telling`, as [start, end) in code points.

        Raises ValueError if they are not there.
        """
        start = telling.index(self.text)
        return start, start + len(self.text)


@dataclass(frozen=True)
class DemoStory:
    """One made-up story, with the way it goes in the demo.

    `theme` is the key of the theme people moved it to, or None. `release` says that two people
    release its words, `stands_alone` that it is one voice kept on its own shelf, and `withdrawn`
    that its teller takes it back after all the rest is done. `contact` says how to reach them.
    """

    key: str
    language: str
    cycle: str
    group: str
    kind: str
    title: str
    telling: str
    changed: str
    next: str
    consent: Mapping[str, bool]
    theme: str | None
    redact: tuple[DemoRedaction, ...]
    release: bool
    withdrawn: bool
    stands_alone: bool
    contact: str

    @property
    def answers(self) -> dict[str, str]:
        """Give the answers by question name, as the story form keeps them; empty ones left out."""
        return _answered(self, "telling", "title", "kind", "group", "changed", "next")


@dataclass(frozen=True)
class DemoTheme:
    """A theme that the people of the made-up place settled on."""

    key: str
    name: str
    name_fr: str
    meaning: Mapping[str, str]


@dataclass(frozen=True)
class DemoCode:
    """A code of the made-up people's codebook; `parent` is the key of the code it stands under."""

    key: str
    name: str
    meaning: Mapping[str, str]
    when: Mapping[str, str]
    when_not: Mapping[str, str]
    parent: str | None


@dataclass(frozen=True)
class DemoReading:
    """A story that somebody has read for codes: code -> how each passage begins that has it.

    `also` names who said yes to the same; `no` holds what somebody said is not so.
    """

    story: str
    by: str
    also: str | None
    codes: Mapping[str, Sequence[str]]
    no: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class DemoReflection:
    """What? So what? Now what? after part of a cycle."""

    key: str
    language: str
    cycle: str
    what: str
    so_what: str
    now_what: str
    consent: Mapping[str, bool]

    @property
    def answers(self) -> dict[str, str]:
        """Give the answers by question name, as the reflection form keeps them."""
        return _answered(self, "cycle", "what", "so_what", "now_what")


@dataclass(frozen=True)
class DemoFeedback:
    """How working together was for one person; `heard` is yes, partly or no."""

    key: str
    language: str
    cycle: str
    heard: str
    heard_words: str
    helped: str
    hindered: str
    one_change: str
    consent: Mapping[str, bool]

    @property
    def answers(self) -> dict[str, str]:
        """Give the answers by question name, as the feedback form keeps them; empty left out."""
        return _answered(self, "heard", "heard_words", "helped", "hindered", "one_change")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who signs in to the desk of the demo."""

    name: str
    role: str


@dataclass(frozen=True)
class DemoContent:
    """All of the made-up inquiry. `password` is public and opens every demo sign-in."""

    place: DemoPlace
    stories: tuple[DemoStory, ...]
    themes: tuple[DemoTheme, ...]
    codes: tuple[DemoCode, ...]
    readings: tuple[DemoReading, ...]
    reflections: tuple[DemoReflection, ...]
    feedback: tuple[DemoFeedback, ...]
    people: tuple[DemoPerson, ...]
    password: str


def load() -> DemoContent:
    """Read the demo's files and return its content.

    A misspelt or missing field raises TypeError or KeyError, so that a typing mistake cannot
    pass unseen.
    """
    signing_in, book = _read("people"), _read("codebook")
    return DemoContent(
        place=_place(_read("place")),
        stories=tuple(_story(row) for row in _read("stories")["stories"]),
        themes=tuple(DemoTheme(**row) for row in _read("themes")["themes"]),
        codes=tuple(DemoCode(**(UNSAID_CODE | row)) for row in book["codes"]),
        readings=tuple(DemoReading(**(UNSAID_READING | row)) for row in book["readings"]),
        reflections=tuple(
            DemoReflection(**_with_consent(row)) for row in _read("reflections")["reflections"]
        ),
        feedback=tuple(DemoFeedback(**_with_consent(row)) for row in _read("feedback")["feedback"]),
        people=tuple(DemoPerson(**row) for row in signing_in["people"]),
        password=signing_in["password"],
    )


def joined(text: str) -> str:
    """Turn lines wrapped for reading back into paragraphs: only an empty line begins a new one."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _answered(told: object, *questions: str) -> dict[str, str]:
    answers = {question: getattr(told, question) for question in questions}
    return {question: answer for question, answer in answers.items() if answer}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))


def _place(row: dict[str, Any]) -> DemoPlace:
    parts = {
        "languages": tuple(row["languages"]),
        "help_contacts": tuple(HelpContact(**contact) for contact in row["help_contacts"]),
        "groups": tuple(Group(**group) for group in row["groups"]),
        "cycles": tuple(Cycle(**cycle) for cycle in row["cycles"]),
    }
    return DemoPlace(**(row | parts))


def _story(row: dict[str, Any]) -> DemoStory:
    unsaid = {
        "changed": "",
        "next": "",
        "theme": None,
        "release": False,
        "withdrawn": False,
        "stands_alone": False,
        "contact": "",
    }
    parts = {
        "telling": joined(row["telling"]),
        "redact": tuple(DemoRedaction(**redaction) for redaction in row.get("redact", ())),
    }
    return DemoStory(**_with_consent(unsaid | row | parts))


def _with_consent(row: dict[str, Any]) -> dict[str, Any]:
    """Put the uses of consent in their order; KeyError if one is missing."""
    if extra := set(row["consent"]) - set(USES):
        raise KeyError(f"{row['key']}: no such use of consent: {', '.join(sorted(extra))}")
    return row | {"consent": {use: row["consent"][use] for use in USES}}
