"""Cleaning what people write: nothing that can be read is lost, nothing that harms gets in."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import TextError, clean_text
from forms.text import says_something, showable

# Characters that make cleaning hard: marks that split, letters that do, joiners, line ends.
_HARD = "\u0344\u0301\u0323\u0958\u09c7\u09be\u1100\u1161\u200b\u200c\u200d\r\n\u202e\U0001f3f4"
_TAGS = "\U000e0067\U000e0062\U000e0077\U000e007f"
any_text = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(_HARD)))


@pytest.mark.parametrize(
    "kept",
    [
        "Il n’y a pas de « réponse\u00a0»",
        "مرحبا بالعالم\u200f!",
        "می\u200cخواهم",  # Persian needs the non-joiner
        "👩\u200d👧 and ❤\ufe0f",
        "\U0001f3f4" + "\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # Wales
        "one\ttwo\n\n  three ",
        "ਪੰਜਾਬੀ हिन्दी",
        "<script>alert(1)</script> =1+1",
        "",
    ],
)
def test_what_can_be_read_is_kept(kept: str) -> None:
    assert clean_text(kept) == kept


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\x00b", "ab"),
        ("a\x07\x0b\x1b\x7fb", "ab"),
        ("a\x80\x9fb", "ab"),
        ("\ufeffa\u200bb\u2060", "ab"),
        ("a\u202eb\u202c \u2066c\u2069", "ab c"),
        ("a\u202ab\u202dc", "abc"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("\U0001f3f4\u200b\U000e0067\U000e007f", "\U0001f3f4"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("e\u0301", "é"),
        ("\u212b", "Å"),
    ],
)
def test_what_cannot_be_seen_is_stripped(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize("raw", ["\ud83d", "abc\udc00def", "x" * 99 + "\udfff"])
def test_lone_surrogates_are_refused_with_their_place(raw: str) -> None:
    with pytest.raises(TextError) as refused:
        clean_text(raw)
    place = next(i for i, c in enumerate(raw, 1) if 0xD800 <= ord(c) <= 0xDFFF)
    assert refused.value.position == place
    assert f"Character {place}" in str(refused.value)
    assert showable(raw).encode("utf-8")


def test_marks_are_capped_at_30_also_with_joiners_between() -> None:
    assert clean_text("q" + "\u0323" * 40 + "r") == "q" + "\u0323" * 30 + "r"
    assert clean_text("q" + "\u200d\u0323" * 40).count("\u0323") == 30


def test_marks_that_split_in_two_are_capped_after_splitting() -> None:
    clean = clean_text("a" + "\u0344" * 30)
    assert sum(unicodedata.category(each) == "Mn" for each in clean) <= 30


@given(any_text)
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    clean = clean_text(raw)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)


@given(st.text(st.characters()))
def test_only_surrogates_are_ever_refused(raw: str) -> None:
    try:
        clean_text(raw).encode("utf-8")
    except TextError:
        assert any(unicodedata.category(each) == "Cs" for each in raw)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_letters_signs_and_spaces_are_never_lost(raw: str) -> None:
    assert clean_text(raw) == unicodedata.normalize("NFC", raw)


@pytest.mark.parametrize(
    "piece",
    ["\u0301", "\u0323\u0301", "\u0344", "\u0958", "é", "a", "\u200d\u0301", "\U0001f3f4" + _TAGS],
)
def test_time_is_linear_in_the_length(piece: str) -> None:
    # A quadratic step over 16 times the text would take 256 times as long, not 16.
    short, long = (_seconds("a" + piece * (n // len(piece))) for n in (62_500, 1_000_000))
    assert long < max(100 * short, 1.0)
    assert long < 10


def _seconds(text: str) -> float:
    start = time.process_time()
    clean_text(text)
    return time.process_time() - start


@pytest.mark.parametrize(
    "empty", ["", " \n\t", "\u00a0\u3000", "\u200d\u200c\u200f", "\u0301\ufe0f"]
)
def test_spaces_joiners_and_loose_marks_say_nothing(empty: str) -> None:
    assert not says_something(empty)


@pytest.mark.parametrize("said", ["a", "👍", "…", "0", "\n\nno\n"])
def test_the_shortest_answer_says_something(said: str) -> None:
    assert says_something(said)
