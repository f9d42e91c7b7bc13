"""What an inquiry is: its settings and the places in its folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from par_toolkit.inquiry.periods import Retention

FILE: Final = "inquiry.toml"
#: No inquiry may publish a count of fewer people than this (promise 11).
THRESHOLD_FLOOR: Final = 5
THRESHOLD_DEFAULT: Final = 10
#: What a teller can agree to, each by itself (promise 5).
USES: Final = ("analyse", "quote", "publish", "contact")
#: What an issue can be: "How can we …?", or what reasonable people see differently.
ISSUES: Final = ("question", "disagreement")
#: Who may look at the findings: whoever comes, whoever knows a shared word, or named people.
OPEN_TO: Final = ("everybody", "word", "people")
#: What may stand beside a quote where enough people share it: the kind of story its teller said it
#: is, the stakeholder group they said they are in, or nothing.
BESIDE: Final = ("kind", "group", "nothing")
#: A shared word needs as many letters and digits; a shorter one is guessed by a machine at once.
WORD_LENGTH: Final = 8
#: An everyday website, shown at once to whoever leaves our pages quickly; empty for no such button.
LEAVE_TO: Final = "https://www.wikipedia.org/"
LANGUAGE_CODE: Final = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")

#: Minutes in which nobody does anything, after which an encrypted inquiry is locked; 0: never.
LOCK_AFTER_MINUTES: Final = 30
#: Whoever leaves it open for longer than a day means for ever.
MOST_MINUTES: Final = 24 * 60

Words = Mapping[str, str]

#: What makes a group, in the order in which small ones are joined: race and Indigenous identity
#: come last, and only with the yes of stewards.
ABOUT: Final = ("place", "age", "identity")
#: Fewer people than this stand behind no figure about a sensitive topic.
TOPIC_THRESHOLD: Final = 20


class InquiryError(Exception):
    """An inquiry folder that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True)
class Group:
    """A stakeholder group that people may declare themselves to be in.

    `about` is one of ABOUT, or empty. `joins` is the wider group in which its people are counted
    where they are few. `population` is how many people of it live in the locality, with the source
    of that number and its year.
    """

    code: str
    names: Words
    about: str = ""
    joins: str = ""
    population: int | None = None
    population_source: str = ""
    population_year: int | None = None


@dataclass(frozen=True)
class WiderGroup:
    """Several small groups counted together; nobody declares themselves to be in it."""

    code: str
    names: Words


@dataclass(frozen=True)
class Topic:
    """A sensitive topic: figures about it count at least `threshold` people."""

    code: str
    names: Words
    threshold: int


#: A figure of a group of race or Indigenous identity is one of a place too: an inquiry is of one.
RACE_AND_PLACE: Final = "race_and_place"
#: The topics that every inquiry knows; it may ask for more people, and add topics of its own.
TOPICS: Final = (
    Topic("health", {"en": "Health", "fr": "Santé"}, TOPIC_THRESHOLD),
    Topic("immigration", {"en": "Immigration", "fr": "Immigration"}, TOPIC_THRESHOLD),
    Topic("domestic_life", {"en": "Life at home", "fr": "Vie à la maison"}, TOPIC_THRESHOLD),
    Topic(
        RACE_AND_PLACE,
        {
            "en": "Race or Indigenous identity, in one place",
            "fr": "Origine ethnique ou identité autochtone, dans un lieu",
        },
        TOPIC_THRESHOLD,
    ),
)


@dataclass(frozen=True)
class Cycle:
    """One round of inquiry, usually a year; `ends` is its last day."""

    code: str
    names: Words
    starts: date
    ends: date


@dataclass(frozen=True)
class ConsentWording:
    """What tellers are asked, in a numbered version; a change of words takes the next number."""

    wording: int
    intro: Words
    uses: Mapping[str, Words]


@dataclass(frozen=True)
class HelpContact:
    """Somebody to turn to, always one touch away while telling."""

    names: Words
    details: Words
    phone: str
    link: str


@dataclass(frozen=True)
class Sharing:
    """Who may look at the findings, how many stewards must say yes before a build goes live, and
    what may stand beside a quote.

    `open_to` is one of OPEN_TO; `word` is empty unless it is the shared word that people type.
    `search_engines` says whether these are asked in, where everybody may look. `beside_quotes` is
    one of BESIDE. `keep` is how many builds are kept to roll back to, the live one included.
    """

    open_to: str = "everybody"
    word: str = ""
    approvals: int = 0
    search_engines: bool = True
    beside_quotes: str = BESIDE[0]
    keep: int = 5

    @property
    def everybody(self) -> bool:
        """Say whether whoever comes may look."""
        return self.open_to == "everybody"


@dataclass(frozen=True)
class Privacy:
    """What the community says itself in its privacy notice; what is empty has words of ours.

    `who` is responsible and can be asked; `why` people's words are kept; `complain` is where people
    can turn to who are not content with the answer; `more` is whatever else should stand there.
    """

    who: Words = field(default_factory=dict)
    why: Words = field(default_factory=dict)
    complain: Words = field(default_factory=dict)
    more: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Inquiry:
    """The settings of one inquiry and the places in its folder."""

    folder: Path
    name: str
    locality: str
    population: int | None
    population_source: str
    population_year: int | None
    languages: tuple[str, ...]
    groups: tuple[Group, ...]
    cycles: tuple[Cycle, ...]
    consent: ConsentWording
    help_contacts: tuple[HelpContact, ...]
    confidentiality: Words
    about: Words
    contact: Words
    threshold: int
    join_code: str
    one_question_a_screen: bool
    issue_is: str
    licence: str
    example: bool
    sharing: Sharing = Sharing()
    wider_groups: tuple[WiderGroup, ...] = ()
    topics: tuple[Topic, ...] = TOPICS
    lock_after_minutes: int = LOCK_AFTER_MINUTES
    retention: Retention = field(default_factory=Retention)
    privacy: Privacy = field(default_factory=Privacy)
    leave_to: str = LEAVE_TO

    @property
    def database(self) -> Path:
        return self.folder / "private.db"

    @property
    def findings(self) -> Path:
        return self.folder / "findings"

    @property
    def forms_folder(self) -> Path:
        return self.folder / "forms"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def capture_open(self) -> bool:
        """Say whether stories may be taken: help contacts and limits are filled in."""
        return bool(self.help_contacts) and any(self.confidentiality.values())

    def text(self, words: Words, language: str) -> str:
        """Return `words` in `language`, else in the inquiry's first, else in any there is."""
        for code in (language, *self.languages, "en", *words):
            if words.get(code):
                return words[code]
        return ""

    @property
    def joining_needs(self) -> int:
        """Say how many stewards agree before a small group of identity is counted in a wider one:
        as many as agree to a build, and at least one."""
        return max(1, self.sharing.approvals)

    def threshold_for(self, topics: Iterable[str]) -> int:
        """Return how many people at least stand behind a figure about these topics.

        A topic that is in the settings no more keeps the care that all of them begin with.
        """
        known = {topic.code: topic.threshold for topic in self.topics}
        return max([self.threshold, *(known.get(code, TOPIC_THRESHOLD) for code in topics)])

    def options(self, language: str) -> dict[str, list[tuple[str, str]]]:
        """Return the lists that forms draw on, groups and cycles, each as (code, name)."""
        return {
            "groups": [(one.code, self.text(one.names, language)) for one in self.groups],
            "cycles": [(one.code, self.text(one.names, language)) for one in self.cycles],
        }

    def current_cycle(self, today: date) -> Cycle | None:
        """Return the cycle `today` falls in; None between cycles."""
        return next((c for c in self.cycles if c.starts <= today <= c.ends), None)
