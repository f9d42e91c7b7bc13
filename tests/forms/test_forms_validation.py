"""Checking answers: every door takes and refuses the same, and says it in the teller's language."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forms
from forms import Form, Option, Question, validate

GROUPS = [("residents", "Residents"), ("staff", "Staff")]
CYCLES = [("2025", "2025: the first year")]
OPTIONS = {"groups": GROUPS, "cycles": CYCLES}
STORY = forms.load("story")


def _one(kind: str, *, required: bool = False) -> Form:
    """Make a form with one question `q` of `kind`, with the options a and b where it needs some."""
    options = tuple(Option(code, {"en": code.upper()}) for code in ("a", "b"))
    question = Question(
        "q", kind, {"en": "The question?", "fr": "La question ?"}, required=required,
        options=options if kind in ("choice", "many") else (),
    )  # fmt: skip
    other = Question("other", "short_text", {"en": "Other?"})
    return Form("made_up", 1, {"en": "Made up"}, {}, (question, other))


def _answer(kind: str, given: object) -> object:
    """Return what is kept of one answer, or the sentence that refuses it."""
    checked = validate(_one(kind), {"q": given, "other": "x"}, options={})
    assert set(checked.answers) | set(checked.errors) <= {"q", "other"}
    return checked.errors.get("q") or checked.answers.get("q")


def test_a_whole_story_comes_through() -> None:
    answers = {
        "telling": "We planted a tree.\r\nIt grew.",
        "title": "A\ntree ",
        "kind": "both",
        "group": "residents",
        "changed": "",
        "next": None,
    }
    checked = validate(STORY, answers, options=OPTIONS)
    assert checked.errors == {}
    assert checked.answers == {
        "telling": "We planted a tree.\nIt grew.",
        "title": "A tree",
        "kind": "both",
        "group": "residents",
    }


@pytest.mark.parametrize("empty", [None, "", " \n\t ", "\u200b\u200d", "\x00"])
def test_an_empty_required_answer_is_asked_for_in_both_languages(empty: str | None) -> None:
    answers = {"telling": empty, "title": "A title"}
    english = validate(STORY, answers, options=OPTIONS)
    french = validate(STORY, answers, options=OPTIONS, language="fr")
    assert english.answers == {"title": "A title"}
    assert english.errors == {
        "telling": "Please answer the question “What happened?”. A few words are enough."
    }
    assert french.errors["telling"].startswith("Merci de répondre à la question «\u00a0Que s’est")


def test_one_answer_to_any_question_is_enough_where_none_is_required() -> None:
    feedback = forms.load("feedback")
    for name in ("heard_words", "helped", "hindered", "one_change"):
        assert validate(feedback, {name: "The tea."}, options={}).errors == {}
    assert validate(feedback, {"heard": "partly"}, options={}).errors == {}
    nothing = validate(feedback, {}, options={})
    assert nothing.errors == {
        "heard": "Nothing has been answered yet. Please answer at least one question."
    }


def test_unknown_names_are_refused_by_name() -> None:
    checked = validate(STORY, {"telling": "x", "storry": "y"}, options=OPTIONS)
    assert set(checked.errors) == {"storry"}
    assert "“storry”" in checked.errors["storry"]
    assert "telling, title, kind, group, changed, next" in checked.errors["storry"]


def test_strange_unknown_names_make_no_trouble() -> None:
    names = {"\ud800": 1, 5: 1, "x" * 100_000: 1, "<b>": 1, "{name}": 1}
    errors = validate(STORY, {"telling": "x", **names}, options=OPTIONS, language="fr").errors
    assert len(errors) == 5
    assert all(len(each) < 400 and each.encode("utf-8") for each in errors.values())
    many = {f"n{number}": 1 for number in range(100_000)}
    assert len(validate(STORY, {"telling": "x", **many}, options=OPTIONS).errors) == 20


@pytest.mark.parametrize("junk", [None, [], "telling", 5, [["telling", "x"]]])
def test_answers_that_are_no_mapping_are_refused(junk: object) -> None:
    checked = validate(STORY, junk, options=OPTIONS)
    assert checked.answers == {}
    assert "names of questions" in checked.errors["telling"]


@pytest.mark.parametrize("wrong", [5, 1.5, True, ["x"], {"a": 1}])
def test_a_text_must_be_text(wrong: object) -> None:
    for kind in ("long_text", "short_text"):
        assert "must be text" in str(_answer(kind, wrong))


def test_a_choice_must_be_one_that_is_offered() -> None:
    assert _answer("choice", " a ") == "a"
    assert _answer("choice", "") is None
    assert _answer("choice", "c") == (
        "“c” is not one of the answers to “The question?”. Please choose one of: a, b."
    )
    for wrong in (1, True, ["a"], {"a": 1}):
        assert "must be the code of one choice" in str(_answer("choice", wrong))


def test_many_choices_are_kept_once_and_in_order() -> None:
    assert _answer("many", ["b", "a", "b", ""]) == ["a", "b"]
    assert _answer("many", "b; a") == ["a", "b"]
    assert _answer("many", []) is None
    assert "“c” is not one of the answers" in str(_answer("many", ["a", "c"]))
    for wrong in (1, {"a": 1}, [1], [["a"]]):
        assert "must be a list of choices" in str(_answer("many", wrong))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (3, 3), (2.5, 2.5), (4.0, 4), ("12", 12), (" 2,5 ", 2.5), ("2.5", 2.5), ("-7", -7),
        ("1 000", 1000), ("1\u202f234\u202f567", 1234567), ("٣", 3), ("", None), (0, 0),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(given: object, kept: object) -> None:
    assert _answer("number", given) == kept


@pytest.mark.parametrize(
    "wrong",
    [True, "ten", "1,000", "1.000", "1e5", "--1", "1 2", "nan", "½", [1], "9" * 400,
     float("nan"), float("inf"), 10**400, 1e300],
)  # fmt: skip
def test_what_is_no_number_or_has_two_meanings_is_asked_again(wrong: object) -> None:
    assert "must be a number" in str(_answer("number", wrong))


def test_dates_are_year_month_day() -> None:
    assert _answer("date", " 2024-02-29 ") == "2024-02-29"
    for wrong in ("2025-02-29", "3/4/2025", "20250403", "2025-W14-4", 2025, ["2025-01-01"]):
        assert "must be a date" in str(_answer("date", wrong))


def test_unknown_options_are_kept_only_where_asked() -> None:
    answers = {"telling": "x", "group": " Night porters "}
    refused = validate(STORY, answers, options=OPTIONS)
    assert set(refused.errors) == {"group"}
    kept = validate(STORY, answers, options=OPTIONS, keep_unknown_options=frozenset({"group"}))
    assert kept.errors == {}
    assert kept.answers["group"] == "Night porters"
    assert kept.unknown == {"group": ["Night porters"]}


def test_a_question_with_nothing_to_choose_is_not_required_and_takes_no_answer() -> None:
    question = Question("q", "choice", {"en": "Which?"}, required=True, options_from="groups")
    other = Question("other", "short_text", {"en": "Other?"})
    form = Form("made_up", 1, {"en": "x"}, {}, (question, other))
    assert form.asked({}) == (other,)
    assert validate(form, {"other": "x"}, options={}).errors == {}
    assert "nothing to choose" in validate(form, {"q": "a"}, options={}).errors["q"]
    assert "choose an answer" in validate(form, {}, options=OPTIONS).errors["q"]


def test_a_million_characters_are_accepted_and_nothing_is_cut() -> None:
    for text in ("a" * 1_000_000, "é" * 1_000_000, "word \n" * 170_000):
        for name in ("telling", "title"):
            kept = validate(STORY, {"telling": "x", name: text}, options=OPTIONS)
            assert kept.errors == {}
            assert len(kept.answers[name]) >= len(text.strip())


def test_what_is_longer_than_two_million_is_refused_whole() -> None:
    checked = validate(STORY, {"telling": "a" * 2_000_001}, options=OPTIONS)
    assert "telling" not in checked.answers
    assert "2,000,001 characters" in checked.errors["telling"]


def test_damaged_text_is_refused_in_plain_words_in_both_languages() -> None:
    answers = {"telling": "ok\udc00"}
    assert (
        "Character 3 of this answer is damaged"
        in (validate(STORY, answers, options=OPTIONS).errors["telling"])
    )
    assert (
        "Le caractère 3 de cette réponse est abîmé"
        in (validate(STORY, answers, options=OPTIONS, language="fr").errors["telling"])
    )


def test_html_and_formulas_are_kept_as_told() -> None:
    for words in ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{question} {0}", "%s"):
        checked = validate(STORY, {"telling": words}, options=OPTIONS)
        assert checked.answers["telling"] == words


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.sampled_from(["long_text", "short_text", "choice", "many", "number", "date"]),
    st.dictionaries(st.sampled_from(["q", "other", "odd"]), json_values),
    st.sampled_from(["en", "fr", "xx"]),
)
def test_anything_gets_answers_or_sentences_and_checking_again_changes_nothing(
    kind: str, answers: dict[str, object], language: str
) -> None:
    form = _one(kind, required=True)
    checked = validate(form, answers, options={}, language=language)
    assert set(checked.answers).isdisjoint(checked.errors)
    assert all(sentence.encode("utf-8") for sentence in checked.errors.values())
    json.dumps(checked.answers, allow_nan=False).encode()
    again = validate(form, checked.answers, options={}, language=language)
    assert again.answers == checked.answers
