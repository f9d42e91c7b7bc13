"""What a form is: its questions and options, with each text in several languages."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LONG_TEXT = "long_text"
SHORT_TEXT = "short_text"
CHOICE = "choice"
MANY = "many"
NUMBER = "number"
DATE = "date"
KINDS = (LONG_TEXT, SHORT_TEXT, CHOICE, MANY, NUMBER, DATE)
KINDS_WITH_OPTIONS = (CHOICE, MANY)
KINDS_WITH_WORDS = (LONG_TEXT, SHORT_TEXT)

# Lists of options that an inquiry brings: its stakeholder groups and its cycles.
OPTION_LISTS = ("groups", "cycles")

FALLBACK_LANGUAGE = "en"

Texts = Mapping[str, str]
"""One text in several languages: {language code: text}."""

Choices = Sequence[tuple[str, str]]
"""What can be chosen, in order and in one language: (code, label)."""


def language_of(texts: Texts, language: str) -> str:
    """Choose the language to show a text in.

    The language asked for, its base ("fr" for "fr-CA"), English, or the first there is.
    """
    for candidate in (language, language.partition("-")[0], FALLBACK_LANGUAGE):
        if candidate in texts:
            return candidate
    return next(iter(texts), language)


def text_of(texts: Texts, language: str) -> str:
    """Return the text in the language `language_of` chooses, '' where there is none."""
    return texts.get(language_of(texts, language), "")


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen; `code` is what is stored."""

    code: str
    labels: Texts


@dataclass(frozen=True)
class Question:
    """One question; `name` is what its answer is stored under."""

    name: str
    kind: str
    labels: Texts
    helps: Texts = field(default_factory=dict)
    required: bool = False
    options: tuple[Option, ...] = ()
    options_from: str | None = None

    @property
    def has_options(self) -> bool:
        """Say whether people choose the answer rather than write it."""
        return self.kind in KINDS_WITH_OPTIONS

    def codes(self, options: Mapping[str, Choices]) -> dict[str, None]:
        """Return the codes of what can be chosen, in order; `options` as in `choices`."""
        if self.options_from is not None:
            return dict.fromkeys(code for code, _ in options.get(self.options_from, ()))
        return self._own_codes

    @functools.cached_property
    def _own_codes(self) -> dict[str, None]:
        return dict.fromkeys(option.code for option in self.options)

    def choices(self, options: Mapping[str, Choices], language: str) -> Choices:
        """Return what can be chosen; `options` holds the lists the inquiry brings."""
        if self.options_from is not None:
            return tuple(options.get(self.options_from, ()))
        return tuple((option.code, text_of(option.labels, language)) for option in self.options)


@dataclass(frozen=True)
class Form:
    """One version of a form. Treat its mappings as read-only: loaded forms are shared."""

    name: str
    version: int
    titles: Texts
    intros: Texts
    questions: tuple[Question, ...]
    themed: bool = False
    path: Path | None = None
    rather_not: Texts = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """Name the questions whose answers are people's own words."""
        return tuple(each.name for each in self.questions if each.kind in KINDS_WITH_WORDS)

    def text(self, texts: Texts, language: str) -> str:
        """Return one text in `language`, in English or in the first language it has."""
        return text_of(texts, language)

    def question(self, name: str) -> Question:
        """Return the question of this name; KeyError where there is none."""
        for each in self.questions:
            if each.name == name:
                return each
        raise KeyError(name)

    def asked(self, options: Mapping[str, Choices]) -> tuple[Question, ...]:
        """Return the questions to ask here.

        A question that draws on a list of the inquiry is left out while that list is empty:
        nobody could answer it.
        """
        return tuple(
            each
            for each in self.questions
            if each.options_from is None or options.get(each.options_from)
        )

    def untranslated(self, language: str) -> tuple[str, ...]:
        """Name the texts that have no version in `language`, such as 'telling: label'."""
        texts: list[tuple[str, Texts]] = [("title", self.titles), ("intro", self.intros)]
        for each in self.questions:
            texts.append((f"{each.name}: label", each.labels))
            texts.append((f"{each.name}: help", each.helps))
            texts += [(f"{each.name}: option {o.code}", o.labels) for o in each.options]
        return tuple(place for place, text in texts if text and language not in text)
