"""Every text of the pages is there in French, and compiled catalogues are those of the sources."""

from __future__ import annotations

import gettext
import io
import re

import pytest
from babel.messages import Catalog

import translations
from translations import PLACES, Place

FRENCH = pytest.mark.parametrize("place", PLACES, ids=[place.room for place in PLACES])
ALL = pytest.mark.parametrize(
    ("place", "language"),
    [(place, code) for place in PLACES for code in sorted({"fr", *place.languages()})],
)
BLANK = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")


def texts(catalogue: Catalog) -> set[object]:
    """Return what a catalogue translates, each with its context."""
    return {(message.context, message.id) for message in catalogue if message.id}


@FRENCH
def test_the_catalogue_has_the_texts_of_the_pages_and_no_others(place: Place) -> None:
    found, kept = texts(translations.extract(place)), texts(translations.read(place, "fr"))
    assert found, f"no texts found in {place.room}"
    assert found == kept, "run: .venv/bin/python translations.py"


@FRENCH
def test_french_is_complete(place: Place) -> None:
    assert translations.untranslated(translations.read(place, "fr")) == []


@ALL
def test_translations_keep_the_blanks_to_fill_in(place: Place, language: str) -> None:
    """A translation that lost `%(name)s` or `{n}` would leave a sentence without its point."""
    for message in translations.read(place, language):
        sources = message.id if message.pluralizable else (message.id,)
        strings = message.string if message.pluralizable else (message.string,)
        allowed = {blank for source in sources for blank in BLANK.findall(source)}
        for string in filter(None, strings if message.id else ()):
            blanks = set(BLANK.findall(string))
            assert blanks <= allowed, f"{string!r} has a blank that {message.id!r} has not"
            # Only the plural must have all of them: "one story" needs no number.
            if string == strings[-1]:
                assert blanks == allowed, f"{string!r} lacks a blank of {message.id!r}"


@ALL
def test_the_compiled_catalogue_is_that_of_the_source(place: Place, language: str) -> None:
    """Messages are compared, not bytes: the header names the version of the compiler."""
    source = translations.compiled(translations.read(place, language))
    kept = place.path(language).with_suffix(".mo").read_bytes()
    assert messages(kept) == messages(source), "run: .venv/bin/python translations.py"


def messages(compiled: bytes) -> dict[object, str]:
    """Read a compiled catalogue as gettext does, without its header."""
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled))._catalog  # type: ignore[attr-defined]
    return {key: value for key, value in catalogue.items() if key != ""}


def test_what_is_not_translated_is_found() -> None:
    """The check can fail: an empty text, an empty plural form and an unsure one are reported."""
    catalogue = Catalog(locale="fr")
    catalogue.add("Done", "Fait")
    catalogue.add("Empty", "")
    catalogue.add(("one story", "{n} stories"), ("une histoire", ""))
    catalogue.add("Unsure", "Incertain", flags=["fuzzy"])
    assert len(translations.untranslated(catalogue)) == 3
