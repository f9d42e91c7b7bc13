"""The words of the pages: choosing a language, plurals, numbers, quarters and names."""

from __future__ import annotations

import pytest

from datasette_plugins.words import Words, direction, pick


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [(("fr",), "fr"), (("fr-CA",), "fr"), (("xx", "FR_ca"), "fr"), ((), "en"), ((None, ""), "en")],
)
def test_the_first_language_that_we_speak_is_chosen(wanted: tuple[str, ...], chosen: str) -> None:
    assert pick(*wanted) == chosen


def test_direction_comes_from_the_language() -> None:
    assert [direction(code) for code in ("en", "ar", "fa", "xx", "")] == [
        "ltr",
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]


def test_french_counts_nought_as_one() -> None:
    assert Words("fr").count("{n} quote", "{n} quotes", 0) == "0 citation"
    assert Words("en").count("{n} quote", "{n} quotes", 0) == "0 quotes"
    assert Words("fr").count("{n} quote", "{n} quotes", 2) == "2 citations"


def test_quarters_and_names_are_words_and_unknown_codes_stay_as_they_are() -> None:
    fr = Words("fr")
    assert fr.quarter("2026-Q4") == "octobre à décembre 2026"
    assert fr.quarter("later") == "later"
    assert fr.role("steward") == "une personne garante de la communauté"
    assert fr.form("our-own") == "our-own"
    assert (fr.tongue("en"), fr.tongue("zz"), fr.tongue("not a code!")) == (
        "Anglais",
        "zz",
        "not a code!",
    )
