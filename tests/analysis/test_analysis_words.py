"""Language, tokens, passages and tone."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import language, passages, tokens, tone
from analysis.uncertainty import wilson

ANY_TEXT = st.text(max_size=1_500, alphabet=st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The nurse was kind to me", "en"),
        ("J'ai attendu trois heures à l'accueil", "fr"),
        ("Parking", None),
        ("", None),
        ("Bardzo długo czekałem na wizytę u lekarza, ale pielęgniarki były miłe", None),
    ],
)
def test_detect(text: str, expected: str | None) -> None:
    assert language.detect(text) == expected


def test_lemmas_join_forms_and_leave_stop_words_out() -> None:
    assert tokens.lemmas(
        ["The Nurses were kind; I didn’t get called!", "Les longues attentes"], ["en", "fr-CA"]
    ) == [["nurse", "kind", "call"], ["long", "attente"]]


def test_a_language_without_lemmas_gives_lower_case_tokens() -> None:
    assert tokens.lemmas(["Ẹ kú Àárọ̀"], ["qx"])[0][0] == "kú"
    assert not tokens.has_lemmas("qx")


@pytest.mark.parametrize("hostile", ["(", "a", ".", "a-b", "e\u0301", "😀", "a\n", "'"])
def test_a_megabyte_of_anything_is_read(hostile: str) -> None:
    text = hostile * (1_000_000 // len(hostile))
    tokens.lemmas([text], ["en"])
    passages.split(text, language="en")


def test_sentences_are_kept_together_up_to_a_length() -> None:
    text = "  Dr. Amal was kind. We waited. \n It was cold!  "
    spans = passages.split(text, language="en", longest=20)
    assert [text[s.start : s.end] for s in spans] == [
        "Dr. Amal was kind.",
        "We waited.",
        "It was cold!",
    ]
    assert [text[s.start : s.end] for s in passages.split(text)] == [text.strip()]


@given(ANY_TEXT, st.sampled_from(["en", "fr", None]))
def test_passages_hold_everything_but_white_space_once(text: str, code: str | None) -> None:
    end = 0
    for span in passages.split(text, language=code, longest=80):
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        part = text[span.start : span.end]
        assert part == part.strip()
        end = span.end
    assert not text[end:].strip()


def test_polarity_is_a_guess_that_is_known_to_be_wrong() -> None:
    assert tone.polarity("I waited 4 hours") == tone.Tone(0.0, 0.0, 0)
    kind = tone.polarity("very kind but I waited three hours")
    assert kind is not None and kind.polarity == pytest.approx(0.78)
    assert tone.polarity("Le personnel était très gentil avec moi") is None
    assert tone.polarity("It was good", language="pl") is None
    assert tone.polarity("  ") is None


def test_agreement_with_marks_by_hand() -> None:
    result = tone.agreement_with_marks(
        [
            ("A lovely nurse", "success"),
            ("The food was awful", "challenge"),
            ("I waited 4 hours", "challenge"),
            ("good and bad", "both"),
            (None, "success"),
        ]
    )
    assert (result.compared, result.agreed) == (3, 2)
    assert result.right == wilson(2, 3)
    assert (result.usual, result.always) == ("challenge", 0.666667)
    assert not result.better, "two of three is what always saying 'challenge' gives"
    assert (result.too_kind, result.too_harsh) == (wilson(0, 2), wilson(0, 1))
    assert [row.unread for row in result.rows] == [1, 0, 0]
    assert [row.silent for row in result.rows] == [0, 1, 0]
    nothing = tone.agreement_with_marks([])
    assert (nothing.right, nothing.usual, nothing.too_kind, nothing.better) == (
        None,
        None,
        None,
        False,
    )
    with pytest.raises(ValueError, match="success, challenge, both"):
        tone.agreement_with_marks([("good", "fine")])


def test_redaction_loads_neither_spacy_nor_scikit_learn() -> None:
    code = (
        "import sys, analysis; analysis.redact.suggest('Mrs Patel');"
        "print([m for m in ('spacy', 'sklearn', 'numpy', 'textblob') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
