"""Which language a page speaks: asked for, chosen before, the browser's, or the first there is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, refresh

from par_toolkit.web.current import inquiry

CATALOGUES: Final = Path(__file__).with_name("translations")
#: English without a country writes dates the American way; a day before its month is read anywhere.
PLAIN_DATES: Final = {"en": "en_GB"}


def chosen() -> str:
    """Return the code of this request's language, one of the inquiry's; a choice is remembered."""
    if "language" not in g:
        g.language = _choose()
    return str(g.language)


def choose(language: str) -> None:
    """Answer this request and those after it in `language`, where the inquiry has it."""
    if language in inquiry().languages:
        session["language"] = language
        speak(language)


def speak(language: str) -> None:
    """Answer this one request in `language`, where the inquiry has it; no cookie is set."""
    if language in inquiry().languages:
        g.language = language
        refresh()


def _choose() -> str:
    languages = inquiry().languages
    asked = request.args.get("lang", "")
    if asked in languages:
        if session.get("language") != asked:
            session["language"] = asked
        return asked
    if session.get("language") in languages:
        return str(session["language"])
    return request.accept_languages.best_match(languages) or languages[0]


def locale() -> str:
    """Return the locale of our own words: the chosen language, else the first that we speak."""
    language = _spoken()
    return PLAIN_DATES.get(language, language)


def _spoken() -> str:
    return spoken(chosen(), inquiry().languages) if has_request_context() else "en"


def spoken(language: str, others: Iterable[str]) -> str:
    """Return the first of `language` and `others` that our own words are written in, as a locale
    without its country's dates; English where there is none."""
    written = catalogues()
    for code in (language, *others):
        if code.split("-")[0] in written and known(code):
            return code.replace("-", "_")
    return "en"


@cache
def catalogue(locale: str) -> NullTranslations:
    """Return our own words in one of the languages that `spoken` returns; English needs no file."""
    return Translations.load(CATALOGUES, [locale])


@cache
def catalogues() -> frozenset[str]:
    """List the languages that our own words are written in."""
    return frozenset({"en", *(path.parent.parent.name for path in CATALOGUES.glob("*/*/*.mo"))})


@cache
def known(code: str) -> Locale | None:
    """Return what Babel knows of a language; None where it knows nothing."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def own_name(code: str) -> str:
    """Name a language in that language: 'Français'; an unknown one keeps its code."""
    locale = known(code)
    name = locale.get_display_name() if locale else None
    return (name or code)[:1].upper() + (name or code)[1:]


def direction(code: str) -> str:
    """Return 'rtl' for a language that is written from right to left, else 'ltr'."""
    locale = known(code)
    return locale.text_direction if locale else "ltr"


def in_language(code: str, switch_to: str | None = None) -> str:
    """Return the address of this page in another language.

    A page that was posted cannot be asked for again, so there the switch leads to `switch_to`.
    """
    asked = request.method in ("GET", "HEAD")
    arguments = {**request.args.to_dict(), "lang": code} if asked else {"lang": code}
    path = "/" + quote(request.path.lstrip("/")) if asked else switch_to or "/"
    return f"{path}{'&' if '?' in path else '?'}{urlencode(arguments)}"


def init_app(app: Flask) -> None:
    """Let `app` choose a language for each request and name languages in its templates."""
    Babel(app, locale_selector=locale, default_translation_directories=str(CATALOGUES))

    @app.context_processor
    def words() -> dict[str, Any]:
        return {
            "language": chosen(),
            "languages": [(code, own_name(code)) for code in inquiry().languages],
            "direction": direction,
            "in_language": in_language,
            "say": lambda texts: inquiry().text(texts, chosen()),
        }
