"""Redaction: each rule by example, health numbers by hand, any text in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import redact
from analysis.redact.checksums import luhn_valid, nhs_valid, nir_valid


def found(text: str, language: str = "en", known: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [
        (text[one.start : one.end], one.label)
        for one in redact.suggest(text, language=language, known=known)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ring 07700 900123 please", ("07700 900123", "phone number")),
        ("or +44 20 7946 0958.", ("+44 20 7946 0958", "phone number")),
        ("call (905) 555-0142 now", ("(905) 555-0142", "phone number")),
        ("at 416-555-0199", ("416-555-0199", "phone number")),
        ("au 06 12 34 56 78", ("06 12 34 56 78", "phone number")),
        ("write to jo.bloggs+x@example.co.uk!", ("jo.bloggs+x@example.co.uk", "e-mail")),
        ("see https://example.org/a?b=1.", ("https://example.org/a?b=1", "web address")),
        ("ask @made_up_name there", ("@made_up_name", "account name")),
        ("my number is 943 476 5919", ("943 476 5919", "health number")),
        ("card 9876 543 217 AB", ("9876 543 217 AB", "health number")),
        ("we live in ub1 2hf", ("ub1 2hf", "postcode")),
        ("we live at K1A 0B6", ("K1A 0B6", "postcode")),
        ("at 14 Allenby Road now", ("14 Allenby Road", "address")),
        ("au 12 bis rue de la Paix", ("12 bis rue de la Paix", "address")),
        ("on 12/05/2021 it", ("12/05/2021", "date")),
        ("on 3rd May 2022 it", ("3rd May 2022", "date")),
        ("le 3 mars 2023 on", ("le 3 mars 2023", "date")),
        ("since March it", ("March", "date")),
        ("born in 1987", ("1987", "date")),
        ("then Dr Okafor came", ("Dr Okafor", "name")),
        ("then mrs patel came", ("mrs patel", "name")),
        ("puis Mme Tremblay est venue", ("Mme Tremblay", "name")),
        ("then M. Gagnon came", ("M. Gagnon", "name")),
        ("then Zanele came", ("Zanele", "name")),
        ("Sarah was kind", ("Sarah", "name")),
        ("Amarjit Gill was there", ("Amarjit Gill", "name")),
        ("near Bingham Health Centre", ("Bingham Health Centre", "place")),
    ],
)
def test_each_rule(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "We waited 4 hours in A&E. The NHS and my GP are great.",
        "It is 5 minutes down the road.",
        "It may cost £1,200,000 or 10 000 000.",
        "In 2019-2020 it was better.",
        "Mum said it was VERY cold. Nothing helped.",
        "J'ai parlé à l'infirmière. Les gens étaient gentils.",
    ],
)
def test_what_gives_nobody_away_is_left(text: str) -> None:
    assert found(text) == []


def test_known_names_are_left() -> None:
    text = "I saw Dr Okafor at Ealing Hospital in Southall"
    assert found(text, known=("Southall", "Ealing")) == [("Dr Okafor", "name")]


def test_a_word_seen_with_a_capital_inside_a_sentence_is_a_name_at_its_start_too() -> None:
    assert found("I like Zanele. Zanele helps.") == [("Zanele", "name")] * 2
    assert found("Parking is bad.") == []


def test_labels_are_in_the_language_of_the_text() -> None:
    assert found("Appelez le 06 12 34 56 78", "fr-CA") == [
        ("06 12 34 56 78", "numéro de téléphone")
    ]


def test_nhs_number_by_hand() -> None:
    """9·10+4·9+3·8+4·7+7·6+6·5+5·4+9·3+1·2 = 299 = 27·11 + 2, and 11 - 2 = 9."""
    assert nhs_valid("9434765919")
    assert not nhs_valid("9434765918")
    assert not nhs_valid("1111111111")


def test_luhn_by_hand() -> None:
    """9876543217 from the right: 7 2 2 6 4 1 6 5 8 9 (doubled ones folded) = 50."""
    assert luhn_valid("9876543217")
    assert not luhn_valid("9876543216")


def test_french_social_security_number() -> None:
    number = "185057800608" + "4"
    assert nir_valid(number + f"{97 - int(number) % 97:02}")
    assert not nir_valid(number + "00")


def test_names_need_the_optional_model() -> None:
    assert redact.names_available("pl") is False
    if not redact.names_available("en"):
        assert redact.names("Sarah Jones went to Leeds", "en") == []


@given(st.text(max_size=400, alphabet=st.characters(exclude_categories=["Cs"])))
def test_suggestions_are_sorted_and_apart(text: str) -> None:
    end = 0
    for one in redact.suggest(text):
        assert end <= one.start < one.end <= len(text)
        assert one.label and one.rule
        end = one.end


@pytest.mark.parametrize(
    "hostile",
    (
        "1|1 |1(|@|a@|a.|Aa |Dr Aa |1 a b c |A|http://| |a'|0-|May 1 |1 rue de la |"
        'é|e\u0301|" |www.'
    ).split("|"),
)
def test_any_long_text_takes_linear_time(hostile: str) -> None:
    """Eight times the text takes about eight times the work; a square would take 64 times."""

    def seconds(size: int) -> float:
        text = hostile * (size // len(hostile))
        started = time.process_time()
        redact.suggest(text)
        return time.process_time() - started

    short, long = seconds(60_000), seconds(480_000)
    assert long < max(1.0, 24 * short)


def test_a_megabyte_of_telling_takes_seconds() -> None:
    started = time.process_time()
    redact.suggest("Zanele told me on 3 May 2022 that Dr Okafor was late. " * 18_500)
    assert time.process_time() - started < 10  # about 2 s; a busy machine takes longer
