"""The forms that come with the toolkit: complete in both languages, and shaped as promised."""

from pathlib import Path

import pytest

import forms
from forms.catalogue import SHIPPED
from forms.words import in_every_language, say

LANGUAGES = ("en", "fr")
NAMES = ("feedback", "reflection", "story")


def test_the_shipped_folder_has_no_errors() -> None:
    assert forms.check_folder(SHIPPED) == []
    assert sorted(forms.available()) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_english_and_french(name: str) -> None:
    for form in forms.available()[name]:
        for language in LANGUAGES:
            assert form.untranslated(language) == ()
        for texts in _texts(form):
            assert texts["en"] != texts["fr"]


def _texts(form: forms.Form) -> list[dict[str, str]]:
    questions = [texts for each in form.questions for texts in (each.labels, each.helps) if texts]
    return [dict(texts) for texts in (form.titles, form.intros, *questions)]


def test_the_words_around_forms_are_there_in_both_languages() -> None:
    keys = [key for key in _words_file_keys()]
    assert "needed" in keys
    for key in keys:
        assert set(in_every_language(key)) == set(LANGUAGES), key
        values = dict.fromkeys(
            ["question", "name", "known", "answer", "length", "most", "position", "version"], "{x}"
        )
        # A brace in a value is shown as it is, and no value is missing.
        for language in LANGUAGES:
            assert say(key, language, **values)


def _words_file_keys() -> list[str]:
    text = Path(forms.__file__).with_name("words.toml").read_text("utf-8")
    return [line[1:-1] for line in text.splitlines() if line.startswith("[")]


def test_story_asks_what_happened_first() -> None:
    story = forms.load("story")
    assert (story.name, story.version, story.themed) == ("story", 1, True)
    assert [each.name for each in story.questions] == [
        "telling", "title", "kind", "group", "changed", "next",
    ]  # fmt: skip
    assert story.questions[0].labels["en"] == "What happened?"
    assert story.questions[0].labels["fr"] == "Que s’est-il passé\u00a0?"
    assert [each.name for each in story.questions if each.required] == ["telling"]
    assert [each.code for each in story.question("kind").options] == [
        "success", "challenge", "both",
    ]  # fmt: skip
    assert story.question("group").options_from == "groups"
    assert story.words == ("telling", "title", "changed", "next")


def test_reflection_asks_what_so_what_now_what_of_a_cycle() -> None:
    reflection = forms.load("reflection")
    assert [each.name for each in reflection.questions] == ["cycle", "what", "so_what", "now_what"]
    assert reflection.question("cycle").options_from == "cycles"
    assert reflection.words == ("what", "so_what", "now_what")


def test_feedback_asks_how_we_work_together_and_forces_no_answer() -> None:
    feedback = forms.load("feedback")
    assert [each.name for each in feedback.questions] == [
        "heard", "heard_words", "helped", "hindered", "one_change",
    ]  # fmt: skip
    assert not any(each.required for each in feedback.questions)


@pytest.mark.parametrize(
    ("language", "found"), [("fr", "fr"), ("fr-CA", "fr"), ("en", "en"), ("pa", "en"), ("", "en")]
)
def test_a_text_falls_back_to_english(language: str, found: str) -> None:
    story = forms.load("story")
    assert story.text(story.titles, language) == story.titles[found]


def test_a_text_without_english_falls_back_to_the_first_there_is() -> None:
    story = forms.load("story")
    assert story.text({"pa": "ਕੀ ਹੋਇਆ?", "pl": "Co się stało?"}, "fr") == "ਕੀ ਹੋਇਆ?"
    assert story.text({}, "fr") == ""
