"""The words of the findings pages in the reader's language.

English is the source; `translations/fr` is complete. A language needs only its catalogue
(`translations.py` at the top of the project starts one) and its name in `LANGUAGES`.
"""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Iterable
from importlib import resources
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_decimal

#: Languages in which the pages are written, each by its own name.
LANGUAGES: Final = {"en": "English", "fr": "Français"}
DEFAULT: Final = "en"

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


def pick(*wanted: str | None) -> str:
    """Return the first of `wanted` that we speak; fr-CA counts as fr."""
    for code in wanted:
        language = (code or "").strip().lower().replace("_", "-").split("-")[0]
        if language in LANGUAGES:
            return language
    return DEFAULT


def direction(language: str) -> str:
    """Return 'rtl' or 'ltr', the way `language` is written."""
    try:
        return str(Locale.parse(language, sep="-").text_direction)
    except (UnknownLocaleError, ValueError, TypeError):
        return "ltr"


def _(message: str) -> str:
    """Mark a message for the catalogue without translating it yet."""
    return message


ROLES: Final = {
    "facilitator": _("a facilitator"),
    "evaluator": _("an evaluator"),
    "steward": _("a steward of the community"),
    "safeguarding": _("a safeguarding contact"),
    "command line": _("somebody at the computer of the inquiry"),
    "program": _("the program itself"),
}
FORMS: Final = {
    "story": _("Story"),
    "reflection": _("Reflection"),
    "feedback": _("How we work together"),
}
KINDS: Final = {
    "success": _("Something that went well"),
    "challenge": _("Something that was hard"),
    "both": _("Both good and hard"),
}
PHASES: Final = {
    "plan": _("Planning"),
    "act": _("Acting"),
    "observe": _("Looking at what happened"),
    "reflect": _("Thinking it over together"),
    "closed": _("Closed"),
}
PROMISES: Final = {
    "inform": _("People are told what is decided."),
    "consult": _("People are heard before it is decided."),
    "involve": _("What people say is worked with, all the way."),
    "collaborate": _("It is decided together."),
    "empower": _("People decide themselves."),
}
ITEM_KINDS: Final = {
    "claim": _("Claim: something that is good"),
    "concern": _("Concern: something that is not good"),
    "issue": _("Issue: a question to settle"),
}
STATES: Final = {
    "open": _("Open"),
    "resolved": _("Resolved"),
    "unresolved": _("Unresolved"),
    "information_wanted": _("Waiting for information"),
    "reopened": _("Opened again"),
}
OUTCOMES: Final = {
    "full": _("Groups came to agree."),
    "partial": _("Groups agreed on a part."),
    "none": _("Groups did not come to agree. Their views stand side by side."),
}
ACTION_STATES: Final = {
    "done": _("Done"),
    "changed": _("Changed"),
    "open": _("To be done"),
    "dropped": _("Not done"),
}
POSITIONS: Final = {
    "agree": _("agree"),
    "disagree": _("disagree"),
    "unsure": _("unsure"),
    "not_agree": _("disagree or unsure"),
    "all": _("answered"),
}
#: What tellers answer when they are asked whether a theme is what they meant, and all who did.
CHECKS: Final = {
    "thats_it": _("That’s it"),
    "change_it": _("Change it"),
    "not_that": _("Not that"),
    "all": _("Everybody who answered"),
}
#: What a machine could not do in a run; after a colon stands the language that it is about.
LIMITS: Final = {
    "words_only": _("It went by words alone. The same thing said in other words looked different."),
    "negation_not_seen": _("“Kind” and “not kind” look alike to it."),
    "no_model": _("The model that reads whole sentences was not there."),
    "language_guessed": _("It had to guess the language of some stories."),
    "languages_themed_apart": _("It looked at some languages apart from the others."),
    "no_vectors": _("It went by words alone in one language: {language}."),
    "no_lemmas": _("It did not join the forms of a word in one language: {language}."),
}
#: The tables of people, as `figures` names them, and what was counted together in one.
PEOPLE_TABLES: Final = {
    "participation": _("Who took part"),
    "theme_people": _("Who spoke of a theme"),
    "agreement": _("Who agrees with a statement"),
    "action_people": _("Whose stories led to actions"),
    "member_checks": _("What tellers say of a theme"),
}
JOINED: Final = {
    "position": _("answers other than ‘agree’"),
    "time": _("cycles"),
    "place": _("groups of places"),
    "age": _("groups of ages"),
    "identity": _("groups of identity"),
}
#: So many in a hundred, as people say it.
SHARE: Final = _("{n} in 100")
HIDDEN: Final = _("hidden: too few people to show")
QUARTERS: Final = {
    "1": _("January to March {year}"),
    "2": _("April to June {year}"),
    "3": _("July to September {year}"),
    "4": _("October to December {year}"),
}
#: Datasette's own words for its filters.
FILTERS: Final = {
    "contains": _("contains"),
    "ends with": _("ends with"),
    "starts with": _("starts with"),
    "like": _("is like (SQL pattern)"),
    "not like": _("is not like (SQL pattern)"),
    "glob": _("fits (glob pattern)"),
    "in": _("is one of"),
    "not in": _("is none of"),
    "array contains": _("list contains"),
    "array does not contain": _("list does not contain"),
    "date": _("is on the date"),
    "is null": _("is empty (null)"),
    "is not null": _("is not empty (not null)"),
    "is blank": _("is blank"),
    "is not blank": _("is not blank"),
}


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    with resources.as_file(resources.files(__package__) / "translations") as folder:
        return gettext.translation("findings", folder, languages=[language], fallback=True)


class Words:
    """Speaks one language: messages, plurals, numbers, quarters and the names of things."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = direction(language)
        self._messages = _catalogue(language)
        self._locale = Locale.parse(language)

    def __call__(self, message: str, **values: Any) -> str:
        """Return `message` in this language with its {values} filled in."""
        said = self._messages.gettext(message)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int, **values: Any) -> str:
        """Return the form of a counted message that fits `number`, which it may show as {n}."""
        return self._messages.ngettext(one, many, number).format(n=self.number(number), **values)

    def number(self, number: int) -> str:
        """Write a number as this language writes it."""
        return str(format_decimal(number, locale=self._locale))

    def quarter(self, quarter: str) -> str:
        """Write a quarter such as 2026-Q4 in words."""
        found = _QUARTER.fullmatch(quarter)
        return self(QUARTERS[found[2]], year=found[1]) if found else quarter

    def named(self, names: dict[str, str], code: str) -> str:
        """Return the name of `code`, or the code itself where it has none."""
        return self(names[code]) if code in names else code

    def role(self, code: str) -> str:
        """Name a role, with its article."""
        return self.named(ROLES, code)

    def form(self, code: str) -> str:
        """Name a form; a community's own form keeps its code."""
        return self.named(FORMS, code)

    def kind(self, code: str) -> str:
        """Name what a teller marked their story as."""
        return self.named(KINDS, code)

    def phase(self, code: str) -> str:
        """Name the phase of a cycle."""
        return self.named(PHASES, code)

    def promise(self, code: str) -> str:
        """Say in a sentence what people are promised."""
        return self.named(PROMISES, code)

    def item_kind(self, code: str) -> str:
        """Name a claim, a concern or an issue, and say what that is."""
        return self.named(ITEM_KINDS, code)

    def state(self, code: str) -> str:
        """Name how a claim, concern or issue stands."""
        return self.named(STATES, code)

    def outcome(self, code: str) -> str:
        """Say in a sentence how a negotiation ended."""
        return self.named(OUTCOMES, code)

    def action_state(self, code: str) -> str:
        """Name what became of an action."""
        return self.named(ACTION_STATES, code)

    def position(self, code: str) -> str:
        """Name what people answered to a statement."""
        return self.named(POSITIONS, code)

    def check(self, code: str) -> str:
        """Name what tellers answered when they were asked about a theme."""
        return self.named(CHECKS, code)

    def limit(self, code: str) -> str:
        """Say in a sentence what a machine could not do in a run; an unknown code stays a code."""
        name, _, language = code.partition(":")
        return self(LIMITS[name], language=self.tongue(language)) if name in LIMITS else code

    def people_table(self, code: str) -> str:
        """Name a table of people."""
        return self.named(PEOPLE_TABLES, code)

    def joined(self, code: str) -> str:
        """Name what was counted together so that more can be shown."""
        return self.named(JOINED, code)

    def share(self, share: float) -> str:
        """Write a share as so many in a hundred."""
        return self(SHARE, n=self.number(round(100 * share)))

    def listed(self, names: Iterable[str]) -> str:
        """Write names as a list in a sentence."""
        return str(format_list(list(names), locale=self._locale))

    def filter(self, name: str) -> str:
        """Name one of Datasette's filters."""
        return self.named(FILTERS, name)

    def tongue(self, code: str) -> str:
        """Name a language in this one, such as 'French' for fr."""
        try:
            name = Locale.parse(code, sep="-").get_display_name(self._locale)
        except (UnknownLocaleError, ValueError, TypeError):
            name = None
        return (name[0].upper() + name[1:]) if name else code
