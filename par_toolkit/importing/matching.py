"""Match what people type in a spreadsheet with what the inquiry calls it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from babel import Locale, UnknownLocaleError

from forms.model import Question
from forms.text import showable
from par_toolkit.inquiry import Inquiry
from par_toolkit.inquiry.model import LANGUAGE_CODE

LONGEST_CODE: Final = 35
LONGEST_SHOWN: Final = 60


def codes_by_label(question: Question, inquiry: Inquiry) -> dict[str, str]:
    """Map what people type in any language to the codes of a question's options."""
    if question.options_from == "groups":
        return by_label((group.code, group.names.values()) for group in inquiry.groups)
    if question.options_from == "cycles":
        return by_label((cycle.code, cycle.names.values()) for cycle in inquiry.cycles)
    return by_label((option.code, option.labels.values()) for option in question.options)


def by_label(options: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Map codes and labels, as `plain` writes them, to codes."""
    codes: dict[str, str] = {}
    listed = [(code, tuple(labels)) for code, labels in options]
    for code, labels in listed:
        for label in labels:
            codes.setdefault(plain(label), code)
    # a code always means itself, whatever another option is called
    return codes | {plain(code): code for code, _ in listed}


def language_names(languages: Sequence[str]) -> dict[str, str]:
    """Map the codes and names of the inquiry's languages, as 'fr', 'French' and 'français'."""
    codes = {plain(code): code for code in languages}
    for code in languages:
        try:
            locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        for name in (locale.get_display_name(), locale.get_display_name("en")):
            codes.setdefault(plain(name or ""), code)
    return codes


def language_code(said: str) -> str | None:
    """Return a language code as it is written here, 'fr-CA' for 'FR_CA'; None for anything else."""
    language, dash, region = said.strip().replace("_", "-").partition("-")
    code = language.lower() + dash + region
    return code if len(code) <= LONGEST_CODE and LANGUAGE_CODE.fullmatch(code) else None


def plain(label: str) -> str:
    """Write a label the way labels are compared: case and spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", showable(label)).casefold().split())


def short(text: str) -> str:
    """Show something from a file: short, and nothing in it that a screen could act on."""
    shown = showable(text[:LONGEST_SHOWN])
    return "".join(char if char.isprintable() else "\ufffd" for char in shown)
