"""The words of a report in one language: its sentences, names of groups, and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from par_toolkit.reporting.model import Report, Together, View
from par_toolkit.reporting.wording import WORDS

#: English days are written as on every other page: the day first.
LOCALES: Final = {"en": "en_GB"}


@dataclass(frozen=True)
class Say:
    """Says things in one language; call it with the name of a sentence."""

    language: str
    group_names: Mapping[str, Mapping[str, str]]
    fewest: int

    def __call__(self, name: str, **values: object) -> str:
        """Return a sentence with `values` filled in; KeyError for one that there is not."""
        return WORDS[self.language][name].format(**values)

    def known(self, name: str, otherwise: str) -> str:
        """Return a sentence, or `otherwise` where there is none of this name."""
        return WORDS[self.language].get(name, otherwise)

    def named(self, names: Mapping[str, str]) -> str:
        """Return a name in this language, else in any there is."""
        return names.get(self.language) or next(iter(names.values()), "")

    def group(self, code: str) -> str:
        """Name a group; one that inquiry.toml does not list keeps its code."""
        return self.named(self.group_names.get(code, {})) or code

    def groups(self, codes: Iterable[str]) -> str:
        """Name groups in a row."""
        return self("comma").join(self.group(code) for code in codes)

    def party(self, one: View | Together) -> str:
        """Name the group whose view it is, where its name points at nobody."""
        return self.group(one.group) if one.named else self("small_group")

    def day(self, when: date) -> str:
        """Write a day in words."""
        return format_date(when, "long", locale=LOCALES.get(self.language, self.language))

    def people(self, number: int) -> str:
        """Count people so that nobody is told apart: nobody, few, or many."""
        if not number:
            return self("nobody")
        return self("few" if number < self.fewest else "many", fewest=self.fewest)


def saying(report: Report, language: str) -> Say:
    """Return the words for a report in `language`. Raises KeyError for one it is not written in."""
    assert language in WORDS
    return Say(language, report.group_names, report.fewest)
