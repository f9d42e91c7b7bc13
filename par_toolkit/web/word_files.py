"""The words that pages on a tablet say by themselves, with a fallback for each single text."""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any

from babel.support import Translations
from markupsafe import Markup

from par_toolkit.inquiry import Inquiry
from par_toolkit.web import languages
from par_toolkit.web.device_words import WORDS


class _Missing(NullTranslations):
    """Answers for every text that has no translation: with nothing."""

    def gettext(self, message: str) -> str:
        return ""


def chain(inquiry: Inquiry, language: str) -> list[str]:
    """List the languages in which a text is looked for: asked, its base, the first, English."""
    first = inquiry.languages[0]
    wanted = (language, language.split("-")[0], first, first.split("-")[0], "en")
    return list(dict.fromkeys(wanted))


def codes(inquiry: Inquiry) -> list[str]:
    """List every language that a page of `inquiry` may look in."""
    found = [code for language in inquiry.languages for code in chain(inquiry, language)]
    return list(dict.fromkeys(found))


def own(language: str) -> dict[str, str]:
    """Return the words that there are in this very language, by their keys."""
    if language == "en":
        return dict(WORDS)
    found = Translations.load(str(languages.CATALOGUES), [language.replace("-", "_")], "messages")
    found.add_fallback(_Missing())
    said = {key: found.gettext(text) for key, text in WORDS.items()}
    return {key: text for key, text in said.items() if text}


def file(language: str) -> dict[str, Any]:
    """Return what a browser is given of a language; `whole` says that it needs no other."""
    words = own(language)
    return {
        "lang": language,
        "dir": languages.direction(language),
        "whole": len(words) == len(WORDS),
        "words": words,
    }


def word(inquiry: Inquiry, language: str, key: str) -> Markup:
    """Write one text on a page; one that falls back to another language says which."""
    for code in chain(inquiry, language):
        text = own(code).get(key)
        if text and code in (language, language.split("-")[0]):
            return Markup("{}").format(text)
        if text:
            return Markup('<span lang="{}" dir="{}">{}</span>').format(
                code, languages.direction(code), text
            )
    raise KeyError(f"'{key}' is no key of par_toolkit/web/device_words.py.")
